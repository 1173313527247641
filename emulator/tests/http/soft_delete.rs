//! The life of a name: delete, recover, purge, and the time in between.

use serde_json::json;

use crate::lab::{Lab, START, version_of};

const DAY: i64 = 86_400;

/// Contract `delete.answer` (recorded): 200 with the newest version without its value, behind `recoveryId`,
/// `deletedDate` and `scheduledPurgeDate`.
/// Contract `delete.hides` (recorded): from then on the name and its versions are 404.
/// Contract `delete.twice` (recorded): a deleted name gets 404 `SecretNotFound`.
/// Contract `deleted.answer` (recorded): 200 with what the delete answered.
/// Contract `recover.answer` (recorded): 200 with the newest version, without its value.
/// Contract `recover.whole` (documented): all versions come back, with their ids, values, dates and tags.
#[tokio::test]
async fn a_deleted_secret_waits_in_the_deleted_set_and_comes_back_whole() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let first = vault.set("db", "v1").await;
    let second = vault.set("db", "v2").await;
    let versions = vault.call("GET", "/secrets/db/versions").await.text;
    let deleted = vault.call("DELETE", "/secrets/db").await;
    let dates = format!(r#""deletedDate":{START},"scheduledPurgeDate":{}"#, START + 90 * DAY);
    let start = format!(
        r#"{{"recoveryId":"{url}/deletedsecrets/db",{dates},"id":"{url}/secrets/db/{second}","#,
        url = vault.url
    );
    assert_eq!(deleted.status, 200);
    assert!(deleted.text.starts_with(&start), "{}", deleted.text);

    assert_eq!(vault.call("GET", "/deletedsecrets/db").await.text, deleted.text);
    assert_eq!(vault.call("GET", "/secrets/db").await.error(), "404 SecretNotFound");
    assert_eq!(vault.call("GET", &format!("/secrets/db/{first}")).await.error(), "404 SecretNotFound");
    assert_eq!(vault.call("DELETE", "/secrets/db").await.error(), "404 SecretNotFound");

    let recovered = vault.call("POST", "/deletedsecrets/db/recover").await;
    assert_eq!((recovered.status, version_of(&recovered.json())), (200, second));
    assert_eq!(recovered.json().as_object().unwrap().keys().collect::<Vec<_>>(), ["attributes", "id"]);
    assert_eq!(vault.call("GET", &format!("/secrets/db/{first}")).await.json()["value"], "v1");
    assert_eq!(vault.call("GET", "/secrets/db/versions").await.text, versions);
    assert_eq!(vault.call("GET", "/deletedsecrets/db").await.error(), "404 SecretNotFound");
}

/// Contract `deleted.only` (documented): in the deleted set a name is listed, read, recovered and purged, and
/// nothing else.
/// Contract `delete.disabled` (recorded): a disabled secret can be deleted.
#[tokio::test]
async fn a_deleted_name_admits_nothing_of_an_active_one() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"secrets": [{"name": "db", "enabled": false}]})).await;
    assert_eq!(vault.call("DELETE", "/secrets/db").await.status, 200);
    for (method, path, error) in [
        ("GET", "/secrets/db", "404 SecretNotFound"),
        ("PATCH", "/secrets/db", "404 SecretNotFound"),
        ("POST", "/secrets/db/backup", "404 SecretNotFound"),
        ("PUT", "/secrets/db", "409 Conflict ObjectIsDeletedButRecoverable"),
    ] {
        assert_eq!(
            vault.call_with(method, path, json!({"value": "v"})).await.error(),
            error,
            "{method} {path}"
        );
    }
    for list in ["/secrets", "/secrets/db/versions"] {
        assert_eq!(vault.call("GET", list).await.json()["value"], json!([]), "{list}");
    }
    assert_eq!(vault.call("GET", "/deletedsecrets").await.json()["value"].as_array().unwrap().len(), 1);
}

/// Contract `purge.answer` (documented): 204 without a body and without a content type.
/// Contract `purge.final` (documented): all versions are gone, and the name is free.
#[tokio::test]
async fn a_purge_frees_the_name_for_good() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let first = vault.set("db", "v1").await;
    vault.call("DELETE", "/secrets/db").await;
    let purged = vault.call("DELETE", "/deletedsecrets/db").await;
    assert_eq!((purged.status, purged.text.as_str(), purged.header("content-type")), (204, "", None));
    vault.set("db", "v2").await;
    assert_eq!(vault.call("GET", &format!("/secrets/db/{first}")).await.status, 404);
    assert_eq!(vault.state("db").await, json!({"state": "active", "versions": 1, "value": "v2"}));
}

