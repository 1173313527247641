use http::Method;

use super::{
    GET_SECRET, ROLLBACK_SECRET,
    set::{Properties, SetSecret},
};
use crate::{
    error::{Error, Result},
    identifier::{SecretName, check_version},
    model::Secret,
    pipeline::Call,
    request::{About, Context, Operation},
};

/// See [`SecretClient::rollback_secret`](crate::SecretClient::rollback_secret).
#[derive(Clone, Debug)]
pub struct RollbackSecret {
    name: String,
    version: String,
}

impl RollbackSecret {
    pub(crate) fn new(name: String, version: String) -> Self {
        Self { name, version }
    }
}

impl Operation for RollbackSecret {
    type Output = Secret;
    const ABOUT: &'static About = &ROLLBACK_SECRET;

    async fn run(self, context: Context) -> Result<Secret> {
        let name = SecretName::new(&self.name)?;
        let empty = || Error::invalid_argument("version", "must not be empty");
        let version = check_version(Some(&self.version))?.ok_or_else(empty)?;
        let url = context.pipeline.url(&["secrets", name.as_str(), version]);
        let call = Call::new(&GET_SECRET, Method::GET, url, context.deadline);
        let Secret { value, properties, .. } = context.pipeline.send(&call).await?;
        let mut set = SetSecret::new(self.name, value);
        set.body().content_type = properties.content_type;
        set.body().tags = Some(properties.tags).filter(|tags| !tags.is_empty());
        set.run(context).await
    }
}
