//! Threads for what may block, which a shutdown waits for.

use std::{
    convert::Infallible,
    io, mem,
    sync::{Mutex, MutexGuard, PoisonError},
    thread::{self, Builder, JoinHandle},
};

use crate::per_process::PerProcess;

static THREADS: PerProcess<Mutex<Vec<JoinHandle<()>>>> = PerProcess::new();

/// Starts a thread that a shutdown waits for.
///
/// # Errors
/// Those of the operating system.
pub fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let mut threads = threads();
    let (ended, others) = mem::take(&mut *threads).into_iter().partition(JoinHandle::is_finished);
    *threads = others;
    threads.push(Builder::new().name(name.to_owned()).spawn(work)?);
    drop(threads);
    join_all(ended);
    Ok(())
}

/// Tells whether the current thread is one of them.
pub(crate) fn is_current() -> bool {
    let current = thread::current().id();
    threads().iter().any(|thread| thread.thread().id() == current)
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
    let Ok(threads) = THREADS.get_or_try_init(|| Ok::<_, Infallible>(Mutex::default()));
    threads.lock().unwrap_or_else(PoisonError::into_inner)
}
