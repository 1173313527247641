use http::Method;

use super::{
    UPDATE_SECRET_PROPERTIES,
    get::Versioned,
    set::{Properties, check_body},
};
use crate::{
    error::Result,
    identifier::{SecretName, check_version},
    model::SecretProperties,
    pipeline::Call,
    request::{About, Context, Operation},
    settle::Resend,
    wire::SecretBody,
};

/// See [`SecretClient::update_secret_properties`](crate::SecretClient::update_secret_properties).
#[derive(Clone, Debug)]
pub struct UpdateSecretProperties {
    name: String,
    version: Option<String>,
    body: SecretBody,
}

impl UpdateSecretProperties {
    pub(crate) fn new(name: String) -> Self {
        Self { name, version: None, body: SecretBody::default() }
    }
}

impl Properties for UpdateSecretProperties {
    fn body(&mut self) -> &mut SecretBody {
        &mut self.body
    }
}

impl Versioned for UpdateSecretProperties {
    fn version(&mut self) -> &mut Option<String> {
        &mut self.version
    }
}

impl Operation for UpdateSecretProperties {
    type Output = SecretProperties;
    const ABOUT: &'static About = &UPDATE_SECRET_PROPERTIES;

    async fn run(self, context: Context) -> Result<SecretProperties> {
        let name = SecretName::new(self.name)?;
        let version = check_version(self.version.as_deref())?.unwrap_or_default();
        check_body(&self.body)?;
        let url = context.pipeline.url(&["secrets", name.as_str(), version]);
        let call = Call::new(Self::ABOUT, Method::PATCH, url, context.deadline).body(self.body.to_bytes()?);
        context.pipeline.send_once(&call, &Resend).await
    }
}
