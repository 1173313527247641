use http::Method;

use super::SET_SECRET;
use crate::{
    conflict::{OnConflict, Resolution},
    error::{Error, Result},
    identifier::SecretName,
    model::{Secret, Tags, Timestamp},
    pipeline::Call,
    request::{About, Context, Operation, OptionalText, Request},
    settle::SettleSet,
    value::SecretValue,
    wire::SecretBody,
};

const MAX_VALUE: usize = 25_600;
const MAX_CONTENT_TYPE: usize = 255;
const MAX_TAGS: usize = 15;
const MAX_TAG: usize = 512;

/// See [`SecretClient::set_secret`](crate::SecretClient::set_secret).
#[derive(Clone, Debug)]
pub struct SetSecret {
    name: String,
    body: SecretBody,
    on_conflict: OnConflict,
}

impl SetSecret {
    pub(crate) fn new(name: String, value: SecretValue) -> Self {
        let body = SecretBody { value: Some(value), ..SecretBody::default() };
        Self { name, body, on_conflict: OnConflict::default() }
    }
}

impl Request<SetSecret> {
    /// Says what to do about a soft-deleted secret of the same name. The default is to fail.
    ///
    /// Recovery and purge are waited for within the call's deadline. A purge needs its own permission, and a vault without purge
    /// protection; without them the call fails with [`Forbidden`](crate::ErrorKind::Forbidden).
    pub fn on_conflict(mut self, policy: impl Into<Option<OnConflict>>) -> Self {
        self.operation.on_conflict = policy.into().unwrap_or_default();
        self
    }
}

/// An operation that writes a version's properties.
pub trait Properties {
    #[doc(hidden)]
    fn body(&mut self) -> &mut SecretBody;
}

impl Properties for SetSecret {
    fn body(&mut self) -> &mut SecretBody {
        &mut self.body
    }
}

impl<O: Properties> Request<O> {
    /// Says what the value is, such as `application/json`; at most 255 characters.
    pub fn content_type(mut self, content_type: impl OptionalText) -> Self {
        self.operation.body().content_type = content_type.into_option();
        self
    }

    /// Sets the version's tags, all of them: at most 15, keys and values of at most 512 characters.
    pub fn tags(mut self, tags: impl Into<Option<Tags>>) -> Self {
        self.operation.body().tags = tags.into();
        self
    }

    /// Says whether the value can be read. A new version is enabled by default.
    pub fn enabled(mut self, enabled: impl Into<Option<bool>>) -> Self {
        self.operation.body().attributes.enabled = enabled.into();
        self
    }

    /// Sets the moment before which the secret is not to be used. The service does not enforce it.
    pub fn not_before(mut self, moment: impl Into<Option<Timestamp>>) -> Self {
        self.operation.body().attributes.not_before = moment.into();
        self
    }

    /// Sets the moment after which the secret is not to be used. The service does not enforce it.
    pub fn expires_on(mut self, moment: impl Into<Option<Timestamp>>) -> Self {
        self.operation.body().attributes.expires_on = moment.into();
        self
    }
}

impl Operation for SetSecret {
    type Output = Secret;
    const ABOUT: &'static About = &SET_SECRET;

    async fn run(self, context: Context) -> Result<Secret> {
        let name = SecretName::new(&self.name)?;
        check_body(&self.body)?;
        let url = context.pipeline.url(&["secrets", name.as_str()]);
        let call = Call::new(Self::ABOUT, Method::PUT, url, context.deadline).body(self.body.to_bytes()?);
        let settle = SettleSet { name: &name, sent: &self.body };
        let mut resolution = Resolution::new(self.on_conflict, &name, &context);
        loop {
            match context.pipeline.send_once(call.clone(), &settle).await {
                Ok(secret) => return Ok(secret),
                Err(failure) => resolution.resolve(failure).await?,
            }
        }
    }
}

/// Checks what a set or an update sends against the service's limits.
pub(super) fn check_body(body: &SecretBody) -> Result<()> {
    let at_most = |argument: &str, limit: usize, text: &str| {
        let length = text.chars().count();
        let rule = || format!("must have at most {limit} characters, got {length}");
        if length > limit { Err(Error::invalid_argument(argument, rule())) } else { Ok(()) }
    };
    if let Some(value) = &body.value {
        at_most("value", MAX_VALUE, value.expose())?;
    }
    if let Some(content_type) = &body.content_type {
        at_most("content_type", MAX_CONTENT_TYPE, content_type)?;
    }
    let Some(tags) = &body.tags else { return Ok(()) };
    if tags.len() > MAX_TAGS {
        return Err(Error::invalid_argument(
            "tags",
            format!("must be at most {MAX_TAGS}, got {}", tags.len()),
        ));
    }
    for (key, value) in tags {
        at_most("tags: a key", MAX_TAG, key)?;
        at_most("tags: a value", MAX_TAG, value)?;
    }
    Ok(())
}
