use super::{Look, Settle, Verdict, is_there, outcome_unknown, resend};
use crate::{
    auth::BoxFuture,
    error::{Error, ErrorKind, Result},
    identifier::SecretName,
};

/// A purge guards itself: a second one finds nothing to purge. A look could not tell a purged name from one that is still
/// being deleted, which refuses a purge.
pub(crate) struct SettlePurge<'a>(pub(crate) &'a SecretName);

impl Settle<()> for SettlePurge<'_> {
    fn look<'a>(&'a self, _: Look<'a>) -> BoxFuture<'a, Result<Verdict<()>>> {
        Box::pin(async { Ok(Verdict::SendAgain) })
    }

    fn reread<'a>(&'a self, look: Look<'a>, error: Error) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            match error.kind() {
                ErrorKind::NotFound => {}
                ErrorKind::BeingDeleted | ErrorKind::BeingRecovered => return Err(error),
                _ => return resend::reread(error),
            }
            match is_there(look.active(self.0).await) {
                Ok(false) => Ok(()),
                Ok(true) => {
                    let reason = "the name is active: recovered instead, or purged and set anew";
                    Err(outcome_unknown(&error, reason))
                }
                Err(blind) => {
                    Err(outcome_unknown(&error, "whether the name is active cannot be read")
                        .with_source(blind))
                }
            }
        })
    }
}
