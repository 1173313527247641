//! Writes a secret, reads it back, and shows what an error says.

use std::env;

use libkv::{ClientOptions, ErrorKind, SecretClient};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = ClientOptions::new()
        .set("credential", "static_token")
        .set("credential.token", env::var("VAULT_TOKEN")?)
        .set("ca_file", env::var("VAULT_CA_FILE")?);
    let client = SecretClient::new(&env::var("VAULT_URL")?, options)?;

    let secret = client.set_secret("greeting-rust", "hello").content_type("text/plain").await?;
    println!("wrote {} version {:?}", secret.properties.name, secret.properties.version);

    let secret = client.get_secret("greeting-rust").await?;
    println!("read {} bytes", secret.value.expose().len());

    match client.get_secret("no-such-secret").await {
        Err(error) if error.kind() == ErrorKind::NotFound => println!("{error}"),
        other => return Err(format!("expected a missing secret, got {other:?}").into()),
    }
    Ok(())
}
