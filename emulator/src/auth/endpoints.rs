//! Where tokens come from: the token endpoint for a client secret, its discovery, and the managed-identity endpoint.

use std::collections::HashMap;

use http::{HeaderMap, Request, StatusCode};
use serde::Serialize;
use url::form_urlencoded;

use crate::app::App;
use crate::body::RequestBody;
use crate::clock::seconds;
use crate::reply::{self, Reply};

/// Where managed-identity requests go, in the App Service form and in that of the instance metadata service.
pub(crate) const IDENTITY_PATH: &str = "/metadata/identity/oauth2/token";

/// The one client secret that is refused.
const WRONG_SECRET: &str = "wrong";

#[derive(Serialize)]
struct Granted {
    token_type: &'static str,
    expires_in: i64,
    ext_expires_in: i64,
    access_token: String,
}

/// Numbers are strings here, as the real endpoints write them.
#[derive(Serialize)]
struct IdentityGranted {
    access_token: String,
    client_id: String,
    expires_in: String,
    expires_on: String,
    not_before: String,
    resource: String,
    token_type: &'static str,
}

/// What a client library reads before it asks for a token.
#[derive(Serialize)]
struct Configuration {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

#[derive(Serialize)]
struct Refused<'a> {
    error: &'a str,
    error_description: String,
    #[serde(skip_serializing_if = "<[u32]>::is_empty")]
    error_codes: &'a [u32],
}

/// Answers `POST /{tenant}/oauth2/v2.0/token`.
pub(crate) async fn issue(app: &App, body: RequestBody) -> Reply {
    let body = match body.read().await {
        Ok(body) => body,
        Err(error) => return error.into(),
    };
    let form: HashMap<_, _> = form_urlencoded::parse(&body).collect();
    let parameter = |name: &str| form.get(name).map(|value| value.as_ref()).filter(|value| !value.is_empty());
    for name in ["grant_type", "client_id", "scope"] {
        if parameter(name).is_none() {
            let text = format!("The request body must contain the following parameter: '{name}'.");
            return refused(StatusCode::BAD_REQUEST, "invalid_request", 900_144, &text);
        }
    }
    if parameter("grant_type") != Some("client_credentials") {
        let text = "The app requested an unsupported grant type; this endpoint knows 'client_credentials'.";
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", 70_003, text);
    }
    match parameter("client_secret").or(parameter("client_assertion")) {
        None => {
            let text =
                "'client_assertion' or 'client_secret' is required for the 'client_credentials' grant type.";
            refused(StatusCode::UNAUTHORIZED, "invalid_client", 7_000_216, text)
        }
        Some(WRONG_SECRET) => {
            refused(StatusCode::UNAUTHORIZED, "invalid_client", 7_000_215, "Invalid client secret provided.")
        }
        Some(_) => granted(app),
    }
}

fn granted(app: &App) -> Reply {
    let Ok((access_token, _)) = app.tokens.issue() else { return no_randomness() };
    let expires_in = seconds(app.tokens.lifetime());
    let granted = Granted { token_type: "Bearer", expires_in, ext_expires_in: expires_in, access_token };
    reply::json(StatusCode::OK, &granted)
}

/// Answers `GET /{tenant}/v2.0/.well-known/openid-configuration`.
pub(crate) fn discovery(authority: &str, tenant: &str) -> Reply {
    let configuration = Configuration {
        issuer: format!("{authority}/{tenant}/v2.0"),
        authorization_endpoint: format!("{authority}/{tenant}/oauth2/v2.0/authorize"),
        token_endpoint: format!("{authority}/{tenant}/oauth2/v2.0/token"),
        jwks_uri: format!("{authority}/{tenant}/discovery/v2.0/keys"),
    };
    reply::json(StatusCode::OK, &configuration)
}

/// Answers a managed-identity request.
pub(crate) fn identity<B>(app: &App, request: &Request<B>) -> Reply {
    if request.method() != http::Method::GET {
        return identity_refused(StatusCode::METHOD_NOT_ALLOWED, "The method must be GET.");
    }
    if !from_identity_client(request.headers()) {
        return identity_refused(StatusCode::BAD_REQUEST, "Required metadata header not specified.");
    }
    let query = request.uri().query().unwrap_or_default();
    let query: HashMap<_, _> = form_urlencoded::parse(query.as_bytes()).collect();
    if !query.contains_key("api-version") {
        return identity_refused(StatusCode::BAD_REQUEST, "The query parameter api-version is required.");
    }
    let Some(resource) = query.get("resource") else {
        return identity_refused(StatusCode::BAD_REQUEST, "The query parameter resource is required.");
    };
    let Ok((access_token, expires)) = app.tokens.issue() else { return no_randomness() };
    let granted = IdentityGranted {
        access_token,
        client_id: query.get("client_id").map(ToString::to_string).unwrap_or_default(),
        expires_in: seconds(app.tokens.lifetime()).to_string(),
        expires_on: seconds(expires).to_string(),
        not_before: seconds(app.vaults.clock().now()).to_string(),
        resource: resource.to_string(),
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

fn identity_refused(status: StatusCode, text: &str) -> Reply {
    let refused = Refused { error: "invalid_request", error_description: text.to_owned(), error_codes: &[] };
    reply::json(status, &refused)
}

fn refused(status: StatusCode, error: &str, code: u32, text: &str) -> Reply {
    let error_description = format!("AADSTS{code}: {text}");
    reply::json(status, &Refused { error, error_description, error_codes: &[code] })
}

fn no_randomness() -> Reply {
    reply::bare(StatusCode::INTERNAL_SERVER_ERROR)
}
