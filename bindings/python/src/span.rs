//! Spans of OpenTelemetry: one for each operation, where the program traces.

use std::sync::Arc;

use pyo3::{intern, prelude::*, sync::PyOnceLock};

use crate::{callout::call_out, module::is_imported};

static BEGIN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
static END: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// The span of an operation under way, if there is one.
#[derive(Clone)]
pub(crate) struct Span(Option<Arc<Py<PyAny>>>);

impl Span {
    /// Begins the span of an operation, if it is one, as a child of the current span.
    ///
    /// A program that has not imported the API has nothing that would record it.
    pub(crate) fn begin(py: Python<'_>, operation: Option<&str>) -> Self {
        let traced = operation.filter(|_| is_imported(py, intern!(py, "opentelemetry.trace")));
        let Some(operation) = traced else { return Self(None) };
        let begin = BEGIN.import(py, "libkv._tracing", "begin");
        let span = begin.and_then(|begin| call_out(begin, (operation,)));
        let span = span.inspect_err(|raised| raised.clone_ref(py).write_unraisable(py, None)).ok();
        Self(span.filter(|span| !span.is_none()).map(|span| Arc::new(span.unbind())))
    }

    /// Ends it, with what was raised if the operation failed. Once ended it stays as it is.
    pub(crate) fn end(&self, py: Python<'_>, raised: Option<&PyErr>) {
        let Some(span) = &self.0 else { return };
        let end = END.import(py, "libkv._tracing", "end");
        let error = raised.map(|raised| raised.value(py));
        if let Err(raised) = end.and_then(|end| call_out(end, (span.bind(py), error))) {
            raised.write_unraisable(py, None);
        }
    }
}
