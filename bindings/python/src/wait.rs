use pyo3::prelude::*;

use crate::{error::to_exception, log::logged};

/// Waits on the calling thread, without the GIL while there is anything to wait for.
///
/// A signal handler that raises, such as Ctrl-C's, ends the wait with its exception.
pub(crate) fn wait_for<T: Send>(
    py: Python<'_>,
    call: impl IntoFuture<Output = libkv::Result<T>, IntoFuture: Send>,
) -> PyResult<T> {
    let mut raised = None;
    let interrupted = || match Python::try_attach(|py| py.check_signals()) {
        Some(Ok(())) => false,
        Some(Err(exception)) => {
            raised = Some(exception);
            true
        }
        // The interpreter is going down and would never take this thread back.
        None => true,
    };
    let outcome = logged(py, || libkv_bridge::wait(call, interrupted, |drive| py.detach(drive)));
    match raised {
        Some(exception) => Err(exception),
        None => outcome.map_err(|error| to_exception(py, &error)),
    }
}
