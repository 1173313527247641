//! The official Rust client at a job of many calls; see `bench/README.md` for what a worker is told and says.

use std::{
    env,
    error::Error,
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Instant,
};

use async_trait::async_trait;
use azure_core::{
    credentials::{AccessToken, TokenCredential, TokenRequestOptions},
    time::{Duration, OffsetDateTime},
};
use azure_security_keyvault_secrets::{SecretClient, SecretClientOptions, models::SetSecretParameters};
use futures::{StreamExt, future, stream};

#[derive(Debug)]
struct FixedToken {
    token: String,
    asked: AtomicU32,
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

/// Makes one call and tells whether its answer is the one it must have.
async fn call(client: &SecretClient, operation: &str, name: &str) -> azure_core::Result<bool> {
    let response = if operation == "set" {
        let parameters = SetSecretParameters { value: Some(name.to_owned()), ..Default::default() };
        client.set_secret(name, parameters.try_into()?, None).await?
    } else {
        client.get_secret(name, None).await?
    };
    Ok(response.into_model()?.value.as_deref() == Some(name))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [operation, workers, first, count] = arguments.as_slice() else {
        return Err("usage: official-worker get|set WORKERS FIRST COUNT".into());
    };
    let (workers, first, count): (usize, u32, u32) = (workers.parse()?, first.parse()?, count.parse()?);
    let credential = Arc::new(FixedToken { token: env::var("VAULT_TOKEN")?, asked: AtomicU32::new(0) });
    let options = SecretClientOptions { verify_challenge_resource: Some(false), ..Default::default() };
    let client = SecretClient::new(&env::var("VAULT_URL")?, credential.clone(), Some(options))?;

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
        let (seconds, tokens) = (began.elapsed().as_secs_f64(), credential.asked.load(Relaxed));
        let report = serde_json::json!({"failed": failed, "seconds": seconds, "tokens": tokens});
        writeln!(std::io::stdout(), "{report}")?;
    }
    Ok(())
}
