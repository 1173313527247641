use http::Method;
use url::Url;

use super::{LIST_DELETED_SECRETS, LIST_PROPERTIES_OF_SECRET_VERSIONS, LIST_PROPERTIES_OF_SECRETS};
use crate::{
    error::{Error, Result},
    identifier::SecretName,
    model::{DeletedSecret, SecretProperties},
    page::{Page, Pages},
    pipeline::Call,
    request::{About, Context, Continue, Operation, Request},
    wire::FromWire,
};

/// The largest page the service gives.
const MAX_PAGE_SIZE: u32 = 25;

/// Where a page starts and how long it is.
#[derive(Clone, Debug, Default)]
pub struct PageQuery {
    max_page_size: Option<u32>,
    continuation_token: Option<String>,
}

/// An operation that reads a list page by page.
pub trait List: Operation<Output = Page<Self::Item>> + Continue + Clone {
    /// What the list holds.
    type Item: Send;

    #[doc(hidden)]
    fn query(&mut self) -> &mut PageQuery;
}

impl<O: List> Request<O> {
    /// Sets how many items a page has at most, 1 to 25. The default is the service's, 25.
    pub fn max_page_size(mut self, size: impl Into<Option<u32>>) -> Self {
        self.operation.query().max_page_size = size.into();
        self
    }

    /// Reads page after page.
    pub fn pages(self) -> Pages<O> {
        Pages::new(self)
    }
}

impl<O: List> Continue for O {
    fn token(&mut self) -> &mut Option<String> {
        &mut self.query().continuation_token
    }
}

impl<O: Clone> Clone for Request<O> {
    fn clone(&self) -> Self {
        Self { pipeline: self.pipeline.clone(), timeout: self.timeout, operation: self.operation.clone() }
    }
}

/// Reads a whole list within one call.
pub(super) async fn read_all<O: List>(mut list: O, context: &Context) -> Result<Vec<O::Item>> {
    let mut items = Vec::new();
    loop {
        let page = list.clone().run(context.clone()).await?;
        items.extend(page.items);
        let Some(token) = page.continuation_token else { return Ok(items) };
        list.query().continuation_token = Some(token);
    }
}

impl PageQuery {
    async fn read<T>(self, about: &'static About, context: Context, segments: &[&str]) -> Result<Page<T>>
    where
        Page<T>: FromWire,
    {
        let url = self.url(&context, segments)?;
        let call = Call::new(about, Method::GET, url, context.deadline);
        let page: Page<T> = context.pipeline.send(&call).await?;
        page.next(&context.pipeline.vault, segments)?;
        Ok(page)
    }

    /// Returns the link of an earlier page as it is, or the list's own URL.
    fn url(&self, context: &Context, segments: &[&str]) -> Result<Url> {
        if self.max_page_size.is_some_and(|size| !(1..=MAX_PAGE_SIZE).contains(&size)) {
            return Err(Error::invalid_argument(
                "max_page_size",
                format!("must be from 1 to {MAX_PAGE_SIZE}"),
            ));
        }
        if let Some(token) = &self.continuation_token {
            let foreign =
                || Error::invalid_argument("continuation_token", "must be one that a page of this list gave");
            return context.pipeline.vault.page_link(token, segments).ok_or_else(foreign);
        }
        let mut url = context.pipeline.url(segments);
        if let Some(size) = self.max_page_size {
            url.query_pairs_mut().append_pair("maxresults", &size.to_string());
        }
        Ok(url)
    }
}

/// See [`SecretClient::list_properties_of_secrets`](crate::SecretClient::list_properties_of_secrets).
#[derive(Clone, Debug, Default)]
pub struct ListSecrets {
    query: PageQuery,
}

impl List for ListSecrets {
    type Item = SecretProperties;

    fn query(&mut self) -> &mut PageQuery {
        &mut self.query
    }
}

impl Operation for ListSecrets {
    type Output = Page<SecretProperties>;
    const ABOUT: &'static About = &LIST_PROPERTIES_OF_SECRETS;

    async fn run(self, context: Context) -> Result<Self::Output> {
        self.query.read(Self::ABOUT, context, &["secrets"]).await
    }
}

/// See [`SecretClient::list_properties_of_secret_versions`](crate::SecretClient::list_properties_of_secret_versions).
#[derive(Clone, Debug)]
pub struct ListSecretVersions {
    name: String,
    query: PageQuery,
}

impl ListSecretVersions {
    pub(crate) fn new(name: String) -> Self {
        Self { name, query: PageQuery::default() }
    }
}

impl List for ListSecretVersions {
    type Item = SecretProperties;

    fn query(&mut self) -> &mut PageQuery {
        &mut self.query
    }
}

impl Operation for ListSecretVersions {
    type Output = Page<SecretProperties>;
    const ABOUT: &'static About = &LIST_PROPERTIES_OF_SECRET_VERSIONS;

    async fn run(self, context: Context) -> Result<Self::Output> {
        let name = SecretName::new(self.name)?;
        self.query.read(Self::ABOUT, context, &["secrets", name.as_str(), "versions"]).await
    }
}

/// See [`SecretClient::list_deleted_secrets`](crate::SecretClient::list_deleted_secrets).
#[derive(Clone, Debug, Default)]
pub struct ListDeletedSecrets {
    query: PageQuery,
}

impl List for ListDeletedSecrets {
    type Item = DeletedSecret;

    fn query(&mut self) -> &mut PageQuery {
        &mut self.query
    }
}

impl Operation for ListDeletedSecrets {
    type Output = Page<DeletedSecret>;
    const ABOUT: &'static About = &LIST_DELETED_SECRETS;

    async fn run(self, context: Context) -> Result<Self::Output> {
        self.query.read(Self::ABOUT, context, &["deletedsecrets"]).await
    }
}
