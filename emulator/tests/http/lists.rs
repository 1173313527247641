//! The three lists and their pages.

use serde_json::{Value, json};

use crate::lab::{Lab, Vault};

/// Follows the links from a path on; returns each page's last id segment per row.
async fn pages(lab: &Lab, vault: &Vault<'_>, path: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut page = vault.call("GET", path).await;
    loop {
        assert_eq!(page.status, 200, "{}", page.text);
        let json = page.json();
        let name = |row: &Value| row["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        pages.push(json["value"].as_array().unwrap().iter().map(name).collect());
        assert!(json.as_object().unwrap().contains_key("nextLink"), "the last page has a null link");
        let Some(link) = json["nextLink"].as_str() else { return pages };
        page = lab.send(lab.client.get(link).bearer_auth(lab.running.token())).await;
    }
}

fn names(count: usize) -> Value {
    (0..count).map(|number| json!({"name": format!("s{number:02}"), "value": "v"})).collect()
}

#[tokio::test]
async fn thirty_secrets_come_in_pages_of_every_size() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"secrets": names(30)})).await;
    let all: Vec<String> = (0..30).map(|number| format!("s{number:02}")).collect();
    for (query, sizes) in
        [("", vec![25, 5]), ("?maxresults=25", vec![25, 5]), ("?maxresults=7", vec![7, 7, 7, 7, 2])]
    {
        let pages = pages(&lab, &vault, &format!("/secrets{query}")).await;
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), sizes, "{query}");
        assert_eq!(pages.concat(), all, "{query}");
    }
    assert_eq!(pages(&lab, &vault, "/secrets?maxresults=1").await.len(), 30);
}

#[tokio::test]
async fn a_full_last_page_has_no_link() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"secrets": names(4)})).await;
    assert_eq!(pages(&lab, &vault, "/secrets?maxresults=2").await.len(), 2);
    assert_eq!(pages(&lab, &lab.vault("empty"), "/secrets").await, [Vec::<String>::new()]);
}

#[tokio::test]
async fn the_link_names_port_version_and_the_callers_page_size() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"page_size": 2, "secrets": names(3)})).await;
    let start = format!("{}/secrets?api-version=7.4&$skiptoken=", vault.url);
    let link = |reply: crate::lab::Reply| reply.json()["nextLink"].as_str().unwrap().to_owned();
    let plain = link(vault.call("GET", "/secrets").await);
    assert!(plain.starts_with(&start) && !plain.contains("maxresults"), "{plain}");
    let sized = link(vault.call("GET", "/secrets?maxresults=1").await);
    assert!(sized.starts_with(&start) && sized.ends_with("&maxresults=1"), "{sized}");
}

#[tokio::test]
async fn names_are_ordered_in_upper_case() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let secrets: Value = ["b", "A", "a-1", "C", "0"].iter().map(|name| json!({"name": name})).collect();
    vault.given(json!({"secrets": secrets})).await;
    assert_eq!(pages(&lab, &vault, "/secrets").await, [["0", "A", "a-1", "b", "C"]]);
}

#[tokio::test]
async fn a_row_tells_of_the_newest_version_without_its_value() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.set("db", "v1").await;
    let body =
        json!({"value": "v2", "contentType": "t", "tags": {"a": "b"}, "attributes": {"enabled": false}});
    vault.call_with("PUT", "/secrets/db", body).await;
    vault.control("PATCH", "", json!({"secrets": [{"name": "cert", "managed": true}]})).await;
    let rows = vault.call("GET", "/secrets").await;
    assert!(!rows.text.contains("v2"), "{}", rows.text);
    let rows = rows.json();
    let (cert, db) = (&rows["value"][0], &rows["value"][1]);
    assert_eq!((&cert["managed"], &db["managed"]), (&json!(true), &Value::Null));
    assert_eq!(db["id"], format!("{}/secrets/db", vault.url));
    assert_eq!(
        (&db["contentType"], &db["tags"]["a"], &db["attributes"]["enabled"]),
        (&json!("t"), &json!("b"), &json!(false))
    );
}

#[tokio::test]
async fn versions_are_ordered_by_id() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let mut ids = Vec::new();
    for round in 0..9 {
        ids.push(vault.set("db", &format!("v{round}")).await);
    }
    ids.sort();
    let pages = pages(&lab, &vault, "/secrets/db/versions?maxresults=4").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 1]);
    assert_eq!(pages.concat(), ids);
}

#[tokio::test]
async fn a_name_that_is_not_there_has_no_versions() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let reply = vault.call("GET", "/secrets/none/versions").await;
    assert_eq!((reply.status, reply.text.as_str()), (200, r#"{"value":[],"nextLink":null}"#));
}

#[tokio::test]
async fn deleted_secrets_are_listed_with_their_dates_and_leave_their_rows_empty() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let secrets = json!([
        {"name": "a", "state": "deleted"}, {"name": "b", "state": "deleted"}, {"name": "c"},
    ]);
    vault.given(json!({"secrets": secrets})).await;
    assert_eq!(pages(&lab, &vault, "/deletedsecrets").await, [["a", "b"]]);
    let row = &vault.call("GET", "/deletedsecrets").await.json()["value"][0];
    assert_eq!(row["recoveryId"], format!("{}/deletedsecrets/a", vault.url));
    assert_eq!(row["id"], format!("{}/secrets/a", vault.url));
    assert_eq!(
        row["scheduledPurgeDate"].as_i64().unwrap() - row["deletedDate"].as_i64().unwrap(),
        90 * 86_400
    );
    let empty: [&[&str]; 2] = [&[], &["c"]];
    assert_eq!(pages(&lab, &vault, "/secrets?maxresults=2").await, empty, "an empty page can have a link");
}
