//! Outcomes on their way from the runtime to the event loops that wait for them.

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    io::{PipeReader, PipeWriter, Read, Write, pipe},
    os::fd::AsRawFd,
    sync::{Arc, Mutex, MutexGuard},
};

use libkv_bridge::{PerProcess, SameProcess};
use pyo3::{intern, prelude::*, sync::PyOnceLock};

use crate::lock::lock;

/// How many futures one turn of an event loop settles at most, since it has other work.
const MOST_A_TURN: usize = 128;

static CONTEXT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
static MAILBOXES: PerProcess<Mutex<HashMap<usize, Arc<Mailbox>>>> = PerProcess::new();

/// The mailboxes of loops, by the addresses of these, which stay theirs as long as they watch their mailbox.
fn mailboxes() -> MutexGuard<'static, HashMap<usize, Arc<Mailbox>>> {
    let Ok(mailboxes) = MAILBOXES.get_or_try_init(|| Ok::<_, Infallible>(Mutex::default()));
    lock(mailboxes)
}

/// Settles a future with what came for it.
pub(crate) type Settle = Box<dyn FnOnce(&Bound<'_, PyAny>) -> PyResult<()> + Send>;

/// The outcomes for one event loop, which watches a pipe: to wake it takes no GIL, and once does for all that have come by then.
pub(crate) struct Mailbox {
    outcomes: Mutex<VecDeque<(Py<PyAny>, Settle)>>,
    /// Holds a byte while there are outcomes.
    watched: PipeReader,
    wake: PipeWriter,
}

impl Mailbox {
    /// Returns the mailbox of the loop that runs on this thread.
    pub(crate) fn of(event_loop: &Bound<'_, PyAny>) -> PyResult<Arc<Self>> {
        let (py, address) = (event_loop.py(), event_loop.as_ptr().addr());
        if let Some(known) = mailboxes().get(&address) {
            return Ok(known.clone());
        }
        let (watched, wake) = pipe()?;
        let mailbox = Arc::new(Self { outcomes: Mutex::default(), watched, wake });
        let watcher = Watcher { mailbox: SameProcess::new(mailbox.clone()), address };
        // In a context of the caller's, what the caller has there would live as long as the loop.
        let context = CONTEXT.import(py, "contextvars", "Context")?.call0()?;
        let add_reader = event_loop.getattr(intern!(py, "add_reader"))?;
        context.call_method1(intern!(py, "run"), (add_reader, mailbox.watched.as_raw_fd(), watcher))?;
        mailboxes().insert(address, mailbox.clone());
        Ok(mailbox)
    }

    /// Has a future of the loop settled, in one of the loop's next turns.
    pub(crate) fn put(&self, future: Py<PyAny>, settle: Settle) {
        let mut outcomes = lock(&self.outcomes);
        outcomes.push_back((future, settle));
        if outcomes.len() == 1 {
            // The pipe is empty and has a reader, so that it takes a byte at once.
            let _ = (&self.wake).write_all(&[0]);
        }
    }

    fn take(&self) -> Vec<(Py<PyAny>, Settle)> {
        let mut outcomes = lock(&self.outcomes);
        let count = outcomes.len().min(MOST_A_TURN);
        let taken: Vec<_> = outcomes.drain(..count).collect();
        if outcomes.is_empty() && !taken.is_empty() {
            let _ = (&self.watched).read(&mut [0]);
        }
        taken
    }
}

/// What a loop calls when there are outcomes. It is the loop's own, which drops it when it is closed.
#[pyclass(frozen)]
struct Watcher {
    mailbox: SameProcess<Arc<Mailbox>>,
    address: usize,
}

#[pymethods]
impl Watcher {
    fn __call__(&self, py: Python<'_>) {
        // In another process the outcomes are not for this one.
        let Ok(mailbox) = self.mailbox.get() else { return };
        for (future, settle) in mailbox.take() {
            let future = future.bind(py);
            let is_over = future.call_method0(intern!(py, "done")).and_then(|done| done.is_truthy());
            let settled = is_over.and_then(|is_over| if is_over { Ok(()) } else { settle(future) });
            if let Err(raised) = settled {
                raised.write_unraisable(py, Some(future));
            }
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let closed = mailboxes().remove(&self.address);
        drop(closed);
    }
}
