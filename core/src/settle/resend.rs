use super::{Look, Settle, Verdict, outcome_unknown};
use crate::{
    auth::BoxFuture,
    error::{Error, ErrorKind, Result},
};

/// A write that does no harm when it is applied again: an update, which changes nothing the second time, and a restore,
/// which is refused when the name is in use. A backup does not tell its name, so there is nothing to look at.
pub(crate) struct Resend;

impl<T> Settle<T> for Resend {
    fn look<'a>(&'a self, _: Look<'a>) -> BoxFuture<'a, Result<Verdict<T>>> {
        Box::pin(async { Ok(Verdict::SendAgain) })
    }

    fn reread<'a>(&'a self, _: Look<'a>, error: Error) -> BoxFuture<'a, Result<T>> {
        Box::pin(async { reread(error) })
    }
}

/// Leaves a refusal that an earlier try must have met as well, and calls every other outcome unknown.
pub(super) fn reread<T>(error: Error) -> Result<T> {
    if matches!(error.status(), Some(400..=403)) {
        return Err(error);
    }
    let reason = if error.kind() == ErrorKind::AlreadyExists {
        "the name is in use at the next try: this restore brought the secret back, or the name was in use before"
    } else {
        "the next tries do not tell"
    };
    Err(outcome_unknown(&error, reason))
}
