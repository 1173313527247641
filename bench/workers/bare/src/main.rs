//! `reqwest` alone as a worker uses it, with libkv's TLS; the first argument is the protocol, `http1` or `http2`, and with
//! `http2-deadline` each call has a deadline.

#[path = "../../job.rs"]
mod job;

use std::{env, sync::Arc, time::Duration};

use job::{Client, Outcome, variable, work};
use reqwest::{
    Method, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap},
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::{Value, json};

/// As long as a call of libkv's has where nobody says otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);
const API_VERSION: &str = "api-version=2026-04-01";

struct Bare {
    client: reqwest::Client,
    vault: String,
}

impl Bare {
    fn new(protocol: &str) -> Outcome<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(variable("VAULT_CA_FILE")?)?)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![if protocol == "http1" { b"http/1.1".to_vec() } else { b"h2".to_vec() }];
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, format!("Bearer {}", variable("VAULT_TOKEN")?).try_into()?);
        headers.insert(ACCEPT, "application/json".try_into()?);
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).default_headers(headers);
        let client = if protocol == "http2-deadline" { client.timeout(TIMEOUT) } else { client };
        Ok(Self { client: client.build()?, vault: variable("VAULT_URL")? })
    }

    async fn ask(&self, method: Method, url: Url, body: Option<String>) -> Outcome<Value> {
        let mut request = self.client.request(method, url);
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let answer = request.send().await?.error_for_status()?;
        Ok(serde_json::from_slice(&answer.bytes().await?)?)
    }

    fn secret(&self, name: &str) -> Outcome<Url> {
        Ok(format!("{}/secrets/{name}?{API_VERSION}", self.vault).parse()?)
    }
}

fn text(value: &Value) -> Outcome<String> {
    Ok(value.as_str().ok_or("the answer has no such text")?.to_owned())
}

impl Client for Bare {
    async fn get(&self, name: &str) -> Outcome<String> {
        text(&self.ask(Method::GET, self.secret(name)?, None).await?["value"])
    }

    async fn set(&self, name: &str, value: &str) -> Outcome<String> {
        let body = json!({"value": value}).to_string();
        text(&self.ask(Method::PUT, self.secret(name)?, Some(body)).await?["value"])
    }

    async fn names(&self) -> Outcome<Vec<String>> {
        let (mut names, mut next) = (Vec::new(), format!("{}/secrets?{API_VERSION}", self.vault));
        loop {
            let page = self.ask(Method::GET, next.parse()?, None).await?;
            for item in page["value"].as_array().ok_or("the answer has no list")? {
                let id = text(&item["id"])?;
                names.push(id.rsplit('/').next().unwrap_or_default().to_owned());
            }
            let Some(link) = page["nextLink"].as_str() else { return Ok(names) };
            link.clone_into(&mut next);
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let Some((protocol, job)) = arguments.split_first() else { return Err("the protocol is missing".into()) };
    work(Bare::new(protocol)?, job).await
}
