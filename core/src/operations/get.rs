use http::Method;

use super::{GET_SECRET, TRY_GET_SECRET};
use crate::{
    error::Result,
    identifier::{SecretName, check_version},
    model::Secret,
    pipeline::Call,
    request::{About, Context, Operation, OptionalText, Request},
};

/// See [`SecretClient::get_secret`](crate::SecretClient::get_secret).
#[derive(Clone, Debug)]
pub struct GetSecret {
    name: String,
    version: Option<String>,
}

impl GetSecret {
    pub(crate) fn new(name: String) -> Self {
        Self { name, version: None }
    }
}

/// See [`SecretClient::try_get_secret`](crate::SecretClient::try_get_secret).
#[derive(Clone, Debug)]
pub struct TryGetSecret(GetSecret);

impl TryGetSecret {
    pub(crate) fn new(name: String) -> Self {
        Self(GetSecret::new(name))
    }
}

/// An operation on one version.
pub trait Versioned {
    #[doc(hidden)]
    fn version(&mut self) -> &mut Option<String>;
}

impl Versioned for GetSecret {
    fn version(&mut self) -> &mut Option<String> {
        &mut self.version
    }
}

impl Versioned for TryGetSecret {
    fn version(&mut self) -> &mut Option<String> {
        self.0.version()
    }
}

impl<O: Versioned> Request<O> {
    /// Names the version; without one, or with an empty one, the newest is meant.
    pub fn version(mut self, version: impl OptionalText) -> Self {
        *self.operation.version() = version.into_option();
        self
    }
}

impl Operation for GetSecret {
    type Output = Secret;
    const ABOUT: &'static About = &GET_SECRET;

    async fn run(self, context: Context) -> Result<Secret> {
        let name = SecretName::new(self.name)?;
        let version = check_version(self.version.as_deref())?.unwrap_or_default();
        let pipeline = &context.pipeline;
        let call = || {
            let url = pipeline.url(&["secrets", name.as_str(), version]);
            Call::new(Self::ABOUT, Method::GET, url, context.deadline)
        };
        pipeline.cache.get(name.as_str(), version, call, pipeline).await
    }
}

impl Operation for TryGetSecret {
    type Output = Option<Secret>;
    const ABOUT: &'static About = &TRY_GET_SECRET;

    async fn run(self, context: Context) -> Result<Option<Secret>> {
        match self.0.run(context).await {
            Ok(secret) => Ok(Some(secret)),
            // A 404 that is not the service's own says nothing of the name.
            Err(error) if error.code() == Some("SecretNotFound") => Ok(None),
            Err(error) => Err(error),
        }
    }
}
