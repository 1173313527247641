//! The service's JSON and its translation to and from the model.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    error::{Error, ErrorKind, Result},
    identifier::SecretId,
    model::{DeletedSecret, Secret, SecretProperties, Tags, Timestamp},
    page::Page,
    value::SecretValue,
};

/// What a set or an update sends. Absent members are left out, which leaves a version's property as it is.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretBody {
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "exposed")]
    pub(crate) value: Option<SecretValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tags: Option<Tags>,
    #[serde(skip_serializing_if = "AttributesBody::is_empty")]
    pub(crate) attributes: AttributesBody,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AttributesBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) enabled: Option<bool>,
    #[serde(rename = "nbf", skip_serializing_if = "Option::is_none")]
    pub(crate) not_before: Option<Timestamp>,
    #[serde(rename = "exp", skip_serializing_if = "Option::is_none")]
    pub(crate) expires_on: Option<Timestamp>,
}

impl AttributesBody {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(clippy::ref_option, reason = "the signature that serialize_with calls")]
fn exposed<S: serde::Serializer>(value: &Option<SecretValue>, serializer: S) -> Result<S::Ok, S::Error> {
    value.as_ref().map(SecretValue::expose).serialize(serializer)
}

impl SecretBody {
    /// Makes the body of a restore.
    pub(crate) fn of_backup(backup: &[u8]) -> Self {
        Self { value: Some(URL_SAFE_NO_PAD.encode(backup).into()), ..Self::default() }
    }

    /// Tells whether setting this makes such a version. What a set leaves out is not inherited, but empty.
    pub(crate) fn makes(&self, secret: &Secret) -> bool {
        let (sent, made) = (&self.attributes, &secret.properties);
        self.value.as_ref() == Some(&secret.value)
            && self.content_type == made.content_type
            && self.tags.as_ref().map_or(made.tags.is_empty(), |tags| *tags == made.tags)
            && sent.enabled.unwrap_or(true) == made.enabled
            && sent.not_before == made.not_before
            && sent.expires_on == made.expires_on
    }

    /// Writes the body into memory that is zeroed when the request is done.
    pub(crate) fn to_bytes(&self) -> Result<Bytes> {
        // Room for the worst escaping of the value, so that growing leaves no copy of it behind.
        let room = self.value.as_ref().map_or(0, |value| value.expose().len() * 6) + 1_024;
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        serde_json::to_writer(&mut *bytes, self)
            .map_err(|e| Error::new(ErrorKind::Internal, e.to_string()))?;
        Ok(Bytes::from_owner(Sensitive(bytes)))
    }
}

