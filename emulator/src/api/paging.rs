//! Pages: how far one goes, and the link to the next.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::query::Query;
use crate::error::ServiceError;
use crate::vault::settings::MAX_PAGE_SIZE;

/// What the service's markers end with.
const END_OF_TIME: &str = "9999-12-31T23:59:59.9999999Z";

/// One step through a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Walk {
    /// The key of the first row; empty for the start.
    pub first: String,
    /// How many rows to look at.
    pub size: usize,
}

#[derive(Serialize, Deserialize)]
struct SkipToken {
    #[serde(rename = "NextMarker")]
    next_marker: String,
    #[serde(rename = "TargetLocation")]
    target_location: u8,
}

impl Walk {
    /// Reads what the query says about the page. `limit` is the vault's largest page.
    pub fn new(query: &Query<'_>, limit: usize) -> Result<Self, ServiceError> {
        let size = match query.maxresults.as_deref() {
            None => MAX_PAGE_SIZE,
            Some(text) => text
                .parse()
                .ok()
                .filter(|size| (1..=MAX_PAGE_SIZE).contains(size))
                .ok_or_else(|| ServiceError::invalid_query("maxresults", "it must be 1 to 25"))?,
        };
        let first = query.skiptoken.as_deref().map_or(Ok(String::new()), marker)?;
        Ok(Self { first, size: size.min(limit) })
    }
}

fn marker(skiptoken: &str) -> Result<String, ServiceError> {
    let token = URL_SAFE_NO_PAD.decode(skiptoken).ok().and_then(|json| serde_json::from_slice(&json).ok());
    token
        .and_then(|token: SkipToken| key_of(&token.next_marker))
        .ok_or_else(|| ServiceError::invalid_query("$skiptoken", "it is not one of this vault's"))
}

/// Returns the marker of a row: how long the rest is, and in Base64, each behind its length, the row's key and a date.
fn marker_of(key: &str) -> String {
    let path = format!("secret/{key}");
    let row = format!("{:06}!{path}!{:06}!{END_OF_TIME}!", path.len(), END_OF_TIME.len());
    let row = STANDARD.encode(row);
    format!("2!{}!{row}", row.len())
}

fn key_of(marker: &str) -> Option<String> {
    let (_, row) = marker.strip_prefix("2!")?.split_once('!')?;
    let row = String::from_utf8(STANDARD.decode(row).ok()?).ok()?;
    let (_, path) = row.split_once('!')?;
    let (path, _) = path.split_once('!')?;
    path.strip_prefix("secret/").map(str::to_owned)
}

/// Looks at `size` rows and returns those that are shown, and the key of the row after them. Rows that are not shown
/// count too, so a page can be empty and still have a next one.
pub(super) fn cut<'a, T>(
    mut rows: impl Iterator<Item = (&'a str, Option<T>)>,
    size: usize,
) -> (Vec<T>, Option<&'a str>) {
    let page = rows.by_ref().take(size).filter_map(|(_, row)| row).collect();
    (page, rows.next().map(|(key, _)| key))
}

/// Returns the link to the page that begins with `next`. It repeats `maxresults` only if the caller sent it.
pub(super) fn link(base: &str, path: &str, query: &Query<'_>, next: &str) -> String {
    let token = SkipToken { next_marker: marker_of(next), target_location: 0 };
    // A struct of text and number cannot fail to serialize.
    let token = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&token).unwrap_or_default());
    let version = query.api_version.as_deref().unwrap_or_default();
    let version: String = form_urlencoded::byte_serialize(version.as_bytes()).collect();
    let mut link = format!("{base}/{path}?api-version={version}&$skiptoken={token}");
    if let Some(maxresults) = &query.maxresults {
        link.push_str("&maxresults=");
        link.extend(form_urlencoded::byte_serialize(maxresults.as_bytes()));
    }
    link
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query<'_> {
        Query::parse(text)
    }

    #[test]
    fn the_link_leads_to_the_row_after_the_page() {
        let asked = query("api-version=7.4&maxresults=2");
        let rows = [("A", Some(1)), ("B", Some(2)), ("C", Some(3))];
        let (page, next) = cut(rows.into_iter(), 2);
        assert_eq!((page, next), (vec![1, 2], Some("C")));
        let link = link("https://kv.localhost:8443", "secrets", &asked, "C");
        let (path, follow) = link.split_once('?').unwrap();
        assert_eq!(path, "https://kv.localhost:8443/secrets");
        assert!(
            follow.starts_with("api-version=7.4&$skiptoken=") && follow.ends_with("&maxresults=2"),
            "{follow}"
        );
        assert_eq!(Walk::new(&query(follow), 25), Ok(Walk { first: "C".to_owned(), size: 2 }));
    }

    #[test]
    fn rows_not_shown_fill_pages_too() {
        let rows = [("A", None), ("B", None), ("C", Some(3))];
        assert_eq!(cut(rows.into_iter(), 2), (vec![], Some("C")));
        let (page, next) = cut(rows.into_iter().skip(2), 2);
        assert_eq!((page, next), (vec![3], None));
    }

    #[test]
    fn the_vaults_page_size_limits_the_callers() {
        assert_eq!(Walk::new(&query("maxresults=10"), 3).unwrap().size, 3);
        assert_eq!(Walk::new(&query("maxresults=2"), 3).unwrap().size, 2);
        assert_eq!(Walk::new(&query(""), 25).unwrap().size, 25);
    }

    #[test]
    fn senseless_queries_are_refused() {
        for wrong in [
            "maxresults=0",
            "maxresults=26",
            "maxresults=x",
            "maxresults=-1",
            "$skiptoken=abc",
            "$skiptoken=%",
        ] {
            assert!(Walk::new(&query(wrong), 25).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_link_has_maxresults_only_if_it_was_sent() {
        assert!(!link("b", "secrets", &query("api-version=7.4"), "C").contains("maxresults"));
    }
}
