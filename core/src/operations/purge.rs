use http::Method;

use super::PURGE_DELETED_SECRET;
use crate::{
    error::Result,
    identifier::SecretName,
    pipeline::Call,
    request::{About, Context, Operation},
    settle::SettlePurge,
};

/// See [`SecretClient::purge_deleted_secret`](crate::SecretClient::purge_deleted_secret).
#[derive(Clone, Debug)]
pub struct PurgeDeletedSecret {
    name: String,
}

impl PurgeDeletedSecret {
    pub(crate) fn new(name: String) -> Self {
        Self { name }
    }
}

impl Operation for PurgeDeletedSecret {
    type Output = ();
    const ABOUT: &'static About = &PURGE_DELETED_SECRET;

    async fn run(self, context: Context) -> Result<()> {
        let name = SecretName::new(&self.name)?;
        let url = context.pipeline.url(&["deletedsecrets", name.as_str()]);
        let call = Call::new(Self::ABOUT, Method::DELETE, url, context.deadline);
        context.pipeline.send_once(call, &SettlePurge(&name)).await
    }
}
