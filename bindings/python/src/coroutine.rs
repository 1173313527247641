//! Calls as coroutines: made by the runtime, awaited by an event loop, and told from one to the other.

use std::sync::{Arc, Mutex, OnceLock};

use libkv::{Error, ErrorKind};
use libkv_bridge::{Begun, SameProcess, Task, lease};
use pyo3::{exceptions::PyBaseException, intern, prelude::*, sync::PyOnceLock};

use crate::{error::to_exception, lock::lock, log::logged, mailbox::Mailbox, span::Span};

static AWAIT_OUTCOME: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// The event loop that a client was last used on, where an async credential of its is awaited.
#[derive(Debug, Default)]
pub(crate) struct LatestLoop(Mutex<Option<Py<PyAny>>>);

impl LatestLoop {
    fn set(&self, event_loop: &Bound<'_, PyAny>) {
        let before = lock(&self.0).replace(event_loop.clone().unbind());
        drop(before);
    }

    pub(crate) fn get(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        lock(&self.0).as_ref().map(|event_loop| event_loop.clone_ref(py))
    }
}

/// Makes a coroutine, which makes the call when it is awaited, and gives what `give` makes of its outcome.
pub(crate) fn coroutine<T: Send + 'static>(
    py: Python<'_>,
    latest: Arc<LatestLoop>,
    operation: Option<&'static str>,
    call: impl IntoFuture<Output = libkv::Result<T>, IntoFuture: Send + Unpin + 'static> + Send + 'static,
    give: impl FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>> + Send + 'static,
) -> PyResult<Py<PyAny>> {
    let begin: Begin = Box::new(move |event_loop, future, span| {
        let py = future.py();
        let begun = logged(py, || Ok(Begun::on(lease()?, call))).map_err(|error| to_exception(py, &error))?;
        let settle = move |future: &Bound<'_, PyAny>, outcome: libkv::Result<T>| {
            let outcome = outcome.map_err(|error| to_exception(future.py(), &error));
            span.end(future.py(), outcome.as_ref().err());
            settle(future, outcome.and_then(|output| give(future.py(), output)))
        };
        let rest = match begun {
            Begun::Done(outcome) => return settle(future, outcome).map(|()| None),
            Begun::UnderWay(rest) => rest,
        };
        let (mailbox, future) = (Mailbox::of(event_loop)?, future.clone().unbind());
        let tell = move |outcome| mailbox.put(future, Box::new(move |future| settle(future, outcome)));
        Ok(Some(rest.go_on(tell)))
    });
    let call = Call { operation, latest, begin: Mutex::new(Some(begin)), under_way: OnceLock::new() };
    Ok(AWAIT_OUTCOME.import(py, "libkv.aio", "await_outcome")?.call1((call,))?.unbind())
}

/// Makes a call on an event loop, which settles a future with its outcome; returns its task if it takes time.
type Begin = Box<dyn FnOnce(&Bound<'_, PyAny>, &Bound<'_, PyAny>, Span) -> PyResult<Option<Task>> + Send>;

/// A call of a coroutine.
#[pyclass(frozen)]
struct Call {
    operation: Option<&'static str>,
    latest: Arc<LatestLoop>,
    begin: Mutex<Option<Begin>>,
    under_way: OnceLock<(SameProcess<Task>, Span)>,
}

#[pymethods]
impl Call {
    /// Makes the call, once, which settles a future of the running loop with its outcome.
    fn begin(&self, event_loop: &Bound<'_, PyAny>, future: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = future.py();
        self.latest.set(event_loop);
        let Some(begin) = lock(&self.begin).take() else { return Ok(()) };
        let span = Span::begin(py, self.operation);
        let task = begin(event_loop, future, span.clone());
        let task = task.inspect_err(|raised| span.end(py, Some(raised)))?;
        task.map(|task| self.under_way.set((SameProcess::new(task), span)));
        Ok(())
    }

    /// Drops it unless it is done, because of what ended the wait for it; gives what is to be said of a write that was dropped.
    fn cancel(&self, py: Python<'_>, raised: &Bound<'_, PyBaseException>) -> Option<Py<PyBaseException>> {
        let (task, span) = self.under_way.get()?;
        // In another process there is nothing of it to cancel.
        if let Ok(task) = task.get() {
            task.cancel();
        }
        span.end(py, Some(&PyErr::from_value(raised.clone().into_any())));
        let write = self.operation.filter(|operation| !is_reading(operation))?;
        let message = format!("{write} was cancelled, and may or may not have been applied");
        Some(to_exception(py, &Error::new(ErrorKind::OutcomeUnknown, message)).into_value(py))
    }
}

fn is_reading(operation: &str) -> bool {
    let prefixes = ["get_", "try_get_", "list_", "backup_", "diagnose"];
    prefixes.iter().any(|prefix| operation.starts_with(prefix))
}

fn settle(future: &Bound<'_, PyAny>, outcome: PyResult<Py<PyAny>>) -> PyResult<()> {
    let py = future.py();
    match outcome {
        Ok(value) => future.call_method1(intern!(py, "set_result"), (value,)),
        Err(raised) => future.call_method1(intern!(py, "set_exception"), (raised.into_value(py),)),
    }?;
    Ok(())
}
