//! A vault's request quota.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;

/// How many requests a vault takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quota {
    /// Requests per second.
    pub rate: f64,
    /// How many may come at once.
    pub burst: f64,
    /// The seconds that a refusal asks to wait, if it says.
    #[serde(default)]
    pub retry_after: Option<u32>,
}

impl Quota {
    pub fn check(&self) -> Result<(), String> {
        if !(self.rate.is_finite() && self.rate > 0.0) {
            return Err("throttle.rate must be above 0".to_owned());
        }
        if !(self.burst.is_finite() && self.burst >= 1.0) {
            return Err("throttle.burst must be 1 or more".to_owned());
        }
        Ok(())
    }
}

/// A token bucket. Refused requests take nothing from it.
#[derive(Debug)]
pub(crate) struct Throttle {
    quota: Quota,
    left: f64,
    refilled: Millis,
}

impl Throttle {
    pub fn new(quota: Quota, now: Millis) -> Self {
        Self { left: quota.burst, quota, refilled: now }
    }

    /// Takes a request on, or refuses it with the seconds to wait if the quota names them.
    pub fn take(&mut self, now: Millis) -> Result<(), Option<u32>> {
        let passed = (now - self.refilled).max(0) as f64 / 1000.0;
        self.left = (self.left + passed * self.quota.rate).min(self.quota.burst);
        self.refilled = now;
        if self.left < 1.0 {
            return Err(self.quota.retry_after);
        }
        self.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(rate: f64, burst: f64) -> Quota {
        Quota { rate, burst, retry_after: Some(2) }
    }

    #[test]
    fn a_burst_passes_and_then_the_rate_counts() {
        let mut throttle = Throttle::new(quota(10.0, 3.0), 0);
        let passed = (0..5).filter(|_| throttle.take(0).is_ok()).count();
        assert_eq!(passed, 3);
        assert_eq!(throttle.take(99), Err(Some(2)));
        assert_eq!(throttle.take(100), Ok(()));
        assert_eq!(throttle.take(100), Err(Some(2)));
    }

    #[test]
    fn refusals_do_not_count_against_the_quota() {
        let mut throttle = Throttle::new(quota(1.0, 1.0), 0);
        throttle.take(0).unwrap();
        for at in (0..1000).step_by(10) {
            assert!(throttle.take(at).is_err(), "at {at}");
        }
        assert!(throttle.take(1001).is_ok());
    }

    #[test]
    fn an_idle_vault_saves_no_more_than_the_burst() {
        let mut throttle = Throttle::new(quota(100.0, 2.0), 0);
        let passed = (0..5).filter(|_| throttle.take(3_600_000).is_ok()).count();
        assert_eq!(passed, 2);
    }
}
