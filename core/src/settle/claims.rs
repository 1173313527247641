use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::time::Instant;

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
    /// Gives a version to a call, or says since when the call has been at work that has it already.
    pub(super) fn claim(&self, version: &str, since: Instant) -> Result<(), Instant> {
        let mut claims = self.lock();
        if let Some(earlier) = claims.iter().rev().find(|claim| claim.version == version) {
            return Err(earlier.since);
        }
        if claims.len() == KEPT {
            claims.pop_front();
        }
        claims.push_back(Claim { version: version.to_owned(), since });
        Ok(())
    }

    /// Tells whether a call has the version.
    pub(super) fn holds(&self, version: &str) -> bool {
        self.lock().iter().any(|claim| claim.version == version)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Claim>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_version_is_given_once() {
        let (claims, earlier) = (Claims::default(), Instant::now());
        assert!(claims.claim("0f", earlier).is_ok() && claims.holds("0f") && !claims.holds("1f"));
        assert_eq!(claims.claim("0f", earlier + Duration::from_secs(9)), Err(earlier));
    }

    #[test]
    fn the_oldest_claims_are_forgotten() {
        let claims = Claims::default();
        for version in 0..=KEPT {
            claims.claim(&version.to_string(), Instant::now()).unwrap();
        }
        assert!(!claims.holds("0") && claims.holds("1"));
    }
}
