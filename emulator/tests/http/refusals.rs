//! Bad input and forbidden things: status, codes and texts.

use serde_json::{Value, json};

use crate::lab::Lab;

/// Contract `get.missing` (recorded): 404 `SecretNotFound`, "A secret with (name/id) {name} was not found in
/// this key vault. …", for get, delete, backup and recover.
/// Contract `get.missing-version` (seen): 404 with the same text, in which `{name}/{version}` takes the place
/// of the name.
/// Contract `deleted.missing` (recorded): 404 `SecretNotFound`, "Deleted Secret not found: {name}".
/// Contract `update.missing` (chosen): 404 with the text of get.
/// Contract `purge.missing` (chosen): 404 with the text of get deleted.
/// Contract `get.malformed-version` (chosen): a version that is none is not found.
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
    for version in ["00000000000000000000000000000000", "none"] {
        for method in ["GET", "PATCH"] {
            let reply = vault.call_with(method, &format!("/secrets/db/{version}"), json!({})).await;
            assert_eq!(reply.json()["error"]["message"], text(&format!("db/{version}")), "{method}");
        }
    }
}

/// Contract `name.illegal` (seen): 400 `BadParameter`, "The request URI contains an invalid name: {name}",
/// where it has more than letters, digits and hyphens.
/// Contract `name.length` (documented): a name has 127 characters at most; a longer one is refused as
/// illegal.
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
    vault.set(&long[1..], "v").await;
    let reply = vault.call("GET", "/secrets/my_name").await;
    assert_eq!(
        reply.text,
        r#"{"error":{"code":"BadParameter","message":"The request URI contains an invalid name: my_name"}}"#
    );
}

/// Contract `set.invalid` (seen): 400 `BadParameter`, "Property  has invalid value\r\n", for more than 15
/// tags or a content type of more than 255 characters.
/// Contract `set.too-large` (seen): 400 `BadParameter`, `SecretTooLarge`, "Secret is beyond the maximum
/// permitted length of 25600 characters."
/// Contract `set.limits` (documented): 25,600 characters of value, 255 of content type, 15 tags whose names
/// and values have 512 each.
/// Contract `set.characters` (chosen): the limit of a value counts characters, not bytes.
/// Contract `answer.error` (documented): a refusal is `{"error":{"code","message","innererror":{"code"}}}`,
/// the inner one only where there is one.
/// Contract `set.malformed` (chosen): a body that is not JSON, lacks `value` or has a member of another type
/// is refused as invalid.
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
    let patched = json!({"tags": tags});
    let tags: serde_json::Map<_, _> =
        (10..25).map(|n| (format!("{n}{}", "k".repeat(510)), json!("v".repeat(512)))).collect();
    let largest = json!({"value": "é".repeat(25_600), "contentType": "c".repeat(255), "tags": tags});
    assert_eq!(vault.call_with("PUT", "/secrets/db", largest).await.status, 200);
    let patch = vault.call_with("PATCH", "/secrets/db", patched).await;
    assert_eq!((patch.status, patch.text.as_str()), (400, invalid));
}

/// Contract `request.versions` (documented): every stable `api-version` from 2016-10-01 to 2026-04-01 is
/// served, and the previews.
/// Contract `request.unknown-version` (seen): 400 `BadParameter`, "The specified version ({version}) is not
/// recognized. Consider using the latest supported version ({latest})."
/// Contract `request.missing-version` (documented): there is no default; the text of the 400 is chosen.
#[tokio::test]
async fn the_api_version_is_required_and_known() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.set("db", "v").await;
    let ask = |query: &str| vault.raw("GET", &format!("/secrets/db{query}")).bearer_auth(lab.running.token());
    let stable = ["2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01", "2026-04-01"];
    let previews = ["7.6-preview.2", "2025-06-01-preview", "2026-01-01-preview", "2026-03-01-preview"];
    let more_previews = ["2026-05-01-preview", "2026-07-01-preview"];
    for version in stable.iter().chain(&previews).chain(&more_previews) {
        assert_eq!(lab.send(ask(&format!("?api-version={version}"))).await.status, 200, "{version}");
    }
    for query in ["", "?api-version=", "?api-version=7.9", "?api-version=latest"] {
        assert_eq!(lab.send(ask(query)).await.error(), "400 BadParameter", "{query}");
    }
    let unknown = r#"{"error":{"code":"BadParameter","message":"The specified version (7.9) is not recognized. Consider using the latest supported version (2026-04-01)."}}"#;
    assert_eq!(lab.send(ask("?api-version=7.9")).await.text, unknown);
}

/// Contract `list.bad-query` (chosen): 400 `BadParameter` for a `maxresults` or a `$skiptoken` that makes no
/// sense.
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

/// Contract `request.empty-name` (recorded): a set without a name gets 405 `MethodNotAllowed`, "HTTP PUT not
/// allowed".
/// Contract `request.outside` (seen): a path outside of the interface gets 404 with a page in HTML.
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

/// Contract `request.host` (documented): the host names the vault; how others are refused is chosen.
/// Contract `name.vault` (documented): a vault's name has 3 to 24 letters, digits and hyphens, starts with a
/// letter, ends with a letter or digit and has no two hyphens in a row.
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
