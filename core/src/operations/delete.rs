use http::Method;

use super::{
    BEGIN_DELETE_SECRET, GET_DELETED_SECRET,
    begin::{Begin, Polling},
};
use crate::{
    error::Result,
    identifier::SecretName,
    model::DeletedSecret,
    pipeline::Call,
    poller::{DELETION, Poller},
    request::{About, Context, Continue, Operation},
    settle::SettleDelete,
};

/// See [`SecretClient::begin_delete_secret`](crate::SecretClient::begin_delete_secret).
#[derive(Clone, Debug)]
pub struct BeginDeleteSecret {
    name: String,
    polling: Polling,
}

impl BeginDeleteSecret {
    pub(crate) fn new(name: String) -> Self {
        Self { name, polling: Polling::default() }
    }
}

impl Begin for BeginDeleteSecret {
    type Begun = DeletedSecret;

    fn polling(&mut self) -> &mut Polling {
        &mut self.polling
    }
}

impl Continue for BeginDeleteSecret {
    fn token(&mut self) -> &mut Option<String> {
        self.polling.token()
    }
}

impl Operation for BeginDeleteSecret {
    type Output = Poller<DeletedSecret>;
    const ABOUT: &'static About = &BEGIN_DELETE_SECRET;

    async fn run(self, context: Context) -> Result<Self::Output> {
        let name = SecretName::new(self.name)?;
        let poller = self.polling.poller(&context, &DELETION, &name)?;
        if !self.polling.resume(&poller, &context).await? {
            let url = context.pipeline.url(&["secrets", name.as_str()]);
            let call = Call::new(Self::ABOUT, Method::DELETE, url, context.deadline);
            let deleted = context.pipeline.send_once(&call, &SettleDelete(&name)).await?;
            // Without soft delete nothing is left to wait for.
            let is_done = deleted.recovery_id.is_none();
            poller.note(deleted, is_done);
        }
        Ok(poller)
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
        let name = SecretName::new(self.name)?;
        let url = context.pipeline.url(&["deletedsecrets", name.as_str()]);
        context.pipeline.send(&Call::new(Self::ABOUT, Method::GET, url, context.deadline)).await
    }
}
