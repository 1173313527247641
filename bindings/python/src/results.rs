//! Many secrets in one call: one result per secret, as they are asked for.

use std::{
    collections::VecDeque,
    mem,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use libkv::{Operation, Progress, Request};
use libkv_bridge::SameProcess;
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::{PyBaseException, PyTypeError},
    prelude::*,
    types::PyTuple,
};
use tokio::sync::watch;

use crate::{
    argument::{OnProgress, Timeout},
    error::to_exception,
    model::KeyVaultSecret,
    wait::wait_for,
};

/// What became of one secret among many.
#[pyclass(frozen, module = "libkv")]
pub(crate) struct SecretResult {
    #[pyo3(get)]
    name: String,
    outcome: Result<Py<KeyVaultSecret>, Py<PyBaseException>>,
}

impl SecretResult {
    fn new(py: Python<'_>, result: libkv::SecretResult) -> PyResult<Self> {
        let outcome = match result.outcome {
            Ok(secret) => Ok(Py::new(py, KeyVaultSecret::new(py, secret)?)?),
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

    /// Returns the secret, or raises the error.
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
#[pyclass(frozen, module = "libkv")]
pub(crate) struct SecretResults {
    source: SameProcess<Source>,
    total: OnceLock<usize>,
    on_progress: Option<Py<PyAny>>,
    /// Results that an exception from `on_progress` kept from the caller.
    withheld: Mutex<VecDeque<Py<SecretResult>>>,
}

impl SecretResults {
    /// Begins a call on many secrets, which sends nothing before the first result is asked for.
    pub(crate) fn begin<O>(
        py: Python<'_>,
        request: Request<O>,
        on_progress: Option<OnProgress>,
        timeout: Option<Timeout>,
    ) -> PyResult<Self>
    where
        O: Operation<Output = libkv::Results>,
    {
        let results = wait_for(py, request.timeout(timeout.map(Duration::from)))?;
        Ok(Self {
            total: results.progress().total.map_or_else(OnceLock::new, OnceLock::from),
            source: SameProcess::new(Source::new(results)),
            on_progress: on_progress.map(Py::from),
            withheld: Mutex::default(),
        })
    }

    fn withheld(&self) -> MutexGuard<'_, VecDeque<Py<SecretResult>>> {
        self.withheld.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl SecretResults {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<SecretResult>>> {
        let source = self.source.get().map_err(|error| to_exception(py, &error))?;
        if let Some(withheld) = self.withheld().pop_front() {
            return Ok(Some(withheld));
        }
        let Some((result, progress)) = wait_for(py, source.next())? else { return Ok(None) };
        let result = Py::new(py, SecretResult::new(py, result)?)?;
        if let Some(total) = progress.total {
            self.total.get_or_init(|| total);
        }
        if let Some(tell) = &self.on_progress
            && let Err(raised) = tell.call1(py, (progress.done, progress.total))
        {
            self.withheld().push_back(result);
            return Err(raised);
        }
        Ok(Some(result))
    }

    fn __len__(&self) -> PyResult<usize> {
        let unknown = || {
            PyTypeError::new_err(
                "the vault's list has not been read to its end: the number of secrets is not known",
            )
        };
        self.total.get().copied().ok_or_else(unknown)
    }

    /// Without it `bool` would ask for the length, which may be unknown.
    fn __bool__(&self) -> bool {
        true
    }

    /// Cancels what is under way, and ends the results.
    fn close(&self) {
        // In another process nothing of this is under way.
        let Ok(source) = self.source.get() else { return };
        source.close();
        let withheld = mem::take(&mut *self.withheld());
        drop(withheld);
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyTuple>) {
        self.close();
    }

    fn __repr__(&self) -> &'static str {
        "<SecretResults>"
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.on_progress.as_ref().map_or(Ok(()), |tell| visit.call(tell))
    }
}

/// Results that threads take in turn, and that can be closed while one of them waits.
struct Source {
    results: tokio::sync::Mutex<Option<libkv::Results>>,
    closed: watch::Sender<bool>,
}

impl Source {
    fn new(results: libkv::Results) -> Self {
        Self { results: Some(results).into(), closed: watch::Sender::new(false) }
    }

    async fn next(&self) -> libkv::Result<Option<(libkv::SecretResult, Progress)>> {
        let mut closed = self.closed.subscribe();
        let next = tokio::select! {
            biased;
            _ = closed.wait_for(|closed| *closed) => Ok(None),
            next = self.take() => next,
        };
        // Whoever closed it meanwhile could not reach the results.
        if *closed.borrow() {
            self.results.lock().await.take();
        }
        next
    }

    async fn take(&self) -> libkv::Result<Option<(libkv::SecretResult, Progress)>> {
        let mut results = self.results.lock().await;
        let Some(results) = results.as_mut() else { return Ok(None) };
        Ok(results.next().await?.map(|result| (result, results.progress())))
    }

    fn close(&self) {
        self.closed.send_replace(true);
        if let Ok(mut results) = self.results.try_lock() {
            results.take();
        }
    }
}
