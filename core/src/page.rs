use url::Url;

use crate::{
    error::{Error, ErrorKind, Result},
    operations::List,
    request::Request,
    vault_url::VaultUrl,
};

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The page's items. A page may be empty although others follow.
    pub items: Vec<T>,
    /// What [`continuation_token`](Request::continuation_token) takes to go on behind this page; absent on the last one.
    pub continuation_token: Option<String>,
}

impl<T> Page<T> {
    /// Returns where the next page of a list is, and refuses a link that leaves it.
    pub(crate) fn next(&self, vault: &VaultUrl, segments: &[&str]) -> Result<Option<Url>> {
        let Some(link) = &self.continuation_token else { return Ok(None) };
        let message =
            "the vault's link to the next page leads to another host or another list, and is not followed";
        vault.page_link(link, segments).map(Some).ok_or_else(|| Error::new(ErrorKind::Protocol, message))
    }
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
        let Some(request) = self.next.clone() else { return Ok(None) };
        let outcome = request.clone().await;
        // Not before the answer: a caller that gives up waiting for a page can ask for it again.
        let token = outcome.as_ref().ok().and_then(|page| page.continuation_token.clone());
        self.next = token.map(|token| request.continuation_token(token));
        outcome.map(Some)
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
