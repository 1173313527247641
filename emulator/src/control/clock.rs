//! The emulator's time, looked at and moved from outside.

use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::{document, wrong, wrong_method};
use crate::app::App;
use crate::body::RequestBody;
use crate::clock::{Clock, Millis, seconds};
use crate::reply::{self, Reply};

const RULE: &str =
    "advance_s must be a number of seconds, 0 or more, that does not lead out of the year 9999";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    advance_s: f64,
}

/// Answers a request about the clock.
pub(super) async fn answer(app: &App, method: Method, body: RequestBody) -> Reply {
    match method {
        Method::GET => {}
        Method::PATCH => match document::<Move>(body).await {
            // A number out of range becomes the largest there is, which the clock refuses.
            Ok(Move { advance_s }) if app.clock.advance((advance_s * 1000.0).round() as Millis) => {}
            Ok(_) => return wrong(StatusCode::BAD_REQUEST, RULE),
            Err(refusal) => return refusal,
        },
        method => return wrong_method(&method),
    }
    reply::json(StatusCode::OK, &json!({ "now": seconds(app.clock.now()) }))
}
