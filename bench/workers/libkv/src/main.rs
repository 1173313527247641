//! libkv as a worker uses it.

#[path = "../../job.rs"]
mod job;

use std::{cell::Cell, env};

use job::{Client, Outcome, variable, work};
use libkv::{ClientOptions, SecretClient};

/// Clients of one vault each; calls go to them in turns.
struct Libkv {
    clients: Vec<SecretClient>,
    turn: Cell<usize>,
}

impl Libkv {
    /// Makes a client of the vault, or as many as `VAULTS` says of vaults beside it.
    fn new() -> Outcome<Self> {
        let options = ClientOptions::new()
            .set("credential", "static_token")
            .set("credential.token", variable("VAULT_TOKEN")?)
            .set("ca_file", variable("VAULT_CA_FILE")?);
        let url = variable("VAULT_URL")?;
        let urls = match env::var("VAULTS") {
            Ok(count) => {
                let of = |number| url.replace("//", &format!("//vault-{number}."));
                (0..count.parse::<u32>()?).map(of).collect()
            }
            Err(_) => vec![url],
        };
        let clients = urls.iter().map(|url| SecretClient::new(url, options.clone()));
        Ok(Self { clients: clients.collect::<libkv::Result<_>>()?, turn: Cell::new(0) })
    }

    fn client(&self) -> &SecretClient {
        let turn = self.turn.replace(self.turn.get() + 1);
        &self.clients[turn % self.clients.len()]
    }
}

impl Client for Libkv {
    async fn get(&self, name: &str) -> Outcome<String> {
        Ok(self.client().get_secret(name).await?.value.expose().to_owned())
    }

    async fn set(&self, name: &str, value: &str) -> Outcome<String> {
        Ok(self.client().set_secret(name, value).await?.value.expose().to_owned())
    }

    async fn names(&self) -> Outcome<Vec<String>> {
        let listed = self.client().list_properties_of_secrets().pages().collect().await?;
        Ok(listed.into_iter().map(|secret| secret.name).collect())
    }

    async fn read_all(&self, workers: usize) -> Outcome<Vec<(String, String)>> {
        let workers = u32::try_from(workers)?;
        let results = self.client().get_secrets().concurrency(workers).await?.collect().await?;
        let value = |outcome: libkv::Result<libkv::Secret>| match outcome {
            Ok(secret) => secret.value.expose().to_owned(),
            Err(error) => error.to_string(),
        };
        Ok(results.into_iter().map(|result| (result.name, value(result.outcome))).collect())
    }

    fn tokens(&self) -> u64 {
        self.clients.iter().map(|client| client.stats().tokens).sum()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    work(Libkv::new()?, &env::args().skip(1).collect::<Vec<_>>()).await
}
