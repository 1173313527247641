use std::{
    collections::BTreeMap,
    future::{IntoFuture, ready},
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use libkv::{BoxFuture, GetSecrets, Operation, Request, Result};
use libkv_bridge::{Begun, UnderWay};
use napi::Env;
use napi_derive::napi;
use tokio::sync::Notify;

use crate::{
    call::{Outcome, duration, outcome},
    client::Client,
    mailbox::Reply,
    model::Secret,
};

/// What became of one secret among many, and how far all have come.
#[napi(object, object_from_js = false)]
pub struct SecretResult {
    pub name: String,
    pub outcome: Outcome<Secret>,
    pub progress: Progress,
}

#[napi(object, object_from_js = false)]
pub struct Progress {
    pub done: i64,
    pub total: Option<i64>,
}

impl From<libkv::Progress> for Progress {
    fn from(progress: libkv::Progress) -> Self {
        let count = |count| i64::try_from(count).unwrap_or(i64::MAX);
        Self { done: count(progress.done), total: progress.total.map(count) }
    }
}

/// Which secrets are read, and how many at a time.
#[napi(object, object_to_js = false)]
pub struct Selection {
    pub names: Option<Vec<String>>,
    pub prefix: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
    pub concurrency: Option<u32>,
}

impl Selection {
    pub fn put(self, request: Request<GetSecrets>) -> Request<GetSecrets> {
        let request = request.prefix(self.prefix).tags(self.tags).concurrency(self.concurrency);
        match self.names {
            Some(names) => request.names(names),
            None => request,
        }
    }
}

/// Results that are to be had, or that are there already.
type Held = Option<BoxFuture<'static, Result<libkv::Results>>>;

/// Gives result after result. A step takes what is held with it while it is under way, so that cancelling the step cancels all.
#[napi]
pub struct Results {
    held: Arc<Mutex<Held>>,
    cancelled: Arc<Notify>,
}

impl Results {
    pub fn new<O>(request: Request<O>, timeout_ms: Option<f64>) -> Self
    where
        O: Operation<Output = libkv::Results>,
    {
        let request = request.timeout(duration(timeout_ms)).into_future();
        Self { held: Arc::new(Mutex::new(Some(request))), cancelled: Arc::default() }
    }
}

#[napi]
impl Results {
    /// Gives the next result; none behind the last one, and once cancelled. One step at a time.
    #[napi]
    pub fn next(&self, env: &Env, client: &Client) -> Reply<Option<SecretResult>> {
        let (held, cancelled) = (self.held.clone(), self.cancelled.clone());
        let step = async move {
            tokio::select! {
                result = next(&held) => result,
                () = cancelled.notified() => Ok(None),
            }
        };
        let step = UnderWay::new(step).map(Begun::UnderWay);
        client.calls.finish(env, step, |result| {
            result.map(|(result, progress)| SecretResult {
                name: result.name,
                outcome: outcome(result.outcome.map(Secret::from)),
                progress: progress.into(),
            })
        })
    }

    #[napi]
    pub fn cancel(&self) {
        self.cancelled.notify_one();
        exchange(&self.held, None);
    }
}

async fn next(held: &Mutex<Held>) -> Result<Option<(libkv::SecretResult, libkv::Progress)>> {
    let Some(results) = exchange(held, None) else { return Ok(None) };
    let mut results = results.await?;
    let Some(result) = results.next().await? else { return Ok(None) };
    let progress = results.progress();
    exchange(held, Some(Box::pin(ready(Ok(results)))));
    Ok(Some((result, progress)))
}

fn exchange(held: &Mutex<Held>, with: Held) -> Held {
    mem::replace(&mut *held.lock().unwrap_or_else(PoisonError::into_inner), with)
}
