//! Calls as coroutines: made by the runtime, awaited by an event loop, and told from one to the other.

use std::{
    convert::Infallible,
    mem,
    sync::{Arc, Mutex, MutexGuard},
};

use libkv::{Error, ErrorKind};
use libkv_bridge::{PerProcess, SameProcess, Task};
use pyo3::{
    exceptions::PyBaseException,
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::{PyCFunction, PyDict, PyTuple},
};
use tokio::{runtime::Handle, task::spawn_blocking};

use crate::{callout::call_out, error::to_exception, lock::lock, log::logged, span::Span};

static AWAIT_OUTCOME: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// The event loop that a client was last used on, where an async credential of its is awaited.
#[derive(Debug, Default)]
pub(crate) struct LatestLoop(Mutex<Option<Py<PyAny>>>);

impl LatestLoop {
    fn set(&self, event_loop: Bound<'_, PyAny>) {
        let before = lock(&self.0).replace(event_loop.unbind());
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
    call: impl IntoFuture<Output = libkv::Result<T>, IntoFuture: Send + 'static> + Send + 'static,
    give: impl FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>> + Send + 'static,
) -> PyResult<Py<PyAny>> {
    let call = Mutex::new(Some((call, give)));
    let begin = move |arguments: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| {
        let py = arguments.py();
        let future = arguments.get_item(0)?;
        latest.set(future.call_method0(intern!(py, "get_loop"))?);
        let Some((call, give)) = lock(&call).take() else { return Ok::<_, PyErr>(py.None()) };
        let future = future.unbind();
        let span = Span::begin(py, operation);
        let told_span = span.clone();
        let tell = move |outcome: libkv::Result<T>| {
            let settle: Settle = Box::new(move |py, future| {
                let outcome = outcome.map_err(|error| to_exception(py, &error));
                told_span.end(py, outcome.as_ref().err());
                settle(future, outcome.and_then(|output| give(py, output)))
            });
            Delivery { future, settle: Mutex::new(Some(settle)) }.deliver();
        };
        let task = logged(py, || Task::start(call, tell)).map_err(|error| to_exception(py, &error));
        let task = task.inspect_err(|raised| span.end(py, Some(raised)))?;
        Ok(Py::new(py, Begun { task: SameProcess::new(task), operation, span })?.into_any())
    };
    let begin = PyCFunction::new_closure(py, None, None, begin)?;
    Ok(AWAIT_OUTCOME.import(py, "libkv.aio", "await_outcome")?.call1((begin,))?.unbind())
}

/// A call that has begun.
#[pyclass(frozen)]
struct Begun {
    task: SameProcess<Task>,
    operation: Option<&'static str>,
    span: Span,
}

#[pymethods]
impl Begun {
    /// Drops it unless it is done, because of what ended the wait for it; gives what is to be said of a write that was dropped.
    fn cancel(&self, py: Python<'_>, raised: &Bound<'_, PyBaseException>) -> Option<Py<PyBaseException>> {
        // In another process there is nothing of it to cancel.
        if let Ok(task) = self.task.get() {
            task.cancel();
        }
        self.span.end(py, Some(&PyErr::from_value(raised.clone().into_any())));
        let write = self.operation.filter(|operation| !is_reading(operation))?;
        let message = format!("{write} was cancelled, and may or may not have been applied");
        Some(to_exception(py, &Error::new(ErrorKind::OutcomeUnknown, message)).into_value(py))
    }
}

fn is_reading(operation: &str) -> bool {
    let prefixes = ["get_", "try_get_", "list_", "backup_", "diagnose"];
    prefixes.iter().any(|prefix| operation.starts_with(prefix))
}

type Settle = Box<dyn FnOnce(Python<'_>, &Bound<'_, PyAny>) -> PyResult<()> + Send>;

fn settle(future: &Bound<'_, PyAny>, outcome: PyResult<Py<PyAny>>) -> PyResult<()> {
    let py = future.py();
    match outcome {
        Ok(value) => future.call_method1(intern!(py, "set_result"), (value,)),
        Err(raised) => future.call_method1(intern!(py, "set_exception"), (raised.into_value(py),)),
    }?;
    Ok(())
}

/// An outcome on its way to the future that waits for it.
#[pyclass(frozen)]
struct Delivery {
    future: Py<PyAny>,
    settle: Mutex<Option<Settle>>,
}

#[pymethods]
impl Delivery {
    /// Settles the future, on the thread of its loop.
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let future = self.future.bind(py);
        let settle = lock(&self.settle).take();
        if future.call_method0(intern!(py, "done"))?.is_truthy()? {
            return Ok(());
        }
        settle.map_or(Ok(()), |settle| settle(py, future))
    }
}

/// What the runtime has for event loops, until a thread that may wait for the GIL hands it over.
static OUTBOX: PerProcess<Mutex<Vec<Delivery>>> = PerProcess::new();

fn outbox() -> MutexGuard<'static, Vec<Delivery>> {
    let Ok(outbox) = OUTBOX.get_or_try_init(|| Ok::<_, Infallible>(Mutex::default()));
    lock(outbox)
}

impl Delivery {
    fn deliver(self) {
        if Handle::try_current().is_err() {
            // The call was done at once, on the thread of the loop.
            Python::attach(|py| self.__call__(py)).ok();
            return;
        }
        let mut waiting = outbox();
        waiting.push(self);
        if waiting.len() == 1 {
            // All that come until it has the GIL go with the first.
            spawn_blocking(|| Python::try_attach(hand_over));
        }
    }

    fn hand_over(self, py: Python<'_>) -> PyResult<()> {
        let event_loop = self.future.bind(py).call_method0(intern!(py, "get_loop"))?;
        let call_soon = event_loop.getattr(intern!(py, "call_soon_threadsafe"))?;
        call_out(&call_soon, (Py::new(py, self)?,))?;
        Ok(())
    }
}

fn hand_over(py: Python<'_>) {
    let waiting = mem::take(&mut *outbox());
    for delivery in waiting {
        // A loop that has been closed meanwhile has nobody to tell.
        let _ = delivery.hand_over(py);
    }
}
