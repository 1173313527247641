use std::{
    collections::BTreeMap,
    future::{IntoFuture, poll_fn, ready},
    mem,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
};

use libkv::{BoxFuture, GetSecrets, Operation, Request, Result};
use napi::Env;
use napi_derive::napi;
use tokio::sync::Notify;

use crate::{
    call::{Outcome, duration, outcome},
    client::Client,
    mailbox::Reply,
    model::Secret,
};

/// How many results are given at a time at most, so that the event loop's turns stay short.
const MOST_AT_A_TIME: usize = 128;

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

impl From<Arrived> for SecretResult {
    fn from((result, progress): Arrived) -> Self {
        let outcome = outcome(result.outcome.map(Secret::from));
        Self { name: result.name, outcome, progress: progress.into() }
    }
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

/// Gives results as they come. A step takes what is held with it while it is under way, so that cancelling the step cancels all.
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
    /// Waits for the next result, and gives it with those behind it that are there already; none behind the last one, and once
    /// cancelled. One step at a time.
    #[napi]
    pub fn next(&self, env: &Env, client: &Client) -> Reply<Vec<SecretResult>> {
        let (held, cancelled) = (self.held.clone(), self.cancelled.clone());
        let step = Box::pin(async move {
            tokio::select! {
                results = next(&held) => results,
                () = cancelled.notified() => Ok(Vec::new()),
            }
        });
        client.calls.begin(env, step, |results| results.into_iter().map(SecretResult::from).collect())
    }

    #[napi]
    pub fn cancel(&self) {
        self.cancelled.notify_one();
        exchange(&self.held, None);
    }
}

/// A result, and how far all had come with it.
type Arrived = (libkv::SecretResult, libkv::Progress);

async fn next(held: &Mutex<Held>) -> Result<Vec<Arrived>> {
    let Some(results) = exchange(held, None) else { return Ok(Vec::new()) };
    let mut results = results.await?;
    let mut arrived: Vec<_> =
        results.next().await?.map(|result| (result, results.progress())).into_iter().collect();
    let mut rest = None;
    while !arrived.is_empty() && arrived.len() < MOST_AT_A_TIME {
        match at_once(results.next()).await {
            Some(Ok(Some(result))) => arrived.push((result, results.progress())),
            Some(Err(error)) => {
                rest = Some(error);
                break;
            }
            Some(Ok(None)) | None => break,
        }
    }
    exchange(held, Some(Box::pin(ready(rest.map_or(Ok(results), Err)))));
    Ok(arrived)
}

/// Gives what a future has come to if it is done already.
async fn at_once<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|context| {
        Poll::Ready(match future.as_mut().poll(context) {
            Poll::Ready(outcome) => Some(outcome),
            Poll::Pending => None,
        })
    })
    .await
}

fn exchange(held: &Mutex<Held>, with: Held) -> Held {
    mem::replace(&mut *held.lock().unwrap_or_else(PoisonError::into_inner), with)
}
