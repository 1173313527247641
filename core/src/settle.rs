//! What to look at after a write whose answer was lost, per operation.
//!
//! The service knows no idempotency key, and its times are whole seconds. So three things stay undecidable, and each has the
//! reading that does least harm:
//!
//! * Another process wrote the very same version, or deleted the same name, within about a second of this call, and this
//!   call was not applied. It is taken for this call's: the vault holds what was asked for, and sending again would make
//!   the duplicate. Calls of the same client are told apart by [`Claims`].
//! * The vault still has the lost request in hand when it is looked at, and applies it later. No look can exclude that,
//!   and one after the second try could only report what cannot be undone. A pause comes before the look: at least half of
//!   what a retry waits at most.
//! * Another caller undid the write before the look: a deletion by a recovery, a set by a deletion. Then it is done again,
//!   or reported as failed where no try is left.

mod claims;
mod delete;
mod purge;
mod recover;
mod resend;
mod set;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime};

use http::{Method, header::DATE};
use tokio::time::Instant;
use url::Url;

pub(crate) use self::{
    claims::Claims, delete::SettleDelete, purge::SettlePurge, recover::SettleRecover, resend::Resend,
    set::SettleSet,
};
use crate::{
    auth::BoxFuture,
    error::{Error, ErrorKind, Result},
    identifier::SecretName,
    interval::Interval,
    model::{DeletedSecret, Timestamp},
    operations,
    page::Page,
    pipeline::{Call, Pipeline},
    request::{About, Deadline},
    transport::Response,
    wire::FromWire,
};

/// How long a name may be neither active nor deleted. Deletions of up to 32 seconds have been observed.
const LONGEST_TRANSITION: Duration = Duration::from_secs(45);

/// What the vault shows of a write whose answer was lost.
pub(crate) enum Verdict<T> {
    /// It was applied, with this result.
    Applied(T),
    /// It was not applied, or does no harm when it is applied again.
    SendAgain,
}

/// Finds out whether a write was applied.
pub(crate) trait Settle<T>: Send + Sync {
    /// Looks at the vault. An error means that it cannot be known.
    fn look<'a>(&'a self, look: Look<'a>) -> BoxFuture<'a, Result<Verdict<T>>>;

    /// Rereads the error that ends the call, knowing that a try before it was in doubt.
    fn reread<'a>(&'a self, look: Look<'a>, error: Error) -> BoxFuture<'a, Result<T>> {
        let _ = look;
        Box::pin(async { Err(error) })
    }

    /// Takes a result for this call's, unless another call has taken it for its own.
    fn take(&self, look: Look<'_>, output: &T) -> bool {
        let _ = (look, output);
        true
    }
}

/// Makes the error of a write of which nobody knows whether it was applied.
pub(crate) fn outcome_unknown(lost: &Error, reason: &str) -> Error {
    let message = format!("the write may or may not have been applied ({}), and {reason}", lost.message());
    let fields = lost.fields();
    let error = Error::new(ErrorKind::OutcomeUnknown, message).with_request_id(fields.request_id);
    let error = match fields.status {
        Some(status) => error.with_service(status, fields.code, fields.inner_code),
        None => error,
    };
    error.with_advice("look at the secret's versions before writing again".to_owned())
}

/// Looks once more after a refusal, which may come from the call's own earlier try.
async fn look_again<T>(settle: &dyn Settle<T>, look: Look<'_>, refusal: Error) -> Result<T> {
    match settle.look(look).await {
        Ok(Verdict::Applied(output)) => Ok(output),
        Ok(Verdict::SendAgain) => Err(refusal),
        Err(blind) => {
            Err(outcome_unknown(&refusal, &format!("looking failed: {}", blind.message())).with_source(blind))
        }
    }
}

/// Looks at the vault on behalf of one call.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) pipeline: &'a Pipeline,
    pub(crate) deadline: Deadline,
    /// When the first try in doubt began.
    pub(crate) since: Instant,
}

