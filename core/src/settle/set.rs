use std::cmp::Reverse;

use super::{Look, Settle, Verdict, outcome_unknown, vault_time};
use crate::{
    auth::BoxFuture,
    error::{Error, ErrorKind, Result},
    identifier::SecretName,
    model::{Secret, SecretProperties, Timestamp},
    operations,
    wire::{FromWire, SecretBody},
};

/// A set was applied if a version is there that was made since the call began, carries all that the call sent, and is not
/// another call's.
pub(crate) struct SettleSet<'a> {
    pub(crate) name: &'a SecretName,
    pub(crate) sent: &'a SecretBody,
}

/// How a version compares to what was sent.
enum Likeness {
    Same,
    /// The value, which cannot be changed, is what was sent; the properties, which can, are not.
    ValueAlone,
    Other,
}

impl SettleSet<'_> {
    fn compare(&self, secret: &Secret) -> Likeness {
        if self.sent.makes(secret) {
            Likeness::Same
        } else if self.sent.value.as_ref() == Some(&secret.value) {
            Likeness::ValueAlone
        } else {
            Likeness::Other
        }
    }

    /// Goes through the versions that were made since the call began: another writer's may lie on top of this call's.
    /// `other` is known to be another writer's.
    async fn search(&self, mut look: Look<'_>, other: Option<String>) -> Result<Verdict<Secret>> {
        let about = &operations::LIST_PROPERTIES_OF_SECRET_VERSIONS;
        let (mut versions, now) =
            look.list::<SecretProperties>(about, &["secrets", self.name.as_str(), "versions"]).await?;
        versions.sort_by_key(|found| Reverse(found.created_on));
        let mut cannot_tell = None;
        for SecretProperties { version, enabled, created_on, .. } in versions {
            if !is_since(look.earliest(now), created_on) {
                break;
            }
            let Some(version) = version.filter(|version| Some(version) != other.as_ref()) else { continue };
            if let Some(since) = look.pipeline.claims.since(&version) {
                // The call that has it may have left its own for this one, and that one is as old as that call.
                look.since = look.since.min(since);
                continue;
            }
            if !enabled {
                cannot_tell = Some("a version of that time is disabled, so its value cannot be read");
                continue;
            }
            let Some(answer) = look.version(self.name, &version).await? else {
                return Err(cannot_be_known("the secret was deleted meanwhile"));
            };
            let secret = Secret::from_wire(answer.body())?;
            match self.compare(&secret) {
                Likeness::Same if self.take(look, &secret) => return Ok(Verdict::Applied(secret)),
                // Another call took it since the list was read, and may have left its own.
                Likeness::Same => return self.look(look).await,
                Likeness::ValueAlone => {
                    cannot_tell = Some("a version of that time has the value, but other properties");
                }
                Likeness::Other => {}
            }
        }
        cannot_tell.map_or(Ok(Verdict::SendAgain), |reason| Err(cannot_be_known(reason)))
    }

    /// Tells whether the deleted secret of the name has no version that was made since the call began.
    async fn was_deleted_before(&self, look: Look<'_>) -> Result<bool> {
        let Some((deleted, earliest)) = look.deleted_secret(self.name).await? else { return Ok(false) };
        Ok(!is_since(earliest, deleted.properties.created_on))
    }
}

impl Settle<Secret> for SettleSet<'_> {
    fn look<'a>(&'a self, look: Look<'a>) -> BoxFuture<'a, Result<Verdict<Secret>>> {
        Box::pin(async move {
            let other = match look.active(self.name).await {
                Ok(Some(answer)) => {
                    let current = Secret::from_wire(answer.body())?;
                    if !is_since(look.earliest(vault_time(&answer)), current.properties.created_on) {
                        return Ok(Verdict::SendAgain);
                    }
                    match self.compare(&current) {
                        Likeness::Same if self.take(look, &current) => {
                            return Ok(Verdict::Applied(current));
                        }
                        Likeness::Other => current.properties.version,
                        Likeness::Same | Likeness::ValueAlone => None,
                    }
                }
                Ok(None) => return Ok(Verdict::SendAgain),
                Err(error) if error.kind() == ErrorKind::SecretDisabled => None,
                Err(error) => return Err(error),
            };
            self.search(look, other).await
        })
    }

    /// A name that is refused because it is deleted may have been deleted with this call's version in it.
    fn reread<'a>(&'a self, look: Look<'a>, error: Error) -> BoxFuture<'a, Result<Secret>> {
        Box::pin(async move {
            use ErrorKind::{BeingDeleted, BeingRecovered, SoftDeleted};
            if !matches!(error.kind(), SoftDeleted | BeingDeleted | BeingRecovered) {
                return Err(error);
            }
            match self.was_deleted_before(look).await {
                Ok(true) => Err(error),
                Ok(false) => Err(outcome_unknown(&error, "the name may have been deleted with it")),
                Err(blind) => {
                    Err(outcome_unknown(&error, "the deleted secret cannot be read").with_source(blind))
                }
            }
        })
    }

    /// Calls that write the same are interchangeable: one whose version another took goes on with that one's.
    fn take(&self, look: Look<'_>, output: &Secret) -> bool {
        let version = output.properties.version.as_deref();
        version.is_none_or(|version| look.pipeline.claims.claim(version, look.since))
    }
}

fn is_since(earliest: Timestamp, made: Option<Timestamp>) -> bool {
    made.is_some_and(|made| made >= earliest)
}

fn cannot_be_known(reason: &str) -> Error {
    Error::new(ErrorKind::OutcomeUnknown, reason)
}
