//! The page of the plain listener.

use serde_json::json;

use crate::lab::{Lab, Reply};

async fn page(lab: &Lab) -> Reply {
    lab.send(lab.client.get(format!("{}/", lab.running.http_url()))).await
}

#[tokio::test]
async fn it_shows_vaults_secrets_without_values_and_the_last_requests() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let secrets = json!([
        {"name": "db", "versions": ["hidden", "hidden too"], "content_type": "text/plain"},
        {"name": "old", "value": "hidden", "enabled": false, "state": "deleted"},
    ]);
    vault.given(json!({"secrets": secrets, "faults": [{"status": 503}]})).await;
    lab.send(vault.raw("GET", "/secrets/db?api-version=7.4")).await;
    vault.call("GET", "/secrets/db").await;
    let page = page(&lab).await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    for part in [
        "<h2 id=\"team\">team</h2>",
        &vault.url,
        "<th scope=\"row\">db</th><td>active</td><td>2</td><td>yes</td><td>text/plain</td>",
        "<th scope=\"row\">old</th><td>deleted</td><td>1</td><td>no</td><td></td>",
        "<td>get_secret</td><td>503</td><td>fault: respond</td>",
        "<td>get_secret</td><td>401</td><td>no good token</td>",
    ] {
        assert!(page.text.contains(part), "{part} in {}", page.text);
    }
    assert!(page.text.find("<td>503</td>") < page.text.find("<td>401</td>"), "the newest comes first");
    assert!(!page.text.contains("hidden") && !page.text.contains("<script"));
}

#[tokio::test]
async fn what_callers_choose_is_text() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(json!({"secrets": [{"name": "db", "content_type": "<script>alert('&\"')</script>"}]})).await;
    vault.call("GET", "/secrets/'><img>").await;
    let page = page(&lab).await.text;
    assert!(page.contains("&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;"), "{page}");
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
}

#[tokio::test]
async fn a_large_vault_is_shown_in_part() {
    let lab = Lab::new().await;
    let secrets: serde_json::Value =
        (0..300).map(|number| json!({"name": format!("s{number:03}")})).collect();
    lab.vault("team").given(json!({"secrets": secrets})).await;
    let page = page(&lab).await.text;
    assert!(page.contains("Secrets of team, the first 250 of 300"));
    assert!(page.contains(">s249<") && !page.contains(">s250<"));
}

#[tokio::test]
async fn a_vault_of_its_own_host_has_no_page() {
    let lab = Lab::new().await;
    let outside = lab.send(lab.vault("team").raw("GET", "/")).await;
    assert_eq!(outside.status, 404);
    assert!(outside.text.contains("File or directory not found"));
    let posted = lab.send(lab.client.post(format!("{}/", lab.running.http_url()))).await;
    assert_eq!(posted.status, 404);
    let head = lab.send(lab.client.head(format!("{}/", lab.running.http_url()))).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
}

#[tokio::test]
async fn a_foreign_name_that_leads_here_sees_nothing() {
    let lab = Lab::new().await;
    let request = lab.client.get(format!("{}/", lab.running.http_url())).header("host", "example.com");
    let refused = lab.send(request).await;
    assert_eq!(refused.status, 400);
    assert!(!refused.text.contains("<table"));
}
