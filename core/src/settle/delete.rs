use super::{Look, Settle, Verdict, is_there, look_again};
use crate::{
    auth::BoxFuture,
    error::{Error, ErrorKind, Result},
    identifier::SecretName,
    model::DeletedSecret,
};

/// A deletion was applied if a deleted secret of this call is there, or appears.
pub(crate) struct SettleDelete<'a>(pub(crate) &'a SecretName);

impl Settle<DeletedSecret> for SettleDelete<'_> {
    fn look<'a>(&'a self, look: Look<'a>) -> BoxFuture<'a, Result<Verdict<DeletedSecret>>> {
        Box::pin(async move {
            let mut interval = look.interval();
            loop {
                if let Some((deleted, earliest)) = look.deleted_secret(self.0).await? {
                    let is_of_this_call = deleted.deleted_date.is_some_and(|date| date >= earliest);
                    return Ok(if is_of_this_call { Verdict::Applied(deleted) } else { Verdict::SendAgain });
                }
                if is_there(look.active(self.0).await)? {
                    return Ok(Verdict::SendAgain);
                }
                look.pause_in_transition(&mut interval).await?;
            }
        })
    }

    /// A second deletion finds nothing to delete when the first one was applied after the look.
    fn reread<'a>(&'a self, look: Look<'a>, error: Error) -> BoxFuture<'a, Result<DeletedSecret>> {
        Box::pin(async move {
            if error.kind() == ErrorKind::NotFound { look_again(self, look, error).await } else { Err(error) }
        })
    }
}
