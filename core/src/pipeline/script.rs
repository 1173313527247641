//! A scripted vault behind the transport, for tests on virtual time.

use std::{
    collections::VecDeque,
    sync::Mutex,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use tokio::time::sleep;
use zeroize::Zeroizing;

use super::*;
use crate::{ClientOptions, SecretClient, auth::BoxFuture, model::Timestamp};

pub(crate) const VAULT: &str = "https://kv.example";
const CHALLENGE: &str = r#"Bearer authorization="https://login.example/t", resource="https://example""#;

/// What the scripted vault does with one request.
pub(crate) enum Act {
    Answer(u16, Vec<(&'static str, String)>, String),
    Break(Reach),
    Hang,
}

pub(crate) fn answer(status: u16, body: impl Into<String>) -> Act {
    Act::Answer(status, Vec::new(), body.into())
}

pub(crate) fn refuse(status: u16, inner: &str) -> Act {
    answer(status, format!(r#"{{"error":{{"code":"C","message":"m","innererror":{{"code":"{inner}"}}}}}}"#))
}

pub(crate) fn with_header(status: u16, name: &'static str, value: &str) -> Act {
    Act::Answer(status, vec![(name, value.to_owned())], String::new())
}

pub(crate) fn challenge() -> Act {
    with_header(401, "www-authenticate", CHALLENGE)
}

pub(crate) fn secret(value: &str, created: i64) -> Act {
    version("0f", value, created)
}

pub(crate) fn version(version: &str, value: &str, created: i64) -> Act {
    let id = format!("{VAULT}/secrets/n/{version}");
    answer(
        200,
        format!(r#"{{"value":"{value}","id":"{id}","attributes":{{"enabled":true,"created":{created}}}}}"#),
    )
}

pub(crate) fn now() -> i64 {
    Timestamp::from(SystemTime::now()).as_unix_seconds()
}

/// Plays its acts in order and keeps what was asked.
#[derive(Default)]
pub(crate) struct Script {
    acts: Mutex<VecDeque<Act>>,
    pub(crate) seen: Mutex<Vec<reqwest::Request>>,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Script")
    }
}

impl Transport for Script {
    fn send(&self, request: reqwest::Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.seen.lock().unwrap().push(request);
        let act = self.acts.lock().unwrap().pop_front().expect("the script has no act for this request");
        Box::pin(async move {
            match act {
                Act::Answer(status, headers, body) => {
                    sleep(Duration::from_millis(1)).await;
                    let mut response = http::Response::builder().status(status);
                    for (name, value) in headers {
                        response = response.header(name, value);
                    }
                    Ok(response.body(Zeroizing::new(body.into_bytes())).unwrap())
                }
                Act::Break(reach) => {
                    Err(TransportError { reach, message: "broken".to_owned(), source: None })
                }
                Act::Hang => std::future::pending().await,
            }
        })
    }
}

impl Script {
    pub(crate) fn of(acts: Vec<Act>) -> Self {
        Self { acts: Mutex::new(acts.into()), ..Self::default() }
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter().map(|request| format!("{} {}", request.method(), request.url().path())).collect()
    }

    pub(crate) fn has_token(&self, index: usize) -> bool {
        self.seen.lock().unwrap()[index].headers().contains_key(AUTHORIZATION)
    }

    pub(crate) fn body(&self, index: usize) -> Bytes {
        body(&self.seen.lock().unwrap()[index])
    }
}

/// Returns what a request carries.
pub(crate) fn body(request: &reqwest::Request) -> Bytes {
    let bytes = request.body().and_then(reqwest::Body::as_bytes);
    Bytes::copy_from_slice(bytes.unwrap_or_default())
}

pub(crate) fn options() -> ClientOptions {
    ClientOptions::new().set("credential", "static_token").set("credential.token", "hunter2")
}

pub(crate) fn client_of(url: &str, options: ClientOptions, acts: Vec<Act>) -> (SecretClient, Arc<Script>) {
    let script = Arc::new(Script::of(acts));
    (SecretClient::with_transport(url, Config::new(options).unwrap(), script.clone()).unwrap(), script)
}

/// A client that knows the vault's challenge already, so that the script holds the acts of one call alone.
pub(crate) async fn warm(options: ClientOptions, acts: Vec<Act>) -> (SecretClient, Arc<Script>) {
    let (client, script) = client_of(VAULT, options, vec![challenge(), secret("v", 1)]);
    client.get_secret("warm-up").await.unwrap();
    script.seen.lock().unwrap().clear();
    *script.acts.lock().unwrap() = acts.into();
    (client, script)
}
