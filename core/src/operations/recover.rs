use http::Method;

use super::BEGIN_RECOVER_DELETED_SECRET;
use crate::{
    error::Result,
    identifier::SecretName,
    model::SecretProperties,
    pipeline::Call,
    poller::{self, Poller},
    request::{About, Context, Operation},
    settle::SettleRecover,
};

/// See [`SecretClient::begin_recover_deleted_secret`](crate::SecretClient::begin_recover_deleted_secret).
#[derive(Clone, Debug)]
pub struct BeginRecoverDeletedSecret {
    name: String,
}

impl BeginRecoverDeletedSecret {
    pub(crate) fn new(name: String) -> Self {
        Self { name }
    }
}

impl Operation for BeginRecoverDeletedSecret {
    type Output = Poller<SecretProperties>;
    const ABOUT: &'static About = &BEGIN_RECOVER_DELETED_SECRET;

    async fn run(self, context: Context) -> Result<Self::Output> {
        let name = SecretName::new(&self.name)?;
        let url = context.pipeline.url(&["deletedsecrets", name.as_str(), "recover"]);
        let call = Call::new(Self::ABOUT, Method::POST, url, context.deadline);
        let recovered: SecretProperties = context.pipeline.send_once(&call, &SettleRecover(&name)).await?;
        Ok(Poller::new(context.pipeline, poller::ACTIVE, name, recovered))
    }
}
