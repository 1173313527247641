//! Threads for what may block, which a shutdown waits for.

use std::{
    cell::Cell,
    io, mem,
    sync::{Mutex, MutexGuard, PoisonError},
    thread::{Builder, JoinHandle},
};

use crate::process_static::ProcessStatic;

static THREADS: ProcessStatic<Mutex<Vec<JoinHandle<()>>>> =
    ProcessStatic::new(Mutex::new(Vec::new()), Mutex::default);

thread_local! {
    static IS_OURS: Cell<bool> = const { Cell::new(false) };
}

/// Starts a thread that a shutdown waits for.
///
/// # Errors
/// Those of the operating system.
pub fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let mut threads = threads();
    let (ended, others) = mem::take(&mut *threads).into_iter().partition(JoinHandle::is_finished);
    *threads = others;
    let work = || {
        IS_OURS.set(true);
        work();
    };
    threads.push(Builder::new().name(name.to_owned()).spawn(work)?);
    drop(threads);
    join_all(ended);
    Ok(())
}

/// Tells whether the current thread is one of them.
pub(crate) fn is_current() -> bool {
    IS_OURS.get()
}

/// Waits until all have ended, those that they start meanwhile too.
pub(crate) fn join() {
    loop {
        let threads = mem::take(&mut *threads());
        if threads.is_empty() {
            return;
        }
        join_all(threads);
    }
}

fn join_all(threads: Vec<JoinHandle<()>>) {
    for thread in threads {
        // One that panicked has ended too.
        let _ = thread.join();
    }
}

fn threads() -> MutexGuard<'static, Vec<JoinHandle<()>>> {
    THREADS.get().lock().unwrap_or_else(PoisonError::into_inner)
}
