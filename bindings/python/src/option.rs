use std::env;

use libkv::{ClientOptions, OPTIONS};
use pyo3::{
    intern,
    prelude::*,
    types::{PyBool, PyInt, PyString},
};

use crate::{
    argument::{items, text, wrong_type},
    azure_core,
};

/// The variables that requests, and so azure-keyvault-secrets, takes certificate authorities from, in its order.
const CA_VARIABLES: [&str; 2] = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];

/// Adds the option that Python's HTTP clients have as a variable. Options that are added later win.
pub(crate) fn add_environment(options: ClientOptions) -> ClientOptions {
    let set = |name| env::var(name).ok().filter(|file| !file.is_empty());
    match CA_VARIABLES.into_iter().find_map(set) {
        Some(file) => options.set("ca_file", file),
        None => options,
    }
}

/// Adds keywords as option pairs, as the core names and checks them. `None` leaves an option at its default.
pub(crate) fn add(mut options: ClientOptions, keywords: &Bound<'_, PyAny>) -> PyResult<ClientOptions> {
    for item in items("options", "a mapping", keywords)? {
        let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        let key = text("options: a key", &key)?;
        if value.is_none() || azure_core::asks_for_nothing(&key, &value) {
            continue;
        }
        if let Some((key, value)) = azure_core::option(&key, &value)? {
            options = options.set(key, value);
            continue;
        }
        let is_own = OPTIONS.iter().any(|option| option.key == key);
        if !is_own {
            azure_core::refuse_option(keywords.py(), &key)?;
        }
        let value = option_text(&key, &value)?;
        options = options.set(key, value);
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
