//! Who sent a request, as a vault knows it from the token.

use std::fmt;

use ring::digest::{SHA256, digest};
use serde_json::Value;

use crate::auth::ISSUER;
use crate::reply::guid;

/// The bearer of a token.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Caller {
    /// The application's id.
    pub client_id: String,
    /// The id of the application's service principal.
    pub object_id: String,
    /// Says whether permissions do not matter.
    pub unrestricted: bool,
    /// The claims that the token was asked for with.
    pub claims: Option<Value>,
}

impl Caller {
    /// Makes the bearer of the token that was there at the start.
    pub fn unrestricted() -> Self {
        Self { client_id: guid(0), object_id: guid(0), unrestricted: true, claims: None }
    }

    /// Says whether this is the application of that id; ids are compared whatever their case.
    pub fn is(&self, client_id: &str) -> bool {
        self.client_id.eq_ignore_ascii_case(client_id)
    }

    /// Says whether the token was asked for with all these claims, as a client is told to by a claims challenge.
    pub fn meets(&self, challenge: &Value) -> bool {
        self.claims.as_ref().is_some_and(|claims| includes(claims, challenge))
    }
}

/// Clients add to what a challenge asks for, so it need not be all there is.
fn includes(claims: &Value, asked: &Value) -> bool {
    match (claims, asked) {
        (Value::Object(claims), Value::Object(asked)) => {
            asked.iter().all(|(name, asked)| claims.get(name).is_some_and(|claim| includes(claim, asked)))
        }
        (claims, asked) => claims == asked,
    }
}

/// Writes the caller as the service's refusals do.
impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "appid={};oid={};iss={ISSUER}", self.client_id, self.object_id)
    }
}

/// Returns the id of an application's service principal, which is the same at every start.
pub(crate) fn object_id(client_id: &str) -> String {
    let hash = digest(&SHA256, client_id.to_ascii_lowercase().as_bytes());
    guid(hash.as_ref().iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_challenge_is_met_by_a_token_asked_for_with_its_claims() {
        let asked = json!({"access_token": {"nbf": {"essential": true, "value": "5"}}});
        let with = |claims| Caller { claims, ..Caller::unrestricted() };
        assert!(!with(None).meets(&asked));
        assert!(with(Some(asked.clone())).meets(&asked));
        let merged = json!({"access_token": {"nbf": {"essential": true, "value": "5"}, "xms_cc": {"values": ["CP1"]}}});
        assert!(with(Some(merged)).meets(&asked));
        assert!(
            !with(Some(json!({"access_token": {"nbf": {"essential": true, "value": "4"}}}))).meets(&asked)
        );
    }
}
