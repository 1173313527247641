//! Waits for moments, and who is told of them.
//!
//! A runtime that waits for the network by itself keeps its timers to itself. A host that drives one in turns has to know when
//! the next turn is due.

use std::{cell::RefCell, mem, time::Duration};

use tokio::time::{self, Instant, Sleep, Timeout};

thread_local! {
    /// When the waits end that have begun on this thread, where somebody asks for them.
    static NOTED: RefCell<Option<Vec<Instant>>> = const { RefCell::new(None) };
}

/// Notes from here on when waits end that begin on this thread.
pub fn note_waits() {
    NOTED.set(Some(Vec::new()));
}

/// Takes the ends of waits that have been noted on this thread since the last time.
pub fn take_waits() -> Vec<Instant> {
    NOTED.with_borrow_mut(|noted| noted.as_mut().map(mem::take).unwrap_or_default())
}

fn note(end: Instant) {
    NOTED.with_borrow_mut(|noted| {
        if let Some(noted) = noted {
            noted.push(end);
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
        drop(sleep(Duration::from_secs(1)));
        assert_eq!(take_waits(), []);
        note_waits();
        let end = Instant::now() + Duration::from_secs(2);
        drop((sleep(Duration::from_secs(2)), sleep_until(end)));
        drop((timeout(Duration::from_secs(2), async {}), timeout_at(end, async {})));
        assert_eq!(take_waits(), [end; 4]);
        assert_eq!(take_waits(), []);
    }
}
