mod token;

use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{
            AtomicBool, AtomicU64,
            Ordering::{Acquire, Relaxed, Release},
        },
    },
    time::Duration,
};

use crate::{
    error::{Error, ErrorKind, Result},
    identifier::SecretName,
    interval::Interval,
    model::DeletedSecret,
    operations::{BEGIN_DELETE_SECRET, BEGIN_RECOVER_DELETED_SECRET, GET_DELETED_SECRET, GET_SECRET, about},
    pipeline::{Call, Pipeline},
    request::{About, Context, Operation, Request},
};
use http::Method;

/// A kind of work that the vault goes on with by itself.
#[derive(Debug)]
pub(crate) struct Work {
    /// What begins it.
    begin: &'static About,
    /// The read that succeeds when the vault has finished.
    look: &'static About,
    /// Where that read finds the secret.
    collection: &'static str,
}

pub(crate) static DELETION: Work =
    Work { begin: &BEGIN_DELETE_SECRET, look: &GET_DELETED_SECRET, collection: "deletedsecrets" };
pub(crate) static RECOVERY: Work =
    Work { begin: &BEGIN_RECOVER_DELETED_SECRET, look: &GET_SECRET, collection: "secrets" };

/// A deletion or recovery that has begun and that the vault goes on with by itself.
pub struct Poller<T> {
    pipeline: Arc<Pipeline>,
    watch: Watch,
    read: Arc<dyn Fn(DeletedSecret) -> T + Send + Sync>,
}

/// What is looked at, and what looks have found.
#[derive(Clone, Debug)]
struct Watch {
    work: &'static Work,
    name: SecretName,
    /// How long waits pause, where the caller says so.
    interval: Option<Duration>,
    known: Arc<Known>,
}

#[derive(Debug, Default)]
struct Known {
    is_done: AtomicBool,
    looks: AtomicU64,
    /// What the vault answered when the work began, or when a resumed poller found it done; of a recovery the properties alone.
    answer: OnceLock<DeletedSecret>,
}

impl<T> Poller<T> {
    /// Makes a poller that knows nothing of its work yet.
    pub(crate) fn new(
        pipeline: Arc<Pipeline>,
        work: &'static Work,
        name: SecretName,
        interval: Option<Duration>,
    ) -> Self
    where
        T: From<DeletedSecret> + 'static,
    {
        let watch = Watch { work, name, interval, known: Arc::default() };
        Self { pipeline, watch, read: Arc::new(T::from) }
    }

    /// Notes what the vault answered when the work began, and whether that was all.
    pub(crate) fn note(&self, answer: DeletedSecret, is_done: bool) {
        self.watch.known.note(Some(answer), is_done);
    }

    /// Goes on with the work that a [`continuation_token`](Self::continuation_token) stands for, beginning with a look.
    pub(crate) async fn resume(&self, token: &str, context: &Context) -> Result<()> {
        token::check(token, self.watch.work, &self.pipeline.vault, &self.watch.name)?;
        self.watch.look(context).await.map(drop)
    }

    /// Returns what the vault answered when the work began. A resumed poller has it once it has seen that the work is done, and none where
    /// this caller may not read it.
    pub fn result(&self) -> Option<T> {
        self.watch.known.answer.get().cloned().map(|answer| (self.read)(answer))
    }

    /// Changes the result, into the type that a binding holds for example.
    pub fn map<U>(self, change: impl Fn(T) -> U + Send + Sync + 'static) -> Poller<U>
    where
        T: 'static,
    {
        let read = self.read;
        Poller {
            pipeline: self.pipeline,
            watch: self.watch,
            read: Arc::new(move |answer| change(read(answer))),
        }
    }

    /// Returns what [`continuation_token`](Request::continuation_token) takes, in any language and process, to go on with this work. It holds
    /// the vault's URL and the secret's name, and is good for as long as the work and its outcome last.
    pub fn continuation_token(&self) -> String {
        token::write(self.watch.work, &self.pipeline.vault, &self.watch.name)
    }

    /// Returns how many looks have told whether the work is done.
    pub fn look_count(&self) -> u64 {
        self.watch.known.looks.load(Relaxed)
    }

    /// Tells what the last look found, without looking.
    pub fn is_done(&self) -> bool {
        self.watch.known.is_done()
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

impl<T> fmt::Debug for Poller<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Poller").field(&self.watch).finish()
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
        if self.known.is_done() {
            return Ok(true);
        }
        let url = context.pipeline.url(&[self.work.collection, self.name.as_str()]);
        let call = Call::new(self.work.look, Method::GET, url, context.deadline);
        let (answer, is_done) = match context.pipeline.send(&call).await {
            Ok(answer) => (Some(answer), true),
            Err(error) if error.kind() == ErrorKind::NotFound => (None, false),
            Err(error) if is_there_unseen(&error) => (None, true),
            Err(error) => return Err(error),
        };
        self.known.looks.fetch_add(1, Relaxed);
        self.known.note(answer, is_done);
        Ok(is_done)
    }
}

impl Known {
    fn note(&self, answer: Option<DeletedSecret>, is_done: bool) {
        if let Some(answer) = answer {
            self.answer.get_or_init(|| answer);
        }
        if is_done {
            // Who sees this sees the answer too.
            self.is_done.store(true, Release);
        }
    }

    fn is_done(&self) -> bool {
        self.is_done.load(Acquire)
    }
}

/// Tells whether a refusal comes from the secret's own access rules: then it is there, though this caller cannot read it.
/// A firewall's refusal says nothing about the secret.
fn is_there_unseen(error: &Error) -> bool {
    let by_access_rules =
        matches!(error.inner_code(), Some("AccessDenied" | "ForbiddenByPolicy" | "ForbiddenByRbac"));
    error.kind() == ErrorKind::SecretDisabled || (error.kind() == ErrorKind::Forbidden && by_access_rules)
}
