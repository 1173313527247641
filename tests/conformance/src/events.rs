//! Keeps the client's events for the Rust adapter, which is to answer with them.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span,
    subscriber::Interest,
};

use crate::protocol::Pairs;

static KEPT: Mutex<(LevelFilter, Vec<Fields>)> = Mutex::new((LevelFilter::OFF, Vec::new()));

type Fields = Vec<(&'static str, String)>;

/// Keeps events of this level and above from here on, and returns those that came since the last time.
pub fn take(level: LevelFilter) -> Pairs {
    // Only the first time does it subscribe.
    let _ = tracing::subscriber::set_global_default(Keeper);
    let events = std::mem::replace(&mut *kept(), (level, Vec::new())).1;
    let all: Vec<_> = events.iter().flatten().map(|(_, text)| text.as_str()).collect();
    let summary = [("count", events.len().to_string()), ("all", all.join(" "))];
    let mut reply = Pairs::from(summary.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    for (number, fields) in events.into_iter().enumerate() {
        reply.extend(fields.into_iter().map(|(name, text)| (format!("{number}.{name}"), text.into_bytes())));
    }
    reply
}

fn kept() -> MutexGuard<'static, (LevelFilter, Vec<Fields>)> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Keeper;

impl Subscriber for Keeper {
    /// The level changes, so no answer of `enabled` holds for good.
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with("libkv::") && *metadata.level() <= kept().0
    }

    fn event(&self, event: &Event<'_>) {
        let level = event.metadata().level().as_str().to_lowercase();
        let mut fields = Visited(vec![("target", event.metadata().target().to_owned()), ("level", level)]);
        event.record(&mut fields);
        kept().1.push(fields.0);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Visited(Fields);

impl Visit for Visited {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push((field.name(), format!("{value:?}")));
    }
}
