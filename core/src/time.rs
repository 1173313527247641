//! Waits for moments, and who is told of them.
//!
//! A runtime that waits for the network by itself keeps its timers to itself. A host that drives one in turns has to know when
//! the next turn is due.

use std::{cell::RefCell, marker::PhantomData, time::Duration};

use tokio::time::{self, Instant, Sleep, Timeout};

thread_local! {
    static NOTED: RefCell<Noted> = const { RefCell::new(Noted { askers: 0, ends: Vec::new() }) };
}

/// When the waits end that have begun on a thread while somebody asked.
struct Noted {
    askers: usize,
    ends: Vec<Instant>,
}

/// Has the ends of waits noted that begin on this thread, until it is dropped there.
#[derive(Debug)]
pub struct NoteWaits(PhantomData<*const ()>);

impl NoteWaits {
    /// Begins to note.
    #[expect(clippy::new_without_default, reason = "it does something")]
    pub fn new() -> Self {
        NOTED.with_borrow_mut(|noted| noted.askers += 1);
        Self(PhantomData)
    }

    /// Takes the ends that have been noted since the last time, one after the other.
    pub fn take(&self, each: impl FnMut(Instant)) {
        NOTED.with_borrow_mut(|noted| noted.ends.drain(..).for_each(each));
    }
}

impl Drop for NoteWaits {
    fn drop(&mut self) {
        // A thread that ends has lost its notes already.
        let _ = NOTED.try_with(|noted| {
            let mut noted = noted.borrow_mut();
            noted.askers -= 1;
            if noted.askers == 0 {
                noted.ends = Vec::new();
            }
        });
    }
}

fn note(end: Instant) {
    // No host asks in a thread that ends.
    let _ = NOTED.try_with(|noted| {
        let mut noted = noted.borrow_mut();
        if noted.askers > 0 {
            noted.ends.push(end);
        }
    });
}

pub(crate) fn sleep_until(end: Instant) -> Sleep {
    note(end);
    time::sleep_until(end)
}

/// Waits for so long.
pub fn sleep(length: Duration) -> Sleep {
    let sleep = time::sleep(length);
    note(sleep.deadline());
    sleep
}

pub(crate) fn timeout_at<F: Future>(end: Instant, future: F) -> Timeout<F> {
    note(end);
    time::timeout_at(end, future)
}

pub(crate) fn timeout<F: Future>(length: Duration, future: F) -> Timeout<F> {
    if let Some(end) = Instant::now().checked_add(length) {
        note(end);
    }
    time::timeout(length, future)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_ends_of_waits_are_noted_where_somebody_asks() {
        let taken = |noted: &NoteWaits| {
            let mut ends = Vec::new();
            noted.take(|end| ends.push(end));
            ends
        };
        drop(sleep(Duration::from_secs(1)));
        let noted = NoteWaits::new();
        assert_eq!(taken(&noted), []);
        let end = Instant::now() + Duration::from_secs(2);
        drop((sleep(Duration::from_secs(2)), sleep_until(end)));
        drop((timeout(Duration::from_secs(2), async {}), timeout_at(end, async {})));
        assert_eq!(taken(&noted), [end; 4]);
        drop(sleep(Duration::from_secs(1)));
        drop(noted);
        assert_eq!(taken(&NoteWaits::new()), []);
    }
}
