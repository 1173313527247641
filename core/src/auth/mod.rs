//! Tokens: where they come from, when they are fetched, and which challenge may ask for one.

mod azure;
mod certificate;
mod chain;
mod challenge;
mod cloud;
mod credential;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod managed_identity;
mod powershell;
mod source;
mod token;

use std::sync::Arc;

use http::{HeaderValue, header::WWW_AUTHENTICATE};
use tokio::sync::{Mutex, MutexGuard};

pub use self::source::{AccessToken, BoxFuture, TokenRequest, TokenSource};
use self::{
    challenge::{Challenge, check_scope},
    cloud::Cloud,
    credential::Credentials,
    token::TokenCache,
};
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
    tokens: Arc<TokenCache>,
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
            None => {
                let (credential, environment) = (&config.credential, &config.environment);
                Credentials::new(credential, environment, vault.host(), transport)?.source()?
            }
        };
        let configured = Some(config.credential.scope.clone()).filter(|scope| !scope.is_empty());
        let known = configured.or_else(|| Cloud::of(vault.host()).map(|cloud| cloud.scope.to_owned()));
        Ok(Self {
            host: vault.host().to_owned(),
            verify_challenge_resource: config.verify_challenge_resource,
            tokens: Arc::new(TokenCache::new(source, known.map(TokenRequest::for_scope), counters)),
            probing: Mutex::new(()),
        })
    }

    /// Returns the header for a request, or none while the vault has not said what it wants.
    pub(crate) async fn authorization(&self) -> Result<Option<HeaderValue>> {
        self.tokens.current().await
    }

    /// Returns what token the vault is known to want.
    pub(crate) fn wanted(&self) -> Option<TokenRequest> {
        self.tokens.wanted()
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
        let request = challenge.into_request()?;
        if self.verify_challenge_resource {
            check_scope(&request.scope, &self.host)?;
        }
        self.tokens.renew(request, sent);
        Ok(())
    }
}
