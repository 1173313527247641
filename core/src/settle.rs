//! What to look at after a write whose answer was lost, per operation.

use std::time::{Duration, SystemTime};

use http::{Method, header::DATE};
use tokio::time::sleep;

use crate::{
    auth::BoxFuture,
    error::{Error, ErrorKind, Result},
    identifier::SecretName,
    model::{DeletedSecret, Secret, SecretProperties, Timestamp},
    operations,
    pipeline::{Call, Pipeline},
    request::Deadline,
    transport::Response,
    wire::{FromWire, SecretBody},
};

/// How long a name may be neither active nor deleted. Deletions of up to 32 seconds have been observed.
const LONGEST_TRANSITION: Duration = Duration::from_secs(45);

/// What the vault shows of a write whose answer was lost.
pub(crate) enum Verdict<T> {
    /// It was applied, with this result.
    Applied(T),
    /// It was not applied: sending it again does no harm.
    NotApplied,
}

/// Finds out whether a write was applied.
pub(crate) trait Settle<T>: Send + Sync {
    /// Looks at the vault. An error means that it cannot be known.
    fn look<'a>(&'a self, pipeline: &'a Pipeline, deadline: Deadline) -> BoxFuture<'a, Result<Verdict<T>>>;

    /// Rereads the failure of a later try, knowing that an earlier one was in doubt.
    fn reconsider(&self, error: Error) -> Error {
        error
    }
}

/// Looks at one name.
struct Look<'a> {
    pipeline: &'a Pipeline,
    name: &'a SecretName,
    deadline: Deadline,
}

impl Look<'_> {
    /// Reads the active secret of the name, or none if there is none.
    async fn active(&self) -> Result<Option<Response>> {
        self.get("secrets").await
    }

    /// Reads the soft-deleted secret of the name, or none if there is none.
    async fn deleted(&self) -> Result<Option<Response>> {
        self.get("deletedsecrets").await
    }

    async fn get(&self, collection: &str) -> Result<Option<Response>> {
        let about =
            if collection == "secrets" { &operations::GET_SECRET } else { &operations::GET_DELETED_SECRET };
        let url = self.pipeline.url(&[collection, self.name.as_str()]);
        match self.pipeline.fetch(Call::new(about, Method::GET, url, self.deadline)).await {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Tells whether the vault made something since the call began, by the vault's own clock.
    fn is_of_this_call(&self, answer: &Response, made: Option<Timestamp>) -> bool {
        let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
        let now = date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or_else(SystemTime::now);
        // Both clocks count whole seconds, so the second before counts too.
        let began = now - self.deadline.started.elapsed() - Duration::from_secs(1);
        made.is_some_and(|made| made >= Timestamp::from(began))
    }

    async fn pause(&self) -> Result<()> {
        let interval = self.pipeline.config.poll_interval;
        if self.deadline.is_crossed_by(interval) {
            return Err(Error::new(ErrorKind::Timeout, "the name was in transition until the deadline"));
        }
        sleep(interval).await;
        Ok(())
    }

    fn gives_up(&self) -> bool {
        self.deadline.started.elapsed() > LONGEST_TRANSITION
    }
}

/// A set was applied if the current version is of this call and carries all that the call sent.
pub(crate) struct SettleSet<'a> {
    pub(crate) name: &'a SecretName,
    pub(crate) sent: &'a SecretBody,
}

impl SettleSet<'_> {
    fn is_what_was_sent(&self, secret: &Secret) -> bool {
        let (sent, found) = (self.sent, &secret.properties);
        sent.value.as_ref() == Some(&secret.value)
            && sent.content_type == found.content_type
            && sent.tags.clone().unwrap_or_default() == found.tags
            && sent.attributes.enabled.unwrap_or(true) == found.enabled
            && sent.attributes.not_before == found.not_before
            && sent.attributes.expires_on == found.expires_on
    }
}

