use std::time::Duration;

use libkv::{Error, ErrorKind, Poller};
use pyo3::{prelude::*, sync::PyOnceLock, types::PyType};

use crate::{argument::Timeout, drive::Drive, error::to_exception, output::ToPython};

static LRO_POLLER: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// Makes the Python object of a result.
type Give = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>>>;

/// What the poller of `libkv.aio` derives from, and that of `libkv` wraps.
#[pyclass(frozen, generic, subclass, name = "_CorePoller", module = "libkv._libkv")]
pub(crate) struct CorePoller {
    poller: Poller<Give>,
    drive: Drive,
    result: PyOnceLock<Py<PyAny>>,
}

/// Makes the poller that goes with how calls are made.
pub(crate) fn to_python<T: ToPython + 'static>(
    py: Python<'_>,
    begun: Poller<T>,
    drive: Drive,
) -> PyResult<Py<PyAny>> {
    let is_awaited = matches!(drive, Drive::Await(_));
    let poller = begun.map(|result| -> Give { Box::new(|py| result.to_python(py)) });
    let core = CorePoller { poller, drive, result: PyOnceLock::new() };
    if is_awaited {
        let core = PyClassInitializer::from(core);
        return Ok(Py::new(py, core.add_subclass(AsyncLROPoller))?.into_any());
    }
    let class = LRO_POLLER.import(py, "libkv.polling", "LROPoller")?;
    Ok(class.call1((core,))?.unbind())
}

#[pymethods]
impl CorePoller {
    #[doc = doc!("AsyncLROPoller.result")]
    fn result(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let give = || match self.poller.result() {
            Some(give) => give(py),
            None => {
                let why = "result: the vault has not finished, or does not show it to this caller";
                Err(to_exception(py, &Error::new(ErrorKind::InvalidState, why)))
            }
        };
        Ok(self.result.get_or_try_init(py, give)?.clone_ref(py))
    }

    #[doc = doc!("AsyncLROPoller.wait")]
    #[pyo3(signature = (timeout=None))]
    fn wait(&self, py: Python<'_>, timeout: Option<Timeout>) -> PyResult<Py<PyAny>> {
        let request = self.poller.wait().timeout(timeout.map(Duration::from));
        self.drive.run(py, None, request, |py, done| done.to_python(py))
    }

    #[doc = doc!("AsyncLROPoller.done")]
    fn done(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.drive.run(py, None, self.poller.poll(), |py, done| done.to_python(py))
    }

    #[doc = doc!("AsyncLROPoller.status")]
    fn status(&self) -> &'static str {
        if self.poller.is_done() { "finished" } else { "polling" }
    }

    #[doc = doc!("AsyncLROPoller.look_count")]
    fn look_count(&self) -> u64 {
        self.poller.look_count()
    }

    #[doc = doc!("AsyncLROPoller.continuation_token")]
    fn continuation_token(&self) -> String {
        self.poller.continuation_token()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        Ok(format!("<{} [{}]>", slf.get_type().name()?, slf.get().status()))
    }
}

#[doc = doc!("AsyncLROPoller")]
#[pyclass(frozen, generic, extends = CorePoller, module = "libkv.aio")]
pub(crate) struct AsyncLROPoller;
