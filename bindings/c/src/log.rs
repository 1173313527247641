//! What libkv does, told to the C program.

use std::{ffi::c_void, sync::Arc};

use libkv::{Error, Result};
use libkv_bridge::log::{Level, Record, Value, listen, silence};

use crate::{
    caller::{Caller, guard},
    error::{libkv_error, libkv_status},
    memory::{Store, View},
    text::libkv_str,
    user_data::{UserData, libkv_release},
};

/// The level of what a call could not recover from.
pub const LIBKV_LOG_ERROR: i32 = 1;
/// The level of what somebody should look at, such as a vault that throttles.
pub const LIBKV_LOG_WARN: i32 = 2;
/// The level of what is worth knowing, such as a try that failed and is repeated.
pub const LIBKV_LOG_INFO: i32 = 3;
/// The level of each call and each request.
pub const LIBKV_LOG_DEBUG: i32 = 4;
/// The level of everything.
pub const LIBKV_LOG_TRACE: i32 = 5;

/// One of the particulars of a record.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct libkv_log_field {
    /// What it is, such as "status".
    pub name: libkv_str,
    /// Its value, numbers in decimal.
    pub value: libkv_str,
}

/// What happened. It never holds a secret's value or a token. It lives until the callback returns.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_log_record {
    /// How much it matters, `LIBKV_LOG_ERROR` to `LIBKV_LOG_TRACE`.
    pub level: i32,
    /// What kind of event it is, such as "libkv::retry"; docs/events.md lists them with their fields.
    pub target: libkv_str,
    /// What happened, for a person.
    pub message: libkv_str,
    /// The particulars, in order.
    pub fields: *const libkv_log_field,
    /// The number of fields.
    pub field_count: usize,
}

/// Is told what happened; see `libkv_set_log`. `data` is what was given there.
pub type libkv_log_callback =
    Option<unsafe extern "C" fn(data: *mut c_void, record: *const libkv_log_record)>;

impl View for libkv_log_record {
    type Source = Record;

    fn new(record: &Record, store: &mut Store) -> Self {
        let field = |(name, value): &(&str, Value)| libkv_log_field {
            name: store.text(name),
            value: match value {
                Value::Text(text) => store.text(text),
                Value::Number(number) => store.text(&number.to_string()),
            },
        };
        let fields: Vec<_> = record.fields.iter().map(field).collect();
        Self {
            level: number_of(record.level),
            target: store.text(record.target),
            message: store.text(&record.message),
            field_count: fields.len(),
            fields: store.list(fields),
        }
    }
}

const LEVELS: [(i32, Level); 5] = [
    (LIBKV_LOG_ERROR, Level::ERROR),
    (LIBKV_LOG_WARN, Level::WARN),
    (LIBKV_LOG_INFO, Level::INFO),
    (LIBKV_LOG_DEBUG, Level::DEBUG),
    (LIBKV_LOG_TRACE, Level::TRACE),
];

fn number_of(level: Level) -> i32 {
    LEVELS.iter().find(|known| known.1 == level).map_or(LIBKV_LOG_TRACE, |known| known.0)
}

fn level_of(number: i32) -> Result<Level> {
    let level = LEVELS.iter().find(|known| known.0 == number).map(|known| known.1);
    level.ok_or_else(|| Error::invalid_argument("level", "must be LIBKV_LOG_ERROR to LIBKV_LOG_TRACE"))
}

/// Has `callback`, and no other, told what libkv does in this process, for all clients: what is at `level` and what matters more.
/// NULL for `callback` ends that, whatever the level. While nothing is told, logging costs next to nothing.
///
///     static void log_it(void *data, const libkv_log_record *record) {
///       fprintf(data, "%s: %s\n", record->target.data, record->message.data);
///     }
///
///     libkv_set_log(LIBKV_LOG_INFO, log_it, stderr, NULL, &error);
///
/// Ownership: `data` is handed over in any case. `release`, which may be NULL, is called with it once, when the callback has been
/// replaced and no thread is in it any more.
/// Threads: any. `callback` is called by the thread that makes a blocking call, while it waits, and for everything else by one
/// thread of libkv's own, so that several threads may be in it at a time. It may block, which keeps nobody waiting but the call that
/// it tells of; what it takes too long to hear is dropped, and a record says how many. It may call this and start asynchronous
/// calls, but what blocks may fail in it with `LIBKV_ERROR_INVALID_STATE`. What its own calls do on its thread is not told. When this
/// returns in another thread, what happened before in libkv's own threads has been told.
/// Errors: `LIBKV_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_set_log(
    level: i32,
    callback: libkv_log_callback,
    data: *mut c_void,
    release: libkv_release,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |_: &Caller| {
        let data = UserData::new(data, release);
        let Some(callback) = callback else {
            silence();
            return Ok(());
        };
        let tell = move |record: &Record| {
            let mut store = Store::default();
            let record = libkv_log_record::new(record, &mut store);
            // SAFETY: the C program vouches for the function and its data until `data` is released.
            unsafe { callback(data.pointer(), &raw const record) }
        };
        listen(level_of(level)?, Arc::new(tell))
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}
