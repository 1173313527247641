//! The control endpoint: vaults, applications and the time, made and looked at from outside the service's interface.

mod applications;
mod clock;
mod state;
mod vaults;

use http::{Method, Request, StatusCode};
use hyper::body::Incoming;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::app::App;
use crate::body::{self, RequestBody};
use crate::host::Address;
use crate::reply::{self, Reply};
use crate::server::Line;

pub(crate) const PREFIX: &str = "/control/";

/// Answers a request to the control endpoint.
pub(crate) async fn answer(app: &App, line: &Line, request: Request<Incoming>) -> Reply {
    let (parts, body) = request.into_parts();
    let body = RequestBody::new(body);
    if let Err(error) = Address::of(&parts, &line.scheme, line.port) {
        return error.into();
    }
    let path: Vec<&str> = parts.uri.path().trim_start_matches(PREFIX).split('/').collect();
    let reply = match *path {
        ["vaults", vault] => vaults::answer(app, vault, parts.method, body).await,
        ["vaults", vault, "requests"] => vaults::log(app, vault, &parts.method),
        ["applications", client_id] => applications::answer(app, client_id, parts.method, body).await,
        ["clock"] => clock::answer(app, parts.method, body).await,
        ["state"] => state::answer(app, parts.method, body).await,
        _ => {
            let rule = "the control endpoint has /control/vaults/{vault}[/requests], /control/applications/{client_id}, \
                        /control/clock and /control/state";
            return wrong(StatusCode::NOT_FOUND, rule);
        }
    };
    match app.vaults.store().settled().await {
        Ok(()) => reply,
        Err(_) => wrong(StatusCode::INTERNAL_SERVER_ERROR, "the data file could not be written"),
    }
}

/// Reads a JSON object; an empty body stands for one without members.
async fn document<T: DeserializeOwned>(body: RequestBody) -> Result<T, Reply> {
    let body = body.read().await?;
    let json: &[u8] = if body.is_empty() { b"{}" } else { &body };
    body::parse(json).map_err(|error| wrong(StatusCode::BAD_REQUEST, &error.to_string()))
}

fn wrong_method(method: &Method) -> Reply {
    wrong(StatusCode::METHOD_NOT_ALLOWED, &format!("{method} is not known here"))
}

fn wrong(status: StatusCode, rule: &str) -> Reply {
    reply::json(status, &json!({ "error": rule }))
}
