use http::Method;
use url::Url;

use super::{GET_SECRET, SET_SECRET};
use crate::{
    advice,
    conflict::{OnConflict, Resolution},
    error::{Error, ErrorKind, Result},
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
    if_changed: bool,
    if_absent: bool,
}

impl SetSecret {
    pub(crate) fn new(name: String, value: SecretValue) -> Self {
        let body = SecretBody { value: Some(value), ..SecretBody::default() };
        Self { name, body, on_conflict: OnConflict::default(), if_changed: false, if_absent: false }
    }

    /// Makes the same set of another name and value.
    pub(crate) fn of(&self, name: String, value: SecretValue) -> Self {
        Self { name, body: SecretBody { value: Some(value), ..self.body.clone() }, ..*self }
    }
}

/// An operation that makes versions.
pub trait Set {
    #[doc(hidden)]
    fn set(&mut self) -> &mut SetSecret;
}

impl Set for SetSecret {
    fn set(&mut self) -> &mut SetSecret {
        self
    }
}

impl<O: Set> Request<O> {
    /// Says what to do about a soft-deleted secret of the same name. The default is to fail.
    ///
    /// Recovery and purge are waited for within the call's deadline. A purge needs its own permission, and a vault without purge
    /// protection; without them the call fails with [`Forbidden`](crate::ErrorKind::Forbidden).
    pub fn on_conflict(mut self, policy: impl Into<Option<OnConflict>>) -> Self {
        self.operation.set().on_conflict = policy.into().unwrap_or_default();
        self
    }

    /// Says whether to write only what differs from the newest version in value, content type, tags, or another property. A set that
    /// changes nothing gives that version. The default is to write always.
    ///
    /// Reads the secret first, which needs the permission. Two callers that read before either writes make two versions.
    pub fn if_changed(mut self, only: impl Into<Option<bool>>) -> Self {
        self.operation.set().if_changed = only.into().unwrap_or_default();
        self
    }

    /// Says whether to write only where no secret has the name; one that has it, disabled or not, fails the call with
    /// [`AlreadyExists`](crate::ErrorKind::AlreadyExists). The default is to write always.
    ///
    /// Reads the secret first, which needs the permission. The service has no such condition of its own: two callers
    /// that read before either writes make two versions.
    pub fn if_absent(mut self, only: impl Into<Option<bool>>) -> Self {
        self.operation.set().if_absent = only.into().unwrap_or_default();
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

impl SetSecret {
    /// Checks what the service would refuse, or could not mean.
    pub(super) fn check(&self) -> Result<()> {
        if self.if_absent && self.if_changed {
            return Err(Error::invalid_argument("if_absent", "cannot be combined with if_changed"));
        }
        if self.if_absent && self.on_conflict == OnConflict::Recover {
            let rule = "cannot be combined with on_conflict=recover, after which the name is not absent";
            return Err(Error::invalid_argument("if_absent", rule));
        }
        check_body(&self.body)
    }

    /// Looks whether the conditions let the set go on, and gives the version that makes it needless.
    async fn needless(&self, context: &Context, url: Url) -> Result<Option<Secret>> {
        if !self.if_absent && !self.if_changed {
            return Ok(None);
        }
        let call = Call::new(&GET_SECRET, Method::GET, url, context.deadline);
        let current = match context.pipeline.send::<Secret>(&call).await {
            Ok(current) => Some(current),
            Err(error) if error.kind() == ErrorKind::SecretDisabled => None,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if self.if_absent {
            return Err(Error::new(ErrorKind::AlreadyExists, "a secret of this name exists")
                .with_advice(advice::NOT_ABSENT.to_owned()));
        }
        Ok(current.filter(|current| self.body.makes(current)))
    }
}

impl Operation for SetSecret {
    type Output = Secret;
    const ABOUT: &'static About = &SET_SECRET;

    async fn run(self, context: Context) -> Result<Secret> {
        let name = SecretName::new(&self.name)?;
        self.check()?;
        let url = context.pipeline.url(&["secrets", name.as_str()]);
        if let Some(current) = self.needless(&context, url.clone()).await? {
            return Ok(current);
        }
        let call = Call::new(Self::ABOUT, Method::PUT, url, context.deadline).body(self.body.to_bytes()?);
        let settle = SettleSet { name: &name, sent: &self.body };
        let mut resolution = Resolution::new(self.on_conflict, &name, &context);
        loop {
            match context.pipeline.send_once(&call, &settle).await {
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
