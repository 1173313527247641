//! libkv as a worker uses it.

#[path = "../../job.rs"]
mod job;

use std::env;

use job::{Client, Outcome, variable, work};
use libkv::{ClientOptions, SecretClient};

struct Libkv(SecretClient);

impl Client for Libkv {
    async fn get(&self, name: &str) -> Outcome<String> {
        Ok(self.0.get_secret(name).await?.value.expose().to_owned())
    }

    async fn set(&self, name: &str, value: &str) -> Outcome<String> {
        Ok(self.0.set_secret(name, value).await?.value.expose().to_owned())
    }

    async fn names(&self) -> Outcome<Vec<String>> {
        let listed = self.0.list_properties_of_secrets().pages().collect().await?;
        Ok(listed.into_iter().map(|secret| secret.name).collect())
    }

    async fn read_all(&self, workers: usize) -> Outcome<Vec<(String, String)>> {
        let workers = u32::try_from(workers)?;
        let results = self.0.get_secrets().concurrency(workers).await?.collect().await?;
        let value = |outcome: libkv::Result<libkv::Secret>| match outcome {
            Ok(secret) => secret.value.expose().to_owned(),
            Err(error) => error.to_string(),
        };
        Ok(results.into_iter().map(|result| (result.name, value(result.outcome))).collect())
    }

    fn tokens(&self) -> u64 {
        self.0.stats().tokens
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let options = ClientOptions::new()
        .set("credential", "static_token")
        .set("credential.token", variable("VAULT_TOKEN")?)
        .set("ca_file", variable("VAULT_CA_FILE")?);
    let client = SecretClient::new(&variable("VAULT_URL")?, options)?;
    work(Libkv(client), &env::args().skip(1).collect::<Vec<_>>()).await
}
