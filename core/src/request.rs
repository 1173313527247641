//! One call as an owned value: what to do, on which client, by when.

use std::{
    fmt,
    future::{Future, IntoFuture},
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use tokio::time::Instant;
use tracing::{Instrument, info_span};

use crate::{
    auth::BoxFuture,
    error::{Error, Result},
    events,
    governor::Quota,
    pipeline::Pipeline,
};

/// What an operation is called and which arguments it takes; the contract that every language fulfils.
#[derive(Debug)]
pub struct About {
    pub(crate) name: &'static str,
    pub(crate) parameters: &'static [&'static str],
    pub(crate) quota: Quota,
}

/// The moment by which a call must have ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    pub(crate) started: Instant,
    pub(crate) at: Instant,
}

impl Deadline {
    fn after(timeout: Duration) -> Self {
        let started = Instant::now();
        // Thirty years stand for "none" where the clock cannot count so far.
        let at = started.checked_add(timeout).unwrap_or(started + Duration::from_secs(946_080_000));
        Self { started, at }
    }

    /// Returns how long the call was given in all.
    pub(crate) fn length(&self) -> Duration {
        self.at - self.started
    }

    /// Tells whether a wait from here on would end too late.
    pub(crate) fn is_crossed_by(&self, wait: Duration) -> bool {
        Instant::now().checked_add(wait).is_none_or(|end| end >= self.at)
    }
}

/// What an operation runs on.
#[derive(Clone, Debug)]
pub struct Context {
    pub(crate) pipeline: Arc<Pipeline>,
    pub(crate) deadline: Deadline,
}

/// Something that a client can do. Implemented by libkv's own operations only.
pub trait Operation: Sized + Send + 'static {
    /// What the operation gives.
    type Output: Send;

    #[doc(hidden)]
    const ABOUT: &'static About;

    #[doc(hidden)]
    fn run(self, context: Context) -> impl Future<Output = Result<Self::Output>> + Send;
}

/// A call that is ready to be made. It owns what it needs; awaiting it makes the call.
#[must_use = "a request does nothing until it is awaited"]
pub struct Request<O> {
    pub(crate) pipeline: Arc<Pipeline>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) operation: O,
}

impl<O> Request<O> {
    pub(crate) fn new(pipeline: &Arc<Pipeline>, operation: O) -> Self {
        Self { pipeline: pipeline.clone(), timeout: None, operation }
    }

    /// Sets the call's deadline, from the moment it is awaited. The default is the client's `timeout_ms`.
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }
}

impl<O: Operation> Request<O> {
    /// Returns the operation's name, which is the same in every language.
    pub fn operation(&self) -> &'static str {
        O::ABOUT.name
    }
}

/// An operation that can go on from where an earlier one has come to. Implemented by libkv's own operations only.
pub trait Continue {
    #[doc(hidden)]
    fn token(&mut self) -> &mut Option<String>;
}

impl<O: Continue> Request<O> {
    /// Goes on behind the [page](crate::Page::continuation_token), or with the work of the [poller](crate::Poller::continuation_token), that
    /// gave this token. Nothing is begun anew.
    pub fn continuation_token(mut self, token: impl OptionalText) -> Self {
        *self.operation.token() = token.into_option();
        self
    }
}

impl<O: Operation> IntoFuture for Request<O> {
    type Output = Result<O::Output>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = async move {
            let Self { pipeline, timeout, operation } = self;
            if timeout.is_some_and(|timeout| timeout.is_zero()) {
                return Err(Error::invalid_argument("timeout", "must be longer than zero"));
            }
            let deadline = Deadline::after(timeout.unwrap_or(pipeline.config.timeout));
            pipeline.counters.operations.fetch_add(1, Relaxed);
            let outcome = operation.run(Context { pipeline, deadline }).await;
            events::operation(O::ABOUT.name, outcome.as_ref().err(), deadline.started);
            outcome.map_err(|error| error.with_elapsed(deadline.started.elapsed()))
        };
        Box::pin(call.instrument(info_span!(target: "libkv", "call", operation = O::ABOUT.name)))
    }
}

impl<O: Operation> fmt::Debug for Request<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Request").field(&O::ABOUT.name).finish()
    }
}

/// A text argument that may be left out: a string, or an `Option` of one.
pub trait OptionalText {
    #[doc(hidden)]
    fn into_option(self) -> Option<String>;
}

impl OptionalText for String {
    fn into_option(self) -> Option<String> {
        Some(self)
    }
}

impl OptionalText for &str {
    fn into_option(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl<T: OptionalText> OptionalText for Option<T> {
    fn into_option(self) -> Option<String> {
        self.and_then(OptionalText::into_option)
    }
}
