//! How many file descriptors the program may have. Each connection takes one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Holds 10,000 connections with room to spare.
const WANTED: u64 = 20_000;

/// Asks for more descriptors than a shell's usual 1,024, as far as the system lets the program have them.
pub fn raise_limit() {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(WANTED, |maximum| maximum.min(WANTED));
    if limit.current.is_some_and(|current| current < wanted) {
        // Without them, connections wait until others have ended.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), ..limit });
    }
}
