//! An application's certificate, which signs what it shows to the authority instead of a secret.

mod encryption;
mod file;
mod pfx;
#[cfg(test)]
mod tests;

use std::{fmt, path::Path, sync::Arc, time::SystemTime};

use async_trait::async_trait;
use azure_core::{error::ErrorKind as AzureErrorKind, http::ClientMethodOptions};
use azure_identity::ClientAssertion;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{digest, rand::SystemRandom, rsa, signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};

use self::file::{Contents, find, load};
use crate::{
    error::{Error, Result},
    model::Timestamp,
};

/// How long an assertion is good for, in seconds. It is used at once.
const LIFE: i64 = 600;

const ADVICE: &str = "a password goes into the option credential.certificate_password, or into AZURE_CLIENT_CERTIFICATE_PASSWORD; \
    `openssl pkcs12 -legacy -in FILE -out NEW.pem` converts a PFX file, `openssl pkcs8 -topk8 -in FILE` the key of a PEM file";

/// A certificate with its private key.
pub(super) struct Certificate {
    key: rsa::KeyPair,
    thumbprint: String,
}

impl Certificate {
    /// Reads a PEM or PFX file that holds a certificate and its RSA key.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) that names the file and what is wrong with it.
    pub(super) fn read(file: &Path, password: &str) -> Result<Self> {
        load(file).and_then(|bytes| Self::of(&bytes, password)).map_err(|rule| {
            let rule = format!("{}: {rule}", file.display());
            Error::invalid_config("credential.certificate_path", rule).with_advice(ADVICE.to_owned())
        })
    }

    pub(super) fn of(bytes: &[u8], password: &str) -> Result<Self, String> {
        let contents = Contents::of(bytes, password)?;
        let key = contents.key.ok_or("holds no private key")?;
        let key = match &*key {
            PrivateKeyDer::Pkcs8(key) => rsa::KeyPair::from_pkcs8(key.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(key) => rsa::KeyPair::from_der(key.secret_pkcs1_der()),
            _ => return Err("its key must be an RSA key".to_owned()),
        };
        let key = key.map_err(|_| "its key must be an RSA key of 2048 to 4096 bits")?;
        // A certificate holds the public half of its key in this very form; a file may hold those of its issuers too.
        let is_own = |certificate: &&CertificateDer<'_>| find(certificate, key.public().as_ref()).is_some();
        let own = contents.certificates.iter().find(is_own).ok_or("holds no certificate of its key")?;
        let thumbprint = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, own));
        Ok(Self { key, thumbprint })
    }

    /// Signs that the application asks this audience for a token.
    fn assert(&self, client_id: &str, audience: &str, now: Timestamp) -> Option<String> {
        let now = now.as_unix_seconds();
        let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint });
        let claims = json!({
            "aud": audience, "iss": client_id, "sub": client_id, "jti": format!("{:032x}", fastrand::u128(..)),
            "nbf": now, "iat": now, "exp": now + LIFE,
        });
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        let padding = &signature::RSA_PSS_SHA256;
        self.key.sign(padding, &SystemRandom::new(), signed.as_bytes(), &mut signature).ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("thumbprint", &self.thumbprint).finish_non_exhaustive()
    }
}

/// What an application shows to one authority.
#[derive(Debug)]
pub(super) struct Assertion {
    pub(super) certificate: Arc<Certificate>,
    pub(super) client_id: String,
    /// The URL of the authority's token endpoint.
    pub(super) audience: String,
}

#[async_trait]
impl ClientAssertion for Assertion {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        let signed = self.certificate.assert(&self.client_id, &self.audience, SystemTime::now().into());
        let failed = || {
            azure_core::Error::with_message(
                AzureErrorKind::Credential,
                "the certificate's key could not sign",
            )
        };
        signed.ok_or_else(failed)
    }
}