impl Settle<Secret> for SettleSet<'_> {
    fn look<'a>(
        &'a self,
        pipeline: &'a Pipeline,
        deadline: Deadline,
    ) -> BoxFuture<'a, Result<Verdict<Secret>>> {
        Box::pin(async move {
            let look = Look { pipeline, name: self.name, deadline };
            let Some(answer) = look.active().await? else { return Ok(Verdict::NotApplied) };
            let secret = Secret::from_wire(answer.body())?;
            let applied =
                self.is_what_was_sent(&secret) && look.is_of_this_call(&answer, secret.properties.created_on);
            Ok(if applied { Verdict::Applied(secret) } else { Verdict::NotApplied })
        })
    }
}

/// A deletion was applied if a deleted secret of this call is there, or appears.
pub(crate) struct SettleDelete<'a>(pub(crate) &'a SecretName);

impl Settle<DeletedSecret> for SettleDelete<'_> {
    fn look<'a>(
        &'a self,
        pipeline: &'a Pipeline,
        deadline: Deadline,
    ) -> BoxFuture<'a, Result<Verdict<DeletedSecret>>> {
        Box::pin(async move {
            let look = Look { pipeline, name: self.0, deadline };
            loop {
                if let Some(answer) = look.deleted().await? {
                    let deleted = DeletedSecret::from_wire(answer.body())?;
                    let applied = look.is_of_this_call(&answer, deleted.deleted_date);
                    return Ok(if applied { Verdict::Applied(deleted) } else { Verdict::NotApplied });
                }
                if is_there(look.active().await)? || look.gives_up() {
                    return Ok(Verdict::NotApplied);
                }
                look.pause().await?;
            }
        })
    }
}

/// A recovery was applied if the secret is active, or becomes so.
pub(crate) struct SettleRecover<'a>(pub(crate) &'a SecretName);

impl Settle<SecretProperties> for SettleRecover<'_> {
    fn look<'a>(
        &'a self,
        pipeline: &'a Pipeline,
        deadline: Deadline,
    ) -> BoxFuture<'a, Result<Verdict<SecretProperties>>> {
        Box::pin(async move {
            let look = Look { pipeline, name: self.0, deadline };
            loop {
                if let Some(answer) = look.active().await? {
                    return Ok(Verdict::Applied(SecretProperties::from_wire(answer.body())?));
                }
                if is_there(look.deleted().await)? || look.gives_up() {
                    return Ok(Verdict::NotApplied);
                }
                look.pause().await?;
            }
        })
    }
}

/// A purge was applied if the deleted secret is gone.
pub(crate) struct SettlePurge<'a>(pub(crate) &'a SecretName);

impl Settle<()> for SettlePurge<'_> {
    fn look<'a>(&'a self, pipeline: &'a Pipeline, deadline: Deadline) -> BoxFuture<'a, Result<Verdict<()>>> {
        Box::pin(async move {
            let look = Look { pipeline, name: self.0, deadline };
            Ok(if is_there(look.deleted().await)? { Verdict::NotApplied } else { Verdict::Applied(()) })
        })
    }
}

/// A restore guards itself: it fails on a name in use. But a backup does not tell its name, so there is nothing to look at,
/// and a name in use at a later try may be the work of an earlier one.
pub(crate) struct SettleRestore;

impl Settle<SecretProperties> for SettleRestore {
    fn look<'a>(&'a self, _: &'a Pipeline, _: Deadline) -> BoxFuture<'a, Result<Verdict<SecretProperties>>> {
        Box::pin(async { Ok(Verdict::NotApplied) })
    }

    fn reconsider(&self, error: Error) -> Error {
        if error.kind() != ErrorKind::AlreadyExists {
            return error;
        }
        let message = "the answer to a restore was lost, and the name is in use at the next try: either this restore brought the \
            secret back, or the name was in use before";
        Error::new(ErrorKind::OutcomeUnknown, message)
            .with_advice("look at the secret's versions before restoring again".to_owned())
            .with_source(error)
    }
}

/// Tells whether a look found the secret; a disabled one is there, though it cannot be read.
fn is_there(found: Result<Option<Response>>) -> Result<bool> {
    match found {
        Ok(found) => Ok(found.is_some()),
        Err(error) if error.kind() == ErrorKind::SecretDisabled => Ok(true),
        Err(error) => Err(error),
    }
}
