//! Tokens: where they come from, when they are fetched, and which challenge may ask for one.

mod azure;
mod challenge;
mod cloud;
mod source;
mod token;

use std::sync::Arc;

use http::{HeaderValue, header::WWW_AUTHENTICATE};
use tokio::sync::{Mutex, MutexGuard};

pub use self::source::{AccessToken, BoxFuture, TokenRequest, TokenSource};
use self::{challenge::Challenge, token::TokenCache};
use crate::{
    error::{Error, ErrorKind, Result},
    options::Config,
    stats::Counters,
    transport::{Response, Transport},
    vault_url::VaultUrl,
};

/// Knows which token the vault wants and keeps it at hand.
#[derive(Debug)]
pub(crate) struct Authenticator {
    host: String,
    verify_challenge_resource: bool,
    tokens: TokenCache,
    /// Held by the one caller that asks the vault for its challenge, so that cold callers cause one probe together.
    probing: Mutex<()>,
}

impl Authenticator {
    pub(crate) fn new(
        vault: &VaultUrl,
        config: &Config,
        transport: Arc<dyn Transport>,
        counters: Arc<Counters>,
    ) -> Result<Self> {
        let source = match &config.token_source {
            Some(source) => source.clone(),
            None => source::from_options(&config.credential, transport)?,
        };
        let known = cloud::scope_of(vault.host()).map(|scope| TokenRequest::for_scope(scope.to_owned()));
        Ok(Self {
            host: vault.host().to_owned(),
            verify_challenge_resource: config.verify_challenge_resource,
            tokens: TokenCache::new(source, known, counters),
            probing: Mutex::new(()),
        })
    }

    /// Returns the header for a request, or none while the vault has not said what it wants.
    pub(crate) async fn authorization(&self) -> Result<Option<HeaderValue>> {
        self.tokens.current().await
    }

    /// Waits for the right to probe. Afterwards [`authorization`](Self::authorization) may have an answer already.
    pub(crate) async fn probe(&self) -> MutexGuard<'_, ()> {
        self.probing.lock().await
    }

    /// Learns from a 401 what the vault wants. `sent` is the header that it did not accept.
    ///
    /// # Errors
    /// [`ErrorKind::Authentication`] when the challenge is missing, malformed, or not this vault's to make.
    pub(crate) fn learn(&self, answer: &Response, sent: Option<&HeaderValue>) -> Result<()> {
        let headers = answer.headers().get_all(WWW_AUTHENTICATE);
        let challenge = headers.iter().filter_map(|value| value.to_str().ok()).find_map(Challenge::parse);
        let challenge = challenge.ok_or_else(|| {
            Error::new(ErrorKind::Authentication, "the vault answered 401 without a usable Bearer challenge")
        })?;
        if self.verify_challenge_resource {
            challenge.check_resource(&self.host)?;
        }
        self.tokens.renew(challenge.into_request()?, sent);
        Ok(())
    }
}
