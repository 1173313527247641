use libkv::OPTIONS;
use napi_derive::napi;

/// Returns the keys of every client option, for tests and tools: the package itself does not know them.
#[napi]
pub fn option_keys() -> Vec<&'static str> {
    OPTIONS.iter().map(|spec| spec.key).collect()
}
