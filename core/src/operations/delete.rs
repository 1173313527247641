use http::Method;

use super::{BEGIN_DELETE_SECRET, GET_DELETED_SECRET};
use crate::{
    error::Result,
    identifier::SecretName,
    model::DeletedSecret,
    pipeline::Call,
    poller::{self, Poller},
    request::{About, Context, Operation},
    settle::SettleDelete,
};

/// See [`SecretClient::begin_delete_secret`](crate::SecretClient::begin_delete_secret).
#[derive(Clone, Debug)]
pub struct BeginDeleteSecret {
    name: String,
}

impl BeginDeleteSecret {
    pub(crate) fn new(name: String) -> Self {
        Self { name }
    }
}

impl Operation for BeginDeleteSecret {
    type Output = Poller<DeletedSecret>;
    const ABOUT: &'static About = &BEGIN_DELETE_SECRET;

    async fn run(self, context: Context) -> Result<Self::Output> {
        let name = SecretName::new(&self.name)?;
        let url = context.pipeline.url(&["secrets", name.as_str()]);
        let call = Call::new(Self::ABOUT, Method::DELETE, url, context.deadline);
        let deleted: DeletedSecret = context.pipeline.send_once(&call, &SettleDelete(&name)).await?;
        let is_final = deleted.recovery_id.is_none();
        let begun = Poller::new(context.pipeline, poller::DELETED, name, deleted);
        Ok(if is_final { begun.done() } else { begun })
    }
}

/// See [`SecretClient::get_deleted_secret`](crate::SecretClient::get_deleted_secret).
#[derive(Clone, Debug)]
pub struct GetDeletedSecret {
    name: String,
}

impl GetDeletedSecret {
    pub(crate) fn new(name: String) -> Self {
        Self { name }
    }
}

impl Operation for GetDeletedSecret {
    type Output = DeletedSecret;
    const ABOUT: &'static About = &GET_DELETED_SECRET;

    async fn run(self, context: Context) -> Result<DeletedSecret> {
        let name = SecretName::new(&self.name)?;
        let url = context.pipeline.url(&["deletedsecrets", name.as_str()]);
        context.pipeline.send(&Call::new(Self::ABOUT, Method::GET, url, context.deadline)).await
    }
}
