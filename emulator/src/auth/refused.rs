//! What the token endpoint answers when it refuses.

use http::StatusCode;
use serde_json::json;

use crate::reply::{self, Reply};

/// Why no token is granted.
pub(crate) struct Refused {
    status: StatusCode,
    error: &'static str,
    /// The number behind `AADSTS`.
    code: u32,
    text: String,
}

impl Refused {
    pub fn bad_request(error: &'static str, code: u32, text: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, code, text: text.into() }
    }

    pub fn invalid_client(code: u32, text: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, error: "invalid_client", code, text: text.into() }
    }
}

impl From<Refused> for Reply {
    fn from(refused: Refused) -> Self {
        let Refused { status, error, code, text } = refused;
        let description = format!("AADSTS{code}: {text}");
        let body = json!({"error": error, "error_description": description, "error_codes": [code]});
        reply::json(status, &body)
    }
}
