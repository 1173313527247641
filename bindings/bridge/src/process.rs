//! Which process this is. Every call asks, and asking the operating system each time would cost a call of its own.

use std::{
    process,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

/// The id of this process, or 0 while it has not been asked for.
static ID: AtomicU32 = AtomicU32::new(0);
/// Whether a fork makes the child forget the id.
static IS_WATCHED: OnceLock<bool> = OnceLock::new();

/// Returns the id of this process.
pub(crate) fn id() -> u32 {
    match ID.load(Relaxed) {
        0 => ask(),
        id => id,
    }
}

#[cold]
fn ask() -> u32 {
    let id = process::id();
    if *IS_WATCHED.get_or_init(watch) {
        ID.store(id, Relaxed);
    }
    id
}

#[cfg(unix)]
fn watch() -> bool {
    extern "C" fn forget() {
        ID.store(0, Relaxed);
    }
    // SAFETY: the handler stores to an atomic, which the child of a process with threads may do.
    unsafe { libc::pthread_atfork(None, None, Some(forget)) == 0 }
}

/// There is no fork.
#[cfg(not(unix))]
fn watch() -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_child_has_an_id_of_its_own() {
        assert_eq!(id(), process::id());
        assert_eq!(ID.load(Relaxed), process::id());
        // SAFETY: the child asks for its id, which allocates nothing, and ends.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let is_own = id() == process::id();
            // SAFETY: ends the child without running what belongs to the parent.
            unsafe { libc::_exit(i32::from(is_own)) };
        }
        let mut status = 0;
        // SAFETY: the pointer is to a local.
        assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
        assert_eq!((libc::WIFEXITED(status), libc::WEXITSTATUS(status)), (true, 1));
    }
}
