use libkv::ClientOptions;
use pyo3::{
    intern,
    prelude::*,
    types::{PyBool, PyInt, PyString},
};

use crate::argument::{items, text, wrong_type};

/// Adds keywords as option pairs, as the core names and checks them. `None` leaves an option at its default.
pub(crate) fn add(mut options: ClientOptions, keywords: &Bound<'_, PyAny>) -> PyResult<ClientOptions> {
    for item in items("options", "a mapping", keywords)? {
        let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        let key = text("options: a key", &key)?;
        if !value.is_none() {
            let value = option_text(&key, &value)?;
            options = options.set(key, value);
        }
    }
    Ok(options)
}

fn option_text(key: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(boolean) = value.cast::<PyBool>() {
        return Ok(boolean.is_true().to_string());
    }
    if value.is_instance_of::<PyInt>() {
        // An IntEnum has a `str` of its own.
        return Ok(value.call_method0(intern!(value.py(), "__int__"))?.str()?.to_str()?.to_owned());
    }
    if !value.is_instance_of::<PyString>()
        && let Ok(path) = value.call_method0(intern!(value.py(), "__fspath__"))
    {
        return text(key, &path);
    }
    text(key, value).map_err(|error| {
        let is_text = value.is_instance_of::<PyString>();
        if is_text { error } else { wrong_type(key, "a str, an int, a bool or a path", value) }
    })
}
