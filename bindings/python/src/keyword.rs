//! The keywords that calls share.

use std::time::Duration;

use libkv::{Begin, Many, Properties, Request, Set};
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyDict};

use crate::{
    argument::{boolean, count, duration, moment, policy, tags, text},
    azure_core,
};

/// A call's keywords, which are taken out by their names.
pub(crate) struct Keywords<'a, 'py>(Option<&'a Bound<'py, PyDict>>);

impl<'a, 'py> Keywords<'a, 'py> {
    /// Takes a keyword's value; none if it is not given, or given as `None`.
    pub(crate) fn take<T>(
        &self,
        keyword: &str,
        read: fn(&str, &Bound<'_, PyAny>) -> PyResult<T>,
    ) -> PyResult<Option<T>> {
        let Some(keywords) = self.0 else { return Ok(None) };
        let Some(value) = keywords.get_item(keyword)? else { return Ok(None) };
        keywords.del_item(keyword)?;
        if value.is_none() { Ok(None) } else { read(keyword, &value).map(Some) }
    }

    pub(crate) fn properties<O: Properties>(&self, request: Request<O>) -> PyResult<Request<O>> {
        Ok(request
            .enabled(self.take("enabled", boolean)?)
            .tags(self.take("tags", tags)?)
            .content_type(self.take("content_type", text)?)
            .not_before(self.take("not_before", moment)?)
            .expires_on(self.take("expires_on", moment)?))
    }

    pub(crate) fn set<O: Set + Properties>(&self, request: Request<O>) -> PyResult<Request<O>> {
        Ok(self
            .properties(request)?
            .on_conflict(self.take("on_conflict", policy)?)
            .if_changed(self.take("if_changed", boolean)?)
            .if_absent(self.take("if_absent", boolean)?))
    }

    pub(crate) fn select(&self, request: Request<libkv::GetSecrets>) -> PyResult<Request<libkv::GetSecrets>> {
        Ok(request.prefix(self.take("prefix", text)?).tags(self.take("tags", tags)?))
    }

    pub(crate) fn many<O: Many>(&self, request: Request<O>) -> PyResult<Request<O>> {
        Ok(request.concurrency(self.take("concurrency", count)?))
    }

    pub(crate) fn polling<O: Begin>(&self, request: Request<O>) -> PyResult<Request<O>> {
        Ok(request
            .polling_interval(self.take("polling_interval", duration)?)
            .continuation_token(self.take("continuation_token", text)?))
    }

    /// Takes the last keyword, which every call has.
    pub(crate) fn timeout(self) -> PyResult<Option<Duration>> {
        let timeout = self.take("timeout", duration)?;
        self.end("this call")?;
        Ok(timeout)
    }

    /// Refuses what has not been taken.
    pub(crate) fn end(self, of: &str) -> PyResult<()> {
        for (keyword, value) in self.0.into_iter().flatten() {
            let keyword = text("a keyword", &keyword)?;
            if !azure_core::asks_for_nothing(&keyword, &value) {
                let why = azure_core::why_not(&keyword).map(|why| format!("is not supported: {why}"));
                let rule = why.unwrap_or_else(|| format!("is not a keyword of {of}"));
                return Err(PyTypeError::new_err(format!("{keyword}: {rule}")));
            }
        }
        Ok(())
    }
}

impl<'a, 'py> From<Option<&'a Bound<'py, PyDict>>> for Keywords<'a, 'py> {
    fn from(keywords: Option<&'a Bound<'py, PyDict>>) -> Self {
        Self(keywords)
    }
}
