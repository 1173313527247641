use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

use crate::{identifier::SecretId, value::SecretValue};

/// Tags of a secret version: at most 15, keys and values of at most 512 characters.
pub type Tags = BTreeMap<String, String>;

/// A moment in whole seconds since 1970-01-01 UTC, the service's own resolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Makes a moment from Unix seconds.
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Returns the Unix seconds.
    pub const fn as_unix_seconds(self) -> i64 {
        self.0
    }
}

impl From<SystemTime> for Timestamp {
    /// Drops the fraction of a second.
    fn from(time: SystemTime) -> Self {
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        Self(match time.duration_since(UNIX_EPOCH) {
            Ok(since) => seconds(since),
            Err(before) => -seconds(before.duration()),
        })
    }
}

/// A secret version with its value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Secret {
    /// The value, at most 25,600 characters; may be empty.
    pub value: SecretValue,
    /// Everything else about the version.
    pub properties: SecretProperties,
    /// Whether the value comes from the cache although its time is over, because the vault throttles or cannot be reached.
    pub stale: bool,
}

/// A secret version without its value.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SecretProperties {
    /// The identifier, `https://{vault}/secrets/{name}/{version}`; without the version in lists of secrets.
    pub id: String,
    /// The secret's name.
    pub name: String,
    /// The version, 32 hexadecimal digits; absent in lists of secrets.
    pub version: Option<String>,
    /// The vault's URL.
    pub vault_url: String,
    /// What the value is, such as `application/json`; free text.
    pub content_type: Option<String>,
    /// Whether the value can be read.
    pub enabled: bool,
    /// Not to be used before this moment. The service does not enforce it.
    pub not_before: Option<Timestamp>,
    /// Not to be used after this moment. The service does not enforce it.
    pub expires_on: Option<Timestamp>,
    /// When the version was made.
    pub created_on: Option<Timestamp>,
    /// When the version's properties last changed.
    pub updated_on: Option<Timestamp>,
    /// How many days a deleted secret can be recovered, 7 to 90; 0 or absent without soft delete.
    pub recoverable_days: Option<i32>,
    /// What happens to a deleted secret, such as `Recoverable+Purgeable`.
    pub recovery_level: Option<String>,
    /// The version's tags.
    pub tags: Tags,
    /// Whether the secret belongs to a certificate.
    pub managed: bool,
    /// The identifier of the key behind a certificate's secret.
    pub key_id: Option<String>,
    /// The version of the previous certificate, of a certificate's secret.
    pub previous_version: Option<String>,
}

impl SecretProperties {
    pub(crate) fn of(id: SecretId) -> Self {
        let SecretId { source_id, vault_url, name, version } = id;
        Self { id: source_id, name, version, vault_url, ..Self::default() }
    }
}

/// A version of a secret, as its history shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SecretVersion {
    /// The version without its value.
    #[serde(flatten)]
    pub properties: SecretProperties,
    /// Whether it is the version that a read without a version means.
    pub current: bool,
}

/// A secret in the soft-deleted state.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DeletedSecret {
    /// The properties of its newest version.
    #[serde(flatten)]
    pub properties: SecretProperties,
    /// The identifier under which it can be recovered or purged.
    pub recovery_id: Option<String>,
    /// When it was deleted.
    pub deleted_date: Option<Timestamp>,
    /// When the service purges it for good.
    pub scheduled_purge_date: Option<Timestamp>,
}

impl From<DeletedSecret> for SecretProperties {
    fn from(deleted: DeletedSecret) -> Self {
        deleted.properties
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_keep_their_sign() {
        assert_eq!(Timestamp::from(UNIX_EPOCH + Duration::from_millis(1_999)).as_unix_seconds(), 1);
        assert_eq!(Timestamp::from(UNIX_EPOCH - Duration::from_secs(5)).as_unix_seconds(), -5);
    }
}
