use std::{
    fs::{self, File},
    future::poll_fn,
    io::{self, Write},
    os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Context, Wake, Waker},
};

use tokio::io::{Interest, unix::AsyncFd};

use crate::driver::Driver;

/// An event that the thread itself puts into the queue of a runtime's events, behind all that are there.
///
/// A runtime that is driven in turns does not tell whether tasks are ready when a turn ends; those would stand still until the
/// next one. But it takes one event at a time here, and goes to wait for one only when no task is ready: when it meets the marker
/// while it waits, there is nothing left to do.
#[derive(Debug)]
pub(super) struct Marker {
    event: AsyncFd<File>,
    sighting: Arc<Sighting>,
    /// The sighting, as what the runtime wakes when it meets the marker.
    lookout: Waker,
}

/// What has been seen of the marker in this turn.
#[derive(Debug, Default)]
struct Sighting {
    /// Whether the runtime has met it.
    is_met: AtomicBool,
    /// Whether that was when no task was ready.
    is_idle: AtomicBool,
    /// Who waits for that.
    turn: Mutex<Option<Waker>>,
}

impl Sighting {
    fn turn(&self) -> MutexGuard<'_, Option<Waker>> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Sighting {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.is_met.store(true, Relaxed);
        if let Some(turn) = &*self.turn() {
            turn.wake_by_ref();
        }
    }
}

impl Marker {
    /// Makes a runtime and its marker.
    pub(super) fn in_driver() -> io::Result<(Driver, Self)> {
        let sighting = Arc::<Sighting>::default();
        let seen = sighting.clone();
        let driver = Driver::with(|builder| {
            builder.max_io_events_per_tick(1).on_thread_unpark(move || {
                if seen.is_met.load(Relaxed) {
                    seen.is_idle.store(true, Relaxed);
                }
            });
        })?;
        let entered = driver.runtime().enter();
        // SAFETY: the file owns its descriptor, and stays here until it is deregistered.
        let event = unsafe { AsyncFd::register_with_interest(counter()?, Interest::READABLE) }?;
        drop(entered);
        let lookout = Waker::from(sighting.clone());
        Ok((driver, Self { event, sighting, lookout }))
    }

    /// Puts the marker into the queue, and waits until the runtime meets it. Tells whether no task is ready then.
    pub(super) async fn passes(&self) -> bool {
        self.sighting.is_met.store(false, Relaxed);
        self.sighting.is_idle.store(false, Relaxed);
        self.put();
        poll_fn(|context| {
            *self.sighting.turn() = Some(context.waker().clone());
            self.event.poll_read_ready(&mut Context::from_waker(&self.lookout)).map(|met| {
                if let Ok(mut guard) = met {
                    guard.clear_ready();
                }
            })
        })
        .await;
        self.sighting.is_idle.load(Relaxed)
    }

    /// Puts the marker into the queue.
    pub(super) fn put(&self) {
        // Fails only where the counter is full, after some hundred thousand years; the event is there then.
        let _ = self.event.get_ref().write_all(&1_u64.to_ne_bytes());
    }

    /// Finds the queue that the marker is put into: the one among those of this process that waits for its descriptor.
    pub(super) fn find_queue(&self) -> io::Result<RawFd> {
        let marker = self.event.get_ref().as_raw_fd().to_string();
        for entry in fs::read_dir("/proc/self/fd")?.flatten() {
            let is_queue =
                fs::read_link(entry.path()).is_ok_and(|link| link.as_os_str() == "anon_inode:[eventpoll]");
            let Some(queue) =
                entry.file_name().to_str().and_then(|name| name.parse().ok()).filter(|_| is_queue)
            else {
                continue;
            };
            let about = fs::read_to_string(format!("/proc/self/fdinfo/{queue}")).unwrap_or_default();
            let mut waited_for =
                about.lines().filter_map(|line| line.strip_prefix("tfd:")?.split_whitespace().next());
            if waited_for.any(|descriptor| descriptor == marker) {
                return Ok(queue);
            }
        }
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "the system does not show what this process waits for",
        ))
    }
}

/// Makes a counter of the system's, whose every increase is an event.
fn counter() -> io::Result<File> {
    // SAFETY: the call takes no memory.
    let descriptor = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor is new, so nobody else owns it.
    Ok(File::from(unsafe { OwnedFd::from_raw_fd(descriptor) }))
}
