use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use libkv::EVENTS;
use libkv_bridge::log::{self, Level, LevelFilter, Record};
use napi::{
    Status,
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode::NonBlocking, UnknownReturnValue},
};
use napi_derive::napi;
use serde_json::{Map, Value, json};

use crate::call::{Outcome, outcome};

/// The function of `node/lib/diagnostics.cjs` that takes records. It does not keep the process alive.
type Wake = ThreadsafeFunction<(), UnknownReturnValue, (), Status, false, true>;

/// Those that listen, one for each JavaScript thread at most.
static LISTENING: Mutex<Vec<Arc<Heard>>> = Mutex::new(Vec::new());

/// What has been heard, as JSON, until it is taken. One wake-up of the event loop serves all of it.
struct Heard {
    wake: Wake,
    records: Mutex<Vec<String>>,
}

impl Heard {
    fn add(&self, record: String) {
        let mut records = unpoisoned(&self.records);
        records.push(record);
        if records.len() == 1 {
            // Refused only where JavaScript has ended, and nobody is left to hear it.
            self.wake.call((), NonBlocking);
        }
    }
}

fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns what the records of each kind of event have as their target.
#[napi]
pub fn event_targets() -> Vec<&'static str> {
    EVENTS.iter().map(|event| event.target).collect()
}

/// Waits until those that listen can take all that has been told so far.
#[napi]
pub fn flush_events() {
    log::flush();
}

/// Hears what all clients of the process tell of their work, while it listens.
#[napi]
pub struct Ear(Arc<Heard>);

#[napi]
impl Ear {
    #[napi(constructor)]
    pub fn new(wake: Wake) -> Self {
        Self(Arc::new(Heard { wake, records: Mutex::default() }))
    }

    /// Takes what has been heard.
    #[napi]
    pub fn take(&self) -> Vec<String> {
        mem::take(&mut unpoisoned(&self.0.records))
    }

    #[napi(catch_unwind)]
    pub fn listen(&self) -> Outcome<()> {
        unpoisoned(&LISTENING).push(self.0.clone());
        outcome(log::listen(Level::DEBUG, Arc::new(tell)))
    }

    #[napi(catch_unwind)]
    pub fn ignore(&self) {
        let mut listening = unpoisoned(&LISTENING);
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
    for heard in unpoisoned(&LISTENING).iter() {
        heard.add(text.to_string());
    }
}

fn plain(value: &log::Value) -> Value {
    match value {
        log::Value::Text(text) => text.as_str().into(),
        log::Value::Number(number) => (*number).into(),
    }
}
