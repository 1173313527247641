use std::{
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{self, channel},
    },
    thread::Builder,
};

use libkv::{Error, ErrorKind, Result};
use tokio::{runtime::Handle, sync::watch};

use crate::{
    broken_pipe::Shield,
    driver::Driver,
    log::{flush, is_listening},
    process_static::ProcessStatic,
    roster::Attendance,
    session, threads,
    wait::panicked,
};

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
    driver: Arc<Driver>,
    ending: watch::Sender<bool>,
    /// Where the own thread gets the last reference to the driver.
    last: mpsc::Sender<Arc<Driver>>,
}

impl Running {
    fn start() -> Result<Self> {
        let failed = |e| Error::new(ErrorKind::Internal, format!("no runtime could be started: {e}"));
        let driver = Arc::new(Driver::with(|_| ()).map_err(failed)?);
        let (last, given) = channel();
        let own = driver.clone();
        let serve = move || {
            let _shield = Shield::new();
            own.serve();
            // With it the tasks end, whose outcomes are told on the thread that drops them.
            let last = given.recv();
            drop((own, last));
        };
        threads::spawn("libkv", serve).map_err(failed)?;
        Ok(Self { driver, ending: watch::Sender::new(false), last })
    }

    /// Has all leases given back, then ends the tasks and the own thread.
    fn end(self) {
        self.ending.send_replace(true);
        self.driver.roster().rouse();
        self.driver.runtime().handle().block_on(self.ending.closed());
        self.driver.roster().end();
        // The thread is there as long as nobody has sent this.
        let _ = self.last.send(self.driver);
    }
}

/// A runtime that requests run on. The one of the loaded library does not end as long as a lease is held.
#[derive(Clone, Debug)]
pub struct Lease {
    // Goes first: who sees that the lease has ended may rely on that the runtime is no longer held.
    driver: Arc<Driver>,
    ending: Option<watch::Receiver<bool>>,
}

impl Lease {
    /// Leases a runtime that ends when its owner sees fit.
    #[cfg(target_os = "linux")]
    pub(crate) fn on(driver: Arc<Driver>) -> Self {
        Self { driver, ending: None }
    }

    pub(crate) fn driver(&self) -> &Driver {
        &self.driver
    }

    /// Has the library's own thread drive, for as long as what this gives is kept. A runtime without a thread has a host that does.
    pub(crate) fn attend(&self) -> Option<Attendance> {
        self.ending.is_some().then(|| self.driver.attend())
    }

    /// Tells whether the runtime is about to end, and waits for this lease.
    pub(crate) fn is_recalled(&self) -> bool {
        self.ending.as_ref().is_some_and(|ending| *ending.borrow())
    }
}

/// Leases the runtime of the loaded library, which starts at the first operation of a process, and again after a shutdown.
///
/// # Errors
/// [`ErrorKind::Internal`] when no runtime can be started, and [`ErrorKind::InvalidState`] while it is being shut down and in
/// a thread that is ending.
pub fn lease() -> Result<Lease> {
    if is_thread_ending() {
        return Err(refused("a thread that is ending cannot make a call"));
    }
    let mut state = state();
    if let State::Idle = *state {
        *state = State::Running(Running::start()?);
    }
    match &*state {
        State::Running(Running { driver, ending, .. }) => {
            Ok(Lease { driver: driver.clone(), ending: Some(ending.subscribe()) })
        }
        State::Idle | State::Ending => Err(refused("libkv is being shut down")),
    }
}

/// Has libkv's own thread serve the network, for as long as this is kept: for what goes on between two calls that wait for it.
///
/// # Errors
/// As [`lease`].
pub fn attend() -> Result<Attendance> {
    Ok(lease()?.driver().attend())
}

/// Ends all calls under way, each with [`ErrorKind::Cancelled`], and all threads that libkv has started; waits until they are
/// gone. The next call starts anew.
///
/// # Errors
/// [`ErrorKind::InvalidState`] on one of those threads, which would wait for itself, and while another thread is at it.
pub fn shutdown() -> Result<()> {
    if is_thread_ending() && !threads::is_current() {
        // Programs clean up behind their main function, where its thread has lost what waiting takes.
        let failed = |e| Error::new(ErrorKind::Internal, format!("no thread could be started: {e}"));
        let helper = Builder::new().spawn(shutdown).map_err(failed)?;
        return helper.join().unwrap_or_else(|_| Err(panicked()));
    }
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
    session::forget_shared();
    *state() = State::Idle;
    Ok(())
}

/// Tells whether the thread has lost its thread-locals: it runs destructors, or handlers of the program's exit.
fn is_thread_ending() -> bool {
    Handle::try_current().is_err_and(|error| error.is_thread_local_destroyed())
}

fn state() -> MutexGuard<'static, State> {
    STATE.get().lock().unwrap_or_else(PoisonError::into_inner)
}

fn refused(why: &str) -> Error {
    Error::new(ErrorKind::InvalidState, why)
}
