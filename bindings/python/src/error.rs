use std::error::Error;

use pyo3::{intern, prelude::*, sync::PyOnceLock, types::PyDict};

/// The classes of `libkv.exceptions` by the name of their error kind.
static CLASSES: PyOnceLock<Py<PyDict>> = PyOnceLock::new();

/// Makes the exception that carries an error's whole record; its cause is what a credential of Python's raised.
pub(crate) fn to_exception(py: Python<'_>, error: &libkv::Error) -> PyErr {
    let exception = match instance(py, error) {
        Ok(instance) => PyErr::from_value(instance),
        Err(failure) => return failure,
    };
    // To set a cause, even to none, hides what was being handled where the exception is raised again.
    if let Some(raised) = error.source().and_then(|source| source.downcast_ref::<PyErr>()) {
        exception.set_cause(py, Some(raised.clone_ref(py)));
    }
    exception
}

fn instance<'py>(py: Python<'py>, error: &libkv::Error) -> PyResult<Bound<'py, PyAny>> {
    let fields = error.fields();
    let record = PyDict::new(py);
    record.set_item(intern!(py, "status"), fields.status)?;
    record.set_item(intern!(py, "code"), fields.code)?;
    record.set_item(intern!(py, "inner_code"), fields.inner_code)?;
    record.set_item(intern!(py, "request_id"), fields.request_id)?;
    record.set_item(intern!(py, "retry_after"), fields.retry_after)?;
    record.set_item(intern!(py, "attempts"), fields.attempts)?;
    record.set_item(intern!(py, "elapsed"), fields.elapsed)?;
    record.set_item(intern!(py, "advice"), fields.advice)?;
    class(py, fields.kind)?.call((fields.message,), Some(&record))
}

fn class<'py>(py: Python<'py>, kind: &str) -> PyResult<Bound<'py, PyAny>> {
    let classes = CLASSES.get_or_try_init(py, || {
        let module = py.import("libkv.exceptions")?;
        Ok::<_, PyErr>(module.getattr("BY_KIND")?.cast_into::<PyDict>()?.unbind())
    })?;
    classes.bind(py).as_any().get_item(kind)
}
