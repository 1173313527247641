//! An application's certificate, which signs what it shows to the authority instead of a secret.

use std::{fmt, fs, path::Path, sync::Arc, time::SystemTime};

use async_trait::async_trait;
use azure_core::{error::ErrorKind as AzureErrorKind, http::ClientMethodOptions};
use azure_identity::ClientAssertion;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{digest, rand::SystemRandom, rsa, signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::{
    error::{Error, Result},
    model::Timestamp,
};

/// How long an assertion is good for, in seconds. It is used at once.
const LIFE: i64 = 600;

const NO_CERTIFICATE: &str =
    "holds no certificate in PEM form; `openssl pkcs12 -in FILE -nodes` makes one of a PFX file";
const NO_KEY: &str = "holds no private key that is not encrypted";

/// A certificate with its private key.
pub(super) struct Certificate {
    key: rsa::KeyPair,
    thumbprint: String,
}

impl Certificate {
    /// Reads a PEM file that holds a certificate and its RSA key, in PKCS#8 or PKCS#1 form and not encrypted.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) that names the file and what it lacks.
    pub(super) fn read(file: &Path) -> Result<Self> {
        let wrong = |rule: &str| {
            let rule = format!("{}: {rule}", file.display());
            Error::invalid_config("credential.certificate_path", rule)
        };
        let text = Zeroizing::new(fs::read(file).map_err(|e| wrong(&e.to_string()))?);
        let read = CertificateDer::from_pem_slice(&text).map_err(|_| wrong(NO_CERTIFICATE))?;
        let key = PrivateKeyDer::from_pem_slice(&text).map_err(|_| wrong(NO_KEY))?;
        let key = match &key {
            PrivateKeyDer::Pkcs8(key) => rsa::KeyPair::from_pkcs8(key.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(key) => rsa::KeyPair::from_der(key.secret_pkcs1_der()),
            _ => return Err(wrong("its key must be an RSA key")),
        };
        let key = key.map_err(|_| wrong("its key must be an RSA key of 2048 to 4096 bits"))?;
        let thumbprint = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &read));
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

#[cfg(test)]
mod tests {
    use std::env;

    use super::*;

    const PEM: &str = include_str!("certificate/test.pem");

    fn read(text: &str) -> Result<Certificate> {
        let file = env::temp_dir().join(format!("libkv-{}-{:x}.pem", std::process::id(), fastrand::u64(..)));
        fs::write(&file, text).unwrap();
        let read = Certificate::read(&file);
        fs::remove_file(&file).unwrap();
        read
    }

    #[test]
    fn an_assertion_is_signed_by_the_certificate_s_key() {
        let certificate = read(PEM).unwrap();
        let now = Timestamp::from_unix_seconds(1_000);
        let assertion = certificate.assert("client", "https://login.example/t", now).unwrap();
        let parts: Vec<_> = assertion.split('.').collect();
        let json =
            |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
        assert_eq!(json(parts[0])["alg"], "PS256");
        let thumbprint =
            json(parts[0])["x5t#S256"].as_str().map(|text| URL_SAFE_NO_PAD.decode(text).unwrap().len());
        assert_eq!(thumbprint, Some(32));
        let claims = json(parts[1]);
        assert_eq!(
            (&claims["iss"], &claims["sub"], &claims["aud"]),
            (&json!("client"), &json!("client"), &json!("https://login.example/t"))
        );
        assert_eq!((&claims["nbf"], &claims["exp"]), (&json!(1_000), &json!(1_600)));
        let key =
            signature::UnparsedPublicKey::new(&signature::RSA_PSS_2048_8192_SHA256, certificate.key.public());
        let signed = assertion.rsplit_once('.').unwrap().0;
        key.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(parts[2]).unwrap()).unwrap();
    }

    #[test]
    fn a_file_that_lacks_something_is_named() {
        let (certificate, key) = PEM.split_at(PEM.find("-----BEGIN PRIVATE").unwrap());
        for text in [
            "",
            certificate,
            key,
            &format!("{certificate}{}", key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.message().starts_with("credential.certificate_path: "), "{error}");
            assert!(!format!("{error:?}").contains("MII"));
        }
        let missing = Certificate::read(Path::new("/nonexistent/c.pem")).unwrap_err();
        assert!(missing.message().contains("/nonexistent/c.pem"), "{missing}");
    }

    #[test]
    fn debug_hides_the_key() {
        let shown = format!("{:?}", read(PEM).unwrap());
        assert!(shown.starts_with("Certificate { thumbprint: \"") && !shown.contains("key"), "{shown}");
    }
}
