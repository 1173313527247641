//! Where the emulator's time comes from.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A moment, in milliseconds since the Unix epoch.
pub type Millis = i64;

/// Tells the time. Must not run backwards.
pub trait Clock: Send + Sync + 'static {
    /// Returns the present moment.
    fn now(&self) -> Millis;
}

/// The machine's clock, read once and carried on monotonically, so that stepping the machine's time cannot
/// undo a deletion or refill a quota.
#[derive(Debug)]
pub struct SystemClock {
    start: Millis,
    running: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { start: millis(since_epoch), running: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        self.start + millis(self.running.elapsed())
    }
}

/// A clock that stands still until it is told to move, for tests.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Makes a clock that stands at `now`.
    pub fn new(now: Millis) -> Self {
        Self(AtomicI64::new(now))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(millis(by), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }
}

/// The end of the year 9999, which no clock is moved behind: sums with it stay in range.
pub(crate) const LATEST: Millis = 253_402_300_799_999;

/// A clock that goes as another one does, ahead of it by as much as it was told.
pub(crate) struct MovableClock {
    source: Arc<dyn Clock>,
    ahead: AtomicI64,
}

impl MovableClock {
    /// Makes a clock that does not differ from its source yet.
    pub fn over(source: Arc<dyn Clock>) -> Self {
        Self { source, ahead: AtomicI64::new(0) }
    }

    /// Moves the clock forward by some milliseconds; says whether it could.
    pub fn advance(&self, by: Millis) -> bool {
        let room = LATEST - self.source.now();
        let moved = |ahead: Millis| ahead.checked_add(by).filter(|ahead| by >= 0 && *ahead <= room);
        self.ahead.fetch_update(Ordering::SeqCst, Ordering::SeqCst, moved).is_ok()
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Millis {
        self.source.now() + self.ahead.load(Ordering::SeqCst)
    }
}

/// Returns the whole Unix seconds of a moment, the unit of every date on the wire.
pub(crate) fn seconds(at: Millis) -> i64 {
    at.div_euclid(1000)
}

fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}
