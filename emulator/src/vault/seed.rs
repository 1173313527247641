//! Secrets that are put into a vault, or taken out of it, from outside the service's interface.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::clock::{LATEST, Millis};
use crate::rules;
use crate::vault::life::Life;
use crate::vault::secret::{Head, Secret, Version, is_version_id, version_id};

/// A secret as the control endpoint and a state file describe it.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Seed {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_on: Option<i64>,
    managed: bool,
    state: State,
    /// When the state began.
    #[serde(skip_serializing_if = "Option::is_none")]
    since_ms: Option<Millis>,
    /// Oldest first, instead of `value`.
    versions: Vec<VersionSeed>,
}

#[derive(Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    #[default]
    Active,
    Deleting,
    Deleted,
    Recovering,
    Purging,
}

/// A version: what it lacks, its secret says for all. Text stands for one that has a value alone.
#[derive(Serialize)]
struct VersionSeed(VersionMembers);

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct VersionMembers {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_on: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_on: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_on: Option<i64>,
}

impl<'de> Deserialize<'de> for VersionSeed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrObject;

        impl<'de> Visitor<'de> for TextOrObject {
            type Value = VersionSeed;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a version's value or an object")
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<VersionSeed, E> {
                Ok(VersionSeed(VersionMembers { value: value.to_owned(), ..VersionMembers::default() }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<VersionSeed, A::Error> {
                VersionMembers::deserialize(MapAccessDeserializer::new(map)).map(VersionSeed)
            }
        }

        deserializer.deserialize_any(TextOrObject)
    }
}

impl Seed {
    /// Makes the secret as of `now`, or says which member is wrong and why.
    pub fn grow(mut self, now: Millis) -> Result<Secret, String> {
        let name = std::mem::take(&mut self.name);
        let wrong = |rule: String| format!("secret '{name}': {rule}");
        rules::check_name(&name).map_err(|error| wrong(error.message))?;
        let life = self.life(now).map_err(wrong)?;
        let mut versions = BTreeMap::new();
        let mut newest = String::new();
        for members in self.members().map_err(wrong)? {
            let id = members.id.clone().unwrap_or_else(version_id);
            let version = self.version(members, now).map_err(wrong)?;
            newest.clone_from(&id);
            if versions.insert(id, version).is_some() {
                return Err(wrong(format!("two versions have the id {newest}")));
            }
        }
        let head = Head { name, managed: self.managed, life, newest };
        Ok(Secret { head, versions })
    }

    fn life(&self, now: Millis) -> Result<Life, String> {
        if self.since_ms.is_some() && self.state == State::Active {
            return Err("since_ms does not go with the state active".to_owned());
        }
        let since = self.since_ms.unwrap_or(now);
        if !(0..=LATEST).contains(&since) {
            return Err(format!("since_ms must be 0 to {LATEST}"));
        }
        Ok(self.state.since(since))
    }

    fn members(&mut self) -> Result<Vec<VersionMembers>, String> {
        let versions = std::mem::take(&mut self.versions);
        match (self.value.take(), versions.is_empty()) {
            (Some(_), false) => Err("give value or versions, not both".to_owned()),
            (None, false) => Ok(versions.into_iter().map(|VersionSeed(members)| members).collect()),
            (value, true) => {
                Ok(vec![VersionMembers { value: value.unwrap_or_default(), ..VersionMembers::default() }])
            }
        }
    }

    fn version(&self, members: VersionMembers, now: Millis) -> Result<Version, String> {
        if members.id.as_deref().is_some_and(|id| !is_version_id(id)) {
            return Err("a version's id must be 32 of 0-9 and a-f".to_owned());
        }
        let fresh = Version::new(members.value, now);
        let version = Version {
            content_type: members.content_type.or_else(|| self.content_type.clone()),
            tags: members.tags.or_else(|| self.tags.clone()),
            enabled: members.enabled.or(self.enabled).unwrap_or(true),
            not_before: members.not_before.or(self.not_before),
            expires_on: members.expires_on.or(self.expires_on),
            created: members.created_on.unwrap_or(fresh.created),
            updated: members.updated_on.or(members.created_on).unwrap_or(fresh.updated),
            ..fresh
        };
        rules::check_value(&version.value).map_err(|error| error.message)?;
        rules::check_content_type(version.content_type.as_deref())
            .map_err(|_| "content_type is too long".to_owned())?;
        rules::check_tags(version.tags.as_ref()).map_err(|_| "tags are too many or too long".to_owned())?;
        Ok(version)
    }
}

impl From<&Secret> for Seed {
    fn from(secret: &Secret) -> Self {
        let Head { name, managed, life, newest } = secret.head.clone();
        let (state, since_ms) = State::of(life);
        let mut versions: Vec<_> = secret.versions.iter().collect();
        // Dates are whole seconds, so that only the head can tell which one is last.
        versions.sort_by_key(|(id, version)| (**id == newest, version.created));
        let versions = versions.into_iter().map(|(id, version)| VersionSeed(VersionMembers::of(id, version)));
        Self { name, managed, state, since_ms, versions: versions.collect(), ..Self::default() }
    }
}

impl VersionMembers {
    fn of(id: &str, version: &Version) -> Self {
        let Version { value, content_type, tags, enabled, not_before, expires_on, created, updated } =
            version.clone();
        Self {
            id: Some(id.to_owned()),
            value,
            content_type,
            tags,
            enabled: Some(enabled),
            not_before,
            expires_on,
            created_on: Some(created),
            updated_on: Some(updated),
        }
    }
}

impl State {
    fn since(self, since: Millis) -> Life {
        match self {
            Self::Active => Life::Active,
            Self::Deleting => Life::Deleting(since),
            Self::Deleted => Life::Deleted(since),
            Self::Recovering => Life::Recovering(since),
            Self::Purging => Life::Purging(since),
        }
    }

    fn of(life: Life) -> (Self, Option<Millis>) {
        match life {
            Life::Active => (Self::Active, None),
            Life::Deleting(since) => (Self::Deleting, Some(since)),
            Life::Deleted(since) => (Self::Deleted, Some(since)),
            Life::Recovering(since) => (Self::Recovering, Some(since)),
            Life::Purging(since) => (Self::Purging, Some(since)),
        }
    }
}