/// Contract `delete.in-between` (recorded): for some seconds the deleted secret is 404 as well.
/// Contract `recover.being-deleted` (chosen): 409 `Conflict`, `ObjectIsBeingDeleted`.
/// Contract `recover.in-between` (recorded): for some seconds the secret is still 404.
/// Contract `purge.in-between` (recorded): the deleted secret is 404 at once, and its name is refused for
/// some seconds more.
#[tokio::test]
async fn each_state_lasts_as_long_as_its_delay() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"delete_delay_ms": 3000, "recover_delay_ms": 2000, "purge_delay_ms": 1000})).await;
    let set = json!({"value": "v"});
    vault.set("db", "v").await;

    vault.call("DELETE", "/secrets/db").await;
    lab.pass(2999);
    assert_eq!(vault.call("GET", "/deletedsecrets/db").await.error(), "404 SecretNotFound");
    assert_eq!(vault.call("GET", "/secrets/db").await.error(), "404 SecretNotFound");
    assert_eq!(
        vault.call_with("PUT", "/secrets/db", set.clone()).await.error(),
        "409 Conflict ObjectIsBeingDeleted"
    );
    assert_eq!(vault.call("DELETE", "/deletedsecrets/db").await.error(), "409 Conflict ObjectIsBeingDeleted");
    assert_eq!(
        vault.call("POST", "/deletedsecrets/db/recover").await.error(),
        "409 Conflict ObjectIsBeingDeleted"
    );
    lab.pass(1);
    assert_eq!(vault.call("GET", "/deletedsecrets/db").await.json()["deletedDate"], START);
    let refused = vault.call_with("PUT", "/secrets/db", set.clone()).await;
    assert_eq!(refused.error(), "409 Conflict ObjectIsDeletedButRecoverable");

    vault.call("POST", "/deletedsecrets/db/recover").await;
    lab.pass(1999);
    assert_eq!(vault.call("GET", "/secrets/db").await.error(), "404 SecretNotFound");
    assert_eq!(
        vault.call_with("PUT", "/secrets/db", set.clone()).await.error(),
        "409 Conflict ObjectIsBeingRecovered"
    );
    assert_eq!(vault.call("POST", "/deletedsecrets/db/recover").await.error(), "409 Conflict");
    lab.pass(1);
    assert_eq!(vault.call("GET", "/secrets/db").await.status, 200);

    vault.call("DELETE", "/secrets/db").await;
    lab.pass(3000);
    assert_eq!(vault.call("DELETE", "/deletedsecrets/db").await.status, 204);
    assert_eq!(vault.call("GET", "/deletedsecrets/db").await.error(), "404 SecretNotFound");
    lab.pass(999);
    assert_eq!(vault.call_with("PUT", "/secrets/db", set).await.error(), "409 Conflict ObjectIsBeingDeleted");
    lab.pass(1);
    vault.set("db", "v").await;
}

#[tokio::test]
async fn a_state_that_is_held_ends_when_its_setting_changes() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"delete_delay_ms": -1, "secrets": [{"name": "db", "state": "deleting"}]})).await;
    lab.pass(3_600_000);
    assert_eq!(vault.state("db").await["state"], "deleting");
    vault.control("PATCH", "", json!({"delete_delay_ms": 0})).await;
    assert_eq!(vault.state("db").await["state"], "deleted");
    vault.control("PATCH", "", json!({"delete_delay_ms": -1})).await;
    assert_eq!(vault.state("db").await["state"], "deleted", "what has ended stays ended");
}

/// Contract `deleted.disabled` (recorded): 403 `Forbidden`, `SecretDisabled` once the deletion has finished,
/// 404 before.
#[tokio::test]
async fn a_deleted_disabled_secret_is_refused_once_its_deletion_has_finished() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"delete_delay_ms": 500, "secrets": [{"name": "db", "enabled": false}]})).await;
    assert_eq!(vault.call("DELETE", "/secrets/db").await.status, 200);
    assert_eq!(vault.call("GET", "/deletedsecrets/db").await.error(), "404 SecretNotFound");
    lab.pass(500);
    assert_eq!(vault.call("GET", "/deletedsecrets/db").await.error(), "403 Forbidden SecretDisabled");
    assert_eq!(vault.call("DELETE", "/deletedsecrets/db").await.status, 204);
}

