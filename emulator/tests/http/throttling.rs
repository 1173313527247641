//! Quotas: when the service answers 429, and with what.

use libkv_emulator::Config;
use serde_json::{Value, json};

use crate::lab::{Lab, Vault};

/// Calls the secret so often, and returns how often that was allowed.
async fn allowed(vault: &Vault<'_>, method: &str, times: usize) -> usize {
    let mut allowed = 0;
    for _ in 0..times {
        let status = vault.call_with(method, "/secrets/db", json!({"value": "v"})).await.status;
        assert!([200, 429].contains(&status), "{status}");
        allowed += usize::from(status == 200);
    }
    allowed
}

/// Contract `request.throttled` (seen): 429 `Throttled`, "Request was not processed because too many requests were received. Reason:
/// VaultRequestTypeLimitReached", without `Retry-After`.
/// Contract `request.throttled-free` (documented): what gets 429 does not count against the quota.
#[tokio::test]
async fn requests_over_the_quota_are_refused_and_not_counted_against_it() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"throttle": {"rate": 10, "burst": 2}, "secrets": [{"name": "db"}]})).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(vault.call("GET", "/secrets/db").await.status);
    }
    assert_eq!(statuses, [200, 200, 429, 429]);
    let refused = vault.call("GET", "/secrets/db").await;
    assert_eq!(refused.header("retry-after"), None);
    assert_eq!(
        refused.text,
        r#"{"error":{"code":"Throttled","message":"Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached"}}"#
    );
    lab.pass(100);
    assert_eq!(vault.call("GET", "/secrets/db").await.status, 200);
    let log = vault.requests().await;
    assert_eq!((&log["throttled"], &log["counts"]["get_secret db"]), (&json!(3), &json!(6)));

    vault.control("PATCH", "", json!({"throttle": {"rate": 10, "burst": 1, "retry_after": 7}})).await;
    assert_eq!(vault.call("GET", "/secrets/db").await.status, 200);
    assert_eq!(vault.call("GET", "/secrets/db").await.header("retry-after"), Some("7"));
    vault.control("PATCH", "", json!({"throttle": null})).await;
    assert_eq!(vault.call("GET", "/secrets/db").await.status, 200);
}

#[tokio::test]
async fn by_default_nothing_is_throttled() {
    let lab = Lab::new().await;
    assert_eq!(allowed(&lab.vault("team"), "PUT", 310).await, 310);
}

/// Contract `request.quota` (documented): a vault takes 300 sets and 4,000 other requests in 10 seconds; how windows begin is chosen.
#[tokio::test]
async fn the_services_quota_is_300_creations_in_ten_seconds_for_each_vault() {
    let lab = Lab::with(Config { service_quotas: true, ..Config::default() }).await;
    let vault = lab.vault("team");
    assert_eq!(allowed(&vault, "PUT", 310).await, 300);
    let refused = vault.call_with("PUT", "/secrets/db", json!({"value": "v"})).await;
    assert_eq!((refused.error(), refused.text.len()), ("429 Throttled".to_owned(), 146));
    assert_eq!(refused.header("retry-after"), None);
    assert_eq!(allowed(&vault, "GET", 1).await, 1, "another class");
    assert_eq!(allowed(&lab.vault("other"), "PUT", 1).await, 1, "another vault");
    lab.pass(9_999);
    assert_eq!(allowed(&vault, "PUT", 1).await, 0);
    lab.pass(1);
    assert_eq!(allowed(&vault, "PUT", 1).await, 1);
    let quotas = json!({"creations": 300, "others": 4000, "retry_after": null});
    assert_eq!(vault.control("GET", "", Value::Null).await.json()["throttle"], quotas);
}

#[tokio::test]
async fn the_quotas_of_the_classes_can_be_set() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"throttle": {"creations": 2, "others": 3, "retry_after": 4}})).await;
    assert_eq!(allowed(&vault, "PUT", 5).await, 2);
    assert_eq!(allowed(&vault, "GET", 5).await, 3);
    assert_eq!(vault.call("DELETE", "/secrets/db").await.header("retry-after"), Some("4"));
}

/// Contract `request.quota-subscription` (documented): a subscription takes five times what a vault does; the text of the refusal is
/// chosen.
#[tokio::test]
async fn all_vaults_together_have_five_vaults_quota() {
    let lab = Lab::new().await;
    let mut seen = Vec::new();
    for number in 0..6 {
        let vault = lab.vault(&format!("team-{number}"));
        vault.given(json!({"throttle": {"creations": 2, "others": 9}})).await;
        seen.push(allowed(&vault, "PUT", 3).await);
    }
    assert_eq!(seen, [2, 2, 2, 2, 2, 0]);
    lab.pass(10_000);
    assert_eq!(allowed(&lab.vault("team-5"), "PUT", 3).await, 2);
}

#[tokio::test]
async fn requests_without_a_token_and_those_that_are_forbidden_take_no_quota() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let client = vault.seen_by("app").await;
    let closed = json!({"access_policies": []});
    vault.given(json!({"throttle": {"creations": 9, "others": 1}, "authorization": closed, "secrets": [{"name": "db"}]})).await;
    for _ in 0..3 {
        assert_eq!(lab.send(vault.raw("GET", "/secrets/db?api-version=7.4")).await.status, 401);
        assert_eq!(client.call("GET", "/secrets/db").await.status, 403);
    }
    assert_eq!(allowed(&vault, "GET", 2).await, 1);
}
