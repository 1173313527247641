//! Lists, page by page.

use azure_security_keyvault_secrets::models::{
    SecretClientListDeletedSecretPropertiesOptions, SecretClientListSecretPropertiesOptions,
};
use futures::TryStreamExt;
use serde_json::{Value, json};

use crate::vault::{Vault, holding, pages};

impl Vault {
    async fn list(&self, maxresults: Option<i32>) -> Vec<Vec<String>> {
        let options = SecretClientListSecretPropertiesOptions { maxresults, ..Default::default() };
        let pager = self.client.list_secret_properties(Some(options));
        pages(pager, |page| page.value.into_iter().map(|row| row.id).collect()).await
    }

    async fn list_deleted(&self, maxresults: Option<i32>) -> Vec<Vec<String>> {
        let options = SecretClientListDeletedSecretPropertiesOptions { maxresults, ..Default::default() };
        let pager = self.client.list_deleted_secret_properties(Some(options));
        pages(pager, |page| page.value.into_iter().map(|row| row.id).collect()).await
    }
}

#[tokio::test]
async fn thirty_secrets_come_in_pages() {
    let all: Vec<String> = (0..30).map(|number| format!("s{number:02}")).collect();
    for state in ["active", "deleted"] {
        let secrets: Value = all.iter().map(|name| json!({"name": name, "state": state})).collect();
        let vault = holding(secrets).await;
        for (size, lengths) in [
            (None, vec![25, 5]),
            (Some(25), vec![25, 5]),
            (Some(7), vec![7, 7, 7, 7, 2]),
            (Some(1), vec![1; 30]),
        ] {
            let pages = match state {
                "active" => vault.list(size).await,
                _ => vault.list_deleted(size).await,
            };
            assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), lengths, "{state} {size:?}");
            assert_eq!(pages.concat(), all, "{state} {size:?}");
        }
    }
}

#[tokio::test]
async fn versions_come_in_pages() {
    let vault = holding(json!([{"name": "db", "versions": vec!["v"; 9]}])).await;
    let pages = vault.versions("db", Some(4)).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 1]);
    assert!(pages.concat().is_sorted());
    assert_eq!(vault.versions("none", None).await, [Vec::<String>::new()]);
}

#[tokio::test]
async fn an_empty_page_can_have_a_next_one() {
    let gone = |name| json!({"name": name, "state": "deleted"});
    let vault = holding(json!([gone("a"), gone("b"), {"name": "c"}])).await;
    assert_eq!(vault.list(Some(2)).await, [vec![], vec!["c".to_owned()]]);
}

#[tokio::test]
async fn a_row_has_the_properties_of_the_newest_version() {
    let vault = holding(json!([{"name": "db", "content_type": "text/plain", "tags": {"a": "b"}}])).await;
    let rows: Vec<_> = vault.client.list_secret_properties(None).unwrap().try_collect().await.unwrap();
    assert_eq!(rows[0].id, Some(format!("{}/secrets/db", vault.url)));
    assert_eq!(rows[0].content_type.as_deref(), Some("text/plain"));
    assert_eq!(rows[0].tags.as_ref().unwrap()["a"], "b");
}
