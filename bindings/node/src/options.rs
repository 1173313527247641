use libkv::OPTIONS;
use napi_derive::napi;

/// Returns the keys of every client option, for tests and tools: the package itself does not know them.
#[napi]
pub fn option_keys() -> Vec<&'static str> {
    OPTIONS.iter().map(|spec| spec.key).collect()
}

/// Returns an option's default as text.
#[napi]
pub fn option_default(key: String) -> Option<&'static str> {
    OPTIONS.iter().find(|spec| spec.key == key).map(|spec| spec.default)
}
