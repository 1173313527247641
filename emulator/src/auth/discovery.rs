//! The documents by which clients find the token endpoint and the keys of its tokens.

use http::StatusCode;
use serde_json::json;

use crate::app::App;
use crate::reply::{self, Reply};

/// One of the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Document {
    /// `GET /{tenant}/v2.0/.well-known/openid-configuration`
    OpenIdConfiguration,
    /// `GET /{tenant}/discovery/v2.0/keys`
    Keys,
    /// `GET /{tenant}/discovery/instance`
    Instance,
}

/// Answers with a document of the authority at `host`.
pub(crate) fn answer(app: &App, document: Document, host: &str, tenant: &str) -> Reply {
    let authority = app.authority(host);
    match document {
        Document::OpenIdConfiguration => openid_configuration(&authority, tenant),
        Document::Keys => reply::json(StatusCode::OK, &app.tokens.keys()),
        Document::Instance => instance(&authority, tenant),
    }
}

fn openid_configuration(authority: &str, tenant: &str) -> Reply {
    let configuration = json!({
        "issuer": format!("{authority}/{tenant}/v2.0"),
        "authorization_endpoint": format!("{authority}/{tenant}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{authority}/{tenant}/oauth2/v2.0/token"),
        "jwks_uri": format!("{authority}/{tenant}/discovery/v2.0/keys"),
    });
    reply::json(StatusCode::OK, &configuration)
}

fn instance(authority: &str, tenant: &str) -> Reply {
    let host = authority.trim_start_matches("https://");
    let metadata = json!({
        "tenant_discovery_endpoint": format!("{authority}/{tenant}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    });
    reply::json(StatusCode::OK, &metadata)
}
