//! The soft-delete states of a name, and what each of them admits.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::error::ServiceError;

const DAY: Millis = 24 * 60 * 60 * 1000;

/// Where a name stands between its first version and its purge. The in-between states hold the moment they
/// began; how long they last is the vault's setting. A name that is free has no `Life`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "since", rename_all = "snake_case")]
pub(crate) enum Life {
    Active,
    Deleting(Millis),
    /// Holds the moment of the delete, not of its completion: retention counts from there.
    Deleted(Millis),
    Recovering(Millis),
    Purging(Millis),
}

/// How long the in-between states last, in milliseconds; `None` until the setting is changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub delete: Option<Millis>,
    pub recover: Option<Millis>,
    pub purge: Option<Millis>,
    pub recoverable_days: u32,
}

impl Life {
    /// Returns where the life stands at `now`, or `None` when the name has become free.
    pub fn at(self, now: Millis, pace: &Pace) -> Option<Self> {
        if self.ends(pace).is_none_or(|end| now < end) {
            return Some(self);
        }
        match self {
            Self::Deleting(since) => Self::Deleted(since).at(now, pace),
            Self::Recovering(_) | Self::Active => Some(Self::Active),
            Self::Deleted(_) | Self::Purging(_) => None,
        }
    }

    /// Returns when the state ends by itself; `None` if it lasts until someone changes it.
    pub fn ends(self, pace: &Pace) -> Option<Millis> {
        let after = |since: Millis, lasts: Option<Millis>| Some(since.saturating_add(lasts?));
        match self {
            Self::Active => None,
            Self::Deleting(since) => after(since, pace.delete),
            Self::Deleted(since) => Some(purge_due(since, pace.recoverable_days)),
            Self::Recovering(since) => after(since, pace.recover),
            Self::Purging(since) => after(since, pace.purge),
        }
    }

    /// Returns the name of the state.
    pub fn state(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Deleting(_) => "deleting",
            Self::Deleted(_) => "deleted",
            Self::Recovering(_) => "recovering",
            Self::Purging(_) => "purging",
        }
    }

    /// Returns the moment of the delete when the name is deleted and the deletion has finished.
    pub fn deleted_since(self) -> Option<Millis> {
        match self {
            Self::Deleted(since) => Some(since),
            _ => None,
        }
    }

    /// Says whether a value may be set on a name in this state.
    pub fn admit_set(self, name: &str) -> Result<(), ServiceError> {
        match self {
            Self::Active => Ok(()),
            Self::Deleted(_) => Err(ServiceError::deleted_but_recoverable(name)),
            Self::Deleting(_) | Self::Purging(_) => Err(ServiceError::being_deleted(name)),
            Self::Recovering(_) => Err(ServiceError::being_recovered(name)),
        }
    }

    /// Says whether a deleted name in this state may be recovered.
    pub fn admit_recover(self, name: &str, recovery_id: &str) -> Result<(), ServiceError> {
        match self {
            Self::Deleted(_) => Ok(()),
            Self::Deleting(_) => Err(ServiceError::deletion_in_flight()),
            Self::Recovering(_) => Err(ServiceError::recovery_conflict(recovery_id)),
            Self::Active | Self::Purging(_) => Err(ServiceError::secret_not_found(name)),
        }
    }

    /// Says whether a deleted name in this state may be purged.
    pub fn admit_purge(self, name: &str) -> Result<(), ServiceError> {
        match self {
            Self::Deleted(_) => Ok(()),
            Self::Deleting(_) => Err(ServiceError::deletion_in_flight()),
            Self::Recovering(_) => Err(ServiceError::recovery_in_flight()),
            Self::Active | Self::Purging(_) => Err(ServiceError::deleted_secret_not_found(name)),
        }
    }
}

/// Returns when a name deleted at `since` is purged without being asked.
pub(crate) fn purge_due(since: Millis, recoverable_days: u32) -> Millis {
    since.saturating_add(Millis::from(recoverable_days) * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { delete: Some(100), recover: Some(200), purge: Some(300), recoverable_days: 7 };

    #[test]
    fn in_between_states_end_when_their_delay_is_over() {
        assert_eq!(Life::Deleting(1000).at(1099, &PACE), Some(Life::Deleting(1000)));
        assert_eq!(Life::Deleting(1000).at(1100, &PACE), Some(Life::Deleted(1000)));
        assert_eq!(Life::Recovering(1000).at(1199, &PACE), Some(Life::Recovering(1000)));
        assert_eq!(Life::Recovering(1000).at(1200, &PACE), Some(Life::Active));
        assert_eq!(Life::Purging(1000).at(1299, &PACE), Some(Life::Purging(1000)));
        assert_eq!(Life::Purging(1000).at(1300, &PACE), None);
    }

    #[test]
    fn a_state_without_a_delay_lasts_until_the_setting_changes() {
        let held = Pace { delete: None, ..PACE };
        assert_eq!(Life::Deleting(0).at(6 * DAY, &held), Some(Life::Deleting(0)));
        assert_eq!(Life::Deleting(0).at(6 * DAY, &PACE), Some(Life::Deleted(0)));
    }

    #[test]
    fn a_deleted_name_is_purged_when_its_retention_is_over() {
        assert_eq!(Life::Deleted(5).at(5 + 7 * DAY - 1, &PACE), Some(Life::Deleted(5)));
        assert_eq!(Life::Deleted(5).at(5 + 7 * DAY, &PACE), None);
        assert_eq!(Life::Deleting(5).at(5 + 7 * DAY, &PACE), None, "also when nobody looked in between");
    }

    #[test]
    fn every_state_admits_and_refuses_as_the_service_does() {
        let inner = |result: Result<(), ServiceError>| match result {
            Ok(()) => "ok".to_owned(),
            Err(error) => format!("{} {}", error.status.as_u16(), error.inner.unwrap_or(error.code)),
        };
        let rows = [
            (Life::Active, "ok", "404 SecretNotFound", "404 SecretNotFound"),
            (
                Life::Deleting(0),
                "409 ObjectIsBeingDeleted",
                "409 ObjectIsBeingDeleted",
                "409 ObjectIsBeingDeleted",
            ),
            (Life::Deleted(0), "409 ObjectIsDeletedButRecoverable", "ok", "ok"),
            (Life::Recovering(0), "409 ObjectIsBeingRecovered", "409 Conflict", "409 ObjectIsBeingRecovered"),
            (Life::Purging(0), "409 ObjectIsBeingDeleted", "404 SecretNotFound", "404 SecretNotFound"),
        ];
        for (life, set, recover, purge) in rows {
            assert_eq!(inner(life.admit_set("n")), set, "set while {}", life.state());
            assert_eq!(inner(life.admit_recover("n", "r")), recover, "recover while {}", life.state());
            assert_eq!(inner(life.admit_purge("n")), purge, "purge while {}", life.state());
        }
    }
}
