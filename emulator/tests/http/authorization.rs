//! Who may do what: both permission models, with the service's refusals.

use serde_json::{Value, json};

use crate::lab::{Lab, Vault};

const APP: &str = "11111111-0000-4000-8000-000000000000";

/// An operation on the secret `db`, and what it needs under each model.
struct Row {
    method: &'static str,
    path: &'static str,
    permission: &'static str,
    action: &'static str,
}

const fn row(
    method: &'static str,
    path: &'static str,
    permission: &'static str,
    action: &'static str,
) -> Row {
    Row { method, path, permission, action }
}

const ROWS: [Row; 12] = [
    row("PUT", "/secrets/db", "set", "setSecret/action"),
    row("GET", "/secrets/db", "get", "getSecret/action"),
    row("PATCH", "/secrets/db", "set", "update/action"),
    row("GET", "/secrets", "list", "readMetadata/action"),
    row("GET", "/secrets/db/versions", "list", "readMetadata/action"),
    row("GET", "/deletedsecrets", "list", "readMetadata/action"),
    row("POST", "/secrets/db/backup", "backup", "backup/action"),
    row("POST", "/secrets/restore", "restore", "restore/action"),
    row("DELETE", "/secrets/db", "delete", "delete"),
    row("GET", "/deletedsecrets/db", "get", "readMetadata/action"),
    row("POST", "/deletedsecrets/db/recover", "recover", "recover/action"),
    row("DELETE", "/deletedsecrets/db", "purge", "purge/action"),
];

/// Returns the code of the answer to each row's request, and what it says.
async fn call(vault: &Vault<'_>, row: &Row) -> (u16, String, String) {
    let reply = vault.call_with(row.method, row.path, json!({"value": "v"})).await;
    let error = if reply.status == 403 { reply.json()["error"].clone() } else { Value::Null };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (reply.status, text(&error["innererror"]["code"]), text(&error["message"]))
}

/// Tells who the client is, as the vault says it.
fn appid(message: &str) -> &str {
    let (_, appid) = message.split_once("appid=").unwrap();
    &appid[..appid.find(';').unwrap()]
}

/// Contract `caller.policy-permissions` (documented): under access policies an operation needs `get`, `list`, `set` (also for an update),
/// `delete`, `recover`, `purge`, `backup` or `restore`.
#[tokio::test]
async fn an_access_policy_lets_a_client_do_what_it_names_and_nothing_else() {
    let lab = Lab::new().await;
    let owner = lab.vault("team");
    let client = owner.seen_by(APP).await;
    for granted in &ROWS {
        let policy = json!([{"client_id": APP.to_uppercase(), "secrets": [granted.permission]}]);
        owner.given(json!({"authorization": {"access_policies": policy}})).await;
        for row in &ROWS {
            let (status, inner, message) = call(&client, row).await;
            let context = format!("{} {} with {}", row.method, row.path, granted.permission);
            if row.permission == granted.permission {
                assert_ne!(status, 403, "{context}");
                continue;
            }
            let expected = if row.permission == "get" { "AccessDenied" } else { "ForbiddenByPolicy" };
            assert_eq!((status, inner.as_str()), (403, expected), "{context}");
            assert!(
                message.contains(&format!("secrets {} permission", row.permission)),
                "{context}: {message}"
            );
        }
    }
}

/// Contract `caller.policy` (seen): 403 `Forbidden`, `AccessDenied` for get and `ForbiddenByPolicy` for the rest, "The user, group or
/// application 'appid={id};oid={id};numgroups=1;iss={issuer}' does not have secrets {permission} permission on key vault
/// '{vault};location={place}'. …"
#[tokio::test]
async fn a_refusal_by_policy_names_the_caller_the_permission_and_the_vault() {
    let lab = Lab::new().await;
    let owner = lab.vault("team");
    owner.given(json!({"authorization": {"access_policies": []}, "secrets": [{"name": "db"}]})).await;
    let reply = owner.seen_by(APP).await.call("GET", "/secrets/db").await;
    let message = reply.json()["error"]["message"].as_str().unwrap().to_owned();
    let (start, rest) = message.split_once(";oid=").unwrap();
    assert_eq!(start, format!("The user, group or application 'appid={APP}"));
    let (oid, rest) = rest.split_once(';').unwrap();
    assert_eq!(oid.len(), 36);
    assert_eq!(
        rest,
        format!(
            "numgroups=1;iss=https://sts.windows.net/{}/' does not have secrets get permission on key vault \
             'team;location=local'. For help resolving this issue, please see \
             https://go.microsoft.com/fwlink/?linkid=2125287",
            lab.running.tenant()
        )
    );
    assert_eq!(reply.error(), "403 Forbidden AccessDenied");
}

