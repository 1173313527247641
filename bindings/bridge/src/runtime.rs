use std::{
    io, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use libkv::{Error, ErrorKind, Result};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::watch,
};

use crate::{
    log::{flush, is_listening, mark_runtime_thread},
    process_static::ProcessStatic,
    session, threads,
};

/// How many threads serve the network. Secrets are small and seldom, and a second thread would be woken for each call to find
/// nothing to do.
const WORKERS: usize = 1;

static STATE: ProcessStatic<Mutex<State>> = ProcessStatic::new(Mutex::new(State::Idle), Mutex::default);

#[derive(Debug, Default)]
enum State {
    #[default]
    Idle,
    Running(Running),
    Ending,
}

#[derive(Debug)]
struct Running {
    runtime: Arc<Runtime>,
    ending: watch::Sender<bool>,
}

impl Running {
    /// Has all leases given back, then ends the tasks and the threads.
    fn end(self) {
        self.ending.send_replace(true);
        self.runtime.block_on(self.ending.closed());
    }
}

/// The runtime of the loaded library, which does not end as long as a lease is held.
#[derive(Debug)]
pub(crate) struct Lease {
    // Goes first: who sees that the lease has ended may rely on that the runtime is no longer held.
    runtime: Arc<Runtime>,
    ending: watch::Receiver<bool>,
}

impl Lease {
    pub(crate) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Is done when the runtime is about to end, and waits for this lease.
    pub(crate) async fn recalled(&self) {
        // An error means that nobody can end it any more.
        let _ = self.ending.clone().wait_for(|is_ending| *is_ending).await;
    }
}

/// Leases the runtime, which starts at the first operation of a process, and again after a shutdown.
pub(crate) fn lease() -> Result<Lease> {
    let mut state = state();
    if let State::Idle = *state {
        let failed = |e| Error::new(ErrorKind::Internal, format!("no runtime could be started: {e}"));
        let runtime = Arc::new(new_runtime().map_err(failed)?);
        *state = State::Running(Running { runtime, ending: watch::Sender::new(false) });
    }
    match &*state {
        State::Running(Running { runtime, ending }) => {
            Ok(Lease { runtime: runtime.clone(), ending: ending.subscribe() })
        }
        State::Idle | State::Ending => Err(refused("libkv is being shut down")),
    }
}

/// Ends all calls under way, each with [`ErrorKind::Cancelled`], and all threads that libkv has started; waits until they are
/// gone. The next call starts anew.
///
/// # Errors
/// [`ErrorKind::InvalidState`] on one of those threads, which would wait for itself, and while another thread is at it.
pub fn shutdown() -> Result<()> {
    if Handle::try_current().is_ok() || threads::is_current() || is_listening() {
        return Err(refused("libkv cannot be shut down by a callback that it waits for"));
    }
    let before = mem::replace(&mut *state(), State::Ending);
    match before {
        State::Running(running) => running.end(),
        State::Idle => {}
        State::Ending => return Err(refused("libkv is being shut down")),
    }
    threads::join();
    flush();
    session::forget_governors();
    *state() = State::Idle;
    Ok(())
}

fn state() -> MutexGuard<'static, State> {
    STATE.get().lock().unwrap_or_else(PoisonError::into_inner)
}

fn refused(why: &str) -> Error {
    Error::new(ErrorKind::InvalidState, why)
}

fn new_runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name("libkv")
        .on_thread_start(mark_runtime_thread)
        .enable_io()
        .enable_time()
        .build()
}
