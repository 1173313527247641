//! Names that a certificate owns.

use serde_json::{Value, json};

use crate::lab::{Lab, START, version_of};

const YEAR: i64 = 365 * 86_400;

/// Contract `get.managed` (recorded): a certificate's secret has `managed` and, in `kid`, the id of its key.
#[tokio::test]
async fn a_certificate_makes_a_managed_secret_of_its_name() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let policy = json!({"issuer": {"name": "Self"}, "x509_props": {"subject": "CN=web.example"}});
    let body = json!({"policy": policy, "tags": {"a": "b"}});
    let reply = vault.call_with("POST", "/certificates/web/create", body).await;
    let begun = reply.json();
    assert_eq!((reply.status, &begun["status"]), (202, &json!("inProgress")));
    assert_eq!(begun["id"], format!("{}/certificates/web/pending", vault.url));
    let done = vault.call("GET", "/certificates/web/pending").await.json();
    let target = format!("{}/certificates/web", vault.url);
    assert_eq!((&done["status"], &done["target"]), (&json!("completed"), &json!(target)));

    let secret = vault.call("GET", "/secrets/web").await.json();
    let pem = secret["value"].as_str().unwrap();
    assert!(pem.contains("-----BEGIN PRIVATE KEY-----") && pem.contains("-----BEGIN CERTIFICATE-----"));
    assert_eq!((&secret["managed"], &secret["tags"]), (&json!(true), &json!({"a": "b"})));
    assert_eq!(secret["contentType"], "application/x-pem-file");
    assert_eq!(secret["kid"], format!("{}/keys/web/{}", vault.url, version_of(&secret)));
    let attributes = &secret["attributes"];
    assert_eq!((&attributes["nbf"], &attributes["exp"]), (&json!(START), &json!(START + YEAR)));
    let listed = vault.call("GET", "/secrets").await.json()["value"][0].clone();
    assert_eq!(
        (&listed["managed"], &listed["id"]),
        (&json!(true), &json!(format!("{}/secrets/web", vault.url)))
    );

    vault.call_with("POST", "/certificates/web/create", json!({})).await;
    assert_eq!(vault.state("web").await["versions"], 2, "each creation is a version");
    let version = version_of(&secret);
    let certificate = vault.call("GET", &format!("/certificates/web/{version}")).await.json();
    assert_eq!((&certificate["sid"], &certificate["kid"]), (&secret["id"], &secret["kid"]));
    assert_eq!(certificate["attributes"], secret["attributes"]);
    let lines: String = pem.split("-----").nth(6).unwrap().lines().collect();
    assert_eq!(certificate["cer"], lines, "the certificate is the one in the secret");
    assert_ne!(vault.call("GET", "/certificates/web/").await.json()["id"], certificate["id"]);
}

/// Contract `set.managed` (recorded): 403 `Forbidden`, `SecretManagedByKeyVault`, "Operation \"set\" is not allowed as this object's
/// lifetime is managed by Key Vault.", for a certificate's secret.
/// Contract `update.managed` (recorded): the same with "update".
/// Contract `delete.managed` (recorded): the same with "delete".
/// Contract `backup.managed` (chosen): the same with "backup".
#[tokio::test]
async fn the_secret_of_a_certificate_cannot_be_set_updated_deleted_or_backed_up() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"secrets": [{"name": "given", "managed": true, "value": "pem"}]})).await;
    vault.call_with("POST", "/certificates/made/create", json!({})).await;
    for name in ["given", "made"] {
        for (method, path, verb) in [
            ("PUT", "", "set"),
            ("PATCH", "", "update"),
            ("DELETE", "", "delete"),
            ("POST", "/backup", "backup"),
        ] {
            let reply =
                vault.call_with(method, &format!("/secrets/{name}{path}"), json!({"value": "v"})).await;
            assert_eq!(reply.error(), "403 Forbidden SecretManagedByKeyVault", "{verb} {name}");
            let message = format!(
                "Operation \"{verb}\" is not allowed as this object's lifetime is managed by Key Vault."
            );
            assert_eq!(reply.json()["error"]["message"], message);
        }
        assert_eq!(vault.call("GET", &format!("/secrets/{name}")).await.json()["managed"], true);
        assert_eq!(vault.state(name).await["versions"], 1);
    }
}

#[tokio::test]
async fn a_certificate_takes_no_name_that_a_secret_has() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let create =
        async |name: &str| vault.call_with("POST", &format!("/certificates/{name}/create"), json!({})).await;
    vault.given(json!({"secrets": [{"name": "db"}, {"name": "gone", "state": "deleted"}]})).await;
    assert_eq!(create("db").await.error(), "409 Conflict");
    assert_eq!(create("gone").await.error(), "409 Conflict ObjectIsDeletedButRecoverable");
    assert_eq!(create("my_name").await.error(), "400 BadParameter");
    for path in ["/certificates/db", "/certificates/none/0123"] {
        assert_eq!(vault.call("GET", path).await.error(), "404 CertificateNotFound", "{path}");
    }
    assert_eq!(vault.call("GET", "/certificates/db/pending").await.error(), "404 PendingCertificateNotFound");
    assert_eq!(
        vault.call_with("POST", "/certificates/web/create", json!([])).await.error(),
        "400 BadParameter"
    );
    assert_eq!(vault.state("web").await, Value::Null);
}

#[tokio::test]
async fn certificates_have_permissions_of_their_own() {
    let lab = Lab::new().await;
    let owner = lab.vault("team");
    let client = owner.seen_by("app").await;
    let create = async || client.call_with("POST", "/certificates/web/create", json!({})).await;
    let policies = |certificates: Value| {
        let policy = json!([{"client_id": "app", "secrets": ["all"], "certificates": certificates}]);
        json!({"authorization": {"access_policies": policy}})
    };
    owner.given(policies(json!([]))).await;
    let refused = create().await;
    assert_eq!(refused.error(), "403 Forbidden ForbiddenByPolicy");
    assert!(refused.text.contains("does not have certificates create permission"), "{}", refused.text);
    owner.given(policies(json!(["create"]))).await;
    assert_eq!(create().await.status, 202);
    let role = |action: &str| json!({"authorization": {"role_assignments": [{"client_id": "app", "actions": [action]}]}});
    owner.given(role("Microsoft.KeyVault/vaults/secrets/*")).await;
    let refused = create().await;
    assert_eq!(refused.error(), "403 Forbidden ForbiddenByRbac");
    assert!(refused.text.contains("vaults/team/certificates/web'"), "{}", refused.text);
    owner.given(role("Microsoft.KeyVault/vaults/certificates/*")).await;
    assert_eq!(create().await.status, 202);
}
