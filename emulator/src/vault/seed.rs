//! Secrets that are put into a vault from outside the service's interface.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::clock::Millis;
use crate::rules;
use crate::vault::life::Life;
use crate::vault::secret::{Head, Secret, Version, version_id};

/// A secret as the control endpoint describes it.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Seed {
    name: String,
    value: Option<String>,
    /// Values, oldest first, instead of `value`.
    versions: Vec<String>,
    content_type: Option<String>,
    tags: Option<BTreeMap<String, String>>,
    enabled: Option<bool>,
    not_before: Option<i64>,
    expires_on: Option<i64>,
    managed: bool,
    state: State,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    #[default]
    Active,
    Deleting,
    Deleted,
    Recovering,
    Purging,
}

impl Seed {
    /// Makes the secret as of `now`, or says which member is wrong and why.
    pub fn grow(self, now: Millis) -> Result<Secret, String> {
        let wrong = |rule: String| format!("secret '{}': {rule}", self.name);
        rules::check_name(&self.name).map_err(|error| wrong(error.message))?;
        rules::check_content_type(self.content_type.as_deref())
            .map_err(|_| wrong("content_type is too long".to_owned()))?;
        rules::check_tags(self.tags.as_ref())
            .map_err(|_| wrong("tags are too many or too long".to_owned()))?;
        let values = match (&self.value, self.versions.is_empty()) {
            (Some(_), false) => return Err(wrong("give value or versions, not both".to_owned())),
            (None, false) => self.versions.clone(),
            (value, true) => vec![value.clone().unwrap_or_default()],
        };
        let mut versions = BTreeMap::new();
        let mut newest = String::new();
        for value in values {
            rules::check_value(&value).map_err(|error| wrong(error.message))?;
            newest = version_id();
            versions.insert(newest.clone(), self.version(value, now));
        }
        let head = Head { name: self.name, managed: self.managed, life: self.state.since(now), newest };
        Ok(Secret { head, versions })
    }

    fn version(&self, value: String, now: Millis) -> Version {
        Version {
            content_type: self.content_type.clone(),
            tags: self.tags.clone(),
            enabled: self.enabled.unwrap_or(true),
            not_before: self.not_before,
            expires_on: self.expires_on,
            ..Version::new(value, now)
        }
    }
}

impl State {
    fn since(self, now: Millis) -> Life {
        match self {
            Self::Active => Life::Active,
            Self::Deleting => Life::Deleting(now),
            Self::Deleted => Life::Deleted(now),
            Self::Recovering => Life::Recovering(now),
            Self::Purging => Life::Purging(now),
        }
    }
}
