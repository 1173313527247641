//! Set, get, update, backup and restore.

use azure_core::time::OffsetDateTime;
use azure_security_keyvault_secrets::{
    ResourceExt,
    models::{
        DeletionRecoveryLevel, RestoreSecretParameters, SecretAttributes, SetSecretParameters,
        UpdateSecretPropertiesParameters,
    },
};
use futures::TryStreamExt;
use serde_json::json;

use crate::vault::{holding, refusal, refused, tags, valued, version};

fn at(seconds: i64) -> Option<OffsetDateTime> {
    Some(OffsetDateTime::from_unix_timestamp(seconds).unwrap())
}

fn attributes(enabled: Option<bool>, not_before: i64, expires: i64) -> Option<SecretAttributes> {
    Some(SecretAttributes { enabled, not_before: at(not_before), expires: at(expires), ..Default::default() })
}

fn enabled(enabled: bool) -> UpdateSecretPropertiesParameters {
    let attributes = SecretAttributes { enabled: Some(enabled), ..Default::default() };
    UpdateSecretPropertiesParameters { secret_attributes: Some(attributes), ..Default::default() }
}

#[tokio::test]
async fn a_set_gives_every_property_back() {
    let vault = holding(json!([])).await;
    let given = SetSecretParameters {
        content_type: Some("text/plain".to_owned()),
        tags: tags([("service", "shop"), ("empty", "")]),
        secret_attributes: attributes(None, 1_900_000_000, 1_950_000_000),
        ..valued("v1")
    };
    let secret = vault.set("Db", given.clone()).await.unwrap();
    let id = secret.resource_id().unwrap();
    assert_eq!((id.vault_url.as_str(), id.name.as_str()), (vault.url.as_str(), "Db"));
    assert_eq!(id.version.unwrap().len(), 32);
    assert_eq!(secret.value.as_deref(), Some("v1"));
    assert_eq!((&secret.content_type, &secret.tags), (&given.content_type, &given.tags));
    let attributes = secret.attributes.unwrap();
    assert_eq!((attributes.not_before, attributes.expires), (at(1_900_000_000), at(1_950_000_000)));
    assert_eq!((attributes.enabled, attributes.created), (Some(true), attributes.updated));
    assert_eq!(attributes.recovery_level, Some(DeletionRecoveryLevel::RecoverablePurgeable));
    assert_eq!(attributes.recoverable_days, Some(90));
    assert_eq!((secret.managed, secret.kid), (None, None));
}

#[tokio::test]
async fn a_value_comes_back_as_it_was() {
    let vault = holding(json!([])).await;
    for value in ["", "käse \u{1f9c0}\r\n\t\"'\\", &"x".repeat(25_600)] {
        vault.set_value("db", value).await;
        assert_eq!(vault.value("db", None).await, value);
    }
}

#[tokio::test]
async fn each_set_makes_a_version() {
    let vault = holding(json!([])).await;
    let mut versions = Vec::new();
    for value in ["v0", "v1", "v2", "v3", "v4"] {
        versions.push(vault.set_value("db", value).await);
    }
    assert_eq!(vault.value("db", None).await, "v4");
    for (index, version) in versions.iter().enumerate() {
        assert_eq!(vault.value("db", Some(version)).await, format!("v{index}"));
    }
    versions.sort();
    assert_eq!(vault.versions("db", None).await, [versions]);
}

#[tokio::test]
async fn an_update_changes_what_it_names() {
    let vault = holding(json!([])).await;
    let given = SetSecretParameters {
        content_type: Some("a".to_owned()),
        tags: tags([("a", "1"), ("b", "2")]),
        ..valued("v1")
    };
    let first = version(&vault.set("db", given).await.unwrap());
    let second = vault.set_value("db", "v2").await;

    let change = UpdateSecretPropertiesParameters {
        tags: tags([("c", "3")]),
        secret_attributes: attributes(None, 1_900_000_000, 1_950_000_000),
        ..Default::default()
    };
    let updated = vault.update("db", Some(&first), change).await.unwrap();
    assert_eq!((version(&updated), &updated.value), (first, &None));
    assert_eq!((updated.content_type.as_deref(), updated.tags), (Some("a"), tags([("c", "3")])));
    assert_eq!(updated.attributes.unwrap().expires, at(1_950_000_000));

    let change =
        UpdateSecretPropertiesParameters { content_type: Some("new".to_owned()), ..Default::default() };
    let newest = vault.update("db", None, change).await.unwrap();
    assert_eq!((version(&newest), newest.content_type.as_deref()), (second, Some("new")));
    assert_eq!(vault.value("db", None).await, "v2");
}

#[tokio::test]
async fn a_disabled_secret_is_not_read() {
    let vault = holding(json!([])).await;
    let first = vault.set_value("db", "v1").await;
    let attributes = SecretAttributes { enabled: Some(false), ..Default::default() };
    let given = SetSecretParameters { secret_attributes: Some(attributes), ..valued("v2") };
    assert_eq!(vault.set("db", given).await.unwrap().value.as_deref(), Some("v2"));
    let disabled = refused(403, "Forbidden", Some("SecretDisabled"));
    assert_eq!(refusal(vault.get("db", None).await), disabled);
    assert_eq!(vault.value("db", Some(&first)).await, "v1");
    let rows: Vec<_> = vault.client.list_secret_properties(None).unwrap().try_collect().await.unwrap();
    assert_eq!(rows[0].attributes.as_ref().unwrap().enabled, Some(false));

    vault.update("db", None, enabled(true)).await.unwrap();
    assert_eq!(vault.value("db", None).await, "v2");
}

#[tokio::test]
async fn a_backup_brings_every_version_back() {
    let vault = holding(json!([])).await;
    let first = vault.set_value("db", "v1").await;
    let given = SetSecretParameters { tags: tags([("of", "v2")]), ..valued("v2") };
    let second = version(&vault.set("db", given).await.unwrap());
    let backup = vault.client.backup_secret("db", None).await.unwrap().into_model().unwrap().value;
    let restore = async || {
        let parameters = RestoreSecretParameters { secret_backup: backup.clone() };
        vault.client.restore_secret(parameters.try_into()?, None).await?.into_model()
    };

    assert_eq!(refusal(restore().await), refused(409, "Conflict", None));
    vault.client.delete_secret("db", None).await.unwrap();
    assert_eq!(refusal(restore().await), refused(409, "Conflict", None));
    vault.client.purge_deleted_secret("db", None).await.unwrap();

    let restored = restore().await.unwrap();
    assert_eq!((version(&restored), restored.value, restored.tags), (second, None, tags([("of", "v2")])));
    assert_eq!(vault.value("db", Some(&first)).await, "v1");
    assert_eq!(vault.value("db", None).await, "v2");
}
