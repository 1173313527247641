use http::Method;

use super::{GET_DELETED_SECRET, PURGE_DELETED_SECRET};
use crate::{
    error::{ErrorKind, Result},
    identifier::SecretName,
    interval::Interval,
    pipeline::Call,
    request::{About, Context, Operation, Request},
    settle::SettlePurge,
};

/// See [`SecretClient::purge_deleted_secret`](crate::SecretClient::purge_deleted_secret).
#[derive(Clone, Debug)]
pub struct PurgeDeletedSecret {
    name: String,
    wait: bool,
}

impl PurgeDeletedSecret {
    pub(crate) fn new(name: String) -> Self {
        Self { name, wait: false }
    }
}

impl Request<PurgeDeletedSecret> {
    /// Says whether to wait, within the deadline, for a deletion under way before the purge, and for the deleted secret to be
    /// gone after it. The default is not to.
    ///
    /// The service can hold the name back for some seconds more, which nothing but a set can tell:
    /// [`OnConflict::Purge`](crate::OnConflict::Purge) waits that out too.
    pub fn wait(mut self, wait: impl Into<Option<bool>>) -> Self {
        self.operation.wait = wait.into().unwrap_or_default();
        self
    }
}

impl Operation for PurgeDeletedSecret {
    type Output = ();
    const ABOUT: &'static About = &PURGE_DELETED_SECRET;

    async fn run(self, context: Context) -> Result<()> {
        let name = SecretName::new(self.name)?;
        let url = context.pipeline.url(&["deletedsecrets", name.as_str()]);
        let call = |about, method| Call::new(about, method, url.clone(), context.deadline);
        let mut interval = Interval::new(context.pipeline.config.poll_interval);
        loop {
            let purge = call(Self::ABOUT, Method::DELETE);
            match context.pipeline.send_once(&purge, &SettlePurge(&name)).await {
                Err(error) if self.wait && error.kind() == ErrorKind::BeingDeleted => {
                    let paused = interval.pause(context.deadline).await;
                    paused.map_err(|wait| error.with_retry_after(wait))?;
                }
                outcome if !self.wait => return outcome,
                outcome => break outcome?,
            }
        }
        while is_there(&context, call(&GET_DELETED_SECRET, Method::GET)).await? {
            interval.pause_for_vault(context.deadline).await?;
        }
        Ok(())
    }
}

/// Tells whether the vault still shows a deleted secret whose purge it has taken. A caller that may not look takes its word.
async fn is_there(context: &Context, look: Call) -> Result<bool> {
    match context.pipeline.fetch(&look).await {
        Ok(_) => Ok(true),
        Err(error) => match error.kind() {
            ErrorKind::SecretDisabled => Ok(true),
            ErrorKind::NotFound | ErrorKind::Forbidden => Ok(false),
            _ => Err(error),
        },
    }
}
