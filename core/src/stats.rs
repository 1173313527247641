use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use serde::Serialize;

/// What a client has done since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Stats {
    /// Operations started.
    pub operations: u64,
    /// HTTP requests sent to the vault.
    pub requests: u64,
    /// Requests that were sent again after a failure other than throttling.
    pub retries: u64,
    /// Answers with status 429.
    pub throttled: u64,
    /// Time spent waiting between tries, and for a turn while the vault throttles, in milliseconds.
    pub waited_ms: u64,
    /// Tokens asked for.
    pub tokens: u64,
    /// Reads answered from the cache, or by a read that was under way already.
    pub cache_hits: u64,
    /// Writes whose answer was lost, and of which a look at the vault found that they had been applied.
    pub settled: u64,
}

/// The running counters behind [`Stats`].
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) operations: AtomicU64,
    pub(crate) requests: AtomicU64,
    pub(crate) retries: AtomicU64,
    pub(crate) throttled: AtomicU64,
    pub(crate) waited_ms: AtomicU64,
    pub(crate) tokens: AtomicU64,
    pub(crate) cache_hits: AtomicU64,
    pub(crate) settled: AtomicU64,
}

impl Counters {
    pub(crate) fn waited(&self, delay: Duration) {
        self.waited_ms.fetch_add(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX), Relaxed);
    }

    pub(crate) fn read(&self) -> Stats {
        Stats {
            operations: self.operations.load(Relaxed),
            requests: self.requests.load(Relaxed),
            retries: self.retries.load(Relaxed),
            throttled: self.throttled.load(Relaxed),
            waited_ms: self.waited_ms.load(Relaxed),
            tokens: self.tokens.load(Relaxed),
            cache_hits: self.cache_hits.load(Relaxed),
            settled: self.settled.load(Relaxed),
        }
    }
}
