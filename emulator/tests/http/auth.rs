//! The challenge, and the three places a token comes from.

use std::time::Duration;

use libkv_emulator::Config;
use serde_json::{Value, json};

use crate::lab::{Lab, Reply};

const MISSING: &str =
    r#"{"error":{"code":"Unauthorized","message":"AKV10000: Request is missing a Bearer or PoP token."}}"#;

async fn get_with(lab: &Lab, token: &str) -> Reply {
    lab.send(lab.vault("team").raw("GET", "/secrets?api-version=7.4").bearer_auth(token)).await
}

/// Contract `caller.challenge` (recorded): without a token 401 `Unauthorized`, "AKV10000: Request is missing
/// a Bearer or PoP token.", and `WWW-Authenticate: Bearer authorization="{authority}/{tenant}",
/// resource="{resource}"`.
/// Contract `caller.challenge-first` (recorded): the challenge comes before the body is looked at.
#[tokio::test]
async fn a_request_without_a_token_is_challenged_before_its_body_is_looked_at() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    for (method, path) in
        [("PUT", "/secrets/db"), ("GET", "/secrets"), ("POST", "/secrets/restore"), ("PUT", "/secrets/")]
    {
        let request = vault.raw(method, &format!("{path}?api-version=7.4")).body("not json");
        let reply = lab.send(request).await;
        assert_eq!((reply.status, reply.text.as_str()), (401, MISSING), "{method} {path}");
        let authority = format!("{}/{}", vault.url, lab.running.tenant());
        let resource = format!("https://localhost:{}", lab.running.port());
        let challenge = format!("Bearer authorization=\"{authority}\", resource=\"{resource}\"");
        assert_eq!(reply.header("www-authenticate"), Some(challenge.as_str()));
    }
}

#[tokio::test]
async fn the_plain_listener_sends_callers_to_the_https_authority() {
    let lab = Lab::new().await;
    let reply = lab.send(lab.client.get(format!("{}/secrets?api-version=7.4", lab.running.http_url()))).await;
    let authority = lab.running.authority_url().replace("default.localhost", "127.0.0.1");
    let challenge = reply.header("www-authenticate").unwrap();
    assert!(challenge.starts_with(&format!("Bearer authorization=\"{authority}/")), "{challenge}");
}

/// Contract `caller.expired` (seen): 401 with a challenge, "[TokenExpired] Error validating token: 'S2S12086'."
#[tokio::test]
async fn a_client_secret_buys_a_token_that_expires() {
    let lab = Lab::with(Config { token_lifetime: Duration::from_secs(60), ..Config::default() }).await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "app"),
        ("client_secret", "s"),
        ("scope", "https://localhost/.default"),
    ];
    let reply = lab.ask(&form).await;
    let granted = reply.json();
    assert_eq!(reply.status, 200);
    assert_eq!((&granted["token_type"], &granted["expires_in"]), (&json!("Bearer"), &json!(60)));
    let bought = granted["access_token"].as_str().unwrap();
    assert_eq!(get_with(&lab, bought).await.status, 200);
    lab.pass(60_000);
    let expired = get_with(&lab, bought).await;
    assert_eq!(expired.error(), "401 Unauthorized");
    assert!(
        expired.text.contains("[TokenExpired]") && expired.header("www-authenticate").is_some(),
        "{}",
        expired.text
    );

    let requests = lab.vault("team").requests().await;
    assert_eq!(requests["counts"], json!({"token": 1, "list_properties_of_secrets": 1, "probe": 1}));
}

