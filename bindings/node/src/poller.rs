use std::sync::Arc;

use napi::Env;
use napi_derive::napi;
use serde::Serialize;
use tokio::sync::Mutex;

use crate::{client::Client, mailbox::Reply, model::Record};

#[napi]
pub struct Poller(libkv::Poller<Record>);

impl<T: Serialize + 'static> From<libkv::Poller<T>> for Poller {
    fn from(poller: libkv::Poller<T>) -> Self {
        Self(poller.map(Record::from))
    }
}

#[napi]
impl Poller {
    #[napi(getter)]
    pub fn result(&self) -> Option<Record> {
        self.0.result()
    }

    #[napi(getter)]
    pub fn is_done(&self) -> bool {
        self.0.is_done()
    }

    #[napi(getter)]
    pub fn continuation_token(&self) -> String {
        self.0.continuation_token()
    }

    #[napi(getter)]
    pub fn look_count(&self) -> i64 {
        i64::try_from(self.0.look_count()).unwrap_or(i64::MAX)
    }

    /// Looks once.
    #[napi]
    pub fn poll(&self, env: &Env, client: &Client, timeout_ms: Option<f64>) -> Reply<bool> {
        client.calls.start(env, Ok(self.0.poll()), timeout_ms)
    }

    /// Begins a wait, in which the looks come one by one.
    #[napi]
    pub fn looks(&self, env: &Env, client: &Client, timeout_ms: Option<f64>) -> Reply<Looks> {
        client.calls.start(env, Ok(self.0.looks()), timeout_ms)
    }
}

#[napi]
pub struct Looks(Arc<Mutex<libkv::Looks>>);

impl From<libkv::Looks> for Looks {
    fn from(looks: libkv::Looks) -> Self {
        Self(Arc::new(Mutex::new(looks)))
    }
}

#[napi]
impl Looks {
    #[napi]
    pub fn next(&self, env: &Env, client: &Client) -> Reply<bool> {
        let looks = self.0.clone();
        let look = Box::pin(async move { looks.lock().await.next().await });
        client.calls.begin(env, look, |is_done| is_done)
    }
}
