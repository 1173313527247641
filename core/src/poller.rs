use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use crate::{
    client::SecretClient,
    error::{Error, ErrorKind, Result},
    identifier::SecretName,
    interval::Interval,
    operations::{self, about},
    pipeline::{Call, Pipeline},
    request::{About, Context, Operation, Request},
};
use http::Method;

/// Where a deleted secret appears.
pub(crate) const DELETED: &str = "deletedsecrets";
/// Where a recovered secret appears.
pub(crate) const ACTIVE: &str = "secrets";

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
    /// How long waits pause, where the caller says so.
    interval: Option<Duration>,
    done: Arc<AtomicBool>,
}

impl Poller<()> {
    /// Goes on with a deletion that was begun before, by another process for example. Sends nothing.
    ///
    /// # Errors
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) for what cannot be a secret's name.
    pub fn of_deletion(client: &SecretClient, name: &str) -> Result<Self> {
        Self::of(client, DELETED, name)
    }

    /// Goes on with a recovery that was begun before, as [`of_deletion`](Self::of_deletion) does with a deletion.
    ///
    /// # Errors
    /// As [`of_deletion`](Self::of_deletion).
    pub fn of_recovery(client: &SecretClient, name: &str) -> Result<Self> {
        Self::of(client, ACTIVE, name)
    }

    fn of(client: &SecretClient, collection: &'static str, name: &str) -> Result<Self> {
        Ok(Self::new(client.pipeline().clone(), collection, SecretName::new(name)?, ()))
    }
}

impl<T> Poller<T> {
    pub(crate) fn new(
        pipeline: Arc<Pipeline>,
        collection: &'static str,
        name: SecretName,
        result: T,
    ) -> Self {
        let watch = Watch { collection, name, interval: None, done: Arc::default() };
        Self { pipeline, watch, result }
    }

    /// Sets how long waits pause between two looks. The default is to begin with 50 ms, and to double up to the client's
    /// `poll_interval_ms`.
    pub fn interval(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.watch.interval = interval.into();
        self
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

    /// Begins a wait that its caller hears of look by look. Its deadline is that of the wait as a whole.
    pub fn looks(&self) -> Request<BeginLooks> {
        Request::new(&self.pipeline, BeginLooks(self.watch.clone()))
    }
}

/// See [`Poller::poll`].
#[derive(Debug)]
pub struct Poll(Watch);

/// See [`Poller::wait`].
#[derive(Debug)]
pub struct Wait(Watch);

/// See [`Poller::looks`].
#[derive(Debug)]
pub struct BeginLooks(Watch);

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
        let mut looks = Looks::new(self.0, context);
        while !looks.next().await? {}
        Ok(())
    }
}

impl Operation for BeginLooks {
    type Output = Looks;
    const ABOUT: &'static About = &about("looks", &[]);

    async fn run(self, context: Context) -> Result<Looks> {
        Ok(Looks::new(self.0, context))
    }
}

/// The looks of a wait, one after the other.
#[derive(Debug)]
pub struct Looks {
    watch: Watch,
    context: Context,
    interval: Interval,
    /// Whether one has been taken, after which the next is paused for.
    begun: bool,
}

impl Looks {
    fn new(watch: Watch, context: Context) -> Self {
        let interval = match watch.interval {
            Some(always) => Interval::always(always),
            None => Interval::new(context.pipeline.config.poll_interval),
        };
        Self { watch, context, interval, begun: false }
    }

    /// Looks when the next look is due, the first time at once, and tells whether the work is done.
    ///
    /// # Errors
    /// [`Timeout`](ErrorKind::Timeout) when the deadline comes before the look; the vault goes on all the same.
    pub async fn next(&mut self) -> Result<bool> {
        let outcome = self.pause_and_look().await;
        outcome.map_err(|error| error.with_elapsed(self.context.deadline.started.elapsed()))
    }

    async fn pause_and_look(&mut self) -> Result<bool> {
        if self.begun {
            self.interval.pause_for_vault(self.context.deadline).await?;
        }
        self.begun = true;
        self.watch.look(&self.context).await
    }
}

impl Watch {
    async fn look(&self, context: &Context) -> Result<bool> {
        if self.done.load(Relaxed) {
            return Ok(true);
        }
        let about =
            if self.collection == ACTIVE { &operations::GET_SECRET } else { &operations::GET_DELETED_SECRET };
        let url = context.pipeline.url(&[self.collection, self.name.as_str()]);
        let found = match context.pipeline.fetch(&Call::new(about, Method::GET, url, context.deadline)).await
        {
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
