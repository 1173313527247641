//! How a request may come, and when the vault as a whole refuses it.

use serde_json::json;

use crate::lab::Lab;

/// Contract `request.method-header` (documented): a POST whose header `X-HTTP-REQUEST` or `X-HTTP-METHOD`
/// names another method is a request of that method.
#[tokio::test]
async fn a_post_can_stand_for_another_method() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let post = |method: &str, path: &str, body: &'static str| {
        lab.send(vault.request("POST", path).header("X-HTTP-REQUEST", method).body(body))
    };
    assert_eq!(post("PUT", "/secrets/db", r#"{"value": "v"}"#).await.status, 200);
    assert_eq!(post("GET", "/secrets/db", "").await.json()["value"], "v");
    assert_eq!(post("PATCH", "/secrets/db", r#"{"contentType": "t"}"#).await.json()["contentType"], "t");
    assert_eq!(post("DELETE", "/secrets/db", "").await.status, 200);
    assert_eq!(post("DELETE", "/deletedsecrets/db", "").await.status, 204);
    assert_eq!(post("PUT", "/secrets/", "{}").await.error(), "405 MethodNotAllowed");
    let other = |method| vault.request(method, "/secrets").header("X-HTTP-METHOD", "DELETE");
    assert_eq!(lab.send(other("POST")).await.error(), "405 MethodNotAllowed");
    assert_eq!(lab.send(other("GET")).await.status, 200, "only a POST can stand for another");
    assert_eq!(vault.requests().await["counts"]["set_secret db"], 1);
}

/// Contract `request.utf-8` (documented): bodies are JSON in UTF-8, and a value comes back as it was.
#[tokio::test]
async fn every_text_comes_back_as_it_was() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let text = "käse \u{1f9c0} \u{0} \u{7f} \r\n\t \"\\/ \u{fffd}";
    let body = json!({"value": text, "contentType": text, "tags": {text: text}});
    vault.call_with("PUT", "/secrets/db", body).await;
    let got = vault.call("GET", "/secrets/db").await.json();
    assert_eq!(
        (&got["value"], &got["contentType"], &got["tags"][text]),
        (&json!(text), &json!(text), &json!(text))
    );
    let broken = vault.request("PUT", "/secrets/db").body(&b"{\"value\": \"\xff\"}"[..]);
    assert_eq!(lab.send(broken).await.error(), "400 BadParameter");
}

/// Contract `request.read-only` (documented): in failover a vault reads, lists and backs up, and refuses
/// every change with 503 `ServiceUnavailable`, "Operation \"SecretSet\" is unavailable: the service is
/// currently in a read-only state."
#[tokio::test]
async fn a_vault_in_failover_reads_and_refuses_changes() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let secrets = json!([{"name": "db", "value": "v"}, {"name": "gone", "state": "deleted"}]);
    vault.given(json!({ "secrets": secrets })).await;
    let backup = vault.call("POST", "/secrets/db/backup").await.json();
    vault.control("PATCH", "", json!({"read_only": true})).await;
    for path in ["/secrets/db", "/secrets", "/secrets/db/versions", "/deletedsecrets", "/deletedsecrets/gone"]
    {
        assert_eq!(vault.call("GET", path).await.status, 200, "{path}");
    }
    assert_eq!(vault.call("POST", "/secrets/db/backup").await.status, 200);
    for (method, path, body, operation) in [
        ("PUT", "/secrets/db", json!({"value": "v"}), "SecretSet"),
        ("PATCH", "/secrets/db", json!({}), "SecretUpdate"),
        ("DELETE", "/secrets/db", json!({}), "SecretDelete"),
        ("POST", "/deletedsecrets/gone/recover", json!({}), "SecretRecover"),
        ("DELETE", "/deletedsecrets/gone", json!({}), "SecretPurge"),
        ("POST", "/secrets/restore", backup, "SecretRestore"),
    ] {
        let reply = vault.call_with(method, path, body).await;
        let message = format!(
            "Operation \"{operation}\" is unavailable: the service is currently in a read-only state."
        );
        let error = json!({"error": {"code": "ServiceUnavailable", "message": message}});
        assert_eq!((reply.status, reply.json()), (503, error), "{operation}");
    }
    assert_eq!(vault.state("db").await["versions"], 1);
}
