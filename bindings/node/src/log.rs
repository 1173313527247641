use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use libkv::EVENTS;
use libkv_bridge::log::{self, Level, LevelFilter, Record};
use napi::{
    Status,
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode::NonBlocking, UnknownReturnValue},
};
use napi_derive::napi;
use serde_json::{Map, Value, json};

use crate::call::{Outcome, outcome};

/// The function of `node/lib/diagnostics.cjs` that takes a record, as JSON. It does not keep the process alive.
type Hear = ThreadsafeFunction<String, UnknownReturnValue, String, Status, false, true>;

/// Those that listen, one for each JavaScript thread at most.
static LISTENING: Mutex<Vec<Arc<Hear>>> = Mutex::new(Vec::new());

fn listening() -> MutexGuard<'static, Vec<Arc<Hear>>> {
    LISTENING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns what the records of each kind of event have as their target.
#[napi]
pub fn event_targets() -> Vec<&'static str> {
    EVENTS.iter().map(|event| event.target).collect()
}

/// Waits until all that has been told so far is on its way to those that listen, for tests.
#[napi]
pub fn flush_events() {
    log::flush();
}

/// Hears what all clients of the process tell of their work, while it listens.
#[napi]
pub struct Ear(Arc<Hear>);

#[napi]
impl Ear {
    #[napi(constructor)]
    pub fn new(hear: Hear) -> Self {
        Self(Arc::new(hear))
    }

    #[napi(catch_unwind)]
    pub fn listen(&self) -> Outcome<()> {
        listening().push(self.0.clone());
        outcome(log::listen(Level::DEBUG, Arc::new(tell)))
    }

    #[napi(catch_unwind)]
    pub fn ignore(&self) {
        let mut listening = listening();
        listening.retain(|each| !Arc::ptr_eq(each, &self.0));
        if listening.is_empty() {
            log::set_level(LevelFilter::OFF);
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.ignore();
    }
}

fn tell(record: &Record) {
    let Record { level, target, message, .. } = record;
    let fields: Map<_, _> =
        record.fields.iter().map(|(name, value)| ((*name).to_owned(), plain(value))).collect();
    let text = json!({ "level": level.as_str(), "target": target, "message": message, "fields": fields });
    for hear in listening().iter() {
        // Refused only where JavaScript has ended, and nobody is left to hear it.
        hear.call(text.to_string(), NonBlocking);
    }
}

fn plain(value: &log::Value) -> Value {
    match value {
        log::Value::Text(text) => text.as_str().into(),
        log::Value::Number(number) => (*number).into(),
    }
}
