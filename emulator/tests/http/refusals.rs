//! Bad input and forbidden things: status, codes and texts.

use serde_json::{Value, json};

use crate::lab::Lab;

#[tokio::test]
async fn a_missing_secret_or_version_is_not_found() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let text = |id: &str| {
        format!(
            "A secret with (name/id) {id} was not found in this key vault. If you recently deleted this secret you may \
             be able to recover it using the correct recovery command. For help resolving this issue, please see \
             https://go.microsoft.com/fwlink/?linkid=2125182"
        )
    };
    let rows = [
        ("GET", "/secrets/none", text("none")),
        ("DELETE", "/secrets/none", text("none")),
        ("PATCH", "/secrets/none", text("none")),
        ("POST", "/secrets/none/backup", text("none")),
        ("POST", "/deletedsecrets/none/recover", text("none")),
        ("GET", "/deletedsecrets/none", "Deleted Secret not found: none".to_owned()),
        ("DELETE", "/deletedsecrets/none", "Deleted Secret not found: none".to_owned()),
    ];
    for (method, path, message) in rows {
        let reply = vault.call_with(method, path, json!({})).await;
        assert_eq!(
            reply.json(),
            json!({"error": {"code": "SecretNotFound", "message": message}}),
            "{method} {path}"
        );
        assert_eq!(reply.status, 404, "{method} {path}");
    }
    vault.set("db", "v").await;
    let version = "00000000000000000000000000000000";
    for method in ["GET", "PATCH"] {
        let reply = vault.call_with(method, &format!("/secrets/db/{version}"), json!({})).await;
        assert_eq!(reply.json()["error"]["message"], text(&format!("db/{version}")), "{method}");
    }
}

#[tokio::test]
async fn a_bad_name_is_refused_everywhere() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let long = "x".repeat(128);
    for name in ["my_name", "a.b", "a%20b", "%C3%A4", long.as_str()] {
        for (method, path) in [
            ("PUT", format!("/secrets/{name}")),
            ("GET", format!("/secrets/{name}")),
            ("PATCH", format!("/secrets/{name}")),
            ("DELETE", format!("/secrets/{name}")),
            ("GET", format!("/secrets/{name}/versions")),
            ("POST", format!("/secrets/{name}/backup")),
            ("GET", format!("/deletedsecrets/{name}")),
            ("DELETE", format!("/deletedsecrets/{name}")),
            ("POST", format!("/deletedsecrets/{name}/recover")),
        ] {
            let reply = vault.call_with(method, &path, json!({"value": "v"})).await;
            assert_eq!(reply.error(), "400 BadParameter", "{method} {path}");
        }
    }
    let reply = vault.call("GET", "/secrets/my_name").await;
    assert_eq!(
        reply.text,
        r#"{"error":{"code":"BadParameter","message":"The request URI contains an invalid name: my_name"}}"#
    );
}

