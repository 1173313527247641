//! The operations that work on active secrets: answers to the letter.

use serde_json::json;

use crate::lab::{Lab, START, version_of};

const DISABLED: &str = r#"{"error":{"code":"Forbidden","message":"Operation get is not allowed on a disabled secret.","innererror":{"code":"SecretDisabled"}}}"#;
const LEVEL: &str = r#""recoveryLevel":"Recoverable+Purgeable","recoverableDays":90"#;

/// Contract `set.answer` (documented): 200 with the new version and its value.
/// Contract `set.attributes` (documented): `enabled` is true unless given; `nbf` and `exp` are there only if
/// given.
/// Contract `set.disabled` (recorded): a set of a disabled secret answers with the value too.
/// Contract `answer.member-order` (recorded): `value`, `contentType`, `id`, `attributes`, `tags`; in
/// attributes `enabled`, `nbf`, `exp`, `created`, `updated`, `recoveryLevel`, `recoverableDays`.
/// Contract `answer.absent-members` (recorded): members without a value are left out, never null.
/// Contract `answer.dates` (documented): dates are whole Unix seconds.
/// Contract `name.identifier` (documented): an id is `{vault}/secrets/{name}/{version}`.
/// Contract `name.version` (documented): the service makes versions, 32 hexadecimal digits in lower case.
#[tokio::test]
async fn set_answers_with_the_value_and_only_the_members_given() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let reply = vault.call_with("PUT", "/secrets/db", json!({"value": "v1"})).await;
    let (url, id) = (&vault.url, version_of(&reply.json()));
    assert_eq!(reply.status, 200);
    assert!(id.len() == 32 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{id}");
    let attributes =
        format!(r#""attributes":{{"enabled":true,"created":{START},"updated":{START},{LEVEL}}}"#);
    assert_eq!(reply.text, format!(r#"{{"value":"v1","id":"{url}/secrets/db/{id}",{attributes}}}"#));

    let body = json!({
        "value": "v2", "contentType": "text/plain", "tags": {"env": "test"},
        "attributes": {"enabled": false, "nbf": 1, "exp": 2},
    });
    let reply = vault.call_with("PUT", "/secrets/db", body).await;
    let id = version_of(&reply.json());
    let attributes = format!(
        r#""attributes":{{"enabled":false,"nbf":1,"exp":2,"created":{START},"updated":{START},{LEVEL}}}"#
    );
    assert_eq!(
        reply.text,
        format!(
            r#"{{"value":"v2","contentType":"text/plain","id":"{url}/secrets/db/{id}",{attributes},"tags":{{"env":"test"}}}}"#
        )
    );
}

/// Contract `set.inherits-nothing` (recorded): each set makes a version, which takes over nothing of the one
/// before it.
#[tokio::test]
async fn set_inherits_nothing_from_the_version_before() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault
        .call_with("PUT", "/secrets/db", json!({"value": "v1", "contentType": "t", "tags": {"a": "b"}}))
        .await;
    let second = vault.call_with("PUT", "/secrets/db", json!({"value": "v2"})).await.json();
    assert_eq!((&second["contentType"], &second["tags"]), (&json!(null), &json!(null)));
}

/// Contract `set.empty` (recorded): an empty value, empty tags and empty attributes are accepted.
#[tokio::test]
async fn an_empty_value_and_empty_tags_are_values() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let set = vault.call_with("PUT", "/secrets/db", json!({"value": "", "tags": {}, "attributes": {}})).await;
    assert_eq!((set.status, &set.json()["value"], &set.json()["tags"]), (200, &json!(""), &json!({})));
}

/// Contract `get.newest` (documented): 200 with the version made last, and its value.
/// Contract `get.version` (documented): 200 with the version asked for, and its value.
/// Contract `get.trailing-slash` (recorded): `/secrets/{name}/`, an empty version, is the newest one.
/// Contract `get.read-back` (recorded): a read behind a write sees what was written.
/// Contract `name.case` (documented): names and versions are found whatever their case.
#[tokio::test]
async fn get_reads_the_newest_version_or_the_one_asked_for() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let mut first = vault.set("db", "v0").await;
    for round in 1..20 {
        let newest = format!("v{round}");
        vault.set("db", &newest).await;
        for path in ["/secrets/db", "/secrets/db/", "/secrets/DB"] {
            assert_eq!(vault.call("GET", path).await.json()["value"], newest, "{path}");
        }
    }
    first.make_ascii_uppercase();
    assert_eq!(vault.call("GET", &format!("/secrets/db/{first}")).await.json()["value"], "v0");
}

