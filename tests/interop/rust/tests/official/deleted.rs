//! The life of a name after its deletion. The client leaves the waiting to its callers.

use azure_core::{Result, time::Duration};
use azure_security_keyvault_secrets::{
    ResourceExt,
    models::{DeletedSecret, DeletionRecoveryLevel, Secret},
};
use futures::TryStreamExt;
use serde_json::json;

use crate::vault::{Vault, holding, refusal, refused, valued};

impl Vault {
    async fn delete(&self, name: &str) -> Result<DeletedSecret> {
        self.client.delete_secret(name, None).await?.into_model()
    }

    async fn get_deleted(&self, name: &str) -> Result<DeletedSecret> {
        self.client.get_deleted_secret(name, None).await?.into_model()
    }

    async fn recover(&self, name: &str) -> Result<Secret> {
        self.client.recover_deleted_secret(name, None).await?.into_model()
    }

    async fn purge(&self, name: &str) -> Result<()> {
        self.client.purge_deleted_secret(name, None).await.map(drop)
    }
}

/// Asks until the answer is there; returns it and how often it was not.
async fn awaited<T>(look: impl AsyncFn() -> Result<T>) -> (T, usize) {
    for missing in 0.. {
        match look().await {
            Ok(found) => return (found, missing),
            Err(error) => assert_eq!(refusal::<T>(Err(error)), refused(404, "SecretNotFound", None)),
        }
        assert!(missing < 500, "it never came");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    unreachable!()
}

#[tokio::test]
async fn a_deleted_secret_is_told_of_and_holds_its_name() {
    let vault = holding(json!([{"name": "db", "tags": {"a": "b"}}, {"name": "other"}])).await;
    let id = vault.get("db", None).await.unwrap().id;
    let deleted = vault.delete("db").await.unwrap();
    assert_eq!((&deleted.id, &deleted.value), (&id, &None));
    assert_eq!(deleted.recovery_id, Some(format!("{}/deletedsecrets/db", vault.url)));
    assert_eq!(deleted.scheduled_purge_date.unwrap() - deleted.deleted_date.unwrap(), Duration::days(90));

    let got = vault.get_deleted("db").await.unwrap();
    assert_eq!((&got.id, got.deleted_date), (&id, deleted.deleted_date));
    assert_eq!(got.tags.unwrap()["a"], "b");
    let listed = vault.client.list_deleted_secret_properties(None).unwrap();
    let listed: Vec<_> = listed.try_collect().await.unwrap();
    assert_eq!((listed.len(), &listed[0].recovery_id), (1, &deleted.recovery_id));
    assert_eq!(refusal(vault.get("db", None).await), refused(404, "SecretNotFound", None));
    assert_eq!(refusal(vault.delete("db").await), refused(404, "SecretNotFound", None));
    let set = vault.set("db", valued("v2")).await;
    assert_eq!(refusal(set), refused(409, "Conflict", Some("ObjectIsDeletedButRecoverable")));
}

#[tokio::test]
async fn a_delete_and_a_recover_take_their_time() {
    let secrets = json!([{"name": "db", "versions": ["v1", "v2"]}]);
    let slow = json!({"delete_delay_ms": 300, "recover_delay_ms": 300, "secrets": secrets});
    let vault = Vault::new(slow).await;
    vault.delete("db").await.unwrap();
    let (_, missing) = awaited(async || vault.get_deleted("db").await).await;
    assert!(missing > 0, "the first look came too early");

    let recovered = vault.recover("db").await.unwrap().resource_id().unwrap();
    let (got, missing) = awaited(async || vault.get("db", None).await).await;
    assert!(missing > 0, "the first look came too early");
    assert_eq!((got.value.as_deref(), got.resource_id().unwrap()), (Some("v2"), recovered));
    assert_eq!(vault.versions("db", None).await[0].len(), 2);
    assert_eq!(refusal(vault.get_deleted("db").await), refused(404, "SecretNotFound", None));
}

#[tokio::test]
async fn a_purge_frees_the_name() {
    let vault = holding(json!([{"name": "db", "state": "deleted"}])).await;
    vault.purge("db").await.unwrap();
    assert_eq!(refusal(vault.get_deleted("db").await), refused(404, "SecretNotFound", None));
    assert_eq!(refusal(vault.purge("db").await), refused(404, "SecretNotFound", None));
    vault.set_value("db", "v2").await;
}

#[tokio::test]
async fn a_name_in_between_is_refused() {
    let missing = refused(404, "SecretNotFound", None);
    let conflict = |inner| refused(409, "Conflict", Some(inner));
    for (state, on_set, on_purge) in [
        ("deleting", "ObjectIsBeingDeleted", conflict("ObjectIsBeingDeleted")),
        ("recovering", "ObjectIsBeingRecovered", conflict("ObjectIsBeingRecovered")),
        ("purging", "ObjectIsBeingDeleted", missing.clone()),
    ] {
        let held = json!({
            "delete_delay_ms": -1, "recover_delay_ms": -1, "purge_delay_ms": -1,
            "secrets": [{"name": "db", "state": state}],
        });
        let vault = Vault::new(held).await;
        assert_eq!(refusal(vault.set("db", valued("v")).await), conflict(on_set), "{state}");
        assert_eq!(refusal(vault.purge("db").await), on_purge, "{state}");
        assert_eq!(refusal(vault.get("db", None).await), missing, "{state}");
        assert_eq!(refusal(vault.get_deleted("db").await), missing, "{state}");
    }
}

#[tokio::test]
async fn a_deleted_disabled_secret_is_not_told_of() {
    let vault = holding(json!([{"name": "db", "enabled": false}])).await;
    vault.delete("db").await.unwrap();
    let refusal = refusal(vault.get_deleted("db").await);
    assert_eq!(refusal, refused(403, "Forbidden", Some("SecretDisabled")));
    vault.purge("db").await.unwrap();
    vault.set_value("db", "v").await;
}

#[tokio::test]
async fn purge_protection_refuses_a_purge() {
    let secrets = json!([{"name": "db", "state": "deleted"}]);
    let vault = Vault::new(json!({"purge_protection": true, "secrets": secrets})).await;
    assert_eq!(refusal(vault.purge("db").await), refused(403, "Forbidden", None));
    let attributes = vault.get_deleted("db").await.unwrap().attributes.unwrap();
    assert_eq!(attributes.recovery_level, Some(DeletionRecoveryLevel::Recoverable));
}
