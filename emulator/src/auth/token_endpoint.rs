//! The token endpoint.

use std::collections::HashMap;

use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use url::form_urlencoded;

use crate::app::App;
use crate::auth::assertion::Occasion;
use crate::auth::proof::Proof;
use crate::auth::refused::Refused;
use crate::auth::tokens::Order;
use crate::body::RequestBody;
use crate::clock::seconds;
use crate::reply::{self, Reply};

#[derive(Serialize)]
struct Granted {
    token_type: &'static str,
    expires_in: i64,
    ext_expires_in: i64,
    access_token: String,
}

/// Answers `POST /{tenant}/oauth2/v2.0/token`, which is at `token_url`.
pub(crate) async fn issue(app: &App, token_url: &str, body: RequestBody) -> Reply {
    let occasion = Occasion { token_url, now: seconds(app.vaults.clock().now()) };
    match body.read().await {
        Ok(body) => grant(app, &occasion, &body).unwrap_or_else(Reply::from),
        Err(error) => error.into(),
    }
}

fn grant(app: &App, occasion: &Occasion<'_>, body: &[u8]) -> Result<Reply, Refused> {
    let form: HashMap<_, _> = form_urlencoded::parse(body).collect();
    let given = |name| form.get(name).map(|value| value.as_ref()).filter(|value: &&str| !value.is_empty());
    let required = |name| {
        given(name).ok_or_else(|| {
            let text = format!("The request body must contain the following parameter: '{name}'.");
            Refused::bad_request("invalid_request", 900_144, text)
        })
    };
    let (grant_type, client_id, scope) =
        (required("grant_type")?, required("client_id")?, required("scope")?);
    if grant_type != "client_credentials" {
        let text = "The app requested an unsupported grant type; this endpoint knows 'client_credentials'.";
        return Err(Refused::bad_request("unsupported_grant_type", 70_003, text));
    }
    let proof = match (given("client_secret"), given("client_assertion")) {
        (Some(secret), _) => Proof::Secret(secret),
        (None, Some(assertion)) => Proof::Assertion(assertion),
        (None, None) => {
            let text =
                "'client_assertion' or 'client_secret' is required for the 'client_credentials' grant type.";
            return Err(Refused::invalid_client(7_000_216, text));
        }
    };
    proof.check(client_id, app.applications.find(client_id).as_deref(), occasion)?;
    let order = Order { client_id, audience: audience(scope)?, claims: claims(given("claims"))? };
    let Ok(issued) = app.tokens.issue(order) else {
        return Ok(reply::bare(StatusCode::INTERNAL_SERVER_ERROR));
    };
    let expires_in = app.tokens.lifetime();
    let access_token = issued.token;
    let granted = Granted { token_type: "Bearer", expires_in, ext_expires_in: expires_in, access_token };
    Ok(reply::json(StatusCode::OK, &granted))
}

fn audience(scope: &str) -> Result<&str, Refused> {
    scope.strip_suffix("/.default").filter(|resource| !resource.contains(' ')).ok_or_else(|| {
        let text = format!(
            "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with \
             /.default suffixed to the resource identifier (application ID URI)."
        );
        Refused::bad_request("invalid_scope", 1_002_012, text)
    })
}

fn claims(text: Option<&str>) -> Result<Option<Value>, Refused> {
    text.map(serde_json::from_str).transpose().map_err(|_| {
        Refused::bad_request("invalid_request", 9_002_313, "The parameter 'claims' must be JSON.")
    })
}
