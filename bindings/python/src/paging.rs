use std::{sync::Arc, time::Duration};

use libkv::{List, Page, Request, SecretClient};
use libkv_bridge::Session;
use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyCFunction, PyDict, PyTuple, PyType},
};

use crate::{
    argument::{ContinuationToken, MaxPageSize, Timeout},
    error::to_exception,
    output::ToPython,
    wait::wait,
};

static ITEM_PAGED: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// Makes a `libkv.ItemPaged` that reads a list's pages.
///
/// It holds the session and not a client, so that it goes on after a fork.
pub(crate) fn item_paged<O>(
    py: Python<'_>,
    session: &Arc<Session>,
    max_page_size: Option<MaxPageSize>,
    timeout: Option<Timeout>,
    request: impl Fn(&SecretClient) -> Request<O> + Send + Sync + 'static,
) -> PyResult<Py<PyAny>>
where
    O: List<Item: ToPython>,
    Page<O::Item>: ToPython,
{
    let (session, size, timeout) =
        (session.clone(), max_page_size.map(u32::from), timeout.map(Duration::from));
    let read = move |arguments: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| {
        let py = arguments.py();
        let (token,): (Option<ContinuationToken>,) = arguments.extract()?;
        let client = session.client().map_err(|error| to_exception(py, &error))?;
        wait(py, request(client).max_page_size(size).continuation_token(token), timeout)
    };
    let read = PyCFunction::new_closure(py, None, None, read)?;
    Ok(ITEM_PAGED.import(py, "libkv.paging", "ItemPaged")?.call1((read,))?.unbind())
}