/// Contract `caller.role-actions` (documented): under roles an operation needs its data action, such as
/// `Microsoft.KeyVault/vaults/secrets/getSecret/action`.
#[tokio::test]
async fn a_role_lets_a_client_do_what_its_actions_cover() {
    let lab = Lab::new().await;
    let owner = lab.vault("team");
    let client = owner.seen_by(APP).await;
    for granted in &ROWS {
        let action = format!("Microsoft.KeyVault/vaults/secrets/{}", granted.action);
        let roles = json!([{"client_id": APP, "actions": [action]}]);
        owner.given(json!({"authorization": {"role_assignments": roles}})).await;
        for row in &ROWS {
            let (status, inner, message) = call(&client, row).await;
            let context = format!("{} {} with {action}", row.method, row.path);
            if row.action == granted.action {
                assert_ne!(status, 403, "{context}");
                continue;
            }
            assert_eq!((status, inner.as_str()), (403, "ForbiddenByRbac"), "{context}");
            let named = format!("\r\nAction: 'Microsoft.KeyVault/vaults/secrets/{}'\r\n", row.action);
            assert!(message.contains(&named), "{context}: {message}");
        }
    }
    let officer = json!([{"client_id": APP, "actions": ["Microsoft.KeyVault/vaults/secrets/*"]}]);
    owner.given(json!({"authorization": {"role_assignments": officer}})).await;
    for row in &ROWS {
        assert_ne!(call(&client, row).await.0, 403, "{} {}", row.method, row.path);
    }
}

/// Contract `caller.role` (seen): 403 `Forbidden`, `ForbiddenByRbac`, "Caller is not authorized to perform action on resource.\r\n…" with
/// caller, action, resource and vault.
#[tokio::test]
async fn a_refusal_by_role_names_the_caller_the_action_and_the_resource() {
    let lab = Lab::new().await;
    let owner = lab.vault("team");
    owner.given(json!({"authorization": {"role_assignments": []}, "secrets": [{"name": "db"}]})).await;
    let client = owner.seen_by(APP).await;
    let reply = client.call("GET", "/secrets/db").await;
    assert_eq!(reply.error(), "403 Forbidden ForbiddenByRbac");
    let message = reply.json()["error"]["message"].as_str().unwrap().to_owned();
    assert_eq!(appid(&message), APP);
    let (start, rest) = message.split_once("Caller: ").unwrap();
    assert_eq!(
        start,
        "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role \
         definitions were changed recently, please observe propagation time.\r\n"
    );
    let (caller, rest) = rest.split_once("\r\n").unwrap();
    assert!(caller.ends_with(&format!(";iss=https://sts.windows.net/{}/", lab.running.tenant())), "{caller}");
    let group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/local";
    let vault = format!("{group}/providers/microsoft.keyvault/vaults/team");
    assert_eq!(
        rest,
        format!(
            "Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\nResource: '{vault}/secrets/db'\r\n\
             Assignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: 'DeniedWithNoValidRBAC' \r\n\
             Vault: team;location=local\r\n"
        )
    );
    let list = client.call("GET", "/secrets").await.json()["error"]["message"].to_string();
    assert!(list.contains(&format!("Resource: '{vault}'")), "{list}");
}

/// Contract `answer.role` (recorded): where roles let callers in, answers have `x-ms-keyvault-rbac-assignment-id` and `x-ms-keyvault-rbac-cache`.
#[tokio::test]
async fn an_answer_tells_of_the_role_that_let_its_request_in() {
    let lab = Lab::new().await;
    let owner = lab.vault("team");
    let client = owner.seen_by(APP).await;
    let roles = json!([{"client_id": APP, "actions": ["*/getSecret/action"]}]);
    let policies = json!([{"client_id": APP, "secrets": ["get"]}]);
    for (authorization, told) in
        [(json!({"role_assignments": roles}), true), (json!({"access_policies": policies}), false)]
    {
        owner.given(json!({"authorization": authorization, "secrets": [{"name": "db"}]})).await;
        for (path, told) in [("/secrets/db", told), ("/secrets/none", told), ("/secrets", false)] {
            let reply = client.call("GET", path).await;
            let id = reply.header("x-ms-keyvault-rbac-assignment-id").map(str::len);
            let cache = reply.header("x-ms-keyvault-rbac-cache").is_some();
            assert_eq!((id, cache), (told.then_some(36), told), "{authorization} {path}");
        }
    }
}

