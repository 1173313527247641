use pyo3::prelude::*;

#[doc = doc!("Stats")]
#[pyclass(frozen, get_all, eq, hash, module = "libkv")]
#[derive(PartialEq, Hash)]
pub(crate) struct Stats {
    operations: u64,
    requests: u64,
    retries: u64,
    throttled: u64,
    waited_ms: u64,
    tokens: u64,
    cache_hits: u64,
    settled: u64,
}

impl From<libkv::Stats> for Stats {
    fn from(stats: libkv::Stats) -> Self {
        Self {
            operations: stats.operations,
            requests: stats.requests,
            retries: stats.retries,
            throttled: stats.throttled,
            waited_ms: stats.waited_ms,
            tokens: stats.tokens,
            cache_hits: stats.cache_hits,
            settled: stats.settled,
        }
    }
}

#[pymethods]
impl Stats {
    fn __repr__(&self) -> String {
        let Self { operations, requests, retries, throttled, .. } = self;
        format!(
            "<Stats [{operations} operations, {requests} requests, {retries} retries, {throttled} throttled]>"
        )
    }
}
