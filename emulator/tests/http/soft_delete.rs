//! The life of a name: delete, recover, purge, and the time in between.

use serde_json::json;

use crate::lab::{Lab, START, version_of};

const DAY: i64 = 86_400;

#[tokio::test]
async fn a_deleted_secret_waits_in_the_deleted_set_and_comes_back_whole() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let first = vault.set("db", "v1").await;
    let second = vault.set("db", "v2").await;
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
    assert_eq!(vault.call("GET", "/deletedsecrets/db").await.error(), "404 SecretNotFound");
}

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
    let row = vault.call("GET", "/deletedsecrets/db").await.json();
    assert_eq!(row["attributes"]["recoveryLevel"], "Recoverable");
}