/// Contract `name.echo` (chosen): answers show a name in the case it was first written in.
#[tokio::test]
async fn names_keep_the_case_they_were_first_written_in() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.set("Db-Main", "v1").await;
    let second = vault.set("DB-MAIN", "v2").await;
    let got = vault.call("GET", "/secrets/db-main").await.json();
    assert_eq!(got["id"], format!("{}/secrets/Db-Main/{second}", vault.url));
}

/// Contract `get.dates-inform` (documented): a secret is read before its `nbf` and after its `exp`.
#[tokio::test]
async fn an_expired_and_a_not_yet_valid_secret_are_read() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    for attributes in [json!({"exp": 1}), json!({"nbf": 4_102_444_800_i64})] {
        vault.call_with("PUT", "/secrets/db", json!({"value": "v", "attributes": attributes})).await;
        assert_eq!(vault.call("GET", "/secrets/db").await.status, 200);
    }
}

/// Contract `update.answer` (recorded): 200 with the version, without its value.
/// Contract `update.partial` (recorded): only members that are given change; tags are replaced as a whole.
/// Contract `update.dates` (recorded): `updated` moves, `created` and the version stay.
/// Contract `update.newest` (recorded): without a version, with or without a trailing slash, the newest one
/// is updated.
/// Contract `update.null` (chosen): a member that is null is as one that is left out.
/// Contract `update.value` (documented): the value cannot change.
#[tokio::test]
async fn update_changes_only_what_it_names_and_answers_without_the_value() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let body =
        json!({"value": "v1", "contentType": "t", "tags": {"a": "1", "b": "2"}, "attributes": {"nbf": 5}});
    let first = version_of(&vault.call_with("PUT", "/secrets/db", body).await.json());
    let second = vault.set("db", "v2").await;
    lab.pass(10_000);

    let patch = json!({"value": "other", "contentType": null, "tags": {"c": "3"}, "attributes": {"enabled": false, "nbf": null}});
    let updated = vault.call_with("PATCH", &format!("/secrets/db/{first}"), patch).await;
    let later = START + 10;
    let attributes =
        format!(r#""attributes":{{"enabled":false,"nbf":5,"created":{START},"updated":{later},{LEVEL}}}"#);
    let id = format!("{}/secrets/db/{first}", vault.url);
    assert_eq!(updated.text, format!(r#"{{"contentType":"t","id":"{id}",{attributes},"tags":{{"c":"3"}}}}"#));

    for path in ["/secrets/db", "/secrets/db/"] {
        let patch = json!({"value": "other", "contentType": "new"});
        let newest = vault.call_with("PATCH", path, patch).await.json();
        assert_eq!((version_of(&newest), &newest["contentType"]), (second.clone(), &json!("new")), "{path}");
    }
    assert_eq!(vault.call("GET", "/secrets/db").await.json()["value"], "v2");
}

/// Contract `get.disabled` (recorded): 403 `Forbidden`, `SecretDisabled`, "Operation get is not allowed on a
/// disabled secret.", for the newest version and for the one asked for.
/// Contract `get.no-fallback` (recorded): the newest version is the newest one though it be disabled; no
/// older one takes its place.
/// Contract `get.older-enabled` (chosen): an enabled version is read though the newest one be disabled.
/// Contract `update.disabled` (recorded): a disabled secret can be updated, and so enabled again.
#[tokio::test]
async fn a_disabled_secret_can_be_enabled_again_and_is_not_replaced_by_an_older_version() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let first = vault.set("db", "v1").await;
    vault.call_with("PUT", "/secrets/db", json!({"value": "v2", "attributes": {"enabled": false}})).await;
    let refused = vault.call("GET", "/secrets/db").await;
    assert_eq!((refused.status, refused.text.as_str()), (403, DISABLED));
    assert_eq!(vault.call("GET", &format!("/secrets/db/{first}")).await.json()["value"], "v1");
    let enabled = vault.call_with("PATCH", "/secrets/db", json!({"attributes": {"enabled": true}})).await;
    assert_eq!(enabled.status, 200);
    assert_eq!(vault.call("GET", "/secrets/db").await.json()["value"], "v2");

    let first = format!("/secrets/db/{first}");
    vault.call_with("PATCH", &first, json!({"attributes": {"enabled": false}})).await;
    assert_eq!(vault.call("GET", &first).await.text, DISABLED);
}

#[tokio::test]
async fn vaults_are_kept_apart() {
    let lab = Lab::new().await;
    lab.vault("one").set("db", "1").await;
    lab.vault("two").set("db", "2").await;
    assert_eq!(lab.vault("one").call("GET", "/secrets/db").await.json()["value"], "1");
    assert_eq!(lab.vault("three").call("GET", "/secrets/db").await.status, 404);
}

/// Contract `answer.headers` (recorded): refused or not, an answer has `Cache-Control: no-cache`, `Pragma:
/// no-cache`, `Expires: -1`, `Strict-Transport-Security: max-age=31536000;includeSubDomains`,
/// `X-Content-Type-Options: nosniff`, `Date`, a GUID in `x-ms-request-id`, `x-ms-keyvault-region`,
/// `x-ms-keyvault-service-version` and `x-ms-keyvault-network-info`.
/// Contract `answer.client-request-id` (recorded): `x-ms-client-request-id` is echoed.
/// Contract `answer.content-type` (recorded): `application/json; charset=utf-8`.
/// Contract `answer.challenge` (recorded): `WWW-Authenticate` is on a 401 alone.
#[tokio::test]
async fn every_answer_carries_the_services_headers() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"secrets": [{"name": "gone", "state": "deleted"}]})).await;
    for (request, status) in [
        (vault.request("GET", "/secrets"), 200),
        (vault.request("DELETE", "/deletedsecrets/gone"), 204),
        (vault.request("GET", "/secrets/my_name"), 400),
        (vault.raw("GET", "/secrets?api-version=7.4"), 401),
        (vault.request("GET", "/secrets/none"), 404),
        (vault.request("GET", "/elsewhere"), 404),
    ] {
        let reply = lab.send(request.header("x-ms-client-request-id", "mine")).await;
        assert_eq!(reply.status, status);
        for (name, value) in [
            ("cache-control", "no-cache"),
            ("pragma", "no-cache"),
            ("expires", "-1"),
            ("x-ms-client-request-id", "mine"),
            ("strict-transport-security", "max-age=31536000;includeSubDomains"),
            ("x-content-type-options", "nosniff"),
            ("x-ms-keyvault-network-info", "conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{status} {name}");
        }
        for name in ["x-ms-keyvault-region", "x-ms-keyvault-service-version", "date"] {
            assert!(reply.header(name).is_some(), "{status} {name}");
        }
        let id: Vec<_> = reply.header("x-ms-request-id").unwrap().split('-').map(str::len).collect();
        assert_eq!(id, [8, 4, 4, 4, 12], "{status}");
        assert_eq!(reply.header("www-authenticate").is_some(), status == 401, "{status}");
        assert_eq!(reply.header("retry-after"), None, "{status}");
    }
    let json = vault.call("GET", "/secrets").await;
    assert_eq!(json.header("content-type"), Some("application/json; charset=utf-8"));
}
