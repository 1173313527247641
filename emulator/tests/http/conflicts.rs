//! Names in between: the service's words.

use serde_json::json;

use crate::lab::{Lab, Vault};

/// Makes a vault in which the name `db` is held in a state.
async fn held<'a>(lab: &'a Lab, state: &str) -> Vault<'a> {
    let vault = lab.vault("team");
    let secrets = json!([{"name": "db", "state": state}]);
    let delays =
        json!({"delete_delay_ms": -1, "recover_delay_ms": -1, "purge_delay_ms": -1, "secrets": secrets});
    vault.given(delays).await;
    vault
}

/// Expects a 409 with this text and inner code.
async fn refused(vault: &Vault<'_>, method: &str, path: &str, message: &str, inner: Option<&str>) {
    let reply = vault.call_with(method, path, json!({"value": "v"})).await;
    let mut error = json!({"code": "Conflict", "message": message});
    if let Some(inner) = inner {
        error["innererror"] = json!({ "code": inner });
    }
    assert_eq!((reply.status, reply.json()["error"].take()), (409, error), "{method} {path}");
}

/// Contract `set.deleted` (recorded): 409 `Conflict`, `ObjectIsDeletedButRecoverable`, "Secret {name} is
/// currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can
/// only be recovered or purged."
#[tokio::test]
async fn a_deleted_name_cannot_be_set() {
    let lab = Lab::new().await;
    let vault = held(&lab, "deleted").await;
    let message = "Secret db is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the \
                   secret can only be recovered or purged.";
    refused(&vault, "PUT", "/secrets/db", message, Some("ObjectIsDeletedButRecoverable")).await;
}

/// Contract `set.being-deleted` (recorded): 409 `Conflict`, `ObjectIsBeingDeleted`, "Secret {name} is
/// currently being deleted and cannot be re-created; retry later.", while a delete or a purge is under way.
/// Contract `purge.being-deleted` (seen): 409 `Conflict`, `ObjectIsBeingDeleted`, "Secret is currently being
/// deleted."
#[tokio::test]
async fn a_name_that_is_being_deleted_cannot_be_set_or_purged() {
    let lab = Lab::new().await;
    let message = "Secret db is currently being deleted and cannot be re-created; retry later.";
    for state in ["purging", "deleting"] {
        let vault = held(&lab, state).await;
        refused(&vault, "PUT", "/secrets/db", message, Some("ObjectIsBeingDeleted")).await;
    }
    let message = "Secret is currently being deleted.";
    let vault = lab.vault("team");
    refused(&vault, "DELETE", "/deletedsecrets/db", message, Some("ObjectIsBeingDeleted")).await;
}

/// Contract `set.being-recovered` (seen): 409 `Conflict`, `ObjectIsBeingRecovered`, "Secret {name} is
/// currently being recovered and cannot be re-created; retry later."
/// Contract `recover.twice` (seen): 409 `Conflict` without an inner code, "There was a conflict while
/// recovering the soft-deleted secret '{id}'. …", for a recover while another is under way.
/// Contract `purge.being-recovered` (chosen): 409 `Conflict`, `ObjectIsBeingRecovered`.
#[tokio::test]
async fn a_name_that_is_being_recovered_cannot_be_set_recovered_or_purged() {
    let lab = Lab::new().await;
    let vault = held(&lab, "recovering").await;
    let message = "Secret db is currently being recovered and cannot be re-created; retry later.";
    refused(&vault, "PUT", "/secrets/db", message, Some("ObjectIsBeingRecovered")).await;
    let message = format!(
        "There was a conflict while recovering the soft-deleted secret '{}/deletedsecrets/db'. This can happen when multiple \
         operations are performed in parallel against the soft-deleted secret. To avoid this error, perform operations \
         against the soft-deleted secret in a sequential manner.",
        vault.url
    );
    refused(&vault, "POST", "/deletedsecrets/db/recover", &message, None).await;
    let message = "Secret is currently being recovered.";
    refused(&vault, "DELETE", "/deletedsecrets/db", message, Some("ObjectIsBeingRecovered")).await;
}
