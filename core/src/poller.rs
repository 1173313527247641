use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use crate::{
    error::{Error, ErrorKind, Result},
    identifier::SecretName,
    interval::Interval,
    operations::{self, about},
    pipeline::{Call, Pipeline},
    request::{About, Context, Operation, Request},
};
use http::Method;

/// A deletion or recovery that has begun and that the vault goes on with by itself.
#[derive(Debug)]
pub struct Poller<T> {
    pipeline: Arc<Pipeline>,
    watch: Watch,
    result: T,
}

/// The resource that appears when the vault has finished.
#[derive(Clone, Debug)]
struct Watch {
    collection: &'static str,
    name: SecretName,
    done: Arc<AtomicBool>,
}

impl<T> Poller<T> {
    pub(crate) fn new(
        pipeline: Arc<Pipeline>,
        collection: &'static str,
        name: SecretName,
        result: T,
    ) -> Self {
        Self { pipeline, watch: Watch { collection, name, done: Arc::default() }, result }
    }

    /// Marks the work as done from the start, for a vault that has nothing to go on with.
    pub(crate) fn done(self) -> Self {
        self.watch.done.store(true, Relaxed);
        self
    }

    /// Returns what the vault answered when the work began.
    pub fn result(&self) -> &T {
        &self.result
    }

    /// Takes what the vault answered when the work began.
    pub fn into_result(self) -> T {
        self.result
    }

    /// Changes the result, into the type that a binding holds for example.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Poller<U> {
        Poller { pipeline: self.pipeline, watch: self.watch, result: change(self.result) }
    }

    /// Tells what the last look found, without looking.
    pub fn is_done(&self) -> bool {
        self.watch.done.load(Relaxed)
    }

    /// Looks once and tells whether the work is done.
    pub fn poll(&self) -> Request<Poll> {
        Request::new(&self.pipeline, Poll(self.watch.clone()))
    }

    /// Waits until the work is done.
    ///
    /// Fails with [`Timeout`](ErrorKind::Timeout) when the deadline comes first; the vault goes on all the same.
    pub fn wait(&self) -> Request<Wait> {
        Request::new(&self.pipeline, Wait(self.watch.clone()))
    }
}

/// See [`Poller::poll`].
#[derive(Debug)]
pub struct Poll(Watch);

/// See [`Poller::wait`].
#[derive(Debug)]
pub struct Wait(Watch);

impl Operation for Poll {
    type Output = bool;
    const ABOUT: &'static About = &about("poll", &[]);

    async fn run(self, context: Context) -> Result<bool> {
        self.0.look(&context).await
    }
}

impl Operation for Wait {
    type Output = ();
    const ABOUT: &'static About = &about("wait", &[]);

    async fn run(self, context: Context) -> Result<()> {
        let mut interval = Interval::new(context.pipeline.config.poll_interval);
        while !self.0.look(&context).await? {
            interval.pause_for_vault(context.deadline).await?;
        }
        Ok(())
    }
}

impl Watch {
    async fn look(&self, context: &Context) -> Result<bool> {
        if self.done.load(Relaxed) {
            return Ok(true);
        }
        let about = if self.collection == "secrets" {
            &operations::GET_SECRET
        } else {
            &operations::GET_DELETED_SECRET
        };
        let url = context.pipeline.url(&[self.collection, self.name.as_str()]);
        let found = match context.pipeline.fetch(Call::new(about, Method::GET, url, context.deadline)).await {
            Ok(_) => true,
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) if is_there_unseen(&error) => true,
            Err(error) => return Err(error),
        };
        self.done.store(found, Relaxed);
        Ok(found)
    }
}

/// Tells whether a refusal comes from the secret's own access rules: then it is there, though this caller cannot read it.
/// A firewall's refusal says nothing about the secret.
fn is_there_unseen(error: &Error) -> bool {
    let by_access_rules =
        matches!(error.inner_code(), Some("AccessDenied" | "ForbiddenByPolicy" | "ForbiddenByRbac"));
    error.kind() == ErrorKind::SecretDisabled || (error.kind() == ErrorKind::Forbidden && by_access_rules)
}
