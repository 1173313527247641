use crate::{error::Result, operations::List, request::Request};

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The page's items. A page may be empty although others follow.
    pub items: Vec<T>,
    /// What [`continuation_token`](Request::continuation_token) takes to go on behind this page; absent on the last one.
    pub continuation_token: Option<String>,
}

/// Reads a list page by page.
#[derive(Debug)]
pub struct Pages<O: List> {
    next: Option<Request<O>>,
}

impl<O: List> Pages<O> {
    pub(crate) fn new(first: Request<O>) -> Self {
        Self { next: Some(first) }
    }

    /// Reads the next page; none behind the last one, and none after an error.
    ///
    /// # Errors
    /// As the list itself.
    pub async fn next_page(&mut self) -> Result<Option<Page<O::Item>>> {
        let Some(request) = self.next.take() else { return Ok(None) };
        let page = request.clone().await?;
        self.next = page.continuation_token.clone().map(|token| request.continuation_token(token));
        Ok(Some(page))
    }

    /// Reads all that is left.
    ///
    /// # Errors
    /// As the list itself.
    pub async fn collect(mut self) -> Result<Vec<O::Item>> {
        let mut items = Vec::new();
        while let Some(page) = self.next_page().await? {
            items.extend(page.items);
        }
        Ok(items)
    }
}
