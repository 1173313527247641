use libkv::Poller;
use pyo3::prelude::*;

use crate::{argument::Timeout, wait::wait};

/// A deletion or recovery that has begun and that the vault goes on with by itself.
#[pyclass(frozen, generic, module = "libkv")]
pub(crate) struct LROPoller {
    poller: Poller<Py<PyAny>>,
}

impl LROPoller {
    pub(crate) fn new(poller: Poller<Py<PyAny>>) -> Self {
        Self { poller }
    }
}

#[pymethods]
impl LROPoller {
    /// Returns what the vault answered when the work began, without waiting.
    fn result(&self, py: Python<'_>) -> Py<PyAny> {
        self.poller.result().clone_ref(py)
    }

    /// Waits until the work is done.
    #[pyo3(signature = (timeout=None))]
    fn wait(&self, py: Python<'_>, timeout: Option<Timeout>) -> PyResult<Py<PyAny>> {
        wait(py, self.poller.wait(), timeout)
    }

    /// Tells whether the work is done; asks the vault, unless it is known to be.
    fn done(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        wait(py, self.poller.poll(), None::<Timeout>)
    }

    /// Returns "finished" or "polling", as the vault was last seen.
    fn status(&self) -> &'static str {
        if self.poller.is_done() { "finished" } else { "polling" }
    }

    fn __repr__(&self) -> String {
        format!("<LROPoller [{}]>", self.status())
    }
}
