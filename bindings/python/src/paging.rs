use std::sync::Arc;

use libkv::{List, Page, Request, SecretClient};
use libkv_bridge::Session;
use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyCFunction, PyDict, PyTuple, PyType},
};

use crate::{
    argument::{ContinuationToken, MaxPageSize},
    drive::Drive,
    error::to_exception,
    keyword::Keywords,
    output::ToPython,
};

static ITEM_PAGED: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static ASYNC_ITEM_PAGED: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// Makes a `libkv.ItemPaged` or `libkv.aio.AsyncItemPaged` that reads a list's pages.
///
/// It holds the session and not a client, so that it goes on after a fork.
pub(crate) fn item_paged<O>(
    py: Python<'_>,
    drive: &Drive,
    session: &Arc<Session>,
    max_page_size: Option<MaxPageSize>,
    keywords: Option<&Bound<'_, PyDict>>,
    request: impl Fn(&SecretClient) -> Request<O> + Send + Sync + 'static,
) -> PyResult<Py<PyAny>>
where
    O: List<Item: ToPython>,
    Page<O::Item>: ToPython + 'static,
{
    let class = match drive {
        Drive::Wait => ITEM_PAGED.import(py, "libkv.paging", "ItemPaged"),
        Drive::Await(_) => ASYNC_ITEM_PAGED.import(py, "libkv.aio", "AsyncItemPaged"),
    }?;
    let (drive, session) = (drive.clone(), session.clone());
    let (size, timeout) = (max_page_size.map(u32::from), Keywords::from(keywords).timeout()?);
    let read = move |arguments: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| {
        let py = arguments.py();
        let (token,): (Option<ContinuationToken>,) = arguments.extract()?;
        let client = session.client().map_err(|error| to_exception(py, &error))?;
        let request = request(client).max_page_size(size).continuation_token(token).timeout(timeout);
        drive.run(py, Some(request.operation()), request, |py, page| page.to_python(py))
    };
    let read = PyCFunction::new_closure(py, None, None, read)?;
    Ok(class.call1((read,))?.unbind())
}
