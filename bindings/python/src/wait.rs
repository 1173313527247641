use std::time::Duration;

use libkv::{Operation, Request};
use pyo3::prelude::*;

use crate::{error::to_exception, output::ToPython};

/// Makes a call on the calling thread, without the GIL while there is anything to wait for.
///
/// A signal handler that raises, such as Ctrl-C's, ends the call with its exception.
pub(crate) fn wait<O>(
    py: Python<'_>,
    request: Request<O>,
    timeout: Option<impl Into<Duration>>,
) -> PyResult<Py<PyAny>>
where
    O: Operation<Output: ToPython>,
{
    let mut raised = None;
    let outcome = libkv_bridge::wait(
        request.timeout(timeout.map(Into::into)),
        || match Python::try_attach(|py| py.check_signals()) {
            Some(Ok(())) => false,
            Some(Err(exception)) => {
                raised = Some(exception);
                true
            }
            // The interpreter is going down and would never take this thread back.
            None => true,
        },
        |drive| py.detach(drive),
    );
    match (raised, outcome) {
        (Some(exception), _) => Err(exception),
        (None, Ok(output)) => output.to_python(py),
        (None, Err(error)) => Err(to_exception(py, &error)),
    }
}
