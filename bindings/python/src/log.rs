//! The core's events in Python's `logging`.

use std::{
    cell::{Cell, RefCell},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    time::UNIX_EPOCH,
};

use libkv_bridge::log::{self, Level, LevelFilter, Record, Value};
use pyo3::{intern, prelude::*, sync::PyOnceLock, types::PyDict};

use crate::{callout::call_out, module::is_imported};

static EFFECTIVE_LEVEL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
static EMIT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// The logger's level as the core knows it; -1 before it has been told.
static LEVEL: AtomicI64 = AtomicI64::new(-1);

thread_local! {
    /// What the call under way on this thread has told so far.
    static TOLD: RefCell<Option<Vec<Record>>> = const { RefCell::new(None) };
    static IS_LOGGING: Cell<bool> = const { Cell::new(false) };
}

/// Makes a call, and logs what it tells on this thread once it holds nothing any more: a handler may make calls too.
pub(crate) fn logged<T>(py: Python<'_>, call: impl FnOnce() -> T) -> T {
    follow_level(py);
    let outer = TOLD.replace(Some(Vec::new()));
    let outcome = call();
    for record in TOLD.replace(outer).into_iter().flatten() {
        emit(py, &record);
    }
    outcome
}

/// Waits until everything has been logged.
#[pyfunction(name = "_flush_log")]
pub(crate) fn flush(py: Python<'_>) {
    py.detach(log::flush);
}

/// Tells the core the level that the logger has. A program that has not imported `logging` logs nothing.
fn follow_level(py: Python<'_>) {
    if !is_imported(py, intern!(py, "logging")) {
        return;
    }
    let level = EFFECTIVE_LEVEL.import(py, "libkv._logging", "effective_level");
    let level = level.and_then(|level| level.call0()?.extract::<i64>()).unwrap_or(i64::MAX);
    let before = LEVEL.swap(level, Relaxed);
    if level == before {
        return;
    }
    if before < 0 {
        // It fails where the process has a subscriber of `tracing`, and none is reachable in this library.
        let _ = log::listen(Level::ERROR, Arc::new(hear));
    }
    log::set_level(match level {
        ..=10 => LevelFilter::DEBUG,
        11..=20 => LevelFilter::INFO,
        21..=30 => LevelFilter::WARN,
        31..=40 => LevelFilter::ERROR,
        _ => LevelFilter::OFF,
    });
}

/// Takes a record from the core: of a call on this thread, or on the thread that is there for all others.
fn hear(record: &Record) {
    if IS_LOGGING.get() {
        return;
    }
    let is_kept = TOLD.with_borrow_mut(|told| told.as_mut().map(|told| told.push(record.clone())));
    if is_kept.is_none() {
        Python::try_attach(|py| emit(py, record));
    }
}

/// Logs a record, and nothing of what its handlers do with libkv.
fn emit(py: Python<'_>, record: &Record) {
    IS_LOGGING.set(true);
    if let Err(raised) = try_emit(py, record) {
        raised.write_unraisable(py, None);
    }
    IS_LOGGING.set(false);
}

fn try_emit(py: Python<'_>, record: &Record) -> PyResult<()> {
    let time = record.time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let fields = PyDict::new(py);
    for (name, value) in &record.fields {
        match value {
            Value::Text(text) => fields.set_item(name, text),
            Value::Number(number) => fields.set_item(name, number),
        }?;
    }
    let level = match record.level {
        Level::ERROR => 40,
        Level::WARN => 30,
        Level::INFO => 20,
        _ => 10,
    };
    let emit = EMIT.import(py, "libkv._logging", "emit")?;
    call_out(emit, (time, level, record.target, &record.message, fields))?;
    Ok(())
}
