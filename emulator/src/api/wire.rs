//! The service's JSON, member by member in its order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::{Millis, seconds};
use crate::vault::life::purge_due;
use crate::vault::secret::{Secret, Version};
use crate::vault::settings::Settings;

/// The body of a set.
#[derive(Deserialize)]
pub(super) struct SetBody {
    pub value: String,
    #[serde(rename = "contentType")]
    pub content_type: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
    #[serde(default)]
    pub attributes: Option<GivenAttributes>,
}

/// The body of an update: what is left out, or null, stays.
#[derive(Deserialize)]
pub(super) struct UpdateBody {
    #[serde(rename = "contentType")]
    pub content_type: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
    #[serde(default)]
    pub attributes: Option<GivenAttributes>,
}

/// The attributes a caller may set; others are ignored.
#[derive(Default, Deserialize)]
pub(super) struct GivenAttributes {
    pub enabled: Option<bool>,
    pub nbf: Option<i64>,
    pub exp: Option<i64>,
}

/// The body of a restore, and the answer of a backup.
#[derive(Serialize, Deserialize)]
pub(super) struct BackupBody {
    pub value: String,
}

/// The base of every id, the settings that attributes tell of, and how much of them the caller's version knows.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub base: &'a str,
    pub settings: &'a Settings,
    pub knows_retention: bool,
}

/// A secret with one of its versions.
#[derive(Serialize)]
pub(super) struct Bundle<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    #[serde(flatten)]
    item: Item<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
}

/// What a list tells of a secret or a version.
#[derive(Serialize)]
pub(super) struct Item<'a> {
    #[serde(rename = "contentType", skip_serializing_if = "Option::is_none")]
    content_type: Option<&'a str>,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    managed: Option<bool>,
    attributes: Attributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<&'a BTreeMap<String, String>>,
}

#[derive(Serialize)]
pub(super) struct Attributes {
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    created: i64,
    updated: i64,
    #[serde(rename = "recoveryLevel")]
    recovery_level: &'static str,
    #[serde(rename = "recoverableDays", skip_serializing_if = "Option::is_none")]
    recoverable_days: Option<u32>,
}

/// A deleted secret: what tells of the deletion, then what tells of the secret.
#[derive(Serialize)]
pub(super) struct Deleted<T: Serialize> {
    #[serde(rename = "recoveryId")]
    recovery_id: String,
    #[serde(rename = "deletedDate")]
    deleted_date: i64,
    #[serde(rename = "scheduledPurgeDate")]
    scheduled_purge_date: i64,
    #[serde(flatten)]
    secret: T,
}

/// One page of a list. The last one has a null link.
#[derive(Serialize)]
pub(super) struct Page<T: Serialize> {
    pub value: Vec<T>,
    #[serde(rename = "nextLink")]
    pub next_link: Option<String>,
}

impl<'a> Frame<'a> {
    pub fn secret_id(&self, name: &str) -> String {
        format!("{}/secrets/{name}", self.base)
    }

    pub fn version_id(&self, name: &str, version: &str) -> String {
        [self.base, "/secrets/", name, "/", version].concat()
    }

    /// Returns the id of the key that a certificate has beside its secret.
    pub fn key_id(&self, name: &str, version: &str) -> String {
        format!("{}/keys/{name}/{version}", self.base)
    }

    pub fn recovery_id(&self, name: &str) -> String {
        format!("{}/deletedsecrets/{name}", self.base)
    }

    /// Returns a version with its value.
    pub fn with_value<'s>(&self, secret: &'s Secret, id: &str, version: &'s Version) -> Bundle<'s> {
        Bundle { value: Some(&version.value), ..self.bundle(secret, id, version) }
    }

    /// Returns a version without its value.
    pub fn bundle<'s>(&self, secret: &'s Secret, id: &str, version: &'s Version) -> Bundle<'s> {
        let name = &secret.head.name;
        let kid = secret.head.managed.then(|| self.key_id(name, id));
        Bundle { value: None, item: self.item(secret, self.version_id(name, id), version), kid }
    }