/// Contract `purge.permission` (seen): without the purge permission, the refusal by policy or by role; that it comes before protection is
/// chosen.
#[tokio::test]
async fn a_missing_purge_permission_is_told_before_purge_protection() {
    let lab = Lab::new().await;
    let owner = lab.vault("team");
    let policy = json!([{"client_id": APP, "secrets": ["get", "list", "set", "delete", "recover"]}]);
    let deleted = json!([{"name": "db", "state": "deleted"}]);
    owner
        .given(json!({"authorization": {"access_policies": policy}, "purge_protection": true, "secrets": deleted}))
        .await;
    let client = owner.seen_by(APP).await;
    assert_eq!(client.call("DELETE", "/deletedsecrets/db").await.error(), "403 Forbidden ForbiddenByPolicy");
    owner.control("PATCH", "", json!({"authorization": null})).await;
    assert_eq!(client.call("DELETE", "/deletedsecrets/db").await.error(), "403 Forbidden");
}

/// Contract `caller.permission-order` (chosen): permissions come behind the name, before the body and before whether the secret is there.
#[tokio::test]
async fn permissions_come_after_the_name_and_before_the_body_and_whether_the_secret_is_there() {
    let lab = Lab::new().await;
    let owner = lab.vault("team");
    owner.given(json!({"authorization": {"access_policies": []}})).await;
    let client = owner.seen_by(APP).await;
    assert_eq!(client.call("GET", "/secrets/my_name").await.error(), "400 BadParameter");
    assert_eq!(client.call("GET", "/secrets/none").await.error(), "403 Forbidden AccessDenied");
    let bad_body = lab.send(client.request("PUT", "/secrets/db").body("not json")).await;
    assert_eq!(bad_body.error(), "403 Forbidden ForbiddenByPolicy");
}

#[tokio::test]
async fn the_token_from_the_start_may_do_everything_and_others_only_where_nobody_is_registered() {
    let lab = Lab::new().await;
    let owner = lab.vault("team");
    let client = owner.seen_by(APP).await;
    assert_eq!(client.call("GET", "/secrets").await.status, 200, "no permissions are set");
    for authorization in [json!({"access_policies": []}), json!({"role_assignments": []})] {
        owner.given(json!({"authorization": authorization, "secrets": [{"name": "db", "value": "v"}]})).await;
        assert_eq!(owner.call("GET", "/secrets/db").await.status, 200);
        assert_eq!(client.call("GET", "/secrets/db").await.status, 403);
    }
}

#[tokio::test]
async fn each_vault_has_its_own_permissions_and_shows_them() {
    let lab = Lab::new().await;
    let (team, other) = (lab.vault("team"), lab.vault("other"));
    let authorization =
        json!({"access_policies": [{"client_id": APP, "secrets": ["get"], "certificates": []}]});
    team.given(json!({"authorization": authorization})).await;
    other.given(json!({"authorization": {"access_policies": []}})).await;
    assert_eq!(team.seen_by(APP).await.call("GET", "/secrets/none").await.status, 404);
    assert_eq!(other.seen_by(APP).await.call("GET", "/secrets/none").await.status, 403);
    assert_eq!(team.control("GET", "", Value::Null).await.json()["authorization"], authorization);
}

#[tokio::test]
async fn senseless_permissions_are_refused() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    for (authorization, named) in [
        (json!({"access_policies": [{"client_id": APP, "secrets": ["read"]}]}), "read"),
        (json!({"access_policies": [{"secrets": ["get"]}]}), "client_id"),
        (json!({"role_assignments": [{"client_id": APP, "actions": ["secrets/get"]}]}), "secrets/get"),
        (json!({"access_policies": [], "role_assignments": []}), "one of the two"),
        (json!({}), "one of the two"),
        (json!({"policies": []}), "policies"),
    ] {
        let reply = vault.control("PUT", "", json!({"authorization": authorization})).await;
        let error = reply.json()["error"].as_str().unwrap().to_owned();
        assert!(reply.status == 400 && error.contains(named), "{authorization}: {error}");
    }
}
