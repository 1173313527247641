//! How many requests a vault takes.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::operation::Operation;

/// How long a window of the service's quotas is.
const WINDOW: Millis = 10_000;

/// How many vaults' quotas a subscription has.
const SUBSCRIPTION: u64 = 5;

/// What a vault takes, and what it tells the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Given", into = "Given")]
pub(crate) struct Quota {
    limit: Limit,
    /// The seconds that a refusal asks to wait, if it says.
    retry_after: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Limit {
    /// Requests of any kind per second, and how many may come at once.
    Rate { rate: f64, burst: f64 },
    /// Requests per window by the service's classes, and five times that for all vaults together.
    Classes { creations: u64, others: u64 },
}

/// A quota as it is written down.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    burst: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creations: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<u64>,
    retry_after: Option<u32>,
}

impl TryFrom<Given> for Quota {
    type Error = &'static str;

    fn try_from(given: Given) -> Result<Self, Self::Error> {
        let limit = match given {
            Given { rate: Some(rate), burst: Some(burst), creations: None, others: None, .. } => {
                Limit::Rate { rate, burst }
            }
            Given { rate: None, burst: None, creations: Some(creations), others: Some(others), .. } => {
                Limit::Classes { creations, others }
            }
            _ => return Err("throttle must have rate and burst, or creations and others"),
        };
        Ok(Self { limit, retry_after: given.retry_after })
    }
}

impl From<Quota> for Given {
    fn from(Quota { limit, retry_after }: Quota) -> Self {
        let none = Self { rate: None, burst: None, creations: None, others: None, retry_after };
        match limit {
            Limit::Rate { rate, burst } => Self { rate: Some(rate), burst: Some(burst), ..none },
            Limit::Classes { creations, others } => {
                Self { creations: Some(creations), others: Some(others), ..none }
            }
        }
    }
}

impl Quota {
    /// Returns the quotas of the service.
    pub fn service() -> Self {
        Self { limit: Limit::Classes { creations: 300, others: 4000 }, retry_after: None }
    }

    /// Says which member is wrong and why.
    pub fn check(&self) -> Result<(), String> {
        match self.limit {
            Limit::Rate { rate, .. } if !(rate.is_finite() && rate > 0.0) => {
                Err("throttle.rate must be above 0".to_owned())
            }
            Limit::Rate { burst, .. } if !(burst.is_finite() && burst >= 1.0) => {
                Err("throttle.burst must be 1 or more".to_owned())
            }
            Limit::Rate { .. } | Limit::Classes { .. } => Ok(()),
        }
    }
}

/// What has been taken of the classes' quotas in their present windows.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    creations: Window,
    others: Window,
}

/// Begins with the first request after the former one.
#[derive(Debug, Default)]
struct Window {
    began: Option<Millis>,
    taken: u64,
}

impl Window {
    fn has_room(&mut self, now: Millis, limit: u64) -> bool {
        if self.began.is_none_or(|began| now - began >= WINDOW) {
            *self = Self { began: Some(now), taken: 0 };
        }
        self.taken < limit
    }
}

impl Usage {
    fn window(&mut self, operation: Operation) -> &mut Window {
        if operation == Operation::SetSecret { &mut self.creations } else { &mut self.others }
    }
}

/// A vault's quota and how much of it is taken. Refused requests take nothing.
#[derive(Debug)]
pub(crate) struct Throttle {
    quota: Quota,
    bucket: Bucket,
    usage: Usage,
}

#[derive(Debug)]
struct Bucket {
    left: f64,
    refilled: Millis,
}

impl Throttle {
    pub fn new(quota: Quota, now: Millis) -> Self {
        let left = if let Limit::Rate { burst, .. } = quota.limit { burst } else { 0.0 };
        Self { quota, bucket: Bucket { left, refilled: now }, usage: Usage::default() }
    }

