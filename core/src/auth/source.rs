use std::{fmt, future::Future, pin::Pin, sync::Arc};

use crate::{
    auth::azure,
    error::{Error, Result},
    model::Timestamp,
    options::CredentialConfig,
    transport::Transport,
    value::SecretValue,
};

/// A future on the heap that can move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a token is wanted for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TokenRequest {
    /// The scope, such as `https://vault.azure.net/.default`.
    pub scope: String,
    /// The tenant that the vault's challenge names.
    pub tenant_id: Option<String>,
    /// Claims that the token must satisfy (continuous access evaluation), as JSON.
    pub claims: Option<String>,
}

impl TokenRequest {
    pub(crate) fn for_scope(scope: String) -> Self {
        Self { scope, ..Self::default() }
    }
}

/// A bearer token and how long it is good for.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The token.
    pub token: SecretValue,
    /// When it stops being accepted; absent for a token that is good for as long as the client lives.
    pub expires_on: Option<Timestamp>,
    /// When to fetch another one ahead of expiry.
    pub refresh_on: Option<Timestamp>,
}

/// Gives tokens. The client keeps them and asks again ahead of expiry, so a source need not cache.
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// Fetches a token.
    ///
    /// # Errors
    /// [`Authentication`](crate::ErrorKind::Authentication) with the reason, without the token or a secret in it.
    fn token(&self, request: TokenRequest) -> BoxFuture<'_, Result<AccessToken>>;
}

/// Makes the source that the `credential` options describe.
pub(crate) fn from_options(
    config: &CredentialConfig,
    transport: Arc<dyn Transport>,
) -> Result<Arc<dyn TokenSource>> {
    let need = |key: &str, text: &str| match text {
        "" => Err(Error::invalid_config(key, format!("is required by credential={}", config.kind))),
        _ => Ok(()),
    };
    match config.kind.as_str() {
        "static_token" => {
            need("credential.token", config.token.expose())?;
            Ok(Arc::new(StaticToken(config.token.clone())))
        }
        "client_secret" => {
            need("credential.tenant_id", &config.tenant_id)?;
            need("credential.client_id", &config.client_id)?;
            need("credential.client_secret", config.client_secret.expose())?;
            azure::client_secret(config, transport)
        }
        _ => Err(Error::invalid_config("credential", "is required: static_token or client_secret")),
    }
}

/// A token that the user has already.
#[derive(Debug)]
struct StaticToken(SecretValue);

impl TokenSource for StaticToken {
    fn token(&self, _request: TokenRequest) -> BoxFuture<'_, Result<AccessToken>> {
        let token = AccessToken { token: self.0.clone(), expires_on: None, refresh_on: None };
        Box::pin(async move { Ok(token) })
    }
}
