//! How fast one process asks one vault. Every caller shares what any of them learned from a 429.

#[cfg(test)]
mod cost;
mod pace;
#[cfg(test)]
mod simulation;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

#[cfg(test)]
pub(crate) use self::cost::open_admission;
use self::pace::{Pace, Turn};
use crate::{lock::lock, time::sleep_until};

/// The limits that the service counts apart from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Quota {
    /// Creations of versions, of which a vault takes far fewer.
    Create,
    /// Everything else.
    Other,
}

/// Governors by vault and quota.
#[derive(Debug, Default)]
pub(crate) struct Governors(Mutex<HashMap<(String, Quota), Arc<Governor>>>);

impl Governors {
    pub(crate) fn of(&self, vault: &str, quota: Quota) -> Arc<Governor> {
        lock(&self.0).entry((vault.to_owned(), quota)).or_default().clone()
    }
}

/// Lets requests out at the pace that the vault takes, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Governor {
    /// Set while the vault is not known to throttle, so that a call costs one load.
    open: AtomicBool,
    pace: Mutex<Pace>,
    /// Held by the caller whose turn is next. Giving up a place in this queue is dropping the future.
    turnstile: tokio::sync::Mutex<()>,
    /// Told when an answer may have changed whose turn it is.
    answered: Notify,
}

impl Governor {
    /// Waits for the caller's turn.
    pub(crate) async fn admit(&self) -> Permit<'_> {
        if self.open.load(Relaxed) {
            return Permit { governor: self, left: Instant::now(), counted: false, waited: Duration::ZERO };
        }
        let came = Instant::now();
        let _next = self.turnstile.lock().await;
        loop {
            let turn = lock(&self.pace).turn(Instant::now());
            match turn {
                Turn::Now => {
                    let left = Instant::now();
                    return Permit { governor: self, left, counted: true, waited: left - came };
                }
                Turn::At(moment) => sleep_until(moment).await,
                Turn::AfterAnswer => self.answered.notified().await,
            }
        }
    }

    /// Tells whether the vault is known to throttle.
    pub(crate) fn is_throttled(&self) -> bool {
        lock(&self.pace).is_paced()
    }

    fn note<T>(&self, learn: impl FnOnce(&mut Pace, Instant) -> T) -> T {
        let mut pace = lock(&self.pace);
        let learned = learn(&mut pace, Instant::now());
        self.open.store(pace.is_open(), Relaxed);
        drop(pace);
        self.answered.notify_one();
        learned
    }
}

/// Leave for one request. Dropping it without an answer tells that there was none.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    governor: &'a Governor,
    left: Instant,
    counted: bool,
    waited: Duration,
}

impl Permit<'_> {
    /// Returns how long the caller waited for its turn.
    pub(crate) fn waited(&self) -> Duration {
        self.waited
    }

    /// Returns when the request left.
    pub(crate) fn left(&self) -> Instant {
        self.left
    }

    /// Notes that the vault took the request, whatever it answered.
    pub(crate) fn accepted(mut self) {
        if std::mem::take(&mut self.counted) {
            self.governor.note(Pace::accepted);
        }
    }

    /// Notes that the vault turned the request away for its rate, and tells whether that is news.
    pub(crate) fn throttled(mut self) -> bool {
        let (left, counted) = (self.left, std::mem::take(&mut self.counted));
        self.governor.note(|pace, now| {
            let was_paced = pace.is_paced();
            pace.throttled(now, left, counted, fastrand::f64());
            !was_paced
        })
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.counted {
            self.governor.note(|pace, _| pace.abandoned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_vault_that_does_not_throttle_is_soon_left_alone() {
        let governor = Governor::default();
        let mut round_trips = 0;
        while !governor.open.load(Relaxed) {
            let mut permits = Vec::new();
            while let Ok(permit) = tokio::time::timeout(Duration::ZERO, governor.admit()).await {
                permits.push(permit);
            }
            permits.into_iter().for_each(Permit::accepted);
            round_trips += 1;
        }
        assert!(round_trips <= 5, "{round_trips}");
    }

    #[tokio::test(start_paused = true)]
    async fn callers_go_in_order_and_a_cancelled_one_gives_its_place_up() {
        let governor = Arc::new(Governor::default());
        governor.admit().await.throttled();
        let order = Arc::new(Mutex::new(Vec::new()));
        let callers: Vec<_> = (0..6)
            .map(|number| {
                let (governor, order) = (governor.clone(), order.clone());
                tokio::spawn(async move {
                    let permit = governor.admit().await;
                    lock(&order).push(number);
                    permit.accepted();
                })
            })
            .collect();
        tokio::task::yield_now().await;
        callers[2].abort();
        for (number, caller) in callers.into_iter().enumerate() {
            assert_eq!(caller.await.is_ok(), number != 2);
        }
        assert_eq!(*lock(&order), [0, 1, 3, 4, 5]);
    }

    #[test]
    fn clients_of_one_vault_share_a_governor_per_quota() {
        let governors = Governors::default();
        let of = |vault, quota| governors.of(vault, quota);
        assert!(Arc::ptr_eq(&of("a", Quota::Other), &of("a", Quota::Other)));
        assert!(!Arc::ptr_eq(&of("a", Quota::Other), &of("a", Quota::Create)));
        assert!(!Arc::ptr_eq(&of("a", Quota::Other), &of("b", Quota::Other)));
    }
}
