//! Arguments as types: each knows its name, so that a wrong one is refused by its name.

use std::time::Duration;

use libkv::{Error, OnConflict, OptionalText, SecretValue, Tags, Timestamp};
use pyo3::{
    exceptions::PyTypeError,
    intern,
    prelude::*,
    types::{
        PyBool, PyByteArray, PyBytes, PyDateTime, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString,
        PyTzInfo,
    },
};

use crate::error::to_exception;

/// PyO3 leaves an argument's name to a note on the exception, which Python 3.10 does not have.
macro_rules! arguments {
    ($($argument:ident($inner:ty) = $read:ident($name:literal);)*) => {$(
        pub(crate) struct $argument($inner);

        impl FromPyObject<'_, '_> for $argument {
            type Error = PyErr;

            fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
                $read($name, &object).map(Self)
            }
        }

        impl From<$argument> for $inner {
            fn from(argument: $argument) -> Self {
                argument.0
            }
        }
    )*};
}

arguments! {
    Backup(Vec<u8>) = bytes("backup");
    ContinuationToken(String) = text("continuation_token");
    Keep(u32) = count("keep");
    MaxPageSize(u32) = count("max_page_size");
    Name(String) = text("name");
    Names(Vec<String>) = texts("names");
    OnProgress(Py<PyAny>) = callable("on_progress");
    SourceId(String) = text("source_id");
    Timeout(Duration) = duration("timeout");
    Value(SecretValue) = secret("value");
    Values(Vec<(String, SecretValue)>) = named_values("values");
    VaultUrl(String) = text("vault_url");
    Version(String) = text("version");
    Wait(bool) = boolean("wait");
}

impl OptionalText for Version {
    fn into_option(self) -> Option<String> {
        Some(self.0)
    }
}

impl OptionalText for ContinuationToken {
    fn into_option(self) -> Option<String> {
        Some(self.0)
    }
}

/// Says which type an argument must have and which it has; never its value, which may be a secret.
pub(crate) fn wrong_type(argument: &str, expected: &str, got: &Bound<'_, PyAny>) -> PyErr {
    match got.get_type().name() {
        Ok(name) => PyTypeError::new_err(format!("{argument}: must be {expected}, not {name}")),
        Err(error) => error,
    }
}

fn wrong_value(py: Python<'_>, argument: &str, rule: &str) -> PyErr {
    to_exception(py, &Error::invalid_argument(argument, rule))
}

pub(crate) fn text(argument: &str, object: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = object.cast::<PyString>().map_err(|_| wrong_type(argument, "a str", object))?;
    // Python's own error would carry the text, which may be a secret.
    let rule = "holds a lone surrogate, which UTF-8 cannot encode";
    text.to_str().map(str::to_owned).map_err(|_| wrong_value(object.py(), argument, rule))
}

pub(crate) fn secret(argument: &str, object: &Bound<'_, PyAny>) -> PyResult<SecretValue> {
    text(argument, object).map(SecretValue::from)
}

pub(crate) fn policy(argument: &str, object: &Bound<'_, PyAny>) -> PyResult<OnConflict> {
    OnConflict::from_name(&text(argument, object)?).map_err(|error| to_exception(object.py(), &error))
}

fn bytes(argument: &str, object: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(bytes) = object.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    let array = object.cast::<PyByteArray>().map_err(|_| wrong_type(argument, "bytes", object))?;
    Ok(array.to_vec())
}

pub(crate) fn boolean(argument: &str, object: &Bound<'_, PyAny>) -> PyResult<bool> {
    let boolean = object.cast::<PyBool>().map_err(|_| wrong_type(argument, "a bool", object))?;
    Ok(boolean.is_true())
}

/// Reads a count, whose range the core knows and states. What is too large or too small to be handed on stands at an end of it.
pub(crate) fn count(argument: &str, object: &Bound<'_, PyAny>) -> PyResult<u32> {
    if object.is_instance_of::<PyBool>() || !object.is_instance_of::<PyInt>() {
        return Err(wrong_type(argument, "an int", object));
    }
    let end = if object.lt(0)? { u32::MIN } else { u32::MAX };
    Ok(object.extract().unwrap_or(end))
}

fn callable(argument: &str, object: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    if object.is_callable() {
        return Ok(object.clone().unbind());
    }
    Err(wrong_type(argument, "a callable", object))
}

/// Reads a number of seconds, whose range the option that it is for has.
pub(crate) fn seconds(argument: &str, object: &Bound<'_, PyAny>) -> PyResult<f64> {
    let number = object.is_instance_of::<PyFloat>() || object.is_instance_of::<PyInt>();
    if object.is_instance_of::<PyBool>() || !number {
        return Err(wrong_type(argument, "a number of seconds", object));
    }
    Ok(object.extract().unwrap_or(f64::INFINITY))
}

pub(crate) fn duration(argument: &str, object: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let seconds = seconds(argument, object)?;
    if !seconds.is_finite() || seconds <= 0.0 {
        return Err(wrong_value(object.py(), argument, "must be a finite number of seconds above zero"));
    }
    // What no Duration can hold ends no call either.
    Ok(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

/// Reads an iterable of str. One str is one too, of its characters, which nobody means.
fn texts(argument: &str, object: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if object.is_instance_of::<PyString>() {
        return Err(wrong_type(argument, "an iterable of str", object));
    }
    let items = object.try_iter().map_err(|error| {
        let is_ours = error.is_instance_of::<PyTypeError>(object.py());
        if is_ours { wrong_type(argument, "an iterable of str", object) } else { error }
    })?;
    items.map(|item| text(&format!("{argument}: an item"), &item?)).collect()
}

/// Reads a mapping's items.
pub(crate) fn items<'py>(
    argument: &str,
    expected: &str,
    object: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyList>> {
    object.cast::<PyMapping>().map_err(|_| wrong_type(argument, expected, object))?.items()
}

pub(crate) fn tags(argument: &str, object: &Bound<'_, PyAny>) -> PyResult<Tags> {
    let tag = |item: Bound<'_, PyAny>| {
        let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        Ok((text(&format!("{argument}: a key"), &key)?, text(&format!("{argument}: a value"), &value)?))
    };
    items(argument, "a mapping of str to str", object)?.iter().map(tag).collect()
}

fn named_values(argument: &str, object: &Bound<'_, PyAny>) -> PyResult<Vec<(String, SecretValue)>> {
    let named = |item: Bound<'_, PyAny>| {
        let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        Ok((text(&format!("{argument}: a name"), &name)?, secret(&format!("{argument}: a value"), &value)?))
    };
    items(argument, "a mapping of str to str", object)?.iter().map(named).collect()
}

/// Reads a datetime; one without a time zone is in UTC, as the official client has it.
pub(crate) fn moment(argument: &str, object: &Bound<'_, PyAny>) -> PyResult<Timestamp> {
    let py = object.py();
    let moment = object.cast::<PyDateTime>().map_err(|_| wrong_type(argument, "a datetime", object))?;
    let mut moment = moment.as_any().clone();
    if moment.getattr(intern!(py, "tzinfo"))?.is_none() {
        let keywords = PyDict::new(py);
        keywords.set_item(intern!(py, "tzinfo"), PyTzInfo::utc(py)?)?;
        moment = moment.call_method(intern!(py, "replace"), (), Some(&keywords))?;
    }
    let seconds: f64 = moment.call_method0(intern!(py, "timestamp"))?.extract()?;
    // A datetime's years 1 to 9999 fit.
    Ok(Timestamp::from_unix_seconds(seconds.floor() as i64))
}
