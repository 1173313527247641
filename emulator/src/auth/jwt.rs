//! JSON web tokens: signed here, and taken apart and checked wherever they come from.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::error::Unspecified;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::auth::jwk::Jwk;

/// What a token says about its own signature.
#[derive(Deserialize)]
pub(crate) struct Header {
    pub alg: String,
    pub kid: Option<String>,
}

/// A token taken apart. Nothing in it is true until its signature has been verified.
pub(crate) struct Jwt<'a> {
    pub header: Header,
    /// The header as it is in the token.
    pub encoded_header: &'a str,
    /// The bytes that the signature covers.
    pub signed: &'a [u8],
    pub signature: Vec<u8>,
    claims: Vec<u8>,
}

impl<'a> Jwt<'a> {
    /// Takes a compact token apart; `None` if it is none.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (encoded_header, claims) = signed.split_once('.')?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        Some(Self {
            header: serde_json::from_slice(&decode(encoded_header)?).ok()?,
            encoded_header,
            signed: signed.as_bytes(),
            signature: decode(signature)?,
            claims: decode(claims)?,
        })
    }

    /// Reads the claims; `None` if one is missing or mistyped.
    pub fn claims<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.claims).ok()
    }
}

/// The key of the token endpoint. It is made at each start and never leaves memory.
pub(crate) struct SigningKey {
    pair: EcdsaKeyPair,
    public: Jwk,
    random: SystemRandom,
}

impl SigningKey {
    pub fn generate() -> Result<Self, Unspecified> {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random)?;
        let pair =
            EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).map_err(|_| Unspecified)?;
        let public = Jwk::p256(pair.public_key().as_ref());
        Ok(Self { pair, public, random })
    }

    /// Returns what verifies the tokens of this key.
    pub fn public(&self) -> &Jwk {
        &self.public
    }

    /// Makes a token of these claims.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, Unspecified> {
        #[derive(Serialize)]
        struct Signed<'a> {
            typ: &'static str,
            alg: &'static str,
            kid: Option<&'a str>,
        }
        let header = Signed { typ: "JWT", alg: "ES256", kid: self.public.kid() };
        let mut token = format!("{}.{}", encode(&header)?, encode(claims)?);
        let signature = self.pair.sign(&self.random, token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

fn encode(part: &impl Serialize) -> Result<String, Unspecified> {
    serde_json::to_vec(part).map(|json| URL_SAFE_NO_PAD.encode(json)).map_err(|_| Unspecified)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_token_is_good_as_it_was_signed_and_under_its_own_key_alone() {
        let (key, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
        let token = key.sign(&json!({"appid": "a"})).unwrap();
        let parsed = Jwt::parse(&token).unwrap();
        assert!(key.public().verifies(&parsed));
        assert!(!other.public().verifies(&parsed));
        assert_eq!(parsed.claims::<Value>().unwrap(), json!({"appid": "a"}));

        let (header, rest) = token.split_once('.').unwrap();
        let forged =
            format!("{header}.{}.{}", encode(&json!({"appid": "b"})).unwrap(), &rest[rest.len() - 86..]);
        assert!(!key.public().verifies(&Jwt::parse(&forged).unwrap()));
        let unsigned = format!("{}.{rest}", encode(&json!({"alg": "none"})).unwrap());
        assert!(!key.public().verifies(&Jwt::parse(&unsigned).unwrap()));
    }

    #[test]
    fn what_is_no_token_is_not_taken_for_one() {
        for text in ["", "a", "a.b", "a.b.c", "..", "e30.e30.e30", "{}.{}.{}"] {
            assert!(Jwt::parse(text).is_none(), "{text}");
        }
    }
}
