//! Many secrets in one call: one result per secret, as they are asked for.

use std::{
    collections::VecDeque,
    future::ready,
    mem,
    sync::{Arc, Mutex, MutexGuard, OnceLock},
};

use libkv::{Operation, Progress, Request};
use libkv_bridge::{Attendance, SameProcess, attend};
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::{PyBaseException, PyStopAsyncIteration, PyTypeError},
    prelude::*,
    types::PyTuple,
};
use tokio::sync::watch;

use crate::{
    argument::OnProgress, callout::call_out, drive::Drive, error::to_exception, keyword::Keywords,
    lock::lock, model::KeyVaultSecret, span::Span, wait::wait_for,
};

#[doc = doc!("SecretResult")]
#[pyclass(frozen, module = "libkv")]
pub(crate) struct SecretResult {
    #[pyo3(get)]
    name: String,
    outcome: Result<Py<KeyVaultSecret>, Py<PyBaseException>>,
}

impl SecretResult {
    fn new(py: Python<'_>, result: libkv::SecretResult) -> PyResult<Self> {
        let outcome = match result.outcome {
            Ok(secret) => Ok(Py::new(py, KeyVaultSecret::read(py, secret)?)?),
            Err(error) => Err(to_exception(py, &error).into_value(py)),
        };
        Ok(Self { name: result.name, outcome })
    }
}

#[pymethods]
impl SecretResult {
    #[getter]
    fn secret(&self) -> Option<&Py<KeyVaultSecret>> {
        self.outcome.as_ref().ok()
    }

    #[getter]
    fn error(&self) -> Option<&Py<PyBaseException>> {
        self.outcome.as_ref().err()
    }

    #[doc = doc!("SecretResult.result")]
    fn result(&self, py: Python<'_>) -> PyResult<&Py<KeyVaultSecret>> {
        self.outcome.as_ref().map_err(|error| PyErr::from_value(error.bind(py).clone().into_any()))
    }

    fn __repr__(&self) -> String {
        format!("<SecretResult [{}]>", self.name)
    }

    /// A raised error's traceback leads to the frames that hold the result.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.outcome.as_ref().err().map_or(Ok(()), |error| visit.call(error))
    }
}

/// The results of a call on many secrets, in order, while others are under way.
struct Results {
    source: SameProcess<Arc<Source>>,
    total: OnceLock<usize>,
    on_progress: Option<Py<PyAny>>,
    span: Span,
    /// Results that an exception from `on_progress` kept from the caller.
    withheld: Mutex<VecDeque<Py<SecretResult>>>,
}

/// Begins a call on many secrets, which sends nothing before the first result is asked for.
pub(crate) fn begin<O>(
    py: Python<'_>,
    drive: &Drive,
    request: Request<O>,
    on_progress: Option<OnProgress>,
    keywords: Keywords<'_, '_>,
) -> PyResult<Py<PyAny>>
where
    O: Operation<Output = libkv::Results>,
{
    let request = request.timeout(keywords.timeout()?);
    let span = Span::begin(py, Some(request.operation()));
    let results = wait_for(py, request).inspect_err(|raised| span.end(py, Some(raised)))?;
    let results = Arc::new(Results {
        total: results.progress().total.map_or_else(OnceLock::new, OnceLock::from),
        source: SameProcess::new(Arc::new(Source::new(results))),
        on_progress: on_progress.map(Py::from),
        span,
        withheld: Mutex::default(),
    });
    match drive {
        Drive::Wait => Ok(Py::new(py, SecretResults(results))?.into_any()),
        Drive::Await(_) => Ok(Py::new(py, AsyncSecretResults { results, drive: drive.clone() })?.into_any()),
    }
}

impl Results {
    fn source(&self, py: Python<'_>) -> PyResult<&Arc<Source>> {
        self.source.get().map_err(|error| to_exception(py, &error))
    }

    fn withheld(&self) -> MutexGuard<'_, VecDeque<Py<SecretResult>>> {
        lock(&self.withheld)
    }

    fn give(&self, py: Python<'_>, mut taken: Taken) -> PyResult<Option<Py<SecretResult>>> {
        if let Some(error) = taken.failure.take() {
            let raised = to_exception(py, &error);
            self.span.end(py, Some(&raised));
            return Err(raised);
        }
        let Some((result, progress)) = taken.result.take() else {
            self.span.end(py, None);
            return Ok(None);
        };
        let result = Py::new(py, SecretResult::new(py, result)?)?;
        if let Some(total) = progress.total {
            self.total.get_or_init(|| total);
        }
        if let Some(tell) = &self.on_progress
            && let Err(raised) = call_out(tell.bind(py), (progress.done, progress.total))
        {
            self.withheld().push_back(result);
            return Err(raised);
        }
        Ok(Some(result))
    }

    fn len(&self) -> PyResult<usize> {
        let unknown = || {
            PyTypeError::new_err(
                "the vault's list has not been read to its end: the number of secrets is not known",
            )
        };
        self.total.get().copied().ok_or_else(unknown)
    }

    fn close(&self, py: Python<'_>) {
        self.span.end(py, None);
        // In another process nothing of this is under way.
        let Ok(source) = self.source.get() else { return };
        source.close();
        let withheld = mem::take(&mut *self.withheld());
        drop(withheld);
    }

    fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.on_progress.as_ref().map_or(Ok(()), |tell| visit.call(tell))
    }
}

