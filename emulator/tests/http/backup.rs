//! Backup and restore.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::lab::{Lab, START, version_of};

/// Contract `backup.answer` (documented): 200 with the blob in Base64 for URLs.
/// Contract `backup.blob` (recorded): the blob has no padding and begins with the length and the name of its
/// form, `AzureKeyVaultSecretBackupV1.microsoft.com`.
/// Contract `backup.restore-answer` (recorded): 200 with the newest version, without its value.
/// Contract `backup.restore-same` (recorded): every version comes back under its id, with its dates,
/// attributes and tags.
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
    let bytes = URL_SAFE_NO_PAD.decode(&blob).unwrap();
    assert!(bytes.starts_with(b"\x29AzureKeyVaultSecretBackupV1.microsoft.com"), "{blob}");

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

/// Contract `backup.restore-used` (recorded): 409 `Conflict` without an inner code, "There was a conflict
/// restoring the secret '{id}'. …", onto a name that is active, deleted or still being purged.
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
        let message = format!(
            "There was a conflict restoring the secret '{}/secrets/db/{id}'. This can happen if either: a second secret with \
             the same name was created after the first secret was deleted; thus trying to restore a secret whose name is \
             already in use. To fix this, rename the second secret to something else so that the restore works. The second \
             probable cause of this exception is when multiple operations are performed in parallel against the secret. To \
             avoid this error, perform operations against a secret in a sequential manner.",
            vault.url
        );
        assert_eq!(refused.json()["error"]["message"], message);
        let path = if state == "active" { "/secrets/db" } else { "/deletedsecrets/db" };
        vault.call("DELETE", path).await;
    }
    lab.pass(1000);
    assert_eq!(vault.call_with("POST", "/secrets/restore", backup).await.status, 200);
}

/// Contract `backup.restore-damaged` (recorded): 400 `Malformed backup blob`, "Backup blob is corrupt." or
/// "Backup blob contains invalid or corrupt version."
#[tokio::test]
async fn a_damaged_backup_is_refused() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let id = vault.set("db", "v").await;
    let blob = vault.call("POST", "/secrets/db/backup").await.json()["value"].as_str().unwrap().to_owned();
    for damaged in ["", "abcd", "not base64!", &blob[..blob.len() - 4], &blob[4..]] {
        let reply = vault.call_with("POST", "/secrets/restore", json!({"value": damaged})).await;
        assert_eq!(
            reply.text, r#"{"error":{"code":"Malformed backup blob","message":"Backup blob is corrupt."}}"#,
            "{damaged:.20}"
        );
        assert_eq!(reply.status, 400);
    }
    let bytes = URL_SAFE_NO_PAD.decode(&blob).unwrap();
    let version = String::from_utf8_lossy(&bytes).replace(&id, &id.to_uppercase());
    let reply =
        vault.call_with("POST", "/secrets/restore", json!({"value": URL_SAFE_NO_PAD.encode(version)})).await;
    assert_eq!(
        reply.text,
        r#"{"error":{"code":"Malformed backup blob","message":"Backup blob contains invalid or corrupt version."}}"#
    );
}

/// Contract `backup.disabled` (recorded): a disabled secret can be backed up, and comes back disabled.
#[tokio::test]
async fn a_disabled_secret_is_backed_up_as_it_is() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"secrets": [{"name": "db", "enabled": false}]})).await;
    let backup = vault.call("POST", "/secrets/db/backup").await;
    assert_eq!(backup.status, 200);
    let restored = lab.vault("into").call_with("POST", "/secrets/restore", backup.json()).await.json();
    assert_eq!(restored["attributes"]["enabled"], false);
}

/// Contract `backup.restore-elsewhere` (documented): a blob is restored in the geography of its vault alone;
/// elsewhere it gets 400, "Cannot decrypt backup blob."
#[tokio::test]
async fn a_backup_of_another_geography_is_refused() {
    let lab = Lab::new().await;
    let (vault, abroad) = (lab.vault("team"), lab.vault("abroad"));
    vault.set("db", "v").await;
    abroad.given(json!({"geography": "europe"})).await;
    let backup = vault.call("POST", "/secrets/db/backup").await.json();
    let refused = abroad.call_with("POST", "/secrets/restore", backup).await;
    assert_eq!(
        (refused.status, refused.text.as_str()),
        (400, r#"{"error":{"code":"Malformed backup blob","message":"Cannot decrypt backup blob."}}"#)
    );
}
