//! The local vault and its control interface.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;

use libkv_emulator::{Config, Emulator, Running};
use reqwest::{Client, Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tempfile::NamedTempFile;
use tokio::runtime::Runtime;

use crate::protocol::Pairs;
use crate::template::Variables;

/// The emulator, running in this process.
pub struct LocalVault {
    http: Client,
    ca_file: NamedTempFile,
    // Before the runtime that it runs on.
    emulator: Running,
    runtime: Runtime,
}

/// The requests a vault saw, in order of arrival.
#[derive(Debug, Deserialize)]
pub struct RequestLog {
    requests: Vec<SeenRequest>,
    counts: BTreeMap<String, u64>,
}

#[derive(Debug, Deserialize)]
struct SeenRequest {
    method: String,
    path: String,
    status: Option<u16>,
    authenticated: bool,
    fault: Value,
}

impl RequestLog {
    /// How many requests there were, as text: by the log's own keys, in all by `total`, and none for the `asked` keys
    /// that the log does not have.
    pub fn counts<'k>(&self, asked: impl Iterator<Item = &'k String>) -> Pairs {
        let total = ("total".to_owned(), self.requests.len() as u64);
        let unseen = asked.map(|key| (key.clone(), 0));
        let seen = self.counts.iter().map(|(key, count)| (key.clone(), *count));
        let counts = unseen.chain(seen).chain([total]);
        counts.map(|(key, count)| (key, count.to_string().into_bytes())).collect()
    }
}

#[derive(Deserialize)]
struct State {
    secrets: BTreeMap<String, Map<String, Value>>,
}

impl LocalVault {
    /// Starts an emulator on free ports; the error says why it cannot start.
    pub fn start() -> Result<Self, String> {
        let failed = |error: &dyn fmt::Display| format!("the local vault cannot start: {error}");
        // Another in this process may have installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().no_proxy().build().map_err(|error| failed(&error))?;
        let runtime = Runtime::new().map_err(|error| failed(&error))?;
        let emulator =
            runtime.block_on(Emulator::start(Config::default())).map_err(|error| failed(&error))?;
        let mut ca_file = NamedTempFile::new().map_err(|error| failed(&error))?;
        ca_file.write_all(emulator.ca_pem().as_bytes()).map_err(|error| failed(&error))?;
        Ok(Self { http, ca_file, emulator, runtime })
    }

    /// The values a scenario's templates may use about the vault called `vault`.
    pub fn variables(&self, vault: &str) -> Variables {
        let vault_url = self.emulator.vault_url(vault);
        Variables::new([
            ("vault", vault.to_owned()),
            ("vault_url", vault_url.clone()),
            ("http_url", self.emulator.http_url().replace("127.0.0.1", &format!("{vault}.localhost"))),
            // Any vault's host answers for the authority; through its own the vault counts the requests.
            ("authority", vault_url),
            ("ca_file", self.ca_file.path().display().to_string()),
            ("token", self.emulator.token().to_owned()),
        ])
    }

    /// Makes a vault from settings; the error repeats what the control interface says about them.
    pub fn create(&self, vault: &str, settings: &Map<String, Value>) -> Result<(), String> {
        self.send(Method::PUT, vault, Some(settings)).map(drop)
    }

    /// Changes the settings that are given.
    pub fn change(&self, vault: &str, settings: &Map<String, Value>) -> Result<(), String> {
        self.send(Method::PATCH, vault, Some(settings)).map(drop)
    }

    /// Forgets a vault.
    pub fn forget(&self, vault: &str) -> Result<(), String> {
        self.send(Method::DELETE, vault, None).map(drop)
    }

    /// What a vault has seen.
    pub fn requests(&self, vault: &str) -> Result<RequestLog, String> {
        self.read(&format!("{vault}/requests"))
    }

    /// What a vault holds: each secret's fields as text, by name.
    pub fn secrets(&self, vault: &str) -> Result<BTreeMap<String, Pairs>, String> {
        let State { secrets } = self.read(vault)?;
        let as_pairs = |fields: Map<String, Value>| {
            let present = fields.into_iter().filter(|(_, value)| !value.is_null());
            present.map(|(key, value)| (key, as_text(value).into_bytes())).collect()
        };
        Ok(secrets.into_iter().map(|(name, fields)| (name, as_pairs(fields))).collect())
    }

    fn read<T: DeserializeOwned>(&self, path: &str) -> Result<T, String> {
        let body = self.send(Method::GET, path, None)?;
        serde_json::from_slice(&body).map_err(|error| format!("control: GET {path}: {error}"))
    }

    fn send(
        &self,
        method: Method,
        path: &str,
        settings: Option<&Map<String, Value>>,
    ) -> Result<Vec<u8>, String> {
        let url = format!("{}/vaults/{path}", self.emulator.control_url());
        let failed = |what: String| format!("control: {method} {path}: {what}");
        let mut request = self.http.request(method.clone(), url);
        if let Some(settings) = settings {
            let body = serde_json::to_vec(settings).map_err(|error| failed(error.to_string()))?;
            request = request.header("content-type", "application/json").body(body);
        }
        self.runtime.block_on(async {
            let answer = request.send().await.map_err(|error| failed(error.to_string()))?;
            let status = answer.status();
            let body = answer.bytes().await.map_err(|error| failed(error.to_string()))?;
            if status == StatusCode::OK || status == StatusCode::NO_CONTENT {
                Ok(body.to_vec())
            } else {
                Err(failed(format!("{status} {}", String::from_utf8_lossy(&body))))
            }
        })
    }
}

fn as_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

impl fmt::Display for RequestLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.requests.is_empty() {
            return f.write_str("  none");
        }
        let numbered = self.requests.iter().enumerate();
        let lines = numbered.map(|(index, request)| format!("  {:>3}. {request}", index + 1));
        f.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}

impl fmt::Display for SeenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, path, status, authenticated, fault } = self;
        write!(f, "{method} {path}: ")?;
        match status {
            Some(status) => write!(f, "{status}")?,
            None => f.write_str("no answer")?,
        }
        if !authenticated {
            f.write_str(", not authenticated")?;
        }
        if fault.is_null() { Ok(()) } else { write!(f, ", fault {fault}") }
    }
}