    /// Returns the row of a list, under the id that list shows.
    pub fn item<'s>(&self, secret: &'s Secret, id: String, version: &'s Version) -> Item<'s> {
        Item {
            content_type: version.content_type.as_deref(),
            id,
            managed: secret.head.managed.then_some(true),
            attributes: self.attributes(version),
            tags: version.tags.as_ref(),
        }
    }

    pub fn attributes(&self, version: &Version) -> Attributes {
        let level = self.settings.recovery_level();
        let known = if self.knows_retention { level } else { level.trim_start_matches("Customized") };
        Attributes {
            enabled: version.enabled,
            nbf: version.not_before,
            exp: version.expires_on,
            created: version.created,
            updated: version.updated,
            recovery_level: known,
            recoverable_days: self.knows_retention.then(|| self.settings.retention()),
        }
    }

    /// Puts around a bundle or an item what tells that its secret was deleted at `since`.
    pub fn deleted<T: Serialize>(&self, name: &str, since: Millis, secret: T) -> Deleted<T> {
        let due = purge_due(since, self.settings.recoverable_days);
        Deleted {
            recovery_id: self.recovery_id(name),
            deleted_date: seconds(since),
            scheduled_purge_date: seconds(due),
            secret,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::life::Life;
    use crate::vault::secret::Head;
    use crate::vault::settings::Delays;

    fn secret(managed: bool) -> Secret {
        let version = Version {
            content_type: Some("text/plain".to_owned()),
            tags: Some([("k".to_owned(), "v".to_owned())].into()),
            not_before: Some(1),
            expires_on: Some(2),
            ..Version::new("hidden".to_owned(), 1_665_617_803_999)
        };
        let head = Head { name: "n".to_owned(), managed, life: Life::Active, newest: "ab".to_owned() };
        Secret { head, versions: [("ab".to_owned(), version)].into() }
    }

    const ATTRIBUTES: &str = r#""attributes":{"enabled":true,"nbf":1,"exp":2,"created":1665617803,"updated":1665617803,"recoveryLevel":"Recoverable+Purgeable","recoverableDays":90},"tags":{"k":"v"}"#;

    #[test]
    fn members_come_in_the_services_order() {
        let settings = Settings::new(Delays::default());
        let frame = Frame { base: "https://x", settings: &settings, knows_retention: true };
        let secret = secret(false);
        let (id, version) = secret.newest().unwrap();

        let with_value = serde_json::to_string(&frame.with_value(&secret, id, version)).unwrap();
        let item = format!(r#""contentType":"text/plain","id":"https://x/secrets/n/ab",{ATTRIBUTES}"#);
        assert_eq!(with_value, format!(r#"{{"value":"hidden",{item}}}"#));

        let bundle = frame.bundle(&secret, id, version);
        let deleted = serde_json::to_string(&frame.deleted("n", 1_665_617_804_500, bundle)).unwrap();
        let dates = r#""deletedDate":1665617804,"scheduledPurgeDate":1673393804"#;
        assert_eq!(deleted, format!(r#"{{"recoveryId":"https://x/deletedsecrets/n",{dates},{item}}}"#));
    }

    #[test]
    fn what_is_absent_is_left_out() {
        let settings = Settings::new(Delays::default());
        let frame = Frame { base: "https://x", settings: &settings, knows_retention: true };
        let mut secret = secret(true);
        secret.versions.insert("ab".to_owned(), Version::new(String::new(), 0));
        let (id, version) = secret.newest().unwrap();
        let bundle = serde_json::to_string(&frame.with_value(&secret, id, version)).unwrap();
        assert_eq!(
            bundle,
            r#"{"value":"","id":"https://x/secrets/n/ab","managed":true,"attributes":{"enabled":true,"created":0,"updated":0,"recoveryLevel":"Recoverable+Purgeable","recoverableDays":90},"kid":"https://x/keys/n/ab"}"#
        );
    }
}
