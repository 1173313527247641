//! Refusals, as the client exposes them.

use azure_core::error::ErrorKind;
use azure_security_keyvault_secrets::models::{RestoreSecretParameters, SetSecretParameters};
use serde_json::json;

use crate::vault::{Vault, holding, refusal, refused, valued};

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let vault = holding(json!([{"name": "db"}])).await;
    let client = &vault.client;
    let refusals = [
        refusal(vault.get("none", None).await),
        refusal(vault.get("db", Some(&"0".repeat(32))).await),
        refusal(vault.update("none", None, Default::default()).await),
        refusal(client.delete_secret("none", None).await),
        refusal(client.get_deleted_secret("none", None).await),
        refusal(client.purge_deleted_secret("none", None).await),
        refusal(client.recover_deleted_secret("none", None).await),
        refusal(client.backup_secret("none", None).await),
    ];
    for refusal in refusals {
        assert_eq!(refusal, refused(404, "SecretNotFound", None));
    }
}

#[tokio::test]
async fn bad_input_is_refused() {
    let vault = holding(json!([])).await;
    let invalid = refused(400, "BadParameter", None);
    assert_eq!(refusal(vault.set("my_name", valued("v")).await), invalid);
    assert_eq!(refusal(vault.get(&"x".repeat(128), None).await), invalid);
    let tags = (0..16).map(|number| (number.to_string(), "v".to_owned())).collect();
    let tagged = SetSecretParameters { tags: Some(tags), ..valued("v") };
    assert_eq!(refusal(vault.set("db", tagged).await), invalid);
    let typed = SetSecretParameters { content_type: Some("c".repeat(256)), ..valued("v") };
    assert_eq!(refusal(vault.set("db", typed).await), invalid);
    let too_large = refused(400, "BadParameter", Some("SecretTooLarge"));
    assert_eq!(refusal(vault.set("db", valued(&"v".repeat(25_601))).await), too_large);
    let parameters = RestoreSecretParameters { secret_backup: Some(b"no backup".to_vec()) };
    let restored = vault.client.restore_secret(parameters.try_into().unwrap(), None).await;
    assert_eq!(refusal(restored), refused(400, "Malformed backup blob", None));
}

#[tokio::test]
async fn a_certificates_secret_is_refused() {
    let vault = holding(json!([{"name": "cert", "value": "pem", "managed": true}])).await;
    let got = vault.get("cert", None).await.unwrap();
    assert_eq!((got.value.as_deref(), got.managed), (Some("pem"), Some(true)));
    assert_eq!(got.kid.unwrap(), got.id.unwrap().replace("/secrets/", "/keys/"));
    let managed = refused(403, "Forbidden", Some("SecretManagedByKeyVault"));
    assert_eq!(refusal(vault.set("cert", valued("v")).await), managed);
    assert_eq!(refusal(vault.update("cert", None, Default::default()).await), managed);
    assert_eq!(refusal(vault.client.delete_secret("cert", None).await), managed);
}

#[tokio::test]
async fn a_throttled_call_tells_so() {
    let throttle = json!({"rate": 0.001, "burst": 1});
    let vault = Vault::new(json!({"throttle": throttle, "secrets": [{"name": "db"}]})).await;
    vault.get("db", None).await.unwrap();
    assert_eq!(refusal(vault.get("db", None).await), refused(429, "Throttled", None));
}

#[tokio::test]
async fn a_wrong_client_secret_gets_no_token() {
    let vault = Vault::with_secret(json!({}), "wrong").await;
    let error = vault.get("db", None).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Credential), "{error:?}");
    assert!(error.to_string().contains("AADSTS7000215"), "{error}");
}

#[tokio::test]
async fn one_challenge_is_enough() {
    let vault = holding(json!([{"name": "db"}])).await;
    vault.get("db", None).await.unwrap();
    vault.set_value("db", "v2").await;
    let counts =
        json!({"probe": 1, "get_secret": 1, "get_secret db": 1, "set_secret": 1, "set_secret db": 1});
    assert_eq!(vault.requests().await, counts);
}