#[tokio::test]
async fn the_token_endpoint_says_what_is_wrong() {
    let lab = Lab::new().await;
    let good = [
        ("grant_type", "client_credentials"),
        ("client_id", "a"),
        ("client_secret", "s"),
        ("scope", "https://localhost/.default"),
    ];
    let rows = [
        ("grant_type", "", 400, "invalid_request", 900_144),
        ("client_id", "", 400, "invalid_request", 900_144),
        ("scope", "", 400, "invalid_request", 900_144),
        ("grant_type", "password", 400, "unsupported_grant_type", 70_003),
        ("client_secret", "", 401, "invalid_client", 7_000_216),
        ("client_secret", "wrong", 401, "invalid_client", 7_000_215),
        ("scope", "https://localhost", 400, "invalid_scope", 1_002_012),
        ("claims", "{", 400, "invalid_request", 9_002_313),
    ];
    for (member, value, status, error, code) in rows {
        let form: Vec<_> =
            good.iter().filter(|(name, _)| *name != member).chain([&(member, value)]).copied().collect();
        let reply = lab.ask(&form).await;
        let json = reply.json();
        assert_eq!(
            (reply.status, &json["error"], &json["error_codes"]),
            (status, &json!(error), &json!([code])),
            "{member}={value}"
        );
        assert!(
            json["error_description"].as_str().unwrap().starts_with(&format!("AADSTS{code}: ")),
            "{member}={value}"
        );
    }
}

/// Contract `caller.managed-identity` (documented): the identity endpoint answers App Service's requests and those for instance metadata,
/// with numbers as text.
#[tokio::test]
async fn a_managed_identity_gets_its_token_in_both_forms() {
    let lab = Lab::new().await;
    let ask = |query: &str| lab.client.get(format!("{}?{query}", lab.running.identity_endpoint()));
    let metadata =
        ask("api-version=2018-02-01&resource=https://localhost&client_id=me").header("Metadata", "true");
    let app_service =
        ask("api-version=2019-08-01&resource=https://localhost").header("X-IDENTITY-HEADER", "any");
    for request in [metadata, app_service] {
        let reply = lab.send(request).await;
        let granted = reply.json();
        assert_eq!((reply.status, &granted["token_type"]), (200, &json!("Bearer")));
        assert_eq!(granted["resource"], "https://localhost");
        assert_eq!((&granted["expires_in"], &granted["expires_on"]), (&json!("3599"), &json!("1700003599")));
        assert_eq!(get_with(&lab, granted["access_token"].as_str().unwrap()).await.status, 200);
    }
    for refused in [
        ask("api-version=2018-02-01&resource=x"),
        ask("api-version=2018-02-01").header("Metadata", "true"),
        ask("resource=x").header("Metadata", "true"),
    ] {
        let reply = lab.send(refused).await;
        assert_eq!(
            (reply.status, &reply.json()["error"]),
            (400, &json!("invalid_request")),
            "{}",
            reply.text
        );
    }
}

#[tokio::test]
async fn only_tokens_of_this_emulator_are_good() {
    let lab = Lab::with(Config { token: Some("mine".to_owned()), ..Config::default() }).await;
    assert_eq!(get_with(&lab, "mine").await.status, 200);
    let other = get_with(&lab, "other").await;
    assert_eq!(other.error(), "401 Unauthorized");
    assert!(other.header("www-authenticate").is_some());
    assert_eq!(lab.vault("team").requests().await["requests"][1]["authenticated"], Value::Bool(false));
}

#[tokio::test]
async fn the_authority_can_be_discovered() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let get = async |path: &str| {
        let reply = lab.send(vault.raw("GET", path)).await;
        assert_eq!(reply.status, 200, "{path}");
        reply.json()
    };
    let configuration = "/tenant/v2.0/.well-known/openid-configuration";
    let instance = get("/common/discovery/instance").await;
    assert_eq!(
        instance["tenant_discovery_endpoint"],
        format!("{}{}", vault.url, configuration.replace("tenant", "common"))
    );
    let configuration = get(configuration).await;
    assert_eq!(configuration["token_endpoint"], format!("{}/tenant/oauth2/v2.0/token", vault.url));
    let keys = get(configuration["jwks_uri"].as_str().unwrap().strip_prefix(&vault.url).unwrap()).await;
    assert_eq!((&keys["keys"][0]["kty"], &keys["keys"][0]["crv"]), (&json!("EC"), &json!("P-256")));
}
