//! The answer to a request that has no good token.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use http::header::WWW_AUTHENTICATE;
use serde_json::Value;

use crate::auth::{APPLICATION, TENANT};
use crate::error::ServiceError;
use crate::reply::Reply;

/// Why a request is not let in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Unauthorized {
    /// It has no bearer token.
    Missing,
    Expired,
    /// Its token is none, or not what was signed.
    Invalid,
    /// Its token, which has this header, is signed with another authority's key.
    UnknownKey(String),
    /// Its token is for this other audience.
    Audience(String),
    /// Its token was not asked for with these claims.
    Claims(Value),
}

impl Unauthorized {
    /// Returns the challenge that tells a client where its token comes from and what it is for.
    pub fn challenge(&self, authority: &str, resource: &str) -> Reply {
        let mut reply = Reply::from(ServiceError::unauthorized(self.message(resource)));
        let mut challenge = format!("Bearer authorization=\"{authority}/{TENANT}\", resource=\"{resource}\"");
        if let Self::Claims(claims) = self {
            let claims = STANDARD.encode(claims.to_string());
            challenge.push_str(&format!(", error=\"insufficient_claims\", claims=\"{claims}\""));
        }
        if let Ok(challenge) = HeaderValue::try_from(challenge) {
            reply.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        reply
    }

    fn message(&self, resource: &str) -> String {
        match self {
            Self::Missing => "AKV10000: Request is missing a Bearer or PoP token.".to_owned(),
            Self::Expired => "[TokenExpired] Error validating token: 'S2S12086'.".to_owned(),
            Self::Invalid => "Error validating token: IDX10501: Signature validation failed.".to_owned(),
            Self::UnknownKey(header) => format!(
                "AKV10046: Unable to resolve the key used for signature validation. EncodedJwtHeader: '{header}'."
            ),
            Self::Audience(found) => {
                format!("AKV10022: Invalid audience. Expected {resource} or {APPLICATION}, found: {found}.")
            }
            Self::Claims(_) => {
                "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: \
                 TokenIssuedBeforeRevocationTimestamp"
                    .to_owned()
            }
        }
    }
}
