//! The tokens that are good: one that stands from the start, and those that have been issued since.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use ring::error::Unspecified;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::auth::caller::{Caller, object_id};
use crate::auth::challenge::Unauthorized;
use crate::auth::jwk::JwkSet;
use crate::auth::jwt::{Jwt, SigningKey};
use crate::auth::{APPLICATION, ISSUER, TENANT};
use crate::clock::{Clock, Millis, seconds};

/// The audiences that are good beside the resource of the challenge: the same without a port, the service's own
/// resource, for clients that do not wait for a challenge, and the service's application.
const AUDIENCES: [&str; 3] = ["https://localhost", "https://vault.azure.net", APPLICATION];

/// How many tokens are remembered as verified.
const REMEMBERED: usize = 1024;

/// What a token says.
#[derive(Serialize, Deserialize)]
struct Claims {
    aud: String,
    iss: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    appid: String,
    oid: String,
    sub: String,
    tid: String,
    ver: String,
    /// The claims that the token was asked for with.
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<Value>,
}

/// What a token is asked for.
pub(crate) struct Order<'a> {
    pub client_id: &'a str,
    pub audience: &'a str,
    pub claims: Option<Value>,
}

/// A token and when it expires, in Unix seconds.
pub(crate) struct Issued {
    pub token: String,
    pub expires_on: i64,
}

/// What a vault looks at in a token whose signature is good.
struct Verified {
    audience: String,
    expires_on: i64,
    caller: Arc<Caller>,
}

impl From<Claims> for Verified {
    fn from(claims: Claims) -> Self {
        let caller = Caller {
            client_id: claims.appid,
            object_id: claims.oid,
            unrestricted: false,
            claims: claims.claims,
        };
        Self { audience: claims.aud, expires_on: claims.exp, caller: Arc::new(caller) }
    }
}

pub(crate) struct Tokens {
    standing: String,
    /// Whoever bears the standing token.
    anyone: Arc<Caller>,
    key: SigningKey,
    /// What the tokens say whose signatures are good: verifying costs more than all else about a request.
    verified: RwLock<HashMap<String, Arc<Verified>>>,
    lifetime: Millis,
    clock: Arc<dyn Clock>,
}

