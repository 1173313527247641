//! The operations that work on active secrets: answers to the letter.

use serde_json::json;

use crate::lab::{Lab, START, version_of};

const LEVEL: &str = r#""recoveryLevel":"Recoverable+Purgeable","recoverableDays":90"#;

#[tokio::test]
async fn set_answers_with_the_value_and_only_the_members_given() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let reply = vault.call_with("PUT", "/secrets/db", json!({"value": "v1"})).await;
    let (url, id) = (&vault.url, version_of(&reply.json()));
    assert_eq!(reply.status, 200);
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
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

#[tokio::test]
async fn an_empty_value_and_empty_tags_are_values() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let set = vault.call_with("PUT", "/secrets/db", json!({"value": "", "tags": {}, "attributes": {}})).await;
    assert_eq!((set.status, &set.json()["value"], &set.json()["tags"]), (200, &json!(""), &json!({})));
}

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

#[tokio::test]
async fn names_keep_the_case_they_were_first_written_in() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.set("Db-Main", "v1").await;
    let second = vault.set("DB-MAIN", "v2").await;
    let got = vault.call("GET", "/secrets/db-main").await.json();
    assert_eq!(got["id"], format!("{}/secrets/Db-Main/{second}", vault.url));
}

#[tokio::test]
async fn an_expired_and_a_not_yet_valid_secret_are_read() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    for attributes in [json!({"exp": 1}), json!({"nbf": 4_102_444_800_i64})] {
        vault.call_with("PUT", "/secrets/db", json!({"value": "v", "attributes": attributes})).await;
        assert_eq!(vault.call("GET", "/secrets/db").await.status, 200);
    }
}

#[tokio::test]
async fn update_changes_only_what_it_names_and_answers_without_the_value() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let body =
        json!({"value": "v1", "contentType": "t", "tags": {"a": "1", "b": "2"}, "attributes": {"nbf": 5}});
    let first = version_of(&vault.call_with("PUT", "/secrets/db", body).await.json());
    let second = vault.set("db", "v2").await;
    lab.pass(10_000);

    let patch = json!({"tags": {"c": "3"}, "attributes": {"enabled": false}});
    let updated = vault.call_with("PATCH", &format!("/secrets/db/{first}"), patch).await;
    let later = START + 10;
    let attributes =
        format!(r#""attributes":{{"enabled":false,"nbf":5,"created":{START},"updated":{later},{LEVEL}}}"#);
    let id = format!("{}/secrets/db/{first}", vault.url);
    assert_eq!(updated.text, format!(r#"{{"contentType":"t","id":"{id}",{attributes},"tags":{{"c":"3"}}}}"#));

    for path in ["/secrets/db", "/secrets/db/"] {
        let newest = vault.call_with("PATCH", path, json!({"contentType": "new"})).await.json();
        assert_eq!((version_of(&newest), &newest["contentType"]), (second.clone(), &json!("new")), "{path}");
    }
    assert_eq!(vault.call("GET", "/secrets/db").await.json()["value"], "v2");
}

#[tokio::test]
async fn a_disabled_secret_can_be_enabled_again_and_is_not_replaced_by_an_older_version() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let first = vault.set("db", "v1").await;
    vault.call_with("PUT", "/secrets/db", json!({"value": "v2", "attributes": {"enabled": false}})).await;
    assert_eq!(vault.call("GET", "/secrets/db").await.error(), "403 Forbidden SecretDisabled");
    assert_eq!(vault.call("GET", &format!("/secrets/db/{first}")).await.json()["value"], "v1");
    let enabled = vault.call_with("PATCH", "/secrets/db", json!({"attributes": {"enabled": true}})).await;
    assert_eq!(enabled.status, 200);
    assert_eq!(vault.call("GET", "/secrets/db").await.json()["value"], "v2");
}

#[tokio::test]
async fn a_backup_brings_every_version_back_as_it_was() {
    let lab = Lab::new().await;
    let (from, to) = (lab.vault("from"), lab.vault("into"));
    let body = json!({"value": "v1", "contentType": "t", "tags": {"a": "b"}, "attributes": {"exp": 9}});
    let first = version_of(&from.call_with("PUT", "/secrets/db", body).await.json());
    let second = from.set("db", "v2").await;
    let backup = from.call("POST", "/secrets/db/backup").await;
    assert_eq!(backup.status, 200);
    let blob = backup.json()["value"].as_str().unwrap().to_owned();
    assert!(blob.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'), "{blob}");

    lab.pass(5000);
    let restored = to.call_with("POST", "/secrets/restore", json!({"value": blob})).await;
    assert_eq!((restored.status, &restored.json()["value"]), (200, &json!(null)));
    assert_eq!(version_of(&restored.json()), second);
    let old = to.call("GET", &format!("/secrets/db/{first}")).await.json();
    assert_eq!(
        old,
        json!({
            "value": "v1", "contentType": "t", "tags": {"a": "b"}, "id": format!("{}/secrets/db/{first}", to.url),
            "attributes": {
                "enabled": true, "exp": 9, "created": START, "updated": START,
                "recoveryLevel": "Recoverable+Purgeable", "recoverableDays": 90,
            },
        })
    );
}

#[tokio::test]
async fn vaults_are_kept_apart() {
    let lab = Lab::new().await;
    lab.vault("one").set("db", "1").await;
    lab.vault("two").set("db", "2").await;
    assert_eq!(lab.vault("one").call("GET", "/secrets/db").await.json()["value"], "1");
    assert_eq!(lab.vault("three").call("GET", "/secrets/db").await.status, 404);
}

#[tokio::test]
async fn every_answer_carries_the_services_headers() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    for (path, status) in [("/secrets", 200), ("/secrets/none", 404), ("/elsewhere", 404)] {
        let reply = lab.send(vault.request("GET", path).header("x-ms-client-request-id", "mine")).await;
        assert_eq!(reply.status, status, "{path}");
        let expected = [
            ("cache-control", "no-cache"),
            ("pragma", "no-cache"),
            ("expires", "-1"),
            ("x-ms-client-request-id", "mine"),
            ("strict-transport-security", "max-age=31536000;includeSubDomains"),
            ("x-content-type-options", "nosniff"),
        ];
        for (name, value) in expected {
            assert_eq!(reply.header(name), Some(value), "{path} {name}");
        }
        for name in
            ["x-ms-keyvault-region", "x-ms-keyvault-service-version", "x-ms-keyvault-network-info", "date"]
        {
            assert!(reply.header(name).is_some(), "{path} {name}");
        }
        assert_eq!(reply.header("x-ms-request-id").unwrap().len(), 36);
        assert!(reply.header("www-authenticate").is_none() && reply.header("retry-after").is_none());
    }
    let json = vault.call("GET", "/secrets").await;
    assert_eq!(json.header("content-type"), Some("application/json; charset=utf-8"));
}
