//! An emulator in process, with a clock that stands still, and a client that trusts it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use libkv_emulator::{Config, Emulator, ManualClock, Running};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderMap;
use reqwest::{Certificate, Client, ClientBuilder, Method};
use serde_json::Value;
use url::form_urlencoded;

use crate::description;

/// When the clock stands still: 2023-11-14T22:13:20Z.
pub const START: i64 = 1_700_000_000;

pub struct Lab {
    pub running: Running,
    pub clock: Arc<ManualClock>,
    pub client: Client,
}

/// What came back.
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

/// One vault of the emulator, as an authenticated caller sees it.
pub struct Vault<'a> {
    lab: &'a Lab,
    pub url: String,
    control: String,
    token: String,
}

/// `*.localhost` means this machine, whether or not the system's resolver knows.
struct Loopback;

impl Resolve for Loopback {
    fn resolve(&self, _: Name) -> Resolving {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Box::pin(async move { Ok(Box::new([address].into_iter()) as Addrs) })
    }
}

impl Lab {
    pub async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Self {
        let clock = Arc::new(ManualClock::new(START * 1000));
        let running = Emulator::start(Config { clock: clock.clone(), ..config }).await.unwrap();
        let client = client(&running, |builder| builder);
        Self { running, clock, client }
    }

    pub fn vault(&self, name: &str) -> Vault<'_> {
        let control = format!("{}/vaults/{name}", self.running.control_url());
        Vault {
            lab: self,
            url: self.running.vault_url(name),
            control,
            token: self.running.token().to_owned(),
        }
    }

    /// Asks the token endpoint with this form.
    pub async fn ask(&self, form: &[(&str, &str)]) -> Reply {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        let path = format!("/{}/oauth2/v2.0/token", self.running.tenant());
        self.send(self.vault("team").raw("POST", &path).body(body.finish())).await
    }

    /// Buys a client's token for an audience, with a secret.
    pub async fn buy(&self, client_id: &str, audience: &str) -> String {
        let scope = format!("{audience}/.default");
        let form = [("grant_type", "client_credentials"), ("client_id", client_id), ("client_secret", "s")];
        let granted = self.ask(&[&form[..], &[("scope", &scope)]].concat()).await.json();
        granted["access_token"].as_str().unwrap().to_owned()
    }

    /// Moves the clock forward.
    pub fn pass(&self, milliseconds: u64) {
        self.clock.advance(Duration::from_millis(milliseconds));
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let (client, request) = request.build_split();
        let request = request.unwrap();
        let meant = request.headers().get("x-http-request").and_then(|method| method.to_str().ok());
        let method = meant.unwrap_or(request.method().as_str()).to_owned();
        let path = request.url().path().to_owned();
        let response = client.execute(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let reply = Reply { status, headers, text: response.text().await.unwrap() };
        description::check(&method, &path, &reply);
        reply
    }
}

pub fn client(running: &Running, build: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    // Fails when another test was first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let ca = Certificate::from_pem(running.ca_pem().as_bytes()).unwrap();
    let builder = Client::builder().no_proxy().dns_resolver(Loopback).tls_certs_only([ca]);
    build(builder).timeout(Duration::from_secs(10)).build().unwrap()
}

impl Vault<'_> {
    /// Returns the vault as a client sees it.
    pub async fn seen_by(&self, client_id: &str) -> Vault<'_> {
        let token = self.lab.buy(client_id, "https://localhost").await;
        Vault { lab: self.lab, url: self.url.clone(), control: self.control.clone(), token }
    }

    /// Sends a request of the service's with its version and a token.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let separator = if path.contains('?') { '&' } else { '?' };
        self.raw(method, &format!("{path}{separator}api-version=7.4")).bearer_auth(&self.token)
    }

    /// Sends a request as it is.
    pub fn raw(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.lab.client.request(method, format!("{}{path}", self.url))
    }

    pub async fn call(&self, method: &str, path: &str) -> Reply {
        self.lab.send(self.request(method, path)).await
    }

    pub async fn call_with(&self, method: &str, path: &str, body: Value) -> Reply {
        self.lab.send(self.request(method, path).body(body.to_string())).await
    }

    /// Sets a value and returns the version's id.
    pub async fn set(&self, name: &str, value: &str) -> String {
        let reply =
            self.call_with("PUT", &format!("/secrets/{name}"), serde_json::json!({ "value": value })).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        version_of(&reply.json())
    }

    /// Makes the vault anew.
    pub async fn given(&self, settings: Value) {
        let reply = self.control("PUT", "", settings).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }

    /// Sends a request to the vault's control endpoint.
    pub async fn control(&self, method: &str, path: &str, body: Value) -> Reply {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.lab.client.request(method, format!("{}{path}", self.control));
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.lab.send(request.body(body)).await
    }

    pub async fn requests(&self) -> Value {
        self.control("GET", "/requests", Value::Null).await.json()
    }

    /// Returns what the control endpoint says about a secret.
    pub async fn state(&self, name: &str) -> Value {
        self.control("GET", "", Value::Null).await.json()["secrets"][name].clone()
    }
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Returns status, code and inner code on one line.
    pub fn error(&self) -> String {
        let error = &self.json()["error"];
        let code = error["code"].as_str().unwrap_or("no code");
        match error["innererror"]["code"].as_str() {
            Some(inner) => format!("{} {code} {inner}", self.status),
            None => format!("{} {code}", self.status),
        }
    }
}

pub fn version_of(bundle: &Value) -> String {
    bundle["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}
