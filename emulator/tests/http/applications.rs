//! Registered applications: which secret, certificate or federated assertion the token endpoint takes from them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding,
    RsaKeyPair,
};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};

use crate::lab::{Lab, Reply, START};

const APP: &str = "11111111-0000-4000-8000-000000000000";
const CERTIFICATE: &str = include_str!("fixtures/application.crt");
const ISSUER: &str = "https://issuer.example";
const SUBJECT: &str = "system:serviceaccount:shop:web";

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn unsigned(algorithm: &str, claims: &Value) -> String {
    format!("{}.{}", encode(json!({"alg": algorithm, "typ": "JWT"}).to_string()), encode(claims.to_string()))
}

/// Signs with the key of the certificate.
fn signed(algorithm: &str, padding: &'static dyn RsaEncoding, claims: &Value) -> String {
    let der = PrivatePkcs8KeyDer::from_pem_slice(include_bytes!("fixtures/application.key")).unwrap();
    let key = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap();
    let text = unsigned(algorithm, claims);
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(padding, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    format!("{text}.{}", encode(signature))
}

/// An issuer that some application trusts.
struct Issuer(EcdsaKeyPair);

impl Issuer {
    fn new() -> Self {
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random).unwrap())
    }

    fn keys(&self) -> Value {
        let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
        json!({"keys": [{"kty": "EC", "crv": "P-256", "use": "sig", "x": encode(x), "y": encode(y)}]})
    }

    fn sign(&self, claims: &Value) -> String {
        let text = unsigned("ES256", claims);
        let signature = self.0.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        format!("{text}.{}", encode(signature))
    }
}

async fn register(lab: &Lab, method: &str, application: Value) -> Reply {
    let method = method.parse().unwrap();
    let url = format!("{}/applications/{}", lab.running.control_url(), APP.to_uppercase());
    lab.send(lab.client.request(method, url).body(application.to_string())).await
}

async fn registered(application: Value) -> Lab {
    let lab = Lab::new().await;
    let reply = register(&lab, "PUT", application).await;
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    lab
}

/// Asks for a token with a proof.
async fn ask(lab: &Lab, parameter: &str, proof: &str) -> Reply {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", APP),
        ("scope", "https://localhost/.default"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        (parameter, proof),
    ];
    lab.ask(&form).await
}

/// Returns `granted`, or the number of the refusal.
async fn outcome(lab: &Lab, parameter: &str, proof: &str) -> String {
    let reply = ask(lab, parameter, proof).await;
    match reply.status {
        200 => "granted".to_owned(),
        401 => {
            assert_eq!(reply.json()["error"], "invalid_client");
            reply.json()["error_codes"][0].to_string()
        }
        status => panic!("{status}: {}", reply.text),
    }
}

/// Contract `caller.secret` (documented): 401 `invalid_client`, AADSTS7000215, for a client secret that is not the application's.
#[tokio::test]
async fn a_registered_application_needs_one_of_its_own_secrets() {
    let lab = registered(json!({"client_secrets": ["first", "second"]})).await;
    for (secret, expected) in
        [("first", "granted"), ("second", "granted"), ("third", "7000215"), ("FIRST", "7000215")]
    {
        assert_eq!(outcome(&lab, "client_secret", secret).await, expected, "{secret}");
    }
    assert_eq!(register(&lab, "DELETE", Value::Null).await.status, 204);
    assert_eq!(outcome(&lab, "client_secret", "third").await, "granted");
}

/// Contract `caller.certificate` (documented): an assertion is signed with a registered certificate (else AADSTS700027), for the token
/// endpoint (else AADSTS700023), and not past its time (else AADSTS700024).
#[tokio::test]
async fn a_certificates_assertion_is_checked_against_the_registered_certificate() {
    let lab = registered(json!({"certificates": [CERTIFICATE]})).await;
    let token_url = format!("{}/{}/oauth2/v2.0/token", lab.vault("team").url, lab.running.tenant());
    let good =
        json!({"iss": APP, "sub": APP, "aud": token_url, "nbf": START, "exp": START + 600, "jti": "1"});
    let with = |member: &str, value: Value| {
        let mut claims = good.clone();
        claims[member] = value;
        signed("RS256", &RSA_PKCS1_SHA256, &claims)
    };
    let rs256 = signed("RS256", &RSA_PKCS1_SHA256, &good);
    let (head, _) = rs256.rsplit_once('.').unwrap();
    let rows = [
        (rs256.clone(), "granted"),
        (signed("PS256", &RSA_PSS_SHA256, &good), "granted"),
        (signed("RS256", &RSA_PSS_SHA256, &good), "700027"),
        (format!("{head}.{}", encode([1; 256])), "700027"),
        (Issuer::new().sign(&good), "700027"),
        (with("sub", json!("other")), "700021"),
        (with("aud", json!("https://login.microsoftonline.com/")), "700023"),
        (with("exp", json!(START as f64 + 0.5)), "granted"),
        (with("exp", json!(START - 300)), "700024"),
        (with("nbf", json!(START + 301)), "700024"),
        (with("exp", json!(null)), "50027"),
        ("nonsense".to_owned(), "50027"),
    ];
    for (assertion, expected) in rows {
        assert_eq!(outcome(&lab, "client_assertion", &assertion).await, expected, "{assertion}");
    }
    assert_eq!(outcome(&lab, "client_secret", "s").await, "7000215", "the application has no secret");
}

