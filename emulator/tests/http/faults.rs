//! Faults, as a client meets them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lab::{Lab, Vault, client};

async fn faulty(vault: &Vault<'_>, faults: Value) {
    vault.given(json!({"secrets": [{"name": "db", "value": "v1"}], "faults": faults})).await;
}

/// Sets a value, which may fail in transport.
async fn try_set(vault: &Vault<'_>) -> Result<u16, reqwest::Error> {
    let response = vault.request("PUT", "/secrets/db").body(r#"{"value":"v2"}"#).send().await?;
    let status = response.status().as_u16();
    response.bytes().await?;
    Ok(status)
}

#[tokio::test]
async fn a_stated_answer_replaces_the_operation() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let fault = json!({
        "operation": "set_secret", "name": "db", "times": 2, "status": 503, "body": "see {vault_url}",
        "headers": {"Retry-After": "3", "Content-Type": "text/plain", "X-Where": "{vault_url}/x"},
    });
    faulty(&vault, json!([fault])).await;
    for _ in 0..2 {
        let reply = vault.call_with("PUT", "/secrets/db", json!({"value": "v2"})).await;
        assert_eq!((reply.status, &reply.text), (503, &format!("see {}", vault.url)));
        assert_eq!(reply.header("retry-after"), Some("3"));
        assert_eq!(reply.header("content-type"), Some("text/plain"));
        assert_eq!(reply.header("x-where"), Some(format!("{}/x", vault.url).as_str()));
    }
    assert_eq!(vault.state("db").await["versions"], 1);
    assert_eq!(vault.call("GET", "/secrets/db").await.status, 200, "other operations are spared");
    assert_eq!(try_set(&vault).await.unwrap(), 200, "the fault is used up");
}

#[tokio::test]
async fn respond_after_commits_first() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    faulty(&vault, json!([{"operation": "set_secret", "status": 500, "action": "respond_after"}])).await;
    assert_eq!(try_set(&vault).await.unwrap(), 500);
    assert_eq!(vault.state("db").await, json!({"state": "active", "versions": 2, "value": "v2"}));
}

#[tokio::test]
async fn dropped_connections_fail_the_request_before_or_after_the_commit() {
    for (action, versions) in [("reset", 1), ("reset_after", 2), ("truncate", 2)] {
        for http_1 in [false, true] {
            let mut lab = Lab::new().await;
            if http_1 {
                lab.client = client(&lab.running, |builder| builder.http1_only());
            }
            let vault = lab.vault("team");
            faulty(&vault, json!([{"operation": "set_secret", "action": action}])).await;
            let error = try_set(&vault).await.unwrap_err();
            assert!(!error.is_timeout() && !error.is_builder(), "{action}: {error:?}");
            assert_eq!(vault.state("db").await["versions"], versions, "{action}");
            let logged = &vault.requests().await["requests"][0];
            assert_eq!(logged["fault"], action);
            assert_eq!(logged["status"].is_null(), action != "truncate", "{action}: {logged}");
            assert_eq!(try_set(&vault).await.unwrap(), 200, "{action}");
        }
    }
}

#[tokio::test]
async fn another_caller_acts_behind_the_request_and_before_its_answer() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let deeds = json!([
        {"operation": "set_secret", "name": "db", "body": {"value": "theirs"}},
        {"operation": "set_secret", "name": "db", "body": {"value": 1}},
        {"operation": "begin_delete_secret", "name": "other"}
    ]);
    faulty(&vault, json!([{"operation": "set_secret", "then": deeds}])).await;
    vault.set("other", "v1").await;
    assert_eq!(vault.state("db").await, json!({"state": "active", "versions": 2, "value": "theirs"}));
    assert_eq!(vault.state("other").await["state"], "deleted");
    assert_eq!(vault.requests().await["counts"], json!({"set_secret": 1, "set_secret other": 1}));
}

#[tokio::test]
async fn a_truncated_answer_has_the_length_of_the_whole() {
    let mut lab = Lab::new().await;
    lab.client = client(&lab.running, |builder| builder.http1_only());
    let vault = lab.vault("team");
    vault.set("db", "v1").await;
    let whole = vault.call("GET", "/secrets/db").await.text;
    faulty(&vault, json!([{"action": "truncate"}])).await;
    let mut response = vault.request("GET", "/secrets/db").send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.content_length()), (200, Some(whole.len() as u64)));
    let mut received = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        received += chunk.len();
    }
    assert_eq!(received, whole.len() / 2);
}

#[tokio::test]
async fn a_delay_alone_answers_late_and_after_the_commit() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    faulty(&vault, json!([{"operation": "set_secret", "delay_ms": 150}, {"operation": "set_secret", "delay_ms": 60_000}])).await;
    let start = Instant::now();
    assert_eq!(try_set(&vault).await.unwrap(), 200);
    assert!(start.elapsed() >= Duration::from_millis(150));

    let impatient =
        vault.request("PUT", "/secrets/db").body(r#"{"value":"v3"}"#).timeout(Duration::from_millis(200));
    assert!(impatient.send().await.unwrap_err().is_timeout());
    assert_eq!(vault.state("db").await, json!({"state": "active", "versions": 3, "value": "v3"}));
}

#[tokio::test]
async fn a_fault_can_hit_probes_alone() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    faulty(&vault, json!([{"stage": "probe", "status": 500}])).await;
    assert_eq!(vault.call("GET", "/secrets/db").await.status, 200);
    let probe = || vault.raw("GET", "/secrets/db?api-version=7.4");
    assert_eq!(lab.send(probe().bearer_auth("unknown")).await.status, 401);
    assert_eq!(lab.send(probe()).await.status, 500);
    assert_eq!(lab.send(probe()).await.status, 401);
}

#[tokio::test]
async fn the_token_endpoint_can_fail_too() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    faulty(&vault, json!([{"operation": "token", "status": 503}])).await;
    let ask = || vault.raw("POST", "/tenant/oauth2/v2.0/token").body("grant_type=client_credentials");
    assert_eq!(lab.send(ask()).await.status, 503);
    assert_eq!(lab.send(ask()).await.status, 400);
}
