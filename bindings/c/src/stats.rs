use libkv::Stats;

use crate::memory::{Store, View, take_back};

/// What a client has done since it was made.
///
/// Functions: `libkv_client_stats`, `libkv_stats_free`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct libkv_stats {
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

impl View for libkv_stats {
    type Source = Stats;

    fn new(stats: &Stats, _: &mut Store) -> Self {
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

/// Frees statistics; NULL is allowed.
///
/// Threads: any, once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_stats_free(stats: *mut libkv_stats) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { take_back(stats) }
}
