use std::{
    fmt,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use libkv::{AccessToken, BoxFuture, Error, ErrorKind, Result, Timestamp, TokenRequest, TokenSource};
use napi::{
    Status,
    bindgen_prelude::{FnArgs, Promise},
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode::NonBlocking},
};
use napi_derive::napi;

/// What a token is wanted for.
#[napi(object, object_from_js = false)]
pub struct Wanted {
    pub scope: String,
    pub tenant_id: Option<String>,
    pub claims: Option<String>,
}

/// The token that a credential gave; times in Unix seconds.
#[napi(object, object_to_js = false)]
pub struct Given {
    pub token: String,
    pub expires_on: i64,
    pub refresh_on: Option<i64>,
}

/// A number that tells fetches apart, and what is wanted; nothing once nobody waits for the fetch any more.
type Arguments = FnArgs<(u32, Option<Wanted>)>;

/// The function of `node/lib/token_credential.cjs` that fetches. Being weak, it does not keep the process alive.
pub type Fetcher = ThreadsafeFunction<Arguments, Promise<Given>, Arguments, Status, false, true>;

/// A credential of JavaScript, which is asked on JavaScript's thread.
pub struct TokenCredential {
    fetcher: Fetcher,
    fetches: AtomicU32,
}

impl TokenCredential {
    pub fn new(fetcher: Fetcher) -> Self {
        Self { fetcher, fetches: AtomicU32::new(0) }
    }
}

impl fmt::Debug for TokenCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenCredential")
    }
}

impl TokenSource for TokenCredential {
    fn token(&self, request: TokenRequest) -> BoxFuture<'_, Result<AccessToken>> {
        let fetch = Fetch { fetcher: &self.fetcher, id: self.fetches.fetch_add(1, Relaxed) };
        Box::pin(async move {
            let given = fetch.run(request).await.map_err(|thrown| {
                Error::new(ErrorKind::Authentication, thrown.reason.clone()).with_source(thrown)
            })?;
            Ok(AccessToken {
                token: given.token.into(),
                expires_on: Some(Timestamp::from_unix_seconds(given.expires_on)),
                refresh_on: given.refresh_on.map(Timestamp::from_unix_seconds),
            })
        })
    }
}

/// A call of the credential, which hears of it when it is dropped.
struct Fetch<'a> {
    fetcher: &'a Fetcher,
    id: u32,
}

impl Fetch<'_> {
    async fn run(&self, request: TokenRequest) -> napi::Result<Given> {
        let TokenRequest { scope, tenant_id, claims, .. } = request;
        let wanted = Wanted { scope, tenant_id, claims };
        self.fetcher.call_async_catch((self.id, Some(wanted)).into()).await?.await
    }
}

impl Drop for Fetch<'_> {
    fn drop(&mut self) {
        // Refused only where JavaScript has ended, and nobody is left to hear it.
        self.fetcher.call((self.id, None).into(), NonBlocking);
    }
}
