//! libkv at a job of many calls; see `bench/README.md` for what a worker is told and says.

use std::{env, error::Error, io::Write, time::Instant};

use futures_util::{StreamExt, future, stream};
use libkv::{ClientOptions, SecretClient};

/// Makes one call and tells whether its answer is the one it must have.
async fn call(client: &SecretClient, operation: &str, name: &str) -> libkv::Result<bool> {
    let secret = if operation == "set" {
        client.set_secret(name, name).await?
    } else {
        client.get_secret(name).await?
    };
    Ok(secret.value.expose() == name)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [operation, workers, first, count] = arguments.as_slice() else {
        return Err("usage: libkv-bench-worker get|set WORKERS FIRST COUNT".into());
    };
    let (workers, first, count): (usize, u32, u32) = (workers.parse()?, first.parse()?, count.parse()?);
    let options = ClientOptions::new()
        .set("credential", "static_token")
        .set("credential.token", env::var("VAULT_TOKEN")?)
        .set("ca_file", env::var("VAULT_CA_FILE")?);
    let client = SecretClient::new(&env::var("VAULT_URL")?, options)?;

    writeln!(std::io::stdout(), "ready")?;
    for line in std::io::stdin().lines() {
        line?;
        let began = Instant::now();
        let failed = stream::iter(first..first + count)
            .map(|number| {
                let client = &client;
                async move { call(client, operation, &format!("secret-{number}")).await.unwrap_or(false) }
            })
            .buffer_unordered(workers)
            .filter(|done| future::ready(!done))
            .count()
            .await;
        let (seconds, tokens) = (began.elapsed().as_secs_f64(), client.stats().tokens);
        let report = serde_json::json!({"failed": failed, "seconds": seconds, "tokens": tokens});
        writeln!(std::io::stdout(), "{report}")?;
    }
    Ok(())
}
