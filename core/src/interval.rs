use std::time::Duration;

use crate::{
    error::{Error, ErrorKind, Result},
    request::Deadline,
    time::sleep,
};

/// How soon the second look follows the first.
const FIRST: Duration = Duration::from_millis(50);

/// The waits between looks at something that the vault goes on with by itself: each twice as long as the one before, up to the
/// longest.
#[derive(Debug)]
pub(crate) struct Interval {
    next: Duration,
    longest: Duration,
}

impl Interval {
    pub(crate) fn new(longest: Duration) -> Self {
        Self { next: FIRST.min(longest), longest }
    }

    /// Makes waits of one length.
    pub(crate) fn always(length: Duration) -> Self {
        Self { next: length, longest: length }
    }

    /// Waits for something that the vault goes on with whether or not anybody waits.
    pub(crate) async fn pause_for_vault(&mut self, deadline: Deadline) -> Result<()> {
        self.pause(deadline).await.map_err(|wait| {
            let message = "the deadline passed before the vault had finished; it goes on by itself";
            let error = Error::new(ErrorKind::Timeout, message).with_retry_after(wait);
            error.with_advice("wait again, with a longer timeout".to_owned())
        })
    }

    /// Waits, or returns the wait that would cross the deadline.
    pub(crate) async fn pause(&mut self, deadline: Deadline) -> Result<(), Duration> {
        if deadline.is_crossed_by(self.next) {
            return Err(self.next);
        }
        sleep(self.next).await;
        self.next = (self.next * 2).min(self.longest);
        Ok(())
    }
}
