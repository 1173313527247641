//! A secret as the vault holds it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::{Millis, seconds};
use crate::vault::life::Life;

/// One value and its attributes. Dates are Unix seconds. Has no `Debug`, so that its value cannot end up in a log.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Version {
    pub value: String,
    pub content_type: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
    pub enabled: bool,
    pub not_before: Option<i64>,
    pub expires_on: Option<i64>,
    pub created: i64,
    pub updated: i64,
}

impl Version {
    /// Makes an enabled version without any attribute.
    pub fn new(value: String, now: Millis) -> Self {
        Self {
            value,
            content_type: None,
            tags: None,
            enabled: true,
            not_before: None,
            expires_on: None,
            created: seconds(now),
            updated: seconds(now),
        }
    }
}

/// A name with all its versions.
#[derive(Clone)]
pub(crate) struct Secret {
    pub head: Head,
    /// By id, which is the order the service lists them in.
    pub versions: BTreeMap<String, Version>,
}

/// What belongs to the name and not to a version.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Head {
    /// The name as it was first written; lookups ignore case.
    pub name: String,
    /// Says whether a certificate owns the name.
    pub managed: bool,
    pub life: Life,
    /// The id of the version made last. Ids are random and dates are whole seconds, so neither can tell.
    pub newest: String,
}

impl Secret {
    pub fn newest(&self) -> Option<(&str, &Version)> {
        self.version(&self.head.newest)
    }

    /// Finds a version; an empty id stands for the newest one.
    pub fn version(&self, id: &str) -> Option<(&str, &Version)> {
        let id = if id.is_empty() { &self.head.newest } else { id };
        self.versions
            .get_key_value(id.to_ascii_lowercase().as_str())
            .map(|(id, version)| (id.as_str(), version))
    }
}

/// Returns the key a name is looked up and ordered by.
pub(crate) fn key(name: &str) -> String {
    name.to_ascii_uppercase()
}

/// Says whether a version may have this id.
pub(crate) fn is_version_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Makes the id of a new version.
pub(crate) fn version_id() -> String {
    format!("{:032x}", fastrand::u128(..))
}
