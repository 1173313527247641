//! What issued tokens say, and which ones a vault takes.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::lab::{Lab, Reply, START};

const APP: &str = "11111111-0000-4000-8000-000000000000";
const KEY_VAULT: &str = "cfa8b339-82a2-471a-a3c9-0fc0be7a4093";

async fn get_with(lab: &Lab, token: &str) -> Reply {
    lab.send(lab.vault("team").raw("GET", "/secrets?api-version=7.4").bearer_auth(token)).await
}

fn part(token: &str, position: usize) -> Value {
    let part = token.split('.').nth(position).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn message(reply: &Reply) -> String {
    reply.json()["error"]["message"].as_str().unwrap().to_owned()
}

/// Contract `caller.token` (seen): a token is a JWT with `aud`, `iss` (`https://sts.windows.net/{tenant}/`), `appid`, `oid` and `tid`.
#[tokio::test]
async fn a_token_is_a_signed_jwt_that_names_the_client_the_audience_and_its_time() {
    let lab = Lab::new().await;
    let token = lab.buy(APP, "https://vault.azure.net").await;
    let keys = lab.send(lab.vault("team").raw("GET", "/common/discovery/v2.0/keys")).await.json();
    let header = json!({"typ": "JWT", "alg": "ES256", "kid": keys["keys"][0]["kid"]});
    assert_eq!(part(&token, 0), header);
    let mut claims = part(&token, 1);
    let oid = claims["oid"].take();
    assert_eq!((oid.as_str().unwrap().len(), &claims["sub"].take()), (36, &oid));
    let expected = json!({
        "aud": "https://vault.azure.net", "iss": format!("https://sts.windows.net/{}/", lab.running.tenant()),
        "iat": START, "nbf": START, "exp": START + 3599, "appid": APP, "oid": null, "sub": null,
        "tid": lab.running.tenant(), "ver": "1.0",
    });
    assert_eq!(claims, expected);
    assert_eq!(part(&lab.buy(APP, "https://localhost").await, 1)["oid"], oid, "the same at each time");
    assert_ne!(part(&lab.buy("other", "https://localhost").await, 1)["oid"], oid);
}

/// Contract `caller.audience` (seen): 401 `Unauthorized`, "AKV10022: Invalid audience. Expected {resource} or
/// cfa8b339-82a2-471a-a3c9-0fc0be7a4093, found: {audience}.", also for the resource with a slash behind it.
#[tokio::test]
async fn a_vault_takes_tokens_for_its_own_audience_alone() {
    let lab = Lab::new().await;
    for audience in ["https://localhost", "https://vault.azure.net", KEY_VAULT] {
        assert_eq!(get_with(&lab, &lab.buy(APP, audience).await).await.status, 200, "{audience}");
    }
    for audience in
        ["https://management.azure.com", "https://management.azure.com/", "https://localhost/", "api://x"]
    {
        let refused = get_with(&lab, &lab.buy(APP, audience).await).await;
        assert_eq!(refused.error(), "401 Unauthorized", "{audience}");
        let challenge = refused.header("www-authenticate").unwrap();
        let (_, resource) = challenge.split_once("resource=\"").unwrap();
        let expected = format!(
            "AKV10022: Invalid audience. Expected {} or {KEY_VAULT}, found: {audience}.",
            resource.trim_end_matches('"')
        );
        assert_eq!(message(&refused), expected);
    }
}

/// Contract `caller.bad-token` (seen): 401 with a challenge, "Error validating token: IDX10501: …", for a token whose signature is not good;
/// that no token at all is told so too is chosen.
#[tokio::test]
async fn tokens_that_were_tampered_with_are_refused_with_a_challenge() {
    let lab = Lab::new().await;
    let good = lab.buy(APP, "https://localhost").await;
    let (header, rest) = good.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    let mut promoted = part(&good, 1);
    promoted["appid"] = json!("another");
    let promoted = URL_SAFE_NO_PAD.encode(promoted.to_string());
    let mut unsigned = part(&good, 0);
    unsigned["alg"] = json!("none");
    let unsigned = URL_SAFE_NO_PAD.encode(unsigned.to_string());
    for token in [
        "garbage",
        "a.b.c",
        &format!("{header}.{promoted}.{signature}"),
        &format!("{unsigned}.{claims}."),
        &format!("{header}.{claims}"),
    ] {
        let refused = get_with(&lab, token).await;
        assert_eq!(refused.error(), "401 Unauthorized", "{token}");
        assert_eq!(
            message(&refused),
            "Error validating token: IDX10501: Signature validation failed.",
            "{token}"
        );
        assert!(refused.header("www-authenticate").unwrap().starts_with("Bearer authorization="), "{token}");
    }
    assert_eq!(get_with(&lab, &good).await.status, 200);
}

/// Contract `caller.unknown-key` (seen): 401 with a challenge, "AKV10046: Unable to resolve the key used for signature validation.
/// EncodedJwtHeader: '{header}'.", for a token that another authority signed.
#[tokio::test]
async fn a_token_of_another_authority_is_refused_with_a_challenge() {
    let (lab, other) = (Lab::new().await, Lab::new().await);
    let foreign = other.buy(APP, "https://localhost").await;
    let refused = get_with(&lab, &foreign).await;
    let header = foreign.split('.').next().unwrap();
    let expected = format!(
        "AKV10046: Unable to resolve the key used for signature validation. EncodedJwtHeader: '{header}'."
    );
    assert_eq!((refused.status, message(&refused)), (401, expected));
    assert!(refused.header("www-authenticate").unwrap().starts_with("Bearer authorization="));
}

/// Contract `caller.claims` (documented): a revoked token gets 401 with `error="insufficient_claims"` and, in Base64, the claims to ask
/// for; the text is chosen.
#[tokio::test]
async fn a_claims_challenge_is_met_by_a_token_asked_for_with_its_claims() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let client = vault.seen_by(APP).await;
    assert_eq!(client.call("GET", "/secrets").await.status, 200);

    let asked = json!({"access_token": {"nbf": {"essential": true, "value": START.to_string()}}});
    vault.control("PATCH", "", json!({"claims_challenge": asked})).await;
    let refused = client.call("GET", "/secrets").await;
    assert_eq!(refused.error(), "401 Unauthorized");
    let challenge = refused.header("www-authenticate").unwrap();
    let (start, claims) = challenge.split_once(", error=\"insufficient_claims\", claims=\"").unwrap();
    assert!(start.starts_with(&format!("Bearer authorization=\"{}/", vault.url)), "{challenge}");
    let claims = String::from_utf8(STANDARD.decode(claims.trim_end_matches('"')).unwrap()).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&claims).unwrap(), asked);

    let mut merged = asked;
    merged["access_token"]["xms_cc"] = json!({"values": ["CP1"]});
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", APP),
        ("client_secret", "s"),
        ("scope", "https://localhost/.default"),
        ("claims", &merged.to_string()),
    ];
    let granted = lab.ask(&form).await.json();
    assert_eq!(get_with(&lab, granted["access_token"].as_str().unwrap()).await.status, 200);
    assert_eq!(client.call("GET", "/secrets").await.status, 401, "the former token stays revoked");
    assert_eq!(vault.call("GET", "/secrets").await.status, 200, "the token from the start is spared");

    vault.control("PATCH", "", json!({"claims_challenge": null})).await;
    assert_eq!(client.call("GET", "/secrets").await.status, 200);
    assert_eq!(vault.requests().await["counts"]["probe"], 2);
}
