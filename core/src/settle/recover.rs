use super::{Look, Settle, Verdict, is_there, look_again};
use crate::{
    auth::BoxFuture,
    error::{Error, ErrorKind, Result},
    identifier::SecretName,
    model::SecretProperties,
    operations,
    wire::FromWire,
};

/// A recovery was applied if the secret is active, or becomes so.
pub(crate) struct SettleRecover<'a>(pub(crate) &'a SecretName);

impl SettleRecover<'_> {
    async fn active(&self, look: Look<'_>) -> Result<Option<SecretProperties>> {
        match look.active(self.0).await {
            Ok(Some(answer)) => SecretProperties::from_wire(answer.body()).map(Some),
            Ok(None) => Ok(None),
            Err(error) if error.kind() == ErrorKind::SecretDisabled => self.disabled(look).await,
            Err(error) => Err(error),
        }
    }

    /// Finds the newest version in the list, which shows what a refused read does not.
    async fn disabled(&self, look: Look<'_>) -> Result<Option<SecretProperties>> {
        let about = &operations::LIST_PROPERTIES_OF_SECRET_VERSIONS;
        let (mut versions, _) =
            look.list::<SecretProperties>(about, &["secrets", self.0.as_str(), "versions"]).await?;
        versions.retain(|version| !version.enabled);
        versions.sort_by_key(|version| version.created_on);
        match &versions[..] {
            [.., next, newest] if next.created_on == newest.created_on => {
                let message = "the secret is active again, but which of its disabled versions is the newest cannot be told";
                Err(Error::new(ErrorKind::SecretDisabled, message))
            }
            _ => Ok(versions.pop()),
        }
    }
}

impl Settle<SecretProperties> for SettleRecover<'_> {
    fn look<'a>(&'a self, look: Look<'a>) -> BoxFuture<'a, Result<Verdict<SecretProperties>>> {
        Box::pin(async move {
            let mut interval = look.interval();
            loop {
                if let Some(recovered) = self.active(look).await? {
                    return Ok(Verdict::Applied(recovered));
                }
                if is_there(look.deleted(self.0).await)? {
                    return Ok(Verdict::SendAgain);
                }
                look.pause_in_transition(&mut interval).await?;
            }
        })
    }

    /// A second recovery is refused when the first one was applied after the look.
    fn reread<'a>(&'a self, look: Look<'a>, error: Error) -> BoxFuture<'a, Result<SecretProperties>> {
        Box::pin(async move {
            use ErrorKind::{BeingRecovered, Conflict, NotFound};
            let may_be_applied = matches!(error.kind(), NotFound | Conflict | BeingRecovered);
            if may_be_applied { look_again(self, look, error).await } else { Err(error) }
        })
    }
}
