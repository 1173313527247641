//! The core's events on their way to a host's own logging.
//!
//! A listener may take its time, or a lock that a thread waiting for the network holds. A record of a blocking call is told on the
//! thread that made the call, but not while that drives the network, and what arises on a thread of the runtime is queued for a
//! thread of its own.

mod courier;
#[cfg(test)]
mod tests;

use std::{
    cell::{Cell, RefCell},
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU8, Ordering::Relaxed},
    },
    time::SystemTime,
};

use libkv::{Error, ErrorKind, Result};
use tracing::{
    Event, Metadata, Subscriber,
    callsite::rebuild_interest_cache,
    field::{Field, Visit},
    span,
    subscriber::{Interest, set_global_default},
};
pub use tracing::{Level, level_filters::LevelFilter};

use self::courier::Courier;
use crate::process_static::ProcessStatic;

/// What happened, as data. It never holds a secret's value or a token.
#[derive(Clone, Debug)]
pub struct Record {
    /// When it happened.
    pub time: SystemTime,
    /// How much it matters.
    pub level: Level,
    /// What kind of event it is, such as `libkv::retry`; `libkv::EVENTS` lists them.
    pub target: &'static str,
    /// What happened, for people.
    pub message: String,
    /// The particulars, in order.
    pub fields: Vec<(&'static str, Value)>,
}

/// The value of a record's field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number.
    Number(u64),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl fmt::Display for Record {
    /// Writes the message, and the fields in brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for (number, (name, value)) in self.fields.iter().enumerate() {
            let before = if number == 0 { " (" } else { ", " };
            write!(f, "{before}{name}={value}")?;
        }
        if self.fields.is_empty() { Ok(()) } else { f.write_str(")") }
    }
}

/// Takes records, one or several at a time. It may make calls of its own; what they cause on its thread is not told to it.
pub type Listener = Arc<dyn Fn(&Record) + Send + Sync>;

static HUB: Hub = Hub { level: AtomicU8::new(0), listener: RwLock::new(None) };
static IS_SUBSCRIBED: Mutex<bool> = Mutex::new(false);
static COURIER: ProcessStatic<Courier> = ProcessStatic::new(Courier::new(deliver), || Courier::new(deliver));

thread_local! {
    static IS_RUNTIME: Cell<bool> = const { Cell::new(false) };
    static IS_LISTENING: Cell<bool> = const { Cell::new(false) };
    /// What has arisen while the listener may not be told.
    static HELD: RefCell<Option<Vec<Record>>> = const { RefCell::new(None) };
}

/// Tells this listener, and no other, of everything at `level` and above from here on.
///
/// # Errors
/// [`ErrorKind::InvalidState`] where the program has a subscriber of `tracing` for itself, which gets the events then.
pub fn listen(level: Level, listener: Listener) -> Result<()> {
    subscribe()?;
    *unpoisoned(HUB.listener.write()) = Some(listener);
    HUB.set_level(LevelFilter::from_level(level));
    Ok(())
}

/// Changes the level of the listener that there is. At [`LevelFilter::OFF`] an event costs one load.
pub fn set_level(level: LevelFilter) {
    HUB.set_level(level);
}

/// Waits until what is queued has been told, unless the listener itself calls this. The queue's thread has ended then.
pub fn flush() {
    COURIER.get().finish();
}

/// Ends listening, after a [`flush`].
pub fn silence() {
    HUB.set_level(LevelFilter::OFF);
    flush();
    *unpoisoned(HUB.listener.write()) = None;
}

/// Notes that the calling thread belongs to a runtime.
pub(crate) fn mark_runtime_thread() {
    IS_RUNTIME.set(true);
}

/// Does what others wait for, and tells the listener only then what arose on this thread.
pub(crate) fn undisturbed<T>(work: impl FnOnce() -> T) -> T {
    HELD.set(Some(Vec::new()));
    let _tell = TellHeld;
    work()
}

struct TellHeld;

impl Drop for TellHeld {
    fn drop(&mut self) {
        HELD.take().iter().flatten().for_each(deliver);
    }
}

/// Tells whether the calling thread is in the listener.
pub(crate) fn is_listening() -> bool {
    IS_LISTENING.get()
}

fn subscribe() -> Result<()> {
    let mut is_subscribed = unpoisoned(IS_SUBSCRIBED.lock());
    if !*is_subscribed {
        let taken = "the program has a subscriber of `tracing` already, which gets libkv's events";
        set_global_default(&HUB).map_err(|_| Error::new(ErrorKind::InvalidState, taken))?;
        *is_subscribed = true;
    }
    Ok(())
}

/// A listener that panicked leaves nothing half done here.
fn unpoisoned<T>(guard: std::result::Result<T, PoisonError<T>>) -> T {
    guard.unwrap_or_else(PoisonError::into_inner)
}

/// Tells the listener on this thread.
fn deliver(record: &Record) {
    let Some(listener) = unpoisoned(HUB.listener.read()).clone() else { return };
    IS_LISTENING.set(true);
    // What a listener does wrong is not the call's failure.
    let _ = catch_unwind(AssertUnwindSafe(|| listener(record)));
    IS_LISTENING.set(false);
}

/// Sends the events of `tracing` to the listener.
struct Hub {
    level: AtomicU8,
    listener: RwLock<Option<Listener>>,
}

const FILTERS: [LevelFilter; 6] = [
    LevelFilter::OFF,
    LevelFilter::ERROR,
    LevelFilter::WARN,
    LevelFilter::INFO,
    LevelFilter::DEBUG,
    LevelFilter::TRACE,
];

impl Hub {
    fn filter(&self) -> LevelFilter {
        FILTERS[usize::from(self.level.load(Relaxed)) % FILTERS.len()]
    }

    fn set_level(&self, level: LevelFilter) {
        let place = FILTERS.iter().position(|filter| *filter == level).unwrap_or_default();
        let place = u8::try_from(place).unwrap_or_default();
        if self.level.swap(place, Relaxed) != place {
            rebuild_interest_cache();
        }
    }
}

impl Subscriber for &'static Hub {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let is_ours = metadata.is_event() && metadata.target().starts_with("libkv::");
        is_ours && *metadata.level() <= self.filter() && !IS_LISTENING.get()
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.filter())
    }

    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        let is_ours = metadata.is_event() && metadata.target().starts_with("libkv::");
        if is_ours { Interest::sometimes() } else { Interest::never() }
    }

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let mut record = Record {
            time: SystemTime::now(),
            level: *metadata.level(),
            target: metadata.target(),
            message: String::new(),
            fields: Vec::new(),
        };
        event.record(&mut record);
        if IS_RUNTIME.get() {
            return COURIER.get().send(record);
        }
        let told = HELD.with_borrow_mut(|held| match held {
            Some(held) => {
                held.push(record);
                None
            }
            None => Some(record),
        });
        told.iter().for_each(deliver);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

impl Visit for Record {
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.fields.push((field.name(), Value::Number(value)));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.push((field.name(), Value::Text(value.to_owned())));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        } else {
            self.fields.push((field.name(), Value::Text(format!("{value:?}"))));
        }
    }
}
