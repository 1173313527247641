use http::Method;

use super::{
    BEGIN_RECOVER_DELETED_SECRET,
    begin::{Begin, Polling},
};
use crate::{
    error::Result,
    identifier::SecretName,
    model::{DeletedSecret, SecretProperties},
    pipeline::Call,
    poller::{Poller, RECOVERY},
    request::{About, Context, Continue, Operation},
    settle::SettleRecover,
};

/// See [`SecretClient::begin_recover_deleted_secret`](crate::SecretClient::begin_recover_deleted_secret).
#[derive(Clone, Debug)]
pub struct BeginRecoverDeletedSecret {
    name: String,
    polling: Polling,
}

impl BeginRecoverDeletedSecret {
    pub(crate) fn new(name: String) -> Self {
        Self { name, polling: Polling::default() }
    }
}

impl Begin for BeginRecoverDeletedSecret {
    type Begun = SecretProperties;

    fn polling(&mut self) -> &mut Polling {
        &mut self.polling
    }
}

impl Continue for BeginRecoverDeletedSecret {
    fn token(&mut self) -> &mut Option<String> {
        self.polling.token()
    }
}

impl Operation for BeginRecoverDeletedSecret {
    type Output = Poller<SecretProperties>;
    const ABOUT: &'static About = &BEGIN_RECOVER_DELETED_SECRET;

    async fn run(self, context: Context) -> Result<Self::Output> {
        let name = SecretName::new(self.name)?;
        let poller = self.polling.poller(&context, &RECOVERY, &name)?;
        if !self.polling.resume(&poller, &context).await? {
            let url = context.pipeline.url(&["deletedsecrets", name.as_str(), "recover"]);
            let call = Call::new(Self::ABOUT, Method::POST, url, context.deadline);
            let properties = context.pipeline.send_once(&call, &SettleRecover(&name)).await?;
            poller.note(DeletedSecret { properties, ..DeletedSecret::default() }, false);
        }
        Ok(poller)
    }
}