impl Tokens {
    /// Starts with one token for everyone, which is made up if none is given. Those issued later live `lifetime`
    /// milliseconds.
    pub fn new(
        standing: Option<String>,
        lifetime: Millis,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Unspecified> {
        let standing = standing.map_or_else(make, Ok)?;
        let anyone = Arc::new(Caller::unrestricted());
        Ok(Self {
            standing,
            anyone,
            key: SigningKey::generate()?,
            verified: RwLock::default(),
            lifetime,
            clock,
        })
    }

    /// Returns the token that never expires and may do everything.
    pub fn standing(&self) -> &str {
        &self.standing
    }

    /// Returns what verifies the issued tokens.
    pub fn keys(&self) -> JwkSet {
        JwkSet { keys: vec![self.key.public().clone()] }
    }

    /// Returns how many seconds an issued token is good for.
    pub fn lifetime(&self) -> i64 {
        seconds(self.lifetime)
    }

    pub fn issue(&self, order: Order<'_>) -> Result<Issued, Unspecified> {
        let now = seconds(self.clock.now());
        let expires_on = now + self.lifetime();
        let oid = object_id(order.client_id);
        let token = self.key.sign(&Claims {
            aud: order.audience.to_owned(),
            iss: ISSUER.to_owned(),
            iat: now,
            nbf: now,
            exp: expires_on,
            appid: order.client_id.to_owned(),
            sub: oid.clone(),
            oid,
            tid: TENANT.to_owned(),
            ver: "1.0".to_owned(),
            claims: order.claims,
        })?;
        Ok(Issued { token, expires_on })
    }

    /// Finds out whose token a request bears. `resource` is that of the challenge.
    pub fn check(&self, headers: &HeaderMap, resource: &str) -> Result<Arc<Caller>, Unauthorized> {
        let authorization = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, token) =
            authorization.and_then(|text| text.split_once(' ')).ok_or(Unauthorized::Missing)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Unauthorized::Missing);
        }
        if token == self.standing {
            return Ok(self.anyone.clone());
        }
        let verified = self.verify(token)?;
        if verified.audience != resource && !AUDIENCES.contains(&verified.audience.as_str()) {
            return Err(Unauthorized::Audience(verified.audience.clone()));
        }
        if verified.expires_on <= seconds(self.clock.now()) {
            return Err(Unauthorized::Expired);
        }
        Ok(verified.caller.clone())
    }

    /// Returns what a token says if it is signed with the key of this emulator.
    fn verify(&self, token: &str) -> Result<Arc<Verified>, Unauthorized> {
        if let Some(known) = self.verified.read().unwrap_or_else(PoisonError::into_inner).get(token) {
            return Ok(known.clone());
        }
        let jwt = Jwt::parse(token).ok_or(Unauthorized::Invalid)?;
        let key = self.key.public();
        if jwt.header.kid.as_deref() != key.kid() {
            return Err(Unauthorized::UnknownKey(jwt.encoded_header.to_owned()));
        }
        let claims: Option<Claims> = if key.verifies(&jwt) { jwt.claims() } else { None };
        let made = Arc::new(Verified::from(claims.ok_or(Unauthorized::Invalid)?));
        let mut verified = self.verified.write().unwrap_or_else(PoisonError::into_inner);
        if verified.len() == REMEMBERED {
            verified.clear();
        }
        verified.insert(token.to_owned(), made.clone());
        Ok(made)
    }
}

fn make() -> Result<String, Unspecified> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes)?;
    Ok(format!("kv-emulator.{}", URL_SAFE_NO_PAD.encode(bytes)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::ManualClock;

    const RESOURCE: &str = "https://localhost:8443";

    fn bearer(text: &str) -> HeaderMap {
        HeaderMap::from_iter([(AUTHORIZATION, text.parse().unwrap())])
    }

    #[test]
    fn issued_tokens_expire_and_the_standing_one_does_not() {
        let clock = Arc::new(ManualClock::new(1_000_000));
        let tokens = Tokens::new(Some("start".to_owned()), 60_000, clock.clone()).unwrap();
        let order = Order { client_id: "app", audience: RESOURCE, claims: None };
        let issued = tokens.issue(order).unwrap();
        assert_eq!(issued.expires_on, 1060);

        let check = |text: &str| tokens.check(&bearer(text), RESOURCE);
        let issued = format!("Bearer {}", issued.token);
        assert_eq!(check(&issued).unwrap().client_id, "app");
        clock.advance(Duration::from_secs(60));
        assert_eq!(check(&issued), Err(Unauthorized::Expired));
        assert_eq!(check("bearer start"), Ok(Caller::unrestricted().into()));
        assert_eq!(check("Bearer other"), Err(Unauthorized::Invalid));
        assert_eq!(check("Basic start"), Err(Unauthorized::Missing));
        assert_eq!(tokens.check(&HeaderMap::new(), RESOURCE), Err(Unauthorized::Missing));
    }

    #[test]
    fn a_token_of_another_emulator_is_signed_with_an_unknown_key() {
        let clock = Arc::new(ManualClock::new(0));
        let [one, other] = [(); 2].map(|()| Tokens::new(None, 60_000, clock.clone()).unwrap());
        let order = Order { client_id: "app", audience: RESOURCE, claims: None };
        let issued = other.issue(order).unwrap().token;
        let header = issued.split('.').next().unwrap().to_owned();
        let refused = one.check(&bearer(&format!("Bearer {issued}")), RESOURCE);
        assert_eq!(refused, Err(Unauthorized::UnknownKey(header)));
    }
}
