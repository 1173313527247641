//! What to do when a set meets a name that a deleted secret holds.

use http::Method;

use crate::{
    error::{Error, ErrorKind, Result},
    events,
    identifier::SecretName,
    interval::Interval,
    model::SecretProperties,
    operations,
    pipeline::Call,
    request::{About, Context},
    settle::{SettlePurge, SettleRecover},
};

/// What a set does about a soft-deleted secret of its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnConflict {
    /// Fails, and leaves the deleted secret as it is.
    #[default]
    Fail,
    /// Recovers the deleted secret with its versions, and writes the new version on top.
    Recover,
    /// Purges the deleted secret for good, and writes the first version of a new one.
    Purge,
}

impl OnConflict {
    /// Every policy, by its name in every language.
    pub const NAMES: &[(&str, Self)] =
        &[("fail", Self::Fail), ("recover", Self::Recover), ("purge", Self::Purge)];

    /// Returns the policy of a name.
    ///
    /// # Errors
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) that names `on_conflict` for any other text.
    pub fn from_name(name: &str) -> Result<Self> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, policy)| *policy).ok_or_else(|| {
            let names: Vec<_> = Self::NAMES.iter().map(|(known, _)| *known).collect();
            Error::invalid_argument("on_conflict", format!("must be one of {}", names.join(", ")))
        })
    }
}

/// Frees a name for one set, conflict by conflict, until the set goes through or its deadline comes.
pub(crate) struct Resolution<'a> {
    policy: OnConflict,
    name: &'a SecretName,
    context: &'a Context,
    interval: Interval,
}

impl<'a> Resolution<'a> {
    pub(crate) fn new(policy: OnConflict, name: &'a SecretName, context: &'a Context) -> Self {
        Self { policy, name, context, interval: Interval::new(context.pipeline.config.poll_interval) }
    }

    /// Does what the policy says about a set's failure, after which the set can be tried again; or returns the failure.
    pub(crate) async fn resolve(&mut self, failure: Error) -> Result<()> {
        let is_ours = match (failure.kind(), self.policy) {
            (_, OnConflict::Fail) => return Err(failure),
            (ErrorKind::SoftDeleted, _) => self.free().await?,
            // Whoever began it, the vault ends it by itself.
            (ErrorKind::BeingDeleted | ErrorKind::BeingRecovered, _) => false,
            _ => return Err(failure),
        };
        // What this call began shows at once in many vaults: the first look comes without a wait.
        if is_ours {
            return Ok(());
        }
        self.interval.pause(self.context.deadline).await.map_err(|wait| failure.with_retry_after(wait))
    }

    /// Recovers or purges the deleted secret. Returns whether this call did it.
    async fn free(&self) -> Result<bool> {
        let freed = if self.policy == OnConflict::Purge { self.purge().await } else { self.recover().await };
        match freed {
            Ok(()) => Ok(true),
            Err(error) if is_anothers_work(error.kind()) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn recover(&self) -> Result<()> {
        events::conflict(self.name.as_str(), "recover");
        let call = self.call(&operations::BEGIN_RECOVER_DELETED_SECRET, Method::POST, &["recover"]);
        self.context.pipeline.send_once::<SecretProperties>(&call, &SettleRecover(self.name)).await.map(drop)
    }

    async fn purge(&self) -> Result<()> {
        events::conflict(self.name.as_str(), "purge");
        let call = self.call(&operations::PURGE_DELETED_SECRET, Method::DELETE, &[]);
        self.context.pipeline.send_once(&call, &SettlePurge(self.name)).await
    }

    fn call(&self, about: &'static About, method: Method, action: &[&str]) -> Call {
        let segments = [&["deletedsecrets", self.name.as_str()], action].concat();
        Call::new(about, method, self.context.pipeline.url(&segments), self.context.deadline)
    }
}

/// Tells whether a recovery or purge failed because another caller was faster, or is at it.
fn is_anothers_work(kind: ErrorKind) -> bool {
    use ErrorKind::{BeingDeleted, BeingRecovered, Conflict, NotFound};
    matches!(kind, NotFound | Conflict | BeingDeleted | BeingRecovered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_have_names() {
        assert_eq!(OnConflict::from_name("recover").unwrap(), OnConflict::Recover);
        let error = OnConflict::from_name("overwrite").unwrap_err();
        assert_eq!(error.message(), "on_conflict: must be one of fail, recover, purge");
    }
}
