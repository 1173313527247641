use std::time::Duration;

use tokio::time::sleep;

use crate::request::Deadline;

/// How soon the second look follows the first.
const FIRST: Duration = Duration::from_millis(50);

/// The waits between looks at something that the vault goes on with by itself: each twice as long as the one before.
#[derive(Debug)]
pub(crate) struct Interval {
    next: Duration,
    longest: Duration,
}

impl Interval {
    pub(crate) fn new(longest: Duration) -> Self {
        Self { next: FIRST.min(longest), longest }
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