/// Contract `caller.federation` (seen): a federated assertion has the issuer (else AADSTS700211), subject (else AADSTS700213) and audience
/// (else AADSTS700212) of a registered credential, in the same case.
#[tokio::test]
async fn a_federated_assertion_is_checked_against_the_registered_issuer() {
    let (issuer, stranger) = (Issuer::new(), Issuer::new());
    let credential = json!({"issuer": ISSUER, "subject": SUBJECT, "keys": issuer.keys()});
    let lab = registered(json!({"federated_credentials": [credential]})).await;
    let good = json!({
        "iss": ISSUER, "sub": SUBJECT, "aud": ["api://AzureADTokenExchange"], "exp": START + 600,
    });
    let with = |member: &str, value: &str| {
        let mut claims = good.clone();
        claims[member] = json!(value);
        issuer.sign(&claims)
    };
    let mut expired = good.clone();
    expired["exp"] = json!(START - 300);
    let rows = [
        (issuer.sign(&good), "granted"),
        (with("aud", "api://AzureADTokenExchange"), "granted"),
        (stranger.sign(&good), "50013"),
        (with("iss", "https://other.example"), "700211"),
        (with("sub", "system:serviceaccount:shop:Web"), "700213"),
        (with("aud", "https://kubernetes.default.svc"), "700212"),
        (issuer.sign(&expired), "700024"),
    ];
    for (assertion, expected) in rows {
        assert_eq!(outcome(&lab, "client_assertion", &assertion).await, expected, "{assertion}");
    }
}

#[tokio::test]
async fn an_issuer_without_keys_is_believed_by_its_claims() {
    let credential = json!({"issuer": ISSUER, "subject": SUBJECT, "audience": "api://mine"});
    let lab = registered(json!({"federated_credentials": [credential]})).await;
    let claims = json!({"iss": ISSUER, "sub": SUBJECT, "aud": "api://mine", "exp": START + 600});
    assert_eq!(outcome(&lab, "client_assertion", &Issuer::new().sign(&claims)).await, "granted");
}

#[tokio::test]
async fn the_token_names_the_application_whatever_it_was_proven_with() {
    let issuer = Issuer::new();
    let credential = json!({"issuer": ISSUER, "subject": SUBJECT, "keys": issuer.keys()});
    let lab = registered(json!({"client_secrets": ["s"], "federated_credentials": [credential]})).await;
    let owner = lab.vault("team");
    let policy = json!([{"client_id": APP, "secrets": ["list"]}]);
    owner.given(json!({"authorization": {"access_policies": policy}})).await;
    let claims =
        json!({"iss": ISSUER, "sub": SUBJECT, "aud": "api://AzureADTokenExchange", "exp": START + 600});
    for (parameter, proof) in [("client_secret", "s"), ("client_assertion", &issuer.sign(&claims))] {
        let granted = ask(&lab, parameter, proof).await.json();
        let token = granted["access_token"].as_str().unwrap();
        let list = owner.raw("GET", "/secrets?api-version=7.4").bearer_auth(token);
        assert_eq!(lab.send(list).await.status, 200, "{parameter}");
        let get = owner.raw("GET", "/secrets/db?api-version=7.4").bearer_auth(token);
        assert_eq!(lab.send(get).await.status, 403, "{parameter}");
    }
}

#[tokio::test]
async fn a_senseless_registration_is_refused() {
    let lab = Lab::new().await;
    for (application, named) in [
        (json!({"secrets": ["s"]}), "secrets"),
        (json!({"certificates": ["nonsense"]}), "certificates"),
        (json!({"federated_credentials": [{"issuer": ISSUER}]}), "subject"),
        (
            json!({"federated_credentials": [{"issuer": "i", "subject": "s", "keys": {"keys": [{"kty": "oct"}]}}]}),
            "oct",
        ),
        (json!([]), "object"),
    ] {
        let reply = register(&lab, "PUT", application.clone()).await;
        let error = reply.json()["error"].as_str().unwrap().to_owned();
        assert!(reply.status == 400 && error.contains(named), "{application}: {error}");
    }
    assert_eq!(register(&lab, "GET", Value::Null).await.status, 405);
}
