//! The control endpoint: vaults made, changed and looked at from outside the service's interface.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::{Method, Request, StatusCode};
use hyper::body::Incoming;
use serde::Serialize;
use serde_json::json;

use crate::app::{App, Line};
use crate::body::{self, RequestBody};
use crate::host::Address;
use crate::reply::{self, Reply};
use crate::rules::{VAULT_NAME_RULE, is_vault_name};
use crate::vault::Vault;
use crate::vault::fault::Fault;
use crate::vault::settings::{Settings, VaultPatch};

pub(crate) const PREFIX: &str = "/control/";

/// A vault as the endpoint shows it.
#[derive(Serialize)]
struct View<'a> {
    #[serde(flatten)]
    settings: &'a Settings,
    secrets: BTreeMap<&'a str, SecretView<'a>>,
    faults: &'a [Fault],
}

#[derive(Serialize)]
struct SecretView<'a> {
    state: &'static str,
    versions: usize,
    value: Option<&'a str>,
}

/// Answers a request to the control endpoint.
pub(crate) async fn answer(app: &App, line: &Line, request: Request<Incoming>) -> Reply {
    let (parts, body) = request.into_parts();
    let body = RequestBody::new(body);
    if let Err(error) = Address::of(&parts, &line.scheme, line.port) {
        return error.into();
    }
    let path: Vec<&str> = parts.uri.path().trim_start_matches(PREFIX).split('/').collect();
    let (vault, requests) = match *path {
        ["vaults", vault] => (vault.to_ascii_lowercase(), false),
        ["vaults", vault, "requests"] => (vault.to_ascii_lowercase(), true),
        _ => {
            return wrong(
                StatusCode::NOT_FOUND,
                "the control endpoint has /control/vaults/{vault}[/requests]",
            );
        }
    };
    if !is_vault_name(&vault) {
        return wrong(StatusCode::BAD_REQUEST, &format!("'{vault}': {VAULT_NAME_RULE}"));
    }
    let reply = match (parts.method, requests) {
        (Method::GET, true) => reply::json(StatusCode::OK, &app.vaults.get(&vault).requests().report()),
        (Method::DELETE, true) => {
            app.vaults.get(&vault).requests().clear();
            reply::bare(StatusCode::NO_CONTENT)
        }
        (Method::GET, false) => view(app, &app.vaults.get(&vault)),
        (Method::PUT, false) => changed(app, body, |patch| app.vaults.replace(&vault, patch)).await,
        (Method::PATCH, false) => changed(app, body, |patch| app.vaults.patch(&vault, patch)).await,
        (Method::DELETE, false) => {
            app.vaults.forget(&vault);
            reply::bare(StatusCode::NO_CONTENT)
        }
        (method, _) => wrong(StatusCode::METHOD_NOT_ALLOWED, &format!("{method} is not known here")),
    };
    match app.vaults.store().settled().await {
        Ok(()) => reply,
        Err(_) => wrong(StatusCode::INTERNAL_SERVER_ERROR, "the data file could not be written"),
    }
}

async fn changed(
    app: &App,
    body: RequestBody,
    change: impl FnOnce(VaultPatch) -> Result<Arc<Vault>, String>,
) -> Reply {
    let body = match body.read().await {
        Ok(body) => body,
        Err(error) => return error.into(),
    };
    let json: &[u8] = if body.is_empty() { b"{}" } else { &body };
    let vault = body::parse(json).map_err(|error| error.to_string()).and_then(change);
    match vault {
        Ok(vault) => view(app, &vault),
        Err(rule) => wrong(StatusCode::BAD_REQUEST, &rule),
    }
}

fn view(app: &App, vault: &Vault) -> Reply {
    let mut contents = vault.contents();
    contents.settle_all(app.vaults.clock().now());
    let secrets = contents.walk("").map(|(_, secret)| {
        let value = secret.newest().map(|(_, version)| version.value.as_str());
        let view = SecretView { state: secret.head.life.state(), versions: secret.versions.len(), value };
        (secret.head.name.as_str(), view)
    });
    let gate = vault.gate();
    let view =
        View { settings: contents.settings(), secrets: secrets.collect(), faults: gate.faults.remaining() };
    reply::json(StatusCode::OK, &view)
}

fn wrong(status: StatusCode, rule: &str) -> Reply {
    reply::json(status, &json!({ "error": rule }))
}