#[doc = doc!("SecretResults")]
#[pyclass(frozen, module = "libkv")]
pub(crate) struct SecretResults(Arc<Results>);

#[pymethods]
impl SecretResults {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<SecretResult>>> {
        let source = self.0.source(py)?;
        if let Some(withheld) = self.0.withheld().pop_front() {
            return Ok(Some(withheld));
        }
        self.0.give(py, wait_for(py, source.clone().take())?)
    }

    fn __len__(&self) -> PyResult<usize> {
        self.0.len()
    }

    /// Without it `bool` would ask for the length, which may be unknown.
    fn __bool__(&self) -> bool {
        true
    }

    #[doc = doc!("SecretResults.close")]
    fn close(&self, py: Python<'_>) {
        self.0.close(py);
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyTuple>) {
        self.close(py);
    }

    fn __repr__(&self) -> &'static str {
        "<SecretResults>"
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.traverse(&visit)
    }
}

#[doc = doc!("AsyncSecretResults")]
#[pyclass(frozen, module = "libkv.aio")]
pub(crate) struct AsyncSecretResults {
    results: Arc<Results>,
    drive: Drive,
}

#[pymethods]
impl AsyncSecretResults {
    fn __aiter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __anext__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let (source, results) = (self.results.source(py)?.clone(), self.results.clone());
        if let Some(withheld) = results.withheld().pop_front() {
            return self.drive.run(py, None, ready(Ok(withheld)), |_, withheld| Ok(withheld.into_any()));
        }
        self.drive.run(py, None, Box::pin(source.take()), move |py, taken| {
            let given = results.give(py, taken)?;
            given.map(Py::into_any).ok_or_else(|| PyStopAsyncIteration::new_err(()))
        })
    }

    fn __len__(&self) -> PyResult<usize> {
        self.results.len()
    }

    fn __bool__(&self) -> bool {
        true
    }

    #[doc = doc!("AsyncSecretResults.aclose")]
    fn aclose(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let results = self.results.clone();
        self.drive.run(py, None, ready(Ok(())), move |py, ()| {
            results.close(py);
            Ok(py.None())
        })
    }

    fn __repr__(&self) -> &'static str {
        "<AsyncSecretResults>"
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.results.traverse(&visit)
    }
}

/// Results that callers take in turn, and that can be closed while one of them waits.
struct Source {
    results: tokio::sync::Mutex<Option<libkv::Results>>,
    returned: Mutex<VecDeque<(libkv::SecretResult, Progress)>>,
    closed: watch::Sender<bool>,
    _attendance: Option<Attendance>,
}

/// A result on its way to who asked for it; none behind the last. It goes back where nobody is there to take it.
struct Taken {
    result: Option<(libkv::SecretResult, Progress)>,
    /// Why there is none, where the vault's list could not be read to its end.
    failure: Option<libkv::Error>,
    source: Arc<Source>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(result) = self.result.take() {
            lock(&self.source.returned).push_back(result);
        }
    }
}

impl Source {
    fn new(results: libkv::Results) -> Self {
        let (returned, closed) = (Mutex::default(), watch::Sender::new(false));
        // Without one, libkv is being shut down, and so are the calls.
        Self { results: Some(results).into(), returned, closed, _attendance: attend().ok() }
    }

    async fn take(self: Arc<Self>) -> libkv::Result<Taken> {
        let mut closed = self.closed.subscribe();
        let next = tokio::select! {
            biased;
            _ = closed.wait_for(|closed| *closed) => Ok(None),
            next = self.next() => next,
        };
        // Whoever closed it meanwhile could not reach the results.
        if *closed.borrow() {
            self.results.lock().await.take();
        }
        let (result, failure) = next.map_or_else(|error| (None, Some(error)), |result| (result, None));
        Ok(Taken { result, failure, source: self })
    }

    async fn next(&self) -> libkv::Result<Option<(libkv::SecretResult, Progress)>> {
        let mut results = self.results.lock().await;
        let Some(results) = results.as_mut() else { return Ok(None) };
        let returned = lock(&self.returned).pop_front();
        if returned.is_some() {
            return Ok(returned);
        }
        Ok(results.next().await?.map(|result| (result, results.progress())))
    }

    fn close(&self) {
        self.closed.send_replace(true);
        if let Ok(mut results) = self.results.try_lock() {
            results.take();
        }
    }
}
