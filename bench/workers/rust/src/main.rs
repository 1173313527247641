//! The official client as a worker uses it.

#[path = "../../job.rs"]
mod job;

use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use async_trait::async_trait;
use azure_core::{
    credentials::{AccessToken, TokenCredential, TokenRequestOptions},
    time::{Duration, OffsetDateTime},
};
use azure_security_keyvault_secrets::{ResourceExt, SecretClient, SecretClientOptions, models::SetSecretParameters};
use futures_util::TryStreamExt;
use job::{Client, Outcome, variable, work};

#[derive(Debug)]
struct FixedToken {
    token: String,
    asked: AtomicU64,
}

#[async_trait]
impl TokenCredential for FixedToken {
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        self.asked.fetch_add(1, Relaxed);
        Ok(AccessToken::new(self.token.clone(), OffsetDateTime::now_utc() + Duration::hours(1)))
    }
}

struct Official {
    client: SecretClient,
    credential: Arc<FixedToken>,
}

impl Client for Official {
    async fn get(&self, name: &str) -> Outcome<String> {
        let secret = self.client.get_secret(name, None).await?.into_model()?;
        Ok(secret.value.ok_or("the secret has no value")?)
    }

    async fn set(&self, name: &str, value: &str) -> Outcome<String> {
        let parameters = SetSecretParameters { value: Some(value.to_owned()), ..Default::default() };
        let secret = self.client.set_secret(name, parameters.try_into()?, None).await?.into_model()?;
        Ok(secret.value.ok_or("the secret has no value")?)
    }

    async fn names(&self) -> Outcome<Vec<String>> {
        let mut listed = self.client.list_secret_properties(None)?;
        let mut names = Vec::new();
        while let Some(secret) = listed.try_next().await? {
            names.push(secret.resource_id()?.name);
        }
        Ok(names)
    }

    fn tokens(&self) -> u64 {
        self.credential.asked.load(Relaxed)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let credential = Arc::new(FixedToken { token: variable("VAULT_TOKEN")?, asked: AtomicU64::new(0) });
    let options = SecretClientOptions { verify_challenge_resource: Some(false), ..Default::default() };
    let client = SecretClient::new(&variable("VAULT_URL")?, credential.clone(), Some(options))?;
    work(Official { client, credential }, &env::args().skip(1).collect::<Vec<_>>()).await
}
