//! The service's interface: what a request must pass, and which operation it reaches.

mod admission;
mod backup;
mod certificates;
mod deleted;
mod lists;
mod paging;
mod play;
mod query;
mod restrictions;
mod route;
mod secrets;
mod wire;

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, StatusCode};
use hyper::body::Incoming;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::auth::token_endpoint;
use crate::body::{self, RequestBody};
use crate::clock::Millis;
use crate::error::ServiceError;
use crate::host::Address;
use crate::operation::Operation;
use crate::reply::{self, Outcome, Reply};
use crate::server::Line;
use crate::vault::Vault;
use crate::vault::contents::Contents;
use crate::vault::fault::Fault;

use admission::{Admission, Admitted, admit};
use play::play;
use query::Query;
use wire::Frame;

/// Holds a secret whose value is a password or a key.
const USUAL_BYTES: usize = 512;

/// What an operation works with.
struct Call<'a> {
    vault: &'a str,
    base: &'a str,
    name: &'a str,
    /// Empty for the newest version.
    version: &'a str,
    query: &'a Query<'a>,
    now: Millis,
}

impl<'a> Call<'a> {
    fn frame<'c>(&self, contents: &'c Contents) -> Frame<'c>
    where
        'a: 'c,
    {
        let knows_retention = self.query.knows_retention();
        Frame { base: self.base, settings: contents.settings(), knows_retention }
    }
}

type Answer = Result<Vec<u8>, ServiceError>;

/// Answers a request to a vault.
pub(crate) async fn answer(app: &App, line: &Line, request: Request<Incoming>) -> Outcome {
    let (mut parts, body) = request.into_parts();
    route::substitute(&mut parts);
    let body = RequestBody::new(body);
    let mut outcome = match Address::of(&parts, &line.scheme, line.port) {
        Ok(address) => visit(app, &address, &parts, body).await,
        Err(error) => Outcome::Answer(error.into()),
    };
    if let Outcome::Answer(reply) | Outcome::Truncated(reply) = &mut outcome {
        reply::dress(reply, &parts.headers);
    }
    outcome
}

async fn visit(app: &App, address: &Address, parts: &Parts, body: RequestBody) -> Outcome {
    let vault = app.vaults.get(&address.vault);
    let Admission { entry, admitted, fault } = admit(app, &vault, address, parts);
    let ticket = vault.requests().arrive(entry);
    let operation = carry_out(app, &vault, address, parts, admitted, body);
    let outcome = match fault {
        None => Outcome::Answer(operation.await),
        // Few requests meet a fault; what it takes would make the future of each of them larger.
        Some(fault) => Box::pin(disturb(app, &vault, address, fault, operation)).await,
    };
    if let Outcome::Answer(reply) | Outcome::Truncated(reply) = &outcome {
        vault.requests().answered(ticket, reply.status());
    }
    outcome
}

async fn carry_out(
    app: &App,
    vault: &Arc<Vault>,
    address: &Address,
    parts: &Parts,
    admitted: Result<Admitted<'_>, Reply>,
    body: RequestBody,
) -> Reply {
    match admitted {
        Ok(request) if request.operation == Operation::Token => {
            let token_url = format!("{}{}", address.base, parts.uri.path());
            token_endpoint::issue(app, &token_url, body).await
        }
        Ok(request) => {
            let answer = receive(app, vault, address, &request, body).await;
            let mut reply = answer.unwrap_or_else(Reply::from);
            if vault.contents().settings().has_roles() {
                reply::tell_role(&mut reply);
            }
            reply
        }
        Err(refusal) => refusal,
    }
}

async fn disturb(
    app: &App,
    vault: &Arc<Vault>,
    address: &Address,
    fault: Fault,
    operation: impl Future<Output = Reply>,
) -> Outcome {
    let deeds = fault.then.clone();
    let deeds = async {
        for deed in &deeds {
            // What the vault refuses to the other caller is nothing to this one.
            let _ = perform(app, vault, address, &Admitted::of(deed), &deed.body()).await;
        }
    };
    play(&fault, &address.base, operation, deeds).await
}

async fn receive(
    app: &App,
    vault: &Arc<Vault>,
    address: &Address,
    request: &Admitted<'_>,
    body: RequestBody,
) -> Result<Reply, ServiceError> {
    use Operation::*;
    let body = match request.operation {
        SetSecret | UpdateSecretProperties | RestoreSecretBackup | BeginCreateCertificate => {
            body.read().await?
        }
        _ => Bytes::new(),
    };
    perform(app, vault, address, request, &body).await
}

async fn perform(
    app: &App,
    vault: &Arc<Vault>,
    address: &Address,
    request: &Admitted<'_>,
    body: &[u8],
) -> Result<Reply, ServiceError> {
    let call = Call {
        vault: &address.vault,
        base: &address.base,
        name: &request.name,
        version: &request.version,
        query: &request.query,
        now: app.vaults.clock().now(),
    };
    let answer = {
        let mut contents = vault.contents();
        match request.operation.is_named() {
            true => contents.settle(call.name, call.now),
            false => contents.settle_all(call.now),
        }
        dispatch(request.operation, &call, &mut contents, body)
    };
    // A refusal may rest on another caller's change, so it waits as well.
    app.vaults.store().settled().await.map_err(|_| ServiceError::not_stored())?;
    answer.map(|text| match request.operation {
        Operation::PurgeDeletedSecret => reply::bare(StatusCode::NO_CONTENT),
        Operation::BeginCreateCertificate => reply::json_text(StatusCode::ACCEPTED, text),
        _ => reply::json_text(StatusCode::OK, text),
    })
}

fn dispatch(operation: Operation, call: &Call<'_>, contents: &mut Contents, body: &[u8]) -> Answer {
    restrictions::admit(operation, contents.settings())?;
    match operation {
        Operation::SetSecret => secrets::set(call, contents, parse(body)?),
        Operation::GetSecret => secrets::get(call, contents),
        Operation::UpdateSecretProperties => secrets::update(call, contents, parse(body)?),
        Operation::ListPropertiesOfSecrets => lists::secrets(call, contents),
        Operation::ListPropertiesOfSecretVersions => lists::versions(call, contents),
        Operation::ListDeletedSecrets => lists::deleted_secrets(call, contents),
        Operation::BeginDeleteSecret => deleted::delete(call, contents),
        Operation::GetDeletedSecret => deleted::get(call, contents),
        Operation::BeginRecoverDeletedSecret => deleted::recover(call, contents),
        Operation::PurgeDeletedSecret => deleted::purge(call, contents),
        Operation::BackupSecret => backup::backup(call, contents),
        Operation::RestoreSecretBackup => backup::restore(call, contents, parse(body)?),
        Operation::BeginCreateCertificate => certificates::create(call, contents, parse(body)?),
        Operation::GetCertificateOperation => certificates::pending(call, contents),
        Operation::GetCertificate => certificates::get(call, contents),
        // The token endpoint has answered before it gets here.
        Operation::Token => Err(ServiceError::method_not_allowed("POST")),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ServiceError> {
    body::parse(body).map_err(|_| ServiceError::invalid_property())
}

fn text(document: &impl Serialize) -> Answer {
    let mut text = Vec::with_capacity(USUAL_BYTES);
    serde_json::to_writer(&mut text, document).map_err(|_| ServiceError::not_stored())?;
    Ok(text)
}
