//! The control endpoint.

use serde_json::{Value, json};

use crate::lab::Lab;

#[tokio::test]
async fn a_vault_is_made_changed_shown_and_forgotten() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let secrets = json!([
        {"name": "a", "versions": ["old", "new"], "content_type": "t", "tags": {"k": "v"}, "expires_on": 5},
        {"name": "b", "enabled": false, "state": "deleted"},
    ]);
    vault.given(json!({"recoverable_days": 7, "page_size": 3, "secrets": secrets})).await;
    assert_eq!(
        vault.control("GET", "", Value::Null).await.json(),
        json!({
            "recoverable_days": 7, "purge_protection": false, "soft_delete": true, "read_only": false,
            "geography": "local", "page_size": 3, "throttle": null,
            "delete_delay_ms": 0, "recover_delay_ms": 0, "purge_delay_ms": 0, "faults": [],
            "authorization": null, "public_network_access": "enabled", "network_acls": null, "claims_challenge": null,
            "secrets": {
                "a": {"state": "active", "versions": 2, "value": "new"},
                "b": {"state": "deleted", "versions": 1, "value": ""},
            },
        })
    );
    let a = vault.call("GET", "/secrets/a").await.json();
    assert_eq!(
        (&a["contentType"], &a["tags"]["k"], &a["attributes"]["exp"]),
        (&json!("t"), &json!("v"), &json!(5))
    );

    vault
        .control("PATCH", "", json!({"purge_protection": true, "secrets": [{"name": "c", "value": "3"}]}))
        .await;
    let changed = vault.control("GET", "", Value::Null).await.json();
    assert_eq!((&changed["recoverable_days"], &changed["purge_protection"]), (&json!(7), &json!(true)));
    assert_eq!(changed["secrets"].as_object().unwrap().len(), 3);

    assert_eq!(vault.control("DELETE", "", Value::Null).await.status, 204);
    let fresh = vault.control("GET", "", Value::Null).await.json();
    assert_eq!((&fresh["recoverable_days"], &fresh["secrets"]), (&json!(90), &json!({})));
}

#[tokio::test]
async fn every_state_can_be_given() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let states = ["active", "deleting", "deleted", "recovering", "purging"];
    let secrets: Value = states.iter().map(|state| json!({"name": state, "state": state})).collect();
    let held =
        json!({"delete_delay_ms": -1, "recover_delay_ms": -1, "purge_delay_ms": -1, "secrets": secrets});
    vault.given(held).await;
    for state in states {
        assert_eq!(vault.state(state).await["state"], state);
    }
}

#[tokio::test]
async fn wrong_settings_are_named_and_change_nothing() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.set("db", "v").await;
    for (settings, named) in [
        (json!({"page_sise": 3}), "page_sise"),
        (json!({"recoverable_days": 100}), "recoverable_days"),
        (json!({"throttle": {"rate": 1}}), "burst"),
        (json!({"throttle": {"creations": 1}}), "others"),
        (json!({"throttle": {"rate": 1, "burst": 1, "creations": 1, "others": 1}}), "creations"),
        (json!({"claims_challenge": "nbf"}), "claims_challenge"),
        (json!({"network_acls": {"default_action": "drop"}}), "drop"),
        (json!({"secrets": [{"name": "a_b"}]}), "a_b"),
        (json!({"secrets": [{"name": "a", "value": "v", "versions": ["v"]}]}), "versions"),
        (json!({"secrets": [{"name": "a", "state": "gone"}]}), "gone"),
        (json!({"faults": [{"operation": "get_secrets"}]}), "get_secrets"),
        (json!({"faults": [{"action": "explode"}]}), "explode"),
        (json!({"faults": [{"times": 0}]}), "times"),
        (json!([1]), "invalid"),
    ] {
        for method in ["PUT", "PATCH"] {
            let reply = vault.control(method, "", settings.clone()).await;
            assert_eq!(reply.status, 400, "{settings}");
            let error = reply.json()["error"].as_str().unwrap().to_owned();
            assert!(error.contains(named), "{settings}: {error}");
        }
    }
    assert_eq!(vault.state("db").await["versions"], 1);
}

#[tokio::test]
async fn the_log_tells_every_request_in_order() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    lab.send(vault.raw("GET", "/secrets/db?api-version=7.4")).await;
    vault.set("db", "v").await;
    vault.call("GET", "/secrets/none").await;
    let log = vault.requests().await;
    let row = |method, name, operation, status, authenticated| {
        json!({
            "method": method, "path": format!("/secrets/{name}?api-version=7.4"), "operation": operation,
            "name": name, "status": status, "authenticated": authenticated, "fault": null,
        })
    };
    let expected = json!([
        row("GET", "db", "get_secret", 401, false),
        row("PUT", "db", "set_secret", 200, true),
        row("GET", "none", "get_secret", 404, true),
    ]);
    assert_eq!(log["requests"], expected);
    let counts =
        json!({"probe": 1, "set_secret": 1, "set_secret db": 1, "get_secret": 1, "get_secret none": 1});
    assert_eq!((&log["counts"], &log["throttled"]), (&counts, &json!(0)));

    assert_eq!(vault.control("DELETE", "/requests", Value::Null).await.status, 204);
    assert_eq!(vault.requests().await, json!({"requests": [], "counts": {}, "throttled": 0}));
}

#[tokio::test]
async fn bad_paths_and_foreign_hosts_are_refused() {
    let lab = Lab::new().await;
    let control = lab.running.control_url();
    for (path, status) in [("/vaults/ab", 400), ("/vaults/team/secrets", 404), ("/", 404)] {
        let reply = lab.send(lab.client.get(format!("{control}{path}"))).await;
        assert_eq!(reply.status, status, "{path}");
        assert!(reply.json()["error"].is_string(), "{path}");
    }
    assert_eq!(lab.send(lab.client.post(format!("{control}/vaults/team"))).await.status, 405);
    let foreign = lab.client.get(format!("{control}/vaults/team")).header("host", "evil.example");
    assert_eq!(lab.send(foreign).await.status, 400);
    let tls = lab.send(lab.client.get(format!("{}/control/vaults/team", lab.vault("team").url))).await;
    assert_eq!(tls.status, 404, "the control endpoint is not part of the service");
}
