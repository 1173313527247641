//! The managed-identity endpoint, in the App Service form and in that of the instance metadata service.

use std::collections::HashMap;

use http::{HeaderMap, Request, StatusCode};
use serde::Serialize;
use serde_json::json;
use url::form_urlencoded;

use crate::app::App;
use crate::auth::tokens::Order;
use crate::clock::seconds;
use crate::reply::{self, Reply};

/// Where managed-identity requests go.
pub(crate) const IDENTITY_PATH: &str = "/metadata/identity/oauth2/token";

/// The client id of the identity that answers where a request names none: the system-assigned one.
const SYSTEM_ASSIGNED: &str = "6c69626b-7600-4000-8000-73797374656d";

/// Numbers are strings here, as the real endpoints write them.
#[derive(Serialize)]
struct Granted<'a> {
    access_token: String,
    client_id: &'a str,
    expires_in: String,
    expires_on: String,
    not_before: String,
    resource: &'a str,
    token_type: &'static str,
}

/// Answers a managed-identity request.
pub(crate) fn answer<B>(app: &App, request: &Request<B>) -> Reply {
    if request.method() != http::Method::GET {
        return refused(StatusCode::METHOD_NOT_ALLOWED, "The method must be GET.");
    }
    if !from_identity_client(request.headers()) {
        return refused(StatusCode::BAD_REQUEST, "Required metadata header not specified.");
    }
    let query = request.uri().query().unwrap_or_default();
    let query: HashMap<_, _> = form_urlencoded::parse(query.as_bytes()).collect();
    if !query.contains_key("api-version") {
        return refused(StatusCode::BAD_REQUEST, "The query parameter api-version is required.");
    }
    let Some(resource) = query.get("resource") else {
        return refused(StatusCode::BAD_REQUEST, "The query parameter resource is required.");
    };
    let client_id = query.get("client_id").map_or(SYSTEM_ASSIGNED, |client_id| client_id.as_ref());
    let Ok(issued) = app.tokens.issue(Order { client_id, audience: resource, claims: None }) else {
        return reply::bare(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let granted = Granted {
        access_token: issued.token,
        client_id,
        expires_in: app.tokens.lifetime().to_string(),
        expires_on: issued.expires_on.to_string(),
        not_before: seconds(app.vaults.clock().now()).to_string(),
        resource,
        token_type: "Bearer",
    };
    reply::json(StatusCode::OK, &granted)
}

/// Tells a client from a page or a proxy that was made to ask: only the former sends these headers.
fn from_identity_client(headers: &HeaderMap) -> bool {
    let metadata =
        headers.get("metadata").is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"));
    metadata || headers.get("x-identity-header").is_some_and(|value| !value.is_empty())
}

fn refused(status: StatusCode, text: &str) -> Reply {
    reply::json(status, &json!({"error": "invalid_request", "error_description": text}))
}
