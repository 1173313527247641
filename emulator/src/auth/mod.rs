//! Who may come in: the challenge, and the tokens that answer it.

pub(crate) mod endpoints;

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue};
use rustls::crypto::SecureRandom;

use crate::clock::{Clock, Millis};
use crate::error::ServiceError;
use crate::reply::Reply;

/// The tenant that challenges name. The token endpoint answers for any.
pub(crate) const TENANT: &str = "6c69626b-7600-4000-8000-6c6f63616c00";

const MISSING: &str = "AKV10000: Request is missing a Bearer or PoP token.";
const EXPIRED: &str = "[TokenExpired] Error validating token: 'S2S12086'.";
const UNKNOWN: &str = "Error validating token: IDX10501: Signature validation failed.";

/// Says that the system has no randomness to make a token from.
#[derive(Debug)]
pub struct NoRandomness;

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unauthorized {
    Missing,
    Expired,
    Unknown,
}

impl Unauthorized {
    /// Returns the challenge that tells a client of this vault where its token comes from.
    pub fn challenge(self, authority: &str, resource: &str) -> Reply {
        let message = match self {
            Self::Missing => MISSING,
            Self::Expired => EXPIRED,
            Self::Unknown => UNKNOWN,
        };
        let mut reply = Reply::from(ServiceError::unauthorized(message));
        let challenge = format!("Bearer authorization=\"{authority}/{TENANT}\", resource=\"{resource}\"");
        if let Ok(challenge) = HeaderValue::try_from(challenge) {
            reply.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        reply
    }
}

/// The tokens that are good.
pub(crate) struct Tokens {
    /// Never expires.
    standing: String,
    issued: RwLock<HashMap<String, Millis>>,
    lifetime: Millis,
    random: &'static dyn SecureRandom,
    clock: Arc<dyn Clock>,
}

impl Tokens {
    /// Starts with one token for everyone, which is made up if none is given. Those issued later live `lifetime`
    /// milliseconds.
    pub fn new(
        standing: Option<String>,
        lifetime: Millis,
        random: &'static dyn SecureRandom,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, NoRandomness> {
        let standing = standing.map_or_else(|| make(random), Ok)?;
        Ok(Self { standing, issued: RwLock::default(), lifetime, random, clock })
    }

    pub fn standing(&self) -> &str {
        &self.standing
    }

    /// Makes a token; returns it and the moment it expires.
    pub fn issue(&self) -> Result<(String, Millis), NoRandomness> {
        let token = make(self.random)?;
        let now = self.clock.now();
        let expires = now + self.lifetime;
        let mut issued = self.issued.write().unwrap_or_else(PoisonError::into_inner);
        // An expired token is told from an unknown one for as long as it lived, and no longer.
        issued.retain(|_, expires| *expires + self.lifetime > now);
        issued.insert(token.clone(), expires);
        Ok((token, expires))
    }

    pub fn lifetime(&self) -> Millis {
        self.lifetime
    }

    /// Checks the token of a request.
    pub fn check(&self, headers: &HeaderMap) -> Result<(), Unauthorized> {
        let authorization = headers.get(AUTHORIZATION).ok_or(Unauthorized::Missing)?;
        let (scheme, token) =
            authorization.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(Unauthorized::Missing)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Unauthorized::Missing);
        }
        if token == self.standing {
            return Ok(());
        }
        let issued = self.issued.read().unwrap_or_else(PoisonError::into_inner);
        match issued.get(token) {
            Some(expires) if *expires > self.clock.now() => Ok(()),
            Some(_) => Err(Unauthorized::Expired),
            None => Err(Unauthorized::Unknown),
        }
    }
}

fn make(random: &dyn SecureRandom) -> Result<String, NoRandomness> {
    let mut bytes = [0; 32];
    random.fill(&mut bytes).map_err(|_| NoRandomness)?;
    let mut token = "kv-emulator.".to_owned();
    // Writing to a String cannot fail.
    let _ = write!(token, "{}", URL_SAFE_NO_PAD.encode(bytes));
    Ok(token)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::ManualClock;

    fn bearer(text: &str) -> HeaderMap {
        HeaderMap::from_iter([(AUTHORIZATION, text.parse().unwrap())])
    }

    #[test]
    fn issued_tokens_expire_and_the_standing_one_does_not() {
        let clock = Arc::new(ManualClock::new(1_000_000));
        let random = rustls::crypto::ring::default_provider().secure_random;
        let tokens = Tokens::new(Some("start".to_owned()), 60_000, random, clock.clone()).unwrap();
        let (issued, expires) = tokens.issue().unwrap();
        assert_eq!(expires, 1_060_000);

        assert_eq!(tokens.check(&bearer(&format!("Bearer {issued}"))), Ok(()));
        clock.advance(Duration::from_secs(60));
        assert_eq!(tokens.check(&bearer(&format!("Bearer {issued}"))), Err(Unauthorized::Expired));
        assert_eq!(tokens.check(&bearer("bearer start")), Ok(()));
        assert_eq!(tokens.check(&bearer("Bearer other")), Err(Unauthorized::Unknown));
        assert_eq!(tokens.check(&bearer("Basic start")), Err(Unauthorized::Missing));
        assert_eq!(tokens.check(&HeaderMap::new()), Err(Unauthorized::Missing));
    }
}