#[tokio::test]
async fn bodies_are_checked() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let tags: Value =
        (0..16).map(|n| (format!("t{n}"), json!("v"))).collect::<serde_json::Map<_, _>>().into();
    let invalid = r#"{"error":{"code":"BadParameter","message":"Property  has invalid value\r\n"}}"#;
    let too_large = r#"{"error":{"code":"BadParameter","message":"Secret is beyond the maximum permitted length of 25600 characters.","innererror":{"code":"SecretTooLarge"}}}"#;
    let rows = [
        ("", invalid),
        ("{", invalid),
        ("[]", invalid),
        (r#"["v"]"#, invalid),
        ("{}", invalid),
        (r#"{"value": null}"#, invalid),
        (r#"{"value": 1}"#, invalid),
        (r#"{"value": "v", "tags": []}"#, invalid),
        (r#"{"value": "v", "tags": {"a": 1}}"#, invalid),
        (r#"{"value": "v", "attributes": {"enabled": "yes"}}"#, invalid),
        (r#"{"value": "v", "attributes": {"exp": "soon"}}"#, invalid),
        (&json!({"value": "v", "tags": tags}).to_string(), invalid),
        (&json!({"value": "v", "contentType": "c".repeat(256)}).to_string(), invalid),
        (&json!({"value": "v".repeat(25_601)}).to_string(), too_large),
    ];
    for (body, expected) in rows {
        let reply = lab.send(vault.request("PUT", "/secrets/db").body(body.to_owned())).await;
        assert_eq!((reply.status, reply.text.as_str()), (400, expected), "{body:.80}");
    }
    assert_eq!(vault.state("db").await, Value::Null, "nothing was written");
    vault.set("db", &"v".repeat(25_600)).await;
    let patch = vault.call_with("PATCH", "/secrets/db", json!({"tags": tags})).await;
    assert_eq!((patch.status, patch.text.as_str()), (400, invalid));
}

#[tokio::test]
async fn the_api_version_is_required_and_known() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.set("db", "v").await;
    let ask = |query: &str| vault.raw("GET", &format!("/secrets/db{query}")).bearer_auth(lab.running.token());
    for version in ["2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01", "2026-04-01"]
    {
        assert_eq!(lab.send(ask(&format!("?api-version={version}"))).await.status, 200, "{version}");
    }
    for query in ["", "?api-version=", "?api-version=7.9", "?api-version=latest"] {
        assert_eq!(lab.send(ask(query)).await.error(), "400 BadParameter", "{query}");
    }
    let unknown = lab.send(ask("?api-version=7.9")).await.json();
    let message = unknown["error"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("The specified version (7.9) is not recognized. Consider using"),
        "{message}"
    );
}

#[tokio::test]
async fn page_queries_are_checked() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    for query in ["maxresults=0", "maxresults=26", "maxresults=many", "$skiptoken=nonsense"] {
        assert_eq!(
            vault.call("GET", &format!("/secrets?{query}")).await.error(),
            "400 BadParameter",
            "{query}"
        );
    }
}

#[tokio::test]
async fn wrong_methods_and_paths_are_told_apart() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let reply = vault.call_with("PUT", "/secrets/", json!({"value": "v"})).await;
    assert_eq!(reply.status, 405);
    assert_eq!(reply.text, r#"{"error":{"code":"MethodNotAllowed","message":"HTTP PUT not allowed"}}"#);
    assert_eq!(vault.call("POST", "/secrets/db").await.error(), "405 MethodNotAllowed");
    for path in ["/", "/keys/db", "/secrets/a/b/c"] {
        let reply = vault.call("GET", path).await;
        assert_eq!((reply.status, reply.header("content-type")), (404, Some("text/html")), "{path}");
        assert!(reply.text.contains("404 - File or directory not found."), "{path}");
    }
}

#[tokio::test]
async fn a_name_in_use_cannot_be_restored_onto() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let id = vault.set("db", "v").await;
    let backup = vault.call("POST", "/secrets/db/backup").await.json();
    vault.control("PATCH", "", json!({"purge_delay_ms": 1000})).await;
    for state in ["active", "deleted", "purging"] {
        let refused = vault.call_with("POST", "/secrets/restore", backup.clone()).await;
        assert_eq!(refused.error(), "409 Conflict", "{state}");
        let start = format!("There was a conflict restoring the secret '{}/secrets/db/{id}'.", vault.url);
        assert!(refused.json()["error"]["message"].as_str().unwrap().starts_with(&start), "{}", refused.text);
        let path = if state == "active" { "/secrets/db" } else { "/deletedsecrets/db" };
        vault.call("DELETE", path).await;
    }
    lab.pass(1000);
    assert_eq!(vault.call_with("POST", "/secrets/restore", backup).await.status, 200);
}

#[tokio::test]
async fn a_damaged_backup_is_refused() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.set("db", "v").await;
    let blob = vault.call("POST", "/secrets/db/backup").await.json()["value"].as_str().unwrap().to_owned();
    for damaged in ["", "abcd", "not base64!", &blob[..blob.len() - 4], &blob[4..]] {
        let reply = vault.call_with("POST", "/secrets/restore", json!({"value": damaged})).await;
        assert_eq!(
            reply.text, r#"{"error":{"code":"Malformed backup blob","message":"Backup blob is corrupt."}}"#,
            "{damaged:.20}"
        );
        assert_eq!(reply.status, 400);
    }
}

#[tokio::test]
async fn hosts_that_name_no_vault_are_refused_clearly() {
    let lab = Lab::new().await;
    let url = |host: &str| lab.vault("team").url.replace("team.localhost", host);
    for host in ["ab.localhost", "a--b.localhost", "1ab.localhost", "x.y.localhost"] {
        let request = lab.client.get(format!("{}/secrets?api-version=7.4", url(host)));
        let reply = lab.send(request.bearer_auth(lab.running.token())).await;
        assert_eq!(reply.error(), "400 BadParameter", "{host}");
        assert!(reply.text.contains(host), "{}", reply.text);
    }
    let foreign = lab.client.get(format!("{}/secrets?api-version=7.4", lab.running.http_url()));
    let reply = lab.send(foreign.header("host", "evil.example")).await;
    assert!(reply.status == 400 && reply.text.contains("'evil.example'"), "{}", reply.text);
}