/// Contract `delete.purge-date` (recorded): `scheduledPurgeDate` is `deletedDate` and the days of retention,
/// to the second.
/// Contract `delete.retention` (documented): 7 to 90 days, 90 unless set; the secret is purged when they are
/// over.
#[tokio::test]
async fn the_retention_is_told_and_kept() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"recoverable_days": 7, "secrets": [{"name": "db"}]})).await;
    let deleted = vault.call("DELETE", "/secrets/db").await.json();
    assert_eq!(deleted["scheduledPurgeDate"], START + 7 * DAY);
    assert_eq!(deleted["attributes"]["recoverableDays"], 7);
    assert_eq!(deleted["attributes"]["recoveryLevel"], "CustomizedRecoverable+Purgeable");
    lab.pass(7 * 86_400_000 - 1);
    assert_eq!(vault.call("GET", "/deletedsecrets/db").await.status, 200);
    lab.pass(1);
    assert_eq!(vault.call("GET", "/deletedsecrets/db").await.status, 404);
    vault.set("db", "v").await;
}

/// Contract `purge.protected` (seen): 403 `Forbidden` without an inner code, "Operation \"purge\" is not
/// allowed because purge protection is enabled for this vault. …"
/// Contract `purge.protected-first` (chosen): protection is told of before a name that is missing.
#[tokio::test]
async fn purge_protection_forbids_every_purge() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"purge_protection": true, "secrets": [{"name": "db", "state": "deleted"}]})).await;
    let refused = vault.call("DELETE", "/deletedsecrets/db").await;
    assert_eq!(refused.error(), "403 Forbidden");
    assert_eq!(
        refused.json()["error"]["message"],
        "Operation \"purge\" is not allowed because purge protection is enabled for this vault. Key Vault service will \
         automatically purge it after the retention period has passed.\r\nVault: team;location=local"
    );
    assert_eq!(vault.call("DELETE", "/deletedsecrets/none").await.text, refused.text);
    assert_eq!(vault.call("GET", "/deletedsecrets/db").await.status, 200);
}

/// Contract `answer.recovery-level` (documented): `Recoverable` at 90 days of retention, else
/// `CustomizedRecoverable`, and behind it `+Purgeable` unless purges are forbidden.
/// Contract `answer.old-attributes` (recorded): versions before 7.1 know neither `recoverableDays` nor the
/// customized levels.
#[tokio::test]
async fn the_recovery_level_tells_of_retention_and_protection() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    for (days, protected, level, old_level) in [
        (90, false, "Recoverable+Purgeable", "Recoverable+Purgeable"),
        (90, true, "Recoverable", "Recoverable"),
        (7, false, "CustomizedRecoverable+Purgeable", "Recoverable+Purgeable"),
        (89, true, "CustomizedRecoverable", "Recoverable"),
    ] {
        let settings =
            json!({"recoverable_days": days, "purge_protection": protected, "secrets": [{"name": "db"}]});
        vault.given(settings).await;
        let attributes = vault.call("GET", "/secrets/db").await.json()["attributes"].take();
        assert_eq!(
            (&attributes["recoveryLevel"], &attributes["recoverableDays"]),
            (&json!(level), &json!(days))
        );
        for old in ["2016-10-01", "7.0"] {
            let request = vault.raw("GET", &format!("/secrets/db?api-version={old}"));
            let attributes =
                lab.send(request.bearer_auth(lab.running.token())).await.json()["attributes"].take();
            assert_eq!(attributes["recoveryLevel"], old_level, "{old}");
            assert!(attributes.get("recoverableDays").is_none(), "{old}");
        }
    }
}

/// Contract `delete.final` (seen): in a vault of old, without soft delete, a delete is final and answers
/// without `recoveryId`; the level is `Purgeable` with 0 days, and a purge gets 400 `NotSupported`,
/// "Operation \"purge\" is not enabled for this vault."
#[tokio::test]
async fn without_soft_delete_a_delete_is_final() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"soft_delete": false, "purge_delay_ms": 1000, "secrets": [{"name": "db"}]})).await;
    let deleted = vault.call("DELETE", "/secrets/db").await.json();
    assert_eq!(deleted.as_object().unwrap().keys().collect::<Vec<_>>(), ["attributes", "id"]);
    let attributes = &deleted["attributes"];
    assert_eq!(
        (&attributes["recoveryLevel"], &attributes["recoverableDays"]),
        (&json!("Purgeable"), &json!(0))
    );
    let purged = vault.call("DELETE", "/deletedsecrets/db").await;
    assert_eq!(
        (purged.status, purged.text.as_str()),
        (
            400,
            r#"{"error":{"code":"NotSupported","message":"Operation \"purge\" is not enabled for this vault."}}"#
        )
    );
    for (method, path) in
        [("GET", "/deletedsecrets"), ("GET", "/deletedsecrets/db"), ("POST", "/deletedsecrets/db/recover")]
    {
        assert_eq!(vault.call(method, path).await.error(), "400 NotSupported", "{method} {path}");
    }
    vault.set("db", "v").await;
}
