//! Public keys as JSON web keys.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::{Deserialize, Serialize};

use crate::auth::jwt::Jwt;

/// A public key. Members that verify nothing are ignored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kty")]
pub(crate) enum Jwk {
    /// A point on the curve P-256, for ES256.
    #[serde(rename = "EC")]
    Ec {
        crv: String,
        x: String,
        y: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        kid: Option<String>,
    },
    /// For RS256.
    #[serde(rename = "RSA")]
    Rsa {
        n: String,
        e: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        kid: Option<String>,
    },
}

/// A set of keys, as an issuer publishes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct JwkSet {
    pub keys: Vec<Jwk>,
}

impl Jwk {
    /// Describes a point in its uncompressed form, `04 x y`.
    pub fn p256(point: &[u8]) -> Self {
        let (x, y) = point.get(1..).and_then(|point| point.split_at_checked(32)).unwrap_or_default();
        let kid = URL_SAFE_NO_PAD.encode(digest(&SHA256, point));
        let encode = |coordinate| URL_SAFE_NO_PAD.encode(coordinate);
        Self::Ec { crv: "P-256".to_owned(), x: encode(x), y: encode(y), kid: Some(kid) }
    }

    pub fn kid(&self) -> Option<&str> {
        match self {
            Self::Ec { kid, .. } | Self::Rsa { kid, .. } => kid.as_deref(),
        }
    }

    /// Says whether this key signed the token, with the one algorithm that its type is for.
    pub fn verifies(&self, token: &Jwt<'_>) -> bool {
        self.check(token).is_some()
    }

    fn check(&self, token: &Jwt<'_>) -> Option<()> {
        let decode = |text: &String| URL_SAFE_NO_PAD.decode(text).ok();
        match (self, token.header.alg.as_str()) {
            (Self::Ec { crv, x, y, .. }, "ES256") if crv == "P-256" => {
                let point = [vec![4], decode(x)?, decode(y)?].concat();
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                key.verify(token.signed, &token.signature).ok()
            }
            (Self::Rsa { n, e, .. }, "RS256") => {
                let key = RsaPublicKeyComponents { n: decode(n)?, e: decode(e)? };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, token.signed, &token.signature).ok()
            }
            _ => None,
        }
    }
}
