use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard},
};

use tokio::time::Instant;

use crate::lock::lock;

/// How many claims are kept: all of the last half minute at the service's limit of 30 new versions a second.
const KEPT: usize = 1_024;

/// The versions that a client's sets have been given as their results, so that none is given twice.
#[derive(Debug, Default)]
pub(crate) struct Claims(Mutex<VecDeque<Claim>>);

#[derive(Debug)]
struct Claim {
    version: String,
    /// When the call that has the version began.
    since: Instant,
}

impl Claims {
    /// Gives a version to a call that began at this moment, unless another call has it.
    pub(super) fn claim(&self, version: &str, since: Instant) -> bool {
        let mut claims = self.lock();
        if claims.iter().any(|claim| claim.version == version) {
            return false;
        }
        if claims.len() == KEPT {
            claims.pop_front();
        }
        claims.push_back(Claim { version: version.to_owned(), since });
        true
    }

    /// Says when the call began that has the version.
    pub(super) fn since(&self, version: &str) -> Option<Instant> {
        self.lock().iter().rev().find(|claim| claim.version == version).map(|claim| claim.since)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Claim>> {
        lock(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_given_once() {
        let (claims, now) = (Claims::default(), Instant::now());
        assert!(claims.claim("0f", now) && !claims.claim("0f", now));
        assert_eq!((claims.since("0f"), claims.since("1f")), (Some(now), None));
    }

    #[test]
    fn the_oldest_claims_are_forgotten() {
        let claims = Claims::default();
        for version in 0..=KEPT {
            assert!(claims.claim(&version.to_string(), Instant::now()));
        }
        assert!(claims.since("0").is_none() && claims.since("1").is_some());
    }
}
