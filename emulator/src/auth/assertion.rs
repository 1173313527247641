//! Client assertions: tokens that an application signs with its certificate, or that an issuer it trusts signs for it.

use rustls::pki_types::CertificateDer;
use serde::Deserialize;
use webpki::EndEntityCert;
use webpki::ring::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256_LEGACY_KEY};

use crate::auth::applications::Application;
use crate::auth::jwt::Jwt;
use crate::auth::refused::Refused;

/// How many seconds the clocks of the two sides may differ.
const SKEW: f64 = 300.0;

/// Where and when an assertion is presented.
pub(crate) struct Occasion<'a> {
    pub token_url: &'a str,
    /// In Unix seconds.
    pub now: i64,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audiences,
    // Some clients write fractions of seconds.
    exp: f64,
    #[serde(default)]
    nbf: f64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audiences {
    One(String),
    Many(Vec<String>),
}

impl Audiences {
    fn all(&self) -> &[String] {
        match self {
            Self::One(audience) => std::slice::from_ref(audience),
            Self::Many(audiences) => audiences,
        }
    }
}

/// Checks an assertion in the name of an application.
pub(crate) fn check(
    application: &Application,
    client_id: &str,
    text: &str,
    occasion: &Occasion<'_>,
) -> Result<(), Refused> {
    let malformed = || Refused::invalid_client(50_027, "JWT token is invalid or malformed.");
    let token = Jwt::parse(text).ok_or_else(malformed)?;
    let claims: Claims = token.claims().ok_or_else(malformed)?;
    if claims.iss.eq_ignore_ascii_case(client_id) {
        check_own(application, &token, &claims, client_id, occasion)?;
    } else {
        check_federated(application, &token, &claims)?;
    }
    let now = occasion.now as f64;
    if now >= claims.exp + SKEW || now < claims.nbf - SKEW {
        let text = "Client assertion is not within its valid time range.";
        return Err(Refused::invalid_client(700_024, text));
    }
    Ok(())
}

fn check_own(
    application: &Application,
    token: &Jwt<'_>,
    claims: &Claims,
    client_id: &str,
    occasion: &Occasion<'_>,
) -> Result<(), Refused> {
    if !application.certificates.iter().any(|certificate| is_signed_by(token, certificate)) {
        let text = "The certificate with identifier used to sign the client assertion is not registered on \
                    application. [Reason - The key was not found.]";
        return Err(Refused::invalid_client(700_027, text));
    }
    if !claims.sub.eq_ignore_ascii_case(client_id) {
        let text = "Client assertion subject claim does not match the client id.";
        return Err(Refused::invalid_client(700_021, text));
    }
    if !claims.aud.all().iter().any(|audience| audience.eq_ignore_ascii_case(occasion.token_url)) {
        let text = "Client assertion audience claim does not match Realm issuer.";
        return Err(Refused::invalid_client(700_023, text));
    }
    Ok(())
}

fn is_signed_by(token: &Jwt<'_>, certificate: &CertificateDer<'_>) -> bool {
    let algorithm = match token.header.alg.as_str() {
        "RS256" => RSA_PKCS1_2048_8192_SHA256,
        "PS256" => RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        _ => return false,
    };
    EndEntityCert::try_from(certificate).is_ok_and(|certificate| {
        certificate.verify_signature(algorithm, token.signed, &token.signature).is_ok()
    })
}

fn check_federated(application: &Application, token: &Jwt<'_>, claims: &Claims) -> Result<(), Refused> {
    let unmatched = |code, what, value: &str| {
        let text =
            format!("No matching federated identity record found for presented assertion {what} '{value}'.");
        Err(Refused::invalid_client(code, text))
    };
    let of_issuer =
        application.federated_credentials.iter().filter(|credential| credential.issuer == claims.iss);
    let of_subject = of_issuer.clone().filter(|credential| credential.subject == claims.sub);
    let audiences = claims.aud.all();
    let mut trusted =
        of_subject.clone().filter(|credential| audiences.contains(&credential.audience)).peekable();
    if of_issuer.count() == 0 {
        return unmatched(700_211, "issuer", &claims.iss);
    }
    if of_subject.count() == 0 {
        return unmatched(700_213, "subject", &claims.sub);
    }
    if trusted.peek().is_none() {
        return unmatched(700_212, "audience", &audiences.join(", "));
    }
    let signed = trusted.any(|credential| match &credential.keys {
        Some(set) => set.keys.iter().any(|key| key.verifies(token)),
        None => true,
    });
    if signed {
        return Ok(());
    }
    let text = "Assertion failed signature validation. [Reason - The key was not found.]";
    Err(Refused::invalid_client(50_013, text))
}