/// Bytes that are zeroed when the last reference to them goes.
struct Sensitive(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Sensitive {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// What the service says of a secret, in any of its answers.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Bundle {
    value: Option<SecretValue>,
    #[serde(default)]
    id: String,
    content_type: Option<String>,
    #[serde(default)]
    attributes: Attributes,
    tags: Option<Tags>,
    kid: Option<String>,
    managed: Option<bool>,
    previous_version: Option<String>,
    recovery_id: Option<String>,
    deleted_date: Option<Timestamp>,
    scheduled_purge_date: Option<Timestamp>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attributes {
    enabled: Option<bool>,
    nbf: Option<Timestamp>,
    exp: Option<Timestamp>,
    created: Option<Timestamp>,
    updated: Option<Timestamp>,
    recoverable_days: Option<i32>,
    recovery_level: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct List {
    #[serde(default)]
    value: Option<Vec<Bundle>>,
    next_link: Option<String>,
}

/// A result that an answer's body can be read into.
pub(crate) trait FromWire: Sized {
    fn from_wire(body: &[u8]) -> Result<Self>;
}

impl FromWire for () {
    fn from_wire(_body: &[u8]) -> Result<Self> {
        Ok(())
    }
}

impl FromWire for Vec<u8> {
    fn from_wire(body: &[u8]) -> Result<Self> {
        let text = parse::<Bundle>(body)?.value.ok_or_else(|| unexpected("no value"))?;
        let blob = URL_SAFE_NO_PAD.decode(text.expose().trim_end_matches('='));
        blob.map_err(|_| unexpected("a backup that is not base64url"))
    }
}

impl<T: FromBundle> FromWire for T {
    fn from_wire(body: &[u8]) -> Result<Self> {
        T::from_bundle(parse(body)?)
    }
}

impl<T: FromBundle> FromWire for Page<T> {
    fn from_wire(body: &[u8]) -> Result<Self> {
        let list: List = parse(body)?;
        let items = list.value.unwrap_or_default().into_iter().map(T::from_bundle);
        let continuation_token = list.next_link.filter(|link| !link.is_empty());
        Ok(Self { items: items.collect::<Result<_>>()?, continuation_token })
    }
}

/// A model of one secret, alone or as a row of a list.
pub(crate) trait FromBundle: Sized {
    fn from_bundle(bundle: Bundle) -> Result<Self>;
}

impl FromBundle for Secret {
    fn from_bundle(mut bundle: Bundle) -> Result<Self> {
        let value = bundle.value.take().ok_or_else(|| unexpected("no value"))?;
        Ok(Self { value, properties: SecretProperties::from_bundle(bundle)?, stale: false })
    }
}

impl FromBundle for DeletedSecret {
    fn from_bundle(mut bundle: Bundle) -> Result<Self> {
        Ok(Self {
            recovery_id: bundle.recovery_id.take(),
            deleted_date: bundle.deleted_date,
            scheduled_purge_date: bundle.scheduled_purge_date,
            properties: SecretProperties::from_bundle(bundle)?,
        })
    }
}

impl FromBundle for SecretProperties {
    fn from_bundle(bundle: Bundle) -> Result<Self> {
        let id = SecretId::parse(bundle.id).map_err(|_| unexpected("an id that is not a secret's"))?;
        Ok(Self {
            content_type: bundle.content_type,
            enabled: bundle.attributes.enabled.unwrap_or(true),
            not_before: bundle.attributes.nbf,
            expires_on: bundle.attributes.exp,
            created_on: bundle.attributes.created,
            updated_on: bundle.attributes.updated,
            recoverable_days: bundle.attributes.recoverable_days,
            recovery_level: bundle.attributes.recovery_level,
            tags: bundle.tags.unwrap_or_default(),
            managed: bundle.managed.unwrap_or_default(),
            key_id: bundle.kid,
            previous_version: bundle.previous_version,
            ..Self::of(id)
        })
    }
}

/// Parses a body. The parser's message is left out of the error: it may quote the body.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|e| {
        let place = format!("JSON that does not fit at line {} column {}", e.line(), e.column());
        unexpected(&place)
    })
}

fn unexpected(what: &str) -> Error {
    Error::new(ErrorKind::Protocol, format!("the vault's answer has {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_members_are_not_sent() {
        let body = SecretBody { value: Some("v\"\n".into()), ..SecretBody::default() };
        assert_eq!(body.to_bytes().unwrap(), r#"{"value":"v\"\n"}"#);
        let attributes = AttributesBody { enabled: Some(false), ..AttributesBody::default() };
        let body = SecretBody { tags: Some(Tags::new()), attributes, ..SecretBody::default() };
        assert_eq!(body.to_bytes().unwrap(), r#"{"tags":{},"attributes":{"enabled":false}}"#);
    }

    #[test]
    fn a_bundle_becomes_a_secret() {
        let body = br#"{"value":"","contentType":"t","id":"https://kv.example/secrets/n/0f","managed":true,"kid":"k",
            "attributes":{"enabled":false,"exp":9,"created":1,"recoveryLevel":"Purgeable","recoverableDays":0},"tags":{"a":"b"}}"#;
        let secret = Secret::from_wire(body).unwrap();
        assert_eq!(secret.value.expose(), "");
        let p = secret.properties;
        assert_eq!(
            (p.name.as_str(), p.version.as_deref(), p.enabled, p.managed),
            ("n", Some("0f"), false, true)
        );
        assert_eq!((p.expires_on, p.tags["a"].as_str()), (Some(Timestamp::from_unix_seconds(9)), "b"));
    }

    #[test]
    fn errors_do_not_quote_the_body() {
        for body in [
            &br#"{"value":"hunter2""#[..],
            br#"{"value":"hunter2","id":"x"}"#,
            br#"{"id":"hunter2","value":3}"#,
        ] {
            let error = Secret::from_wire(body).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol);
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }

    #[test]
    fn pages_may_be_empty_and_go_on() {
        let page: Page<SecretProperties> =
            FromWire::from_wire(br#"{"value":[],"nextLink":"https://x/"}"#).unwrap();
        assert_eq!((page.items.len(), page.continuation_token.as_deref()), (0, Some("https://x/")));
        let page: Page<DeletedSecret> = FromWire::from_wire(br#"{"value":null,"nextLink":null}"#).unwrap();
        assert_eq!((page.items.len(), page.continuation_token), (0, None));
    }
}
