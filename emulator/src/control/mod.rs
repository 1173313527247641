//! The control endpoint: vaults and applications made and looked at from outside the service's interface.

mod applications;
mod vaults;

use http::{Method, Request, StatusCode};
use hyper::body::Incoming;
use serde_json::json;

use crate::app::App;
use crate::body::RequestBody;
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
        _ => {
            let rule = "the control endpoint has /control/vaults/{vault}[/requests] and /control/applications/{client_id}";
            return wrong(StatusCode::NOT_FOUND, rule);
        }
    };
    match app.vaults.store().settled().await {
        Ok(()) => reply,
        Err(_) => wrong(StatusCode::INTERNAL_SERVER_ERROR, "the data file could not be written"),
    }
}

fn wrong_method(method: &Method) -> Reply {
    wrong(StatusCode::METHOD_NOT_ALLOWED, &format!("{method} is not known here"))
}

fn wrong(status: StatusCode, rule: &str) -> Reply {
    reply::json(status, &json!({ "error": rule }))
}
