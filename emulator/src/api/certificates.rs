//! Certificates, only as deep as the secrets that they own need it: each one made is self-signed and there at once.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::seconds;
use crate::error::ServiceError;
use crate::reply::guid;
use crate::rules;
use crate::vault::contents::Contents;
use crate::vault::secret::Version;

use super::wire::Attributes;
use super::{Answer, Call, text};

/// The service's default, in seconds.
const VALIDITY: i64 = 365 * 86_400;

const PEM: &str = "application/x-pem-file";

/// What a caller may ask for that the secret shows; other members are ignored.
#[derive(Deserialize)]
pub(super) struct CreateBody {
    tags: Option<BTreeMap<String, String>>,
    #[serde(default)]
    policy: Policy,
}

#[derive(Default, Deserialize)]
struct Policy {
    #[serde(default)]
    x509_props: X509Properties,
}

#[derive(Default, Deserialize)]
struct X509Properties {
    subject: Option<String>,
}

/// How far the making of a certificate has come.
#[derive(Serialize)]
struct CertificateOperation {
    id: String,
    issuer: Issuer,
    #[serde(skip_serializing_if = "Option::is_none")]
    csr: Option<String>,
    cancellation_requested: bool,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_details: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    request_id: String,
}

/// A certificate with its secret and its key, which this vault does not serve.
#[derive(Serialize)]
struct Bundle<'a> {
    id: String,
    kid: String,
    sid: String,
    x5t: String,
    cer: String,
    attributes: Attributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<&'a BTreeMap<String, String>>,
    policy: Value,
}

#[derive(Serialize)]
struct Issuer {
    name: &'static str,
}

pub(super) fn create(call: &Call<'_>, contents: &mut Contents, body: CreateBody) -> Answer {
    rules::check_tags(body.tags.as_ref())?;
    if let Some(secret) = contents.secret(call.name) {
        secret.head.life.admit_set(call.name)?;
        if !secret.head.managed {
            return Err(ServiceError::name_of_a_secret(call.name));
        }
    }
    let not_before = seconds(call.now);
    let expires_on = not_before + VALIDITY;
    let subject = body.policy.x509_props.subject.unwrap_or_default();
    let common_name = subject.strip_prefix("CN=").unwrap_or(call.name);
    let made =
        self_signed(common_name, not_before, expires_on).map_err(|_| ServiceError::no_certificate())?;
    let version = Version {
        content_type: Some(PEM.to_owned()),
        tags: body.tags,
        not_before: Some(not_before),
        expires_on: Some(expires_on),
        ..Version::new(made.pem, call.now)
    };
    contents.add_version(call.name, true, version);
    text(&CertificateOperation {
        csr: Some(made.request),
        status: "inProgress",
        status_details: Some(
            "Pending certificate created. Certificate request is in progress. This may take some time based on the \
             issuer provider. Please check again later.",
        ),
        ..completed(call)
    })
}

/// Tells that a certificate has been made.
pub(super) fn pending(call: &Call<'_>, contents: &Contents) -> Answer {
    let made = contents.active(call.name).is_some_and(|secret| secret.head.managed);
    if !made {
        return Err(ServiceError::pending_certificate_not_found(call.name));
    }
    let target = Some(format!("{}/certificates/{}", call.base, call.name));
    text(&CertificateOperation { target, ..completed(call) })
}

/// Answers with a version's certificate, which lies in its secret's value.
pub(super) fn get(call: &Call<'_>, contents: &Contents) -> Answer {
    let name = call.name;
    let missing = || {
        let version = if call.version.is_empty() { String::new() } else { format!("/{}", call.version) };
        ServiceError::certificate_not_found(&format!("{name}{version}"))
    };
    let secret = contents.active(name).filter(|secret| secret.head.managed).ok_or_else(missing)?;
    let (id, version) = secret.version(call.version).ok_or_else(missing)?;
    let certificate = CertificateDer::from_pem_slice(version.value.as_bytes()).map_err(|_| missing())?;
    let frame = call.frame(contents);
    text(&Bundle {
        id: format!("{}/certificates/{name}/{id}", call.base),
        kid: frame.key_id(name, id),
        sid: frame.version_id(name, id),
        x5t: URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &certificate)),
        cer: STANDARD.encode(&certificate),
        attributes: frame.attributes(version),
        tags: version.tags.as_ref(),
        policy: json!({
            "id": format!("{}/certificates/{name}/policy", call.base),
            "key_props": {"exportable": true, "kty": "EC", "crv": "P-256", "reuse_key": false},
            "secret_props": {"contentType": PEM},
            "issuer": {"name": "Self"},
        }),
    })
}

fn completed(call: &Call<'_>) -> CertificateOperation {
    CertificateOperation {
        id: format!("{}/certificates/{}/pending", call.base, call.name),
        issuer: Issuer { name: "Self" },
        csr: None,
        cancellation_requested: false,
        status: "completed",
        status_details: None,
        target: None,
        request_id: guid(fastrand::u128(..)),
    }
}

struct Made {
    /// The private key and the certificate.
    pem: String,
    /// The certificate request in Base64.
    request: String,
}

fn self_signed(common_name: &str, not_before: i64, expires_on: i64) -> Result<Made, rcgen::Error> {
    let at =
        |seconds: i64| date_time_ymd(1970, 1, 1) + std::time::Duration::from_secs(seconds.unsigned_abs());
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, common_name);
    let key = KeyPair::generate()?;
    let request = STANDARD.encode(params.serialize_request(&key)?.der());
    (params.not_before, params.not_after) = (at(not_before), at(expires_on));
    let certificate = params.self_signed(&key)?;
    Ok(Made { pem: key.serialize_pem() + &certificate.pem(), request })
}