impl Look<'_> {
    /// Reads the newest version of the active secret, or none if there is none.
    async fn active(&self, name: &SecretName) -> Result<Option<Response>> {
        self.get(&operations::GET_SECRET, &["secrets", name.as_str()]).await
    }

    /// Reads one version of the active secret, or none if there is none.
    async fn version(&self, name: &SecretName, version: &str) -> Result<Option<Response>> {
        self.get(&operations::GET_SECRET, &["secrets", name.as_str(), version]).await
    }

    /// Reads the soft-deleted secret of the name, or none if there is none.
    async fn deleted(&self, name: &SecretName) -> Result<Option<Response>> {
        self.get(&operations::GET_DELETED_SECRET, &["deletedsecrets", name.as_str()]).await
    }

    /// Finds the soft-deleted secret of the name, and the earliest time that something of this call can carry.
    async fn deleted_secret(&self, name: &SecretName) -> Result<Option<(DeletedSecret, Timestamp)>> {
        match self.deleted(name).await {
            Ok(Some(answer)) => {
                Ok(Some((DeletedSecret::from_wire(answer.body())?, self.earliest(vault_time(&answer)))))
            }
            Ok(None) => Ok(None),
            // A disabled one can be listed, though not read.
            Err(error) if error.kind() == ErrorKind::SecretDisabled => {
                let (all, now) = self
                    .list::<DeletedSecret>(&operations::LIST_DELETED_SECRETS, &["deletedsecrets"])
                    .await?;
                let is_it = |found: &DeletedSecret| found.properties.name.eq_ignore_ascii_case(name.as_str());
                Ok(all.into_iter().find(is_it).map(|found| (found, self.earliest(now))))
            }
            Err(error) => Err(error),
        }
    }

    async fn get(&self, about: &'static About, segments: &[&str]) -> Result<Option<Response>> {
        match self.fetch(about, self.pipeline.url(segments)).await {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn fetch(&self, about: &'static About, url: Url) -> Result<Response> {
        self.pipeline.fetch(&Call::new(about, Method::GET, url, self.deadline)).await
    }

    /// Reads a whole list, and the time it is by the vault's clock.
    async fn list<T>(&self, about: &'static About, segments: &[&str]) -> Result<(Vec<T>, SystemTime)>
    where
        Page<T>: FromWire,
    {
        let mut answer = self.fetch(about, self.pipeline.url(segments)).await?;
        let now = vault_time(&answer);
        let mut items = Vec::new();
        loop {
            let page: Page<T> = Page::from_wire(answer.body())?;
            let next = page.next(&self.pipeline.vault, segments)?;
            items.extend(page.items);
            let Some(next) = next else { return Ok((items, now)) };
            answer = self.fetch(about, next).await?;
        }
    }

    /// Returns the earliest time that something of this call can carry, where the vault's clock shows `now`.
    fn earliest(&self, now: SystemTime) -> Timestamp {
        // A second is left for the service's clocks to differ.
        Timestamp::from(now - self.since.elapsed() - Duration::from_secs(1))
    }

    /// Waits while a name is neither active nor deleted, and fails when it has been so for too long.
    ///
    /// A name that was never there looks the same: every read and a second deletion find nothing either way, and nothing
    /// that the service documents tells the two apart without writing.
    async fn pause_in_transition(&self, interval: &mut Interval) -> Result<()> {
        if self.since.elapsed() <= LONGEST_TRANSITION && interval.pause(self.deadline).await.is_ok() {
            return Ok(());
        }
        let message = "the name is neither active nor deleted: in transition still, purged, or never there";
        Err(Error::new(ErrorKind::Timeout, message))
    }

    fn interval(&self) -> Interval {
        Interval::new(self.pipeline.config.poll_interval)
    }
}

fn vault_time(answer: &Response) -> SystemTime {
    let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
    date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or_else(SystemTime::now)
}

/// Tells whether a look found the secret; a disabled one is there, though it cannot be read.
fn is_there(found: Result<Option<Response>>) -> Result<bool> {
    match found {
        Ok(found) => Ok(found.is_some()),
        Err(error) if error.kind() == ErrorKind::SecretDisabled => Ok(true),
        Err(error) => Err(error),
    }
}
