//! All vaults, taken out and put in at once.

use http::{Method, StatusCode};

use super::{wrong, wrong_method};
use crate::app::App;
use crate::body::RequestBody;
use crate::reply::{self, Reply};
use crate::state;

/// Answers a request about the state.
pub(super) async fn answer(app: &App, method: Method, body: RequestBody) -> Reply {
    match method {
        Method::GET => match state::export(&app.vaults) {
            Ok(document) => reply::json_text(StatusCode::OK, document),
            Err(_) => wrong(StatusCode::INTERNAL_SERVER_ERROR, "the state cannot be written down"),
        },
        Method::PUT => match body.read().await {
            Ok(document) => imported(app, &document),
            Err(error) => error.into(),
        },
        method => wrong_method(&method),
    }
}

fn imported(app: &App, document: &[u8]) -> Reply {
    match state::import(&app.vaults, document) {
        Ok(()) => reply::bare(StatusCode::NO_CONTENT),
        Err(rule) => wrong(StatusCode::BAD_REQUEST, &rule),
    }
}
