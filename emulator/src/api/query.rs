//! What a request's query says.

use std::borrow::Cow;

use url::form_urlencoded;

use crate::error::ServiceError;

/// The newest stable version, which the refusal of others recommends.
const LATEST: &str = "2026-04-01";

const API_VERSIONS: &[&str] = &[
    LATEST,
    "2025-07-01",
    "7.6",
    "7.5",
    "7.4",
    "7.3",
    "7.2",
    "7.1",
    "7.0",
    "2016-10-01",
    "2026-07-01-preview",
    "2026-05-01-preview",
    "2026-03-01-preview",
    "2026-01-01-preview",
    "2025-06-01-preview",
    "7.6-preview.2",
];

/// The versions from before attributes told for how long a deleted secret is kept.
const WITHOUT_RETENTION: &[&str] = &["2016-10-01", "7.0"];

/// The parameters that the service knows; the first of each counts, others are ignored.
#[derive(Debug, Default)]
pub(super) struct Query<'a> {
    pub api_version: Option<Cow<'a, str>>,
    pub maxresults: Option<Cow<'a, str>>,
    pub skiptoken: Option<Cow<'a, str>>,
}

impl<'a> Query<'a> {
    pub fn parse(text: &'a str) -> Self {
        let mut query = Self::default();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            let is = |known: &str| name.eq_ignore_ascii_case(known);
            let parameter = if is("api-version") {
                &mut query.api_version
            } else if is("maxresults") {
                &mut query.maxresults
            } else if is("$skiptoken") {
                &mut query.skiptoken
            } else {
                continue;
            };
            parameter.get_or_insert(value);
        }
        query
    }

    /// Says whether the caller's version knows for how long a deleted secret is kept.
    pub fn knows_retention(&self) -> bool {
        !self.api_version.as_deref().is_some_and(|version| WITHOUT_RETENTION.contains(&version))
    }
}

/// Refuses a version that the service does not have.
pub(super) fn check_api_version(version: Option<&str>) -> Result<(), ServiceError> {
    match version {
        None | Some("") => Err(ServiceError::missing_api_version()),
        Some(version) if API_VERSIONS.contains(&version) => Ok(()),
        Some(version) => Err(ServiceError::unknown_api_version(version, LATEST)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_and_the_first_counts() {
        let query = Query::parse("API-version=7%2E4&maxresults=1&maxresults=2&%24skiptoken=abc&other=1");
        assert_eq!(query.api_version.as_deref(), Some("7.4"));
        assert_eq!(query.maxresults.as_deref(), Some("1"));
        assert_eq!(query.skiptoken.as_deref(), Some("abc"));
    }

    #[test]
    fn only_known_versions_pass() {
        assert!(API_VERSIONS.iter().all(|version| check_api_version(Some(version)).is_ok()));
        let error = check_api_version(Some("7.9")).unwrap_err();
        assert!(
            error.message.starts_with("The specified version (7.9) is not recognized."),
            "{}",
            error.message
        );
        assert!(check_api_version(None).is_err());
    }
}
