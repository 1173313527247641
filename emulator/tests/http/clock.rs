//! The clock that the control endpoint moves.

use serde_json::{Value, json};

use crate::lab::{Lab, Reply, START};

const DAY: i64 = 24 * 60 * 60;

async fn advance(lab: &Lab, body: Value) -> Reply {
    let url = format!("{}/clock", lab.running.control_url());
    lab.send(lab.client.patch(url).body(body.to_string())).await
}

async fn now(lab: &Lab) -> Value {
    lab.send(lab.client.get(format!("{}/clock", lab.running.control_url()))).await.json()["now"].clone()
}

#[tokio::test]
async fn delays_and_retention_follow_the_clock() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"recoverable_days": 7, "delete_delay_ms": 1500, "secrets": [{"name": "db"}]})).await;
    assert_eq!(vault.call("DELETE", "/secrets/db").await.status, 200);
    assert_eq!(vault.call("GET", "/deletedsecrets/db").await.status, 404);
    assert_eq!(advance(&lab, json!({"advance_s": 1.5})).await.json(), json!({"now": START + 1}));
    assert_eq!(vault.call("GET", "/deletedsecrets/db").await.status, 200);
    advance(&lab, json!({"advance_s": 7 * DAY})).await;
    assert_eq!(vault.call("GET", "/deletedsecrets/db").await.status, 404);
    assert_eq!(now(&lab).await, START + 1 + 7 * DAY);
    let bundle = vault.call_with("PUT", "/secrets/db", json!({"value": "v"})).await.json();
    assert_eq!(bundle["attributes"]["created"], START + 1 + 7 * DAY);
}

#[tokio::test]
async fn tokens_and_quotas_follow_the_clock() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let app = vault.seen_by("app").await;
    vault.given(json!({"throttle": {"creations": 1, "others": 1}})).await;
    let statuses = async |count: usize| {
        let mut seen = Vec::new();
        for _ in 0..count {
            seen.push(app.call("GET", "/secrets").await.status);
        }
        seen
    };
    assert_eq!(statuses(2).await, [200, 429]);
    advance(&lab, json!({"advance_s": 10})).await;
    assert_eq!(statuses(2).await, [200, 429]);
    advance(&lab, json!({"advance_s": 3600})).await;
    assert_eq!(statuses(1).await, [401]);
}

#[tokio::test]
async fn a_wrong_move_is_refused_and_moves_nothing() {
    let lab = Lab::new().await;
    for (body, named) in [
        (json!({"advance_s": -1}), "advance_s"),
        (json!({"advance_s": 1e300}), "advance_s"),
        (json!({"advance_s": 8000 * 366 * DAY}), "9999"),
        (json!({"advance_s": "1"}), "expected f64"),
        (json!({"advance": 1}), "advance"),
        (json!({}), "advance_s"),
        (json!([1]), "array"),
    ] {
        let reply = advance(&lab, body.clone()).await;
        assert_eq!(reply.status, 400, "{body}");
        assert!(reply.text.contains(named), "{body}: {}", reply.text);
    }
    assert_eq!(now(&lab).await, START);
    let removed = lab.client.delete(format!("{}/clock", lab.running.control_url()));
    assert_eq!(lab.send(removed).await.status, 405);
}