    /// Takes a request on, or refuses it with the seconds to wait if the quota names them. `all` is what all vaults
    /// have taken together.
    pub fn take(&mut self, operation: Operation, now: Millis, all: &mut Usage) -> Result<(), Option<u32>> {
        let taken = match self.quota.limit {
            Limit::Rate { rate, burst } => self.bucket.take(rate, burst, now),
            Limit::Classes { creations, others } => {
                let limit = if operation == Operation::SetSecret { creations } else { others };
                let (own, all) = (self.usage.window(operation), all.window(operation));
                let room = own.has_room(now, limit) && all.has_room(now, SUBSCRIPTION.saturating_mul(limit));
                if room {
                    own.taken += 1;
                    all.taken += 1;
                }
                room
            }
        };
        if taken { Ok(()) } else { Err(self.quota.retry_after) }
    }
}

impl Bucket {
    fn take(&mut self, rate: f64, burst: f64, now: Millis) -> bool {
        let passed = (now - self.refilled).max(0) as f64 / 1000.0;
        self.left = (self.left + passed * rate).min(burst);
        self.refilled = now;
        let enough = self.left >= 1.0;
        if enough {
            self.left -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(throttle: &mut Throttle, now: Millis) -> Result<(), Option<u32>> {
        throttle.take(Operation::GetSecret, now, &mut Usage::default())
    }

    fn bucket(rate: f64, burst: f64) -> Throttle {
        Throttle::new(Quota { limit: Limit::Rate { rate, burst }, retry_after: Some(2) }, 0)
    }

    fn classes(creations: u64, others: u64) -> Throttle {
        Throttle::new(Quota { limit: Limit::Classes { creations, others }, retry_after: None }, 0)
    }

    #[test]
    fn a_burst_passes_and_then_the_rate_counts() {
        let mut throttle = bucket(10.0, 3.0);
        let passed = (0..5).filter(|_| get(&mut throttle, 0).is_ok()).count();
        assert_eq!(passed, 3);
        assert_eq!(get(&mut throttle, 99), Err(Some(2)));
        assert_eq!(get(&mut throttle, 100), Ok(()));
        assert_eq!(get(&mut throttle, 100), Err(Some(2)));
    }

    #[test]
    fn refusals_do_not_count_against_the_quota() {
        let mut throttle = bucket(1.0, 1.0);
        get(&mut throttle, 0).unwrap();
        for at in (0..1000).step_by(10) {
            assert!(get(&mut throttle, at).is_err(), "at {at}");
        }
        assert!(get(&mut throttle, 1001).is_ok());
    }

    #[test]
    fn an_idle_vault_saves_no_more_than_the_burst() {
        let mut throttle = bucket(100.0, 2.0);
        let passed = (0..5).filter(|_| get(&mut throttle, 3_600_000).is_ok()).count();
        assert_eq!(passed, 2);
    }

    #[test]
    fn each_class_has_a_window_of_its_own() {
        let (mut throttle, mut all) = (classes(2, 3), Usage::default());
        let mut take = |operation, now| throttle.take(operation, now, &mut all).is_ok();
        let creations: Vec<_> = (0..3).map(|at| take(Operation::SetSecret, at)).collect();
        assert_eq!(creations, [true, true, false]);
        let others: Vec<_> = (500..504).map(|at| take(Operation::BackupSecret, at)).collect();
        assert_eq!(others, [true, true, true, false]);
        assert!(!take(Operation::SetSecret, 9_999));
        assert!(take(Operation::SetSecret, 10_000));
        assert!(!take(Operation::GetSecret, 10_499));
        assert!(take(Operation::GetSecret, 10_500));
    }

    #[test]
    fn all_vaults_together_take_five_times_as_much_as_one() {
        let mut vaults = [(); 6].map(|()| classes(2, 1));
        let mut all = Usage::default();
        let mut passed = vaults
            .iter_mut()
            .map(|vault| (0..3).filter(|_| vault.take(Operation::SetSecret, 0, &mut all).is_ok()).count());
        assert_eq!(passed.by_ref().collect::<Vec<_>>(), [2, 2, 2, 2, 2, 0]);
    }
}
