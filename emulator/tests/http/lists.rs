//! The three lists and their pages.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::lab::{Lab, START, Vault};

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

/// Contract `list.answer` (documented): 200 with `value`, the rows, and `nextLink`.
/// Contract `list.page-size` (documented): a page has 25 rows at most, or as many as `maxresults`, 1 to 25,
/// says.
/// Contract `list.page-not-list` (seen): `maxresults` limits a page, not the list.
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

/// Contract `list.end` (recorded): the last page has `"nextLink":null`.
#[tokio::test]
async fn a_full_last_page_has_no_link() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"secrets": names(4)})).await;
    assert_eq!(pages(&lab, &vault, "/secrets?maxresults=2").await.len(), 2);
    assert_eq!(pages(&lab, &lab.vault("empty"), "/secrets").await, [Vec::<String>::new()]);
}

/// Contract `list.link` (recorded): `nextLink` is the list's URL with port, `api-version` and `$skiptoken`,
/// and with `maxresults` if the caller had sent it.
/// Contract `list.skip-token` (recorded): the token is Base64 for URLs of
/// `{"NextMarker":"2!{length}!{Base64}","TargetLocation":0}`, and in it is the upper-cased name of the next
/// row.
#[tokio::test]
async fn the_link_names_port_version_and_the_callers_page_size() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let gone = ["x", "y", "z"].map(|name| json!({"name": name, "state": "deleted"}));
    let versions = json!({"name": "db", "versions": ["1", "2", "3"]});
    let secrets: Value =
        gone.into_iter().chain([versions, json!({"name": "e"}), json!({"name": "f"})]).collect();
    vault.given(json!({"page_size": 2, "secrets": secrets})).await;
    for list in ["/secrets", "/deletedsecrets", "/secrets/db/versions"] {
        let start = format!("{}{list}?api-version=7.4&$skiptoken=", vault.url);
        let link =
            async |path: &str| vault.call("GET", path).await.json()["nextLink"].as_str().unwrap().to_owned();
        let plain = link(list).await;
        let token = plain.strip_prefix(&start).unwrap();
        let token: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token).unwrap()).unwrap();
        assert_eq!(token["TargetLocation"], 0);
        let (length, rest) =
            token["NextMarker"].as_str().unwrap().strip_prefix("2!").unwrap().split_once('!').unwrap();
        assert_eq!(length, rest.len().to_string());
        let row = String::from_utf8(STANDARD.decode(rest).unwrap()).unwrap();
        let key = row.strip_suffix("!000028!9999-12-31T23:59:59.9999999Z!").unwrap();
        assert!(list.ends_with("versions") || key == "000008!secret/F", "{row}");

        let sized = link(&format!("{list}?maxresults=1")).await;
        assert!(sized.starts_with(&start) && sized.ends_with("&maxresults=1"), "{sized}");
    }
}

/// Contract `list.order` (recorded): names are walked in the order of their upper case.
#[tokio::test]
async fn names_are_ordered_in_upper_case() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let secrets: Value = ["b", "A", "a-1", "C", "0"].iter().map(|name| json!({"name": name})).collect();
    vault.given(json!({"secrets": secrets})).await;
    assert_eq!(pages(&lab, &vault, "/secrets").await, [["0", "A", "a-1", "b", "C"]]);
}

/// Contract `list.row` (recorded): a row has the newest version's members but its value, under an id without
/// a version, in the order `contentType`, `id`, `managed`, `attributes`, `tags`.
/// Contract `list.everything` (documented): disabled, expired and certificates' secrets are listed, one row
/// for each name; the last have `"managed":true`.
#[tokio::test]
async fn a_row_tells_of_the_newest_version_without_its_value() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let secrets = json!([
        {"name": "cert", "managed": true, "content_type": "application/x-pkcs12", "tags": {"a": "b"}},
        {"name": "db", "versions": ["v1", "v2"], "enabled": false},
        {"name": "old", "expires_on": 1},
    ]);
    vault.given(json!({ "secrets": secrets })).await;
    let id = |name: &str| format!("{}/secrets/{name}", vault.url);
    let attributes = |enabled: bool, more: &str| {
        format!(
            r#""attributes":{{"enabled":{enabled},{more}"created":{START},"updated":{START},"recoveryLevel":"Recoverable+Purgeable","recoverableDays":90}}"#
        )
    };
    let cert = format!(
        r#"{{"contentType":"application/x-pkcs12","id":"{}","managed":true,{},"tags":{{"a":"b"}}}}"#,
        id("cert"),
        attributes(true, "")
    );
    let db = format!(r#"{{"id":"{}",{}}}"#, id("db"), attributes(false, ""));
    let old = format!(r#"{{"id":"{}",{}}}"#, id("old"), attributes(true, r#""exp":1,"#));
    let rows = vault.call("GET", "/secrets").await.text;
    assert_eq!(rows, format!(r#"{{"value":[{cert},{db},{old}],"nextLink":null}}"#));
}

/// Contract `list.versions-order` (recorded): versions are ordered by their id, not by time.
/// Contract `list.versions-dates` (recorded): versions made in one second have the same `created`.
/// Contract `list.versions-ids` (recorded): rows of versions have ids with their version.
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
    let rows = vault.call("GET", "/secrets/db/versions").await.json()["value"].take();
    assert!(rows.as_array().unwrap().iter().all(|row| row["attributes"]["created"] == START));
}

/// Contract `list.versions-of-nothing` (recorded): 200 with an empty list for a name that is not there.
#[tokio::test]
async fn a_name_that_is_not_there_has_no_versions() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let reply = vault.call("GET", "/secrets/none/versions").await;
    assert_eq!((reply.status, reply.text.as_str()), (200, r#"{"value":[],"nextLink":null}"#));
}

/// Contract `list.deleted` (documented): rows of deleted secrets have `recoveryId`, `deletedDate` and
/// `scheduledPurgeDate` as well.
/// Contract `list.empty-page` (recorded): a page can be empty and have a next one.
/// Contract `list.room` (chosen): names that a list does not show take up room on its pages.
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
