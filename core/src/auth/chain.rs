//! The sources of `credential=default`, tried in turn until one gives a token.

#[cfg(test)]
mod tests;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use crate::{
    auth::{
        AccessToken, BoxFuture, TokenRequest, TokenSource, managed_identity::ManagedIdentity, source::Miss,
    },
    error::{Error, ErrorKind, Result},
    events,
    time::timeout,
};

/// How long a developer's tool is waited for before the next one is tried.
const TOOL: Duration = Duration::from_secs(10);

const ADVICE: &str = "in Azure, assign a managed identity or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET; on your own \
    machine, sign in with `az login`; or choose one source with the option credential";

/// Tries its links in order, and stays with the first that gives a token.
#[derive(Debug)]
pub(super) struct Chain {
    links: Vec<Link>,
    chosen: OnceLock<usize>,
}

/// One source, by the name that the option `credential` has for it.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) name: &'static str,
    pub(super) source: Source,
}

#[derive(Debug)]
pub(super) enum Source {
    /// Not set up, for this reason.
    Missing(String),
    /// Set up for a service: what fails here is not to be hidden by another identity.
    Service(Arc<dyn TokenSource>),
    ManagedIdentity(ManagedIdentity),
    /// A tool that a developer may be signed in to, or not.
    Developer(Arc<dyn TokenSource>),
}

impl Chain {
    pub(super) fn new(links: Vec<Link>) -> Self {
        Self { links, chosen: OnceLock::new() }
    }

    async fn find(&self, request: &TokenRequest) -> Result<AccessToken> {
        let mut reasons = Vec::new();
        for (place, link) in self.links.iter().enumerate() {
            match link.source.token(request).await {
                Ok(token) => {
                    self.chosen.get_or_init(|| place);
                    events::source_found(link.name);
                    return Ok(token);
                }
                Err(Miss::Unavailable(reason)) => {
                    events::source_missed(link.name, &reason);
                    reasons.push(format!("{}: {reason}", link.name));
                }
                Err(Miss::Failed(error)) => {
                    reasons.push(format!("{}: {}", link.name, error.message()));
                    let advice = error.advice().map(str::to_owned);
                    return Err(none(&reasons).with_advice(advice).with_source(error));
                }
            }
        }
        Err(none(&reasons).with_advice(ADVICE.to_owned()))
    }
}

impl TokenSource for Chain {
    fn token(&self, request: TokenRequest) -> BoxFuture<'_, Result<AccessToken>> {
        Box::pin(async move {
            let Some(link) = self.chosen.get().and_then(|place| self.links.get(*place)) else {
                return self.find(&request).await;
            };
            link.source.token(&request).await.map_err(|miss| match miss {
                Miss::Failed(error) => error,
                Miss::Unavailable(reason) => none(&[format!("{}: {reason}", link.name)]),
            })
        })
    }
}

impl Source {
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken, Miss> {
        match self {
            Self::Missing(reason) => Err(Miss::Unavailable(reason.clone())),
            Self::Service(source) => source.token(request.clone()).await.map_err(Miss::Failed),
            Self::ManagedIdentity(identity) => identity.try_token(request).await,
            Self::Developer(source) => match timeout(TOOL, source.token(request.clone())).await {
                Ok(outcome) => outcome.map_err(|error| Miss::Unavailable(error.message().trim().to_owned())),
                Err(_) => Err(Miss::Unavailable(format!("no answer within {} seconds", TOOL.as_secs()))),
            },
        }
    }
}

fn none(reasons: &[String]) -> Error {
    let message = format!("no credential gave a token: {}", reasons.join("; "));
    Error::new(ErrorKind::Authentication, message)
}
