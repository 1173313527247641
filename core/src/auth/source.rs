use std::{
    fmt,
    future::Future,
    pin::Pin,
    time::{Duration, SystemTime},
};

use serde_json::Value;

use crate::{
    error::{Error, Result},
    model::Timestamp,
    value::SecretValue,
};

/// How long an endpoint that gives tokens has to answer one request. One that hangs would hold up all callers at once.
pub(super) const EXCHANGE: Duration = Duration::from_secs(30);

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

    /// Returns the scope as a resource, which is how endpoints of managed identities and PowerShell have it.
    pub(super) fn resource(&self) -> &str {
        self.scope.strip_suffix("/.default").unwrap_or(&self.scope)
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

    /// Returns how long a fetch may take, 5 minutes by default, whether or not a call still waits for it.
    ///
    /// None is for a source whose work goes on when its future is dropped, such as a function that blocks: later calls then wait for the
    /// fetch that is under way, however long that takes, and there is never a second one beside it.
    fn time_limit(&self) -> Option<Duration> {
        Some(Duration::from_secs(300))
    }
}

/// Reads a number of seconds, which some endpoints write as text.
pub(super) fn seconds(value: Option<Value>) -> Option<i64> {
    match value? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Returns the moment so many seconds from here on.
pub(super) fn after(value: Option<Value>) -> Option<Timestamp> {
    let now = Timestamp::from(SystemTime::now()).as_unix_seconds();
    seconds(value).map(|seconds| Timestamp::from_unix_seconds(now.saturating_add(seconds)))
}

/// Why one source among several gave no token.
pub(super) enum Miss {
    /// It has none to give: another may.
    Unavailable(String),
    /// It was meant to, and failed.
    Failed(Error),
}

/// A token that the user has already.
#[derive(Debug)]
pub(super) struct StaticToken(pub(super) SecretValue);

impl TokenSource for StaticToken {
    fn token(&self, _request: TokenRequest) -> BoxFuture<'_, Result<AccessToken>> {
        let token = AccessToken { token: self.0.clone(), expires_on: None, refresh_on: None };
        Box::pin(async move { Ok(token) })
    }
}
