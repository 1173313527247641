use std::time::Duration;

use libkv::Poller;
use pyo3::{prelude::*, sync::PyOnceLock, types::PyType};

use crate::{argument::Timeout, drive::Drive, output::ToPython};

static LRO_POLLER: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// What the poller of `libkv.aio` derives from, and that of `libkv` wraps.
#[pyclass(frozen, generic, subclass, name = "_CorePoller", module = "libkv._libkv")]
pub(crate) struct CorePoller {
    poller: Poller<Py<PyAny>>,
    drive: Drive,
}

/// Makes the poller that goes with how calls are made.
pub(crate) fn to_python<T: ToPython + Clone>(
    py: Python<'_>,
    begun: Poller<T>,
    drive: Drive,
) -> PyResult<Py<PyAny>> {
    let result = begun.result().clone().to_python(py)?;
    let is_awaited = matches!(drive, Drive::Await(_));
    let core = CorePoller { poller: begun.map(|_| result), drive };
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
    fn result(&self, py: Python<'_>) -> Py<PyAny> {
        self.poller.result().clone_ref(py)
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

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        Ok(format!("<{} [{}]>", slf.get_type().name()?, slf.get().status()))
    }
}

#[doc = doc!("AsyncLROPoller")]
#[pyclass(frozen, generic, extends = CorePoller, module = "libkv.aio")]
pub(crate) struct AsyncLROPoller;
