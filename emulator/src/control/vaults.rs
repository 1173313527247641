//! Vaults made, changed and looked at from outside the service's interface.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::{Method, StatusCode};
use serde::Serialize;

use super::{document, wrong, wrong_method};
use crate::app::App;
use crate::body::RequestBody;
use crate::reply::{self, Reply};
use crate::rules::{VAULT_NAME_RULE, is_vault_name};
use crate::vault::Vault;
use crate::vault::fault::Fault;
use crate::vault::settings::{Settings, VaultPatch};

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

/// Answers a request about a vault.
pub(super) async fn answer(app: &App, vault: &str, method: Method, body: RequestBody) -> Reply {
    let vault = match name(vault) {
        Ok(vault) => vault,
        Err(rule) => return wrong(StatusCode::BAD_REQUEST, &rule),
    };
    match method {
        Method::GET => view(app, &app.vaults.get(&vault)),
        Method::PUT => changed(app, body, |patch| app.vaults.replace(&vault, patch)).await,
        Method::PATCH => changed(app, body, |patch| app.vaults.patch(&vault, patch)).await,
        Method::DELETE => {
            app.vaults.forget(&vault);
            reply::bare(StatusCode::NO_CONTENT)
        }
        method => wrong_method(&method),
    }
}

/// Answers a request about a vault's request log.
pub(super) fn log(app: &App, vault: &str, method: &Method) -> Reply {
    let vault = match name(vault) {
        Ok(vault) => app.vaults.get(&vault),
        Err(rule) => return wrong(StatusCode::BAD_REQUEST, &rule),
    };
    match *method {
        Method::GET => reply::json(StatusCode::OK, &vault.requests().report()),
        Method::DELETE => {
            vault.requests().clear();
            reply::bare(StatusCode::NO_CONTENT)
        }
        _ => wrong_method(method),
    }
}

fn name(vault: &str) -> Result<String, String> {
    let vault = vault.to_ascii_lowercase();
    if is_vault_name(&vault) {
        return Ok(vault);
    }
    Err(format!("'{vault}': {VAULT_NAME_RULE}"))
}

async fn changed(
    app: &App,
    body: RequestBody,
    change: impl FnOnce(VaultPatch) -> Result<Arc<Vault>, String>,
) -> Reply {
    let patch = match document(body).await {
        Ok(patch) => patch,
        Err(refusal) => return refusal,
    };
    match change(patch) {
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
