//! Refusals by the vault's network rules.

use serde_json::json;

use crate::lab::{Lab, Reply};

const APP: &str = "11111111-0000-4000-8000-000000000000";

fn message(reply: &Reply) -> String {
    reply.json()["error"]["message"].as_str().unwrap().to_owned()
}

/// Contract `caller.firewall` (seen): 403 `Forbidden`, `ForbiddenByFirewall`, "Client address is not authorized and caller is not a trusted
/// service.\r\n…" with address, caller and vault.
#[tokio::test]
async fn the_firewall_tells_the_address_and_the_caller() {
    let lab = Lab::new().await;
    let owner = lab.vault("team");
    let client = owner.seen_by(APP).await;
    owner.given(json!({"network_acls": {"default_action": "deny"}})).await;
    let refused = client.call("GET", "/secrets/db").await;
    assert_eq!(refused.error(), "403 Forbidden ForbiddenByFirewall");
    let message = message(&refused);
    let start = format!(
        "Client address is not authorized and caller is not a trusted service.\r\nClient address: 127.0.0.1\r\n\
         Caller: appid={APP};oid="
    );
    assert!(message.starts_with(&start), "{message}");
    let end = format!(";iss=https://sts.windows.net/{}/\r\nVault: team;location=local", lab.running.tenant());
    assert!(message.ends_with(&end), "{message}");
}

/// Contract `caller.firewall-bypass` (seen): where nobody bypasses the firewall, "… and caller was ignored because bypass is set to
/// None\r\n…" with address and vault.
#[tokio::test]
async fn a_firewall_without_bypass_ignores_the_caller() {
    let lab = Lab::new().await;
    let owner = lab.vault("team");
    owner.given(json!({"network_acls": {"default_action": "deny", "bypass": "none"}})).await;
    let refused = owner.call("GET", "/secrets/db").await;
    assert_eq!(refused.error(), "403 Forbidden ForbiddenByFirewall");
    assert_eq!(
        message(&refused),
        "Client address is not authorized and caller was ignored because bypass is set to None\r\n\
         Client address: 127.0.0.1\r\nVault: team;location=local"
    );
}

/// Contract `caller.private-link` (seen): 403 `Forbidden`, `ForbiddenByConnection`, "Public network access is disabled and request is not
/// from a trusted service nor via an approved private link.\r\n…" with caller and vault.
#[tokio::test]
async fn a_vault_behind_a_private_link_says_so() {
    let lab = Lab::new().await;
    let owner = lab.vault("team");
    let client = owner.seen_by(APP).await;
    owner.given(json!({"public_network_access": "disabled"})).await;
    let refused = client.call("GET", "/secrets/db").await;
    assert_eq!(refused.error(), "403 Forbidden ForbiddenByConnection");
    let message = message(&refused);
    let start = format!(
        "Public network access is disabled and request is not from a trusted service nor via an approved private \
         link.\r\nCaller: appid={APP};oid="
    );
    assert!(message.starts_with(&start) && message.ends_with("\r\nVault: team;location=local"), "{message}");
}

/// Contract `caller.perimeter` (seen): 403 `Forbidden`, `ForbiddenByFirewall`, "Request was not allowed by NSP rules and the client address
/// is not authorized and caller was ignored because bypass is set to None\r\n…" with address and vault.
#[tokio::test]
async fn a_vault_within_a_security_perimeter_says_so() {
    let lab = Lab::new().await;
    let owner = lab.vault("team");
    owner.given(json!({"public_network_access": "secured_by_perimeter"})).await;
    let refused = owner.call("GET", "/secrets/db").await;
    assert_eq!(refused.error(), "403 Forbidden ForbiddenByFirewall");
    assert_eq!(
        message(&refused),
        "Request was not allowed by NSP rules and the client address is not authorized and caller was ignored because \
         bypass is set to None\r\nClient address: 127.0.0.1\r\nVault: team;location=local"
    );
}

/// Contract `caller.network-order` (chosen): the network comes behind the token and before name and permissions.
#[tokio::test]
async fn the_network_comes_after_the_token_and_before_everything_else_and_concerns_everyone() {
    let lab = Lab::new().await;
    let owner = lab.vault("team");
    let deny = json!({"network_acls": {"default_action": "deny"}, "authorization": {"access_policies": []}});
    owner.given(deny).await;
    assert_eq!(lab.send(owner.raw("GET", "/secrets?api-version=7.4")).await.status, 401);
    for vault in [&owner, &owner.seen_by(APP).await] {
        for path in ["/secrets", "/secrets/my_name"] {
            assert_eq!(vault.call("GET", path).await.error(), "403 Forbidden ForbiddenByFirewall", "{path}");
        }
    }
    owner.control("PATCH", "", json!({"network_acls": {"default_action": "allow"}})).await;
    assert_eq!(owner.call("GET", "/secrets").await.status, 200);
}
