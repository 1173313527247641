//! Set, get and update.

use super::wire::{SetBody, UpdateBody};
use crate::clock::seconds;
use crate::error::ServiceError;
use crate::rules;
use crate::vault::contents::Contents;
use crate::vault::secret::{Secret, Version};

use super::{Answer, Call, text};

pub(super) fn set(call: &Call<'_>, contents: &mut Contents, body: SetBody) -> Answer {
    rules::check_value(&body.value)?;
    rules::check_content_type(body.content_type.as_deref())?;
    rules::check_tags(body.tags.as_ref())?;
    if let Some(secret) = contents.secret(call.name) {
        secret.head.life.admit_set(call.name)?;
        if secret.head.managed {
            return Err(ServiceError::managed("set"));
        }
    }
    let attributes = body.attributes.unwrap_or_default();
    let version = Version {
        content_type: body.content_type,
        tags: body.tags,
        enabled: attributes.enabled.unwrap_or(true),
        not_before: attributes.nbf,
        expires_on: attributes.exp,
        ..Version::new(body.value, call.now)
    };
    let id = contents.add_version(call.name, false, version);
    let (secret, id, version) = call.find(contents, &id)?;
    text(&call.frame(contents).with_value(secret, id, version))
}

pub(super) fn get(call: &Call<'_>, contents: &Contents) -> Answer {
    let (secret, id, version) = call.find(contents, call.version)?;
    if !version.enabled {
        return Err(ServiceError::secret_disabled());
    }
    text(&call.frame(contents).with_value(secret, id, version))
}

pub(super) fn update(call: &Call<'_>, contents: &mut Contents, body: UpdateBody) -> Answer {
    rules::check_content_type(body.content_type.as_deref())?;
    rules::check_tags(body.tags.as_ref())?;
    let (secret, id, _) = call.find(contents, call.version)?;
    if secret.head.managed {
        return Err(ServiceError::managed("update"));
    }
    let id = id.to_owned();
    contents.change_version(call.name, &id, |version| {
        let attributes = body.attributes.unwrap_or_default();
        version.content_type = body.content_type.or(version.content_type.take());
        version.tags = body.tags.or(version.tags.take());
        version.enabled = attributes.enabled.unwrap_or(version.enabled);
        version.not_before = attributes.nbf.or(version.not_before);
        version.expires_on = attributes.exp.or(version.expires_on);
        version.updated = seconds(call.now);
    });
    let (secret, id, version) = call.find(contents, &id)?;
    text(&call.frame(contents).bundle(secret, id, version))
}

impl Call<'_> {
    /// Finds a version of the active name; an empty id stands for the newest one.
    fn find<'c>(
        &self,
        contents: &'c Contents,
        version: &str,
    ) -> Result<(&'c Secret, &'c str, &'c Version), ServiceError> {
        let found = contents.active(self.name).and_then(|secret| {
            let (id, version) = secret.version(version)?;
            Some((secret, id, version))
        });
        found.ok_or_else(|| match version {
            "" => ServiceError::secret_not_found(self.name),
            version => ServiceError::secret_not_found(&format!("{}/{version}", self.name)),
        })
    }
}
