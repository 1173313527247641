use std::{
    error::Error as _,
    future::{IntoFuture, pending, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use libkv::{Error, ErrorKind, Operation, Request, Result};
use napi::{
    Either, Env,
    bindgen_prelude::{AsyncBlock, AsyncBlockBuilder, ToNapiValue},
};
use napi_derive::napi;
use tokio::sync::Notify;

use crate::model::Record;

/// What goes with a call besides its arguments: a deadline, and the way to give it up.
#[napi]
pub struct Call {
    timeout: Option<Duration>,
    cancelled: Arc<Notify>,
}

#[napi]
impl Call {
    #[napi(constructor)]
    pub fn new(timeout_ms: Option<f64>) -> Self {
        Self { timeout: timeout(timeout_ms), cancelled: Arc::default() }
    }

    #[napi]
    pub fn cancel(&self) {
        self.cancelled.notify_one();
    }
}

/// Reads a timeout. What a duration cannot hold is as good as none.
pub fn timeout(milliseconds: Option<f64>) -> Option<Duration> {
    milliseconds.map(|ms| Duration::try_from_secs_f64(ms / 1000.0).unwrap_or(Duration::MAX))
}

/// An error on its way to JavaScript. It travels as a result, because only what JavaScript itself throws has its classes and
/// its stack.
#[napi(object, object_from_js = false)]
pub struct Failure {
    pub error: Record,
    /// What JavaScript itself threw, where that is the reason.
    pub thrown: Option<napi::Error>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let thrown = error.source().and_then(|source| source.downcast_ref::<napi::Error>());
        let thrown = thrown.and_then(|thrown| thrown.try_clone().ok());
        Self { error: error.fields().into(), thrown }
    }
}

/// What a call comes to.
pub type Outcome<T> = Either<Failure, T>;

/// The promise of a call's outcome.
pub type Reply<T> = napi::Result<AsyncBlock<Outcome<T>>>;

pub fn outcome<T>(result: Result<T>) -> Outcome<T> {
    match result {
        Ok(value) => Either::B(value),
        Err(error) => Either::A(error.into()),
    }
}

/// Makes a request on napi's runtime and promises its outcome.
pub fn reply<O, T>(env: &Env, request: Result<Request<O>>, call: Option<&Call>) -> Reply<T>
where
    O: Operation,
    T: From<O::Output> + ToNapiValue + 'static,
{
    let timeout = call.and_then(|call| call.timeout);
    let cancelled = call.map(|call| call.cancelled.clone());
    let answer = async move {
        let request = request?.timeout(timeout);
        tokio::select! {
            answer = request.into_future() => answer,
            () = until(cancelled) => Err(Error::new(ErrorKind::Cancelled, "the call was given up")),
        }
    };
    promise(env, answer, T::from)
}

/// Promises what comes of a future on napi's runtime. `convert` runs on JavaScript's thread, which some values cannot leave.
pub fn promise<A, T>(
    env: &Env,
    answer: impl Future<Output = Result<A>> + Send + 'static,
    convert: impl FnOnce(A) -> T + Send + 'static,
) -> Reply<T>
where
    A: Send + 'static,
    T: ToNapiValue + 'static,
{
    AsyncBlockBuilder::build_with_map(env, async { Ok(without_panic(answer).await) }, |_, answer| {
        Ok(outcome(answer.map(convert)))
    })
}

async fn until(cancelled: Option<Arc<Notify>>) {
    match cancelled {
        Some(cancelled) => cancelled.notified().await,
        None => pending().await,
    }
}

async fn without_panic<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    let mut future = pin!(future);
    poll_fn(|context| {
        let poll = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        let defect = |_| Error::new(ErrorKind::Internal, "libkv failed within itself: a panic was caught");
        poll.unwrap_or_else(|panic| Poll::Ready(Err(defect(panic))))
    })
    .await
}
