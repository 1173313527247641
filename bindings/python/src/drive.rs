use std::sync::Arc;

use libkv::Result;
use pyo3::prelude::*;

use crate::{
    coroutine::{LatestLoop, coroutine},
    span::Span,
    wait::wait_for,
};

/// How a client's calls are made.
#[derive(Clone)]
pub(crate) enum Drive {
    /// On the calling thread, which waits.
    Wait,
    /// As coroutines, on whichever event loop awaits them.
    Await(Arc<LatestLoop>),
}

impl Drive {
    /// Makes a call, and gives what `give` makes of its outcome, or the coroutine that does both. An operation has a span of its own.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        py: Python<'_>,
        operation: Option<&'static str>,
        call: impl IntoFuture<Output = Result<T>, IntoFuture: Send + Unpin + 'static> + Send + 'static,
        give: impl FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>> + Send + 'static,
    ) -> PyResult<Py<PyAny>> {
        match self {
            Self::Wait => {
                let span = Span::begin(py, operation);
                let outcome = wait_for(py, call);
                span.end(py, outcome.as_ref().err());
                give(py, outcome?)
            }
            Self::Await(latest) => coroutine(py, latest.clone(), operation, call, give),
        }
    }
}
