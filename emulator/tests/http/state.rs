//! All vaults as one document, taken out and put in.

use serde_json::{Value, json};

use crate::lab::{Lab, Reply, START};

async fn export(lab: &Lab) -> Reply {
    lab.send(lab.client.get(format!("{}/state", lab.running.control_url()))).await
}

async fn import(lab: &Lab, document: impl ToString) -> Reply {
    lab.send(lab.client.put(format!("{}/state", lab.running.control_url())).body(document.to_string())).await
}

/// Fills two vaults with everything that a state can hold.
async fn fill(lab: &Lab) {
    let states: Value = ["deleting", "deleted", "recovering", "purging"]
        .iter()
        .map(|state| json!({"name": state, "value": "v", "state": state}))
        .collect();
    let held =
        json!({"delete_delay_ms": -1, "recover_delay_ms": -1, "purge_delay_ms": -1, "secrets": states});
    lab.vault("states").given(held).await;
    let team = lab.vault("team");
    let settings = json!({
        "recoverable_days": 7, "purge_protection": true, "throttle": {"rate": 1000, "burst": 1000},
        "authorization": {"access_policies": [{"client_id": "a", "secrets": ["get"]}]},
        "network_acls": {"default_action": "allow", "bypass": "none"},
        "claims_challenge": {"access_token": {"nbf": {"essential": true, "value": "1"}}},
    });
    team.given(settings).await;
    let attributes = json!({"enabled": false, "nbf": 5, "exp": 6});
    for number in 0..20 {
        let body = json!({"value": format!("v{number}"), "contentType": "t", "tags": {"n": number.to_string()}, "attributes": attributes});
        assert_eq!(team.call_with("PUT", "/secrets/Db", body).await.status, 200);
    }
    lab.pass(5000);
    assert_eq!(
        team.call_with("PATCH", "/secrets/db", json!({"attributes": {"enabled": true}})).await.status,
        200
    );
    team.set("empty", "").await;
    assert_eq!(team.call_with("POST", "/certificates/tls/create", json!({})).await.status, 202);
}

#[tokio::test]
async fn what_is_exported_and_imported_elsewhere_is_the_same() {
    let (lab, other) = (Lab::new().await, Lab::new().await);
    fill(&lab).await;
    let document = export(&lab).await;
    other.vault("gone").set("gone", "v").await;
    let imported = import(&other, &document.text).await;
    assert_eq!((imported.status, imported.text.as_str()), (204, ""));
    assert_eq!(export(&other).await.text, document.text);

    let [here, there] = [&lab, &other].map(|lab| lab.vault("team"));
    let path = |bundle: &Value| bundle["id"].as_str().unwrap().split_once("/secrets/").unwrap().1.to_owned();
    let [one, same] =
        [here.call("GET", "/secrets/db").await.json(), there.call("GET", "/secrets/db").await.json()];
    assert_eq!(
        (path(&one), &one["value"], &one["attributes"]),
        (path(&same), &same["value"], &same["attributes"])
    );
    assert_eq!(one["value"], "v19", "the last of those made in one second is the newest");
    assert_eq!(there.call("DELETE", "/secrets/tls").await.error(), "403 Forbidden SecretManagedByKeyVault");
}

#[tokio::test]
async fn a_state_can_be_written_by_hand() {
    let lab = Lab::new().await;
    let deleted = json!({"name": "old", "state": "deleted", "since_ms": START * 1000 - 86_400_000});
    let id = "0123456789abcdef0123456789abcdef";
    let versions = json!(["first", {"id": id, "value": "second", "created_on": 7, "tags": {"k": "v"}}]);
    let secrets = json!([{"name": "db", "content_type": "t", "versions": versions}, deleted]);
    let document = json!({"version": 1, "vaults": {"Team": {"secrets": secrets}}});
    assert_eq!(import(&lab, document).await.status, 204);
    let vault = lab.vault("team");
    let db = vault.call("GET", "/secrets/db").await.json();
    assert!(db["id"].as_str().unwrap().ends_with(id));
    assert_eq!(
        (&db["value"], &db["contentType"], &db["tags"]["k"]),
        (&json!("second"), &json!("t"), &json!("v"))
    );
    assert_eq!((&db["attributes"]["created"], &db["attributes"]["updated"]), (&json!(7), &json!(7)));
    assert_eq!(vault.call("GET", "/deletedsecrets/old").await.json()["deletedDate"], START - 86_400);
}

#[tokio::test]
async fn what_is_no_state_is_refused_and_changes_nothing() {
    let lab = Lab::new().await;
    lab.vault("team").set("db", "v").await;
    let before = export(&lab).await.text;
    let with_secret =
        |secret: Value| json!({"version": 1, "vaults": {"fine": {}, "team": {"secrets": [secret]}}});
    let twice = json!({"id": "0".repeat(32), "value": "hidden"});
    for (document, named) in [
        ("hidden, and no JSON".to_owned(), "line 1, column 1: this is not JSON"),
        (r#"{"version": 1, "vaults": {"#.to_owned(), "this is not JSON"),
        ("[1, {}]".to_owned(), "line"),
        (json!({"vaults": {}}).to_string(), "version must be 1"),
        (json!({"version": 0, "vaults": {}}).to_string(), "version must be 1"),
        (json!({"version": 2, "safes": {}}).to_string(), "it has version 2, of a newer kv-emulator"),
        (json!({"version": "1", "vaults": {}}).to_string(), "version must be 1"),
        (json!({"version": 1}).to_string(), "missing"),
        (json!({"version": 1, "vaults": {"a": {}}}).to_string(), "vault 'a'"),
        (json!({"version": 1, "vaults": {"team": {}, "Team": {}}}).to_string(), "twice"),
        (json!({"version": 1, "vaults": {"team": {"page_size": 99}}}).to_string(), "vault 'team': page_size"),
        (with_secret(json!({"name": "a", "value": ["hidden"]})).to_string(), "line 1, column"),
        (with_secret(json!({"name": "a", "hidden": 1})).to_string(), "unknown"),
        (with_secret(json!({"name": "a_b", "value": "hidden"})).to_string(), "a_b"),
        (
            with_secret(json!({"name": "a", "versions": [{"id": "0", "value": "hidden"}]})).to_string(),
            "id must be 32",
        ),
        (
            with_secret(json!({"name": "a", "versions": [twice, twice]})).to_string(),
            "two versions have the id",
        ),
        (with_secret(json!({"name": "a", "since_ms": 5})).to_string(), "since_ms does not go with"),
        (
            with_secret(json!({"name": "a", "state": "deleted", "since_ms": -5})).to_string(),
            "since_ms must be",
        ),
        (with_secret(json!({"name": "a", "value": "hidden".repeat(5000)})).to_string(), "secret 'a'"),
    ] {
        let reply = import(&lab, &document).await;
        let error = reply.json()["error"].as_str().unwrap().to_owned();
        assert_eq!(reply.status, 400, "{error}");
        assert!(error.contains(named), "{named}: {error}");
        assert!(!error.contains("hidden"), "{error}");
    }
    assert_eq!(export(&lab).await.text, before);
}
