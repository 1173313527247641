//! The `WWW-Authenticate: Bearer …` challenge of a vault.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use url::Url;

use crate::{
    auth::TokenRequest,
    error::{Error, ErrorKind, Result},
};

/// What a vault asks for in a 401.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Challenge {
    authorization: Option<String>,
    resource: Option<String>,
    scope: Option<String>,
    claims: Option<String>,
}

impl Challenge {
    /// Reads one header value; none if it is not a Bearer challenge.
    pub(super) fn parse(header: &str) -> Option<Self> {
        let (scheme, mut rest) = header.trim_start().split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let mut challenge = Self::default();
        while let Some((key, value, behind)) = next_parameter(rest) {
            let field = match key.to_ascii_lowercase().as_str() {
                "authorization" | "authorization_uri" => &mut challenge.authorization,
                "resource" => &mut challenge.resource,
                "scope" => &mut challenge.scope,
                "claims" => &mut challenge.claims,
                _ => &mut None,
            };
            *field = Some(value);
            rest = behind;
        }
        Some(challenge)
    }

    /// Turns the challenge into a request for the token it asks for.
    pub(super) fn into_request(self) -> Result<TokenRequest> {
        let wrong =
            |what: &str| Error::new(ErrorKind::Authentication, format!("the vault's challenge has {what}"));
        let from_resource =
            self.resource.map(|resource| format!("{}/.default", resource.trim_end_matches('/')));
        let scope = self.scope.or(from_resource).ok_or_else(|| wrong("neither scope nor resource"))?;
        let claims = match self.claims {
            None => None,
            Some(claims) => Some(decode(claims).ok_or_else(|| wrong("claims that are not base64"))?),
        };
        let tenant_id = self.authorization.as_deref().and_then(tenant_of);
        Ok(TokenRequest { scope, tenant_id, claims })
    }
}

/// Checks that a token asked for in this scope is one for the host's own domain.
///
/// A token for another resource, handed to this host, could be replayed against that resource.
pub(super) fn check_scope(scope: &str, host: &str) -> Result<()> {
    let resource = Url::parse(scope).ok();
    let parent = resource.as_ref().and_then(Url::host_str).unwrap_or_default();
    let host = host.to_ascii_lowercase();
    if !parent.is_empty() && (host == parent || host.ends_with(&format!(".{parent}"))) {
        return Ok(());
    }
    let message = format!(
        "the challenge asks for a token of {scope:?}, which is not a parent domain of the vault's host {host:?}"
    );
    let advice =
        "check the vault's URL; for a local vault or a private name, set verify_challenge_resource to false";
    Err(Error::new(ErrorKind::Authentication, message).with_advice(advice.to_owned()))
}

/// Decodes claims, in either alphabet of base64 and with its padding or without.
fn decode(claims: String) -> Option<String> {
    let text = claims.trim_end_matches('=');
    let json = STANDARD_NO_PAD.decode(text).or_else(|_| URL_SAFE_NO_PAD.decode(text)).ok()?;
    String::from_utf8(json).ok()
}

/// Returns the first path segment of the authority; an AD FS authority has no tenants.
fn tenant_of(authorization: &str) -> Option<String> {
    let authority = Url::parse(authorization).ok()?;
    let tenant = authority.path_segments()?.next()?;
    (!tenant.is_empty() && !tenant.eq_ignore_ascii_case("adfs")).then(|| tenant.to_owned())
}

/// Splits `key="value", …` or `key=value, …` into the first pair and the rest.
fn next_parameter(text: &str) -> Option<(&str, String, &str)> {
    let text = text.trim_start_matches([' ', ',', '\t']);
    let (key, value) = text.split_once('=')?;
    if let Some(quoted) = value.strip_prefix('"') {
        let end = quoted.find('"')?;
        return Some((key.trim(), quoted[..end].to_owned(), &quoted[end + 1..]));
    }
    let end = value.find(',').unwrap_or(value.len());
    Some((key.trim(), value[..end].trim().to_owned(), &value[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str = "72f988bf-0000-0000-0000-000000000000";

    #[test]
    fn the_service_forms_are_read() {
        for header in [
            format!(
                "Bearer authorization=\"https://login.windows.net/{TENANT}\", resource=\"https://vault.azure.net\""
            ),
            format!(
                "bearer authorization_uri=https://login.windows.net/{TENANT}/x,resource=https://vault.azure.net/"
            ),
            format!(
                "Bearer authorization=\"https://a.example/{TENANT}\", scope=\"https://vault.azure.net/.default\""
            ),
        ] {
            let request = Challenge::parse(&header).unwrap().into_request().unwrap();
            assert_eq!(request.scope, "https://vault.azure.net/.default", "{header}");
            assert_eq!(request.tenant_id.as_deref(), Some(TENANT), "{header}");
        }
    }

    #[test]
    fn claims_are_decoded() {
        let header =
            "Bearer resource=\"https://v.example\", error=\"insufficient_claims\", claims=\"eyJhIjoxfQ==\"";
        assert_eq!(
            Challenge::parse(header).unwrap().into_request().unwrap().claims.as_deref(),
            Some("{\"a\":1}")
        );
        let header = "Bearer resource=\"https://v.example\", claims=\"!\"";
        assert!(Challenge::parse(header).unwrap().into_request().is_err());
    }

    #[test]
    fn only_a_parent_domain_may_ask() {
        assert!(check_scope("https://vault.azure.net/.default", "KV.vault.azure.net").is_ok());
        assert!(check_scope("https://localhost/.default", "localhost").is_ok());
        for scope in
            ["https://ault.azure.net/.default", "https://evil.example", "vault.azure.net/.default", ""]
        {
            assert!(check_scope(scope, "kv.vault.azure.net").is_err(), "{scope}");
        }
        assert!(check_scope("https://vault.azure.net/.default", "evilvault.azure.net").is_err());
    }

    #[test]
    fn a_scope_is_what_the_token_is_asked_for_whatever_the_resource_says() {
        let header =
            r#"Bearer resource="https://evil.example", scope="https://management.azure.com/.default""#;
        let request = Challenge::parse(header).unwrap().into_request().unwrap();
        assert!(check_scope(&request.scope, "kv.evil.example").is_err());
    }

    #[test]
    fn no_header_makes_it_panic_or_ask_for_what_it_must_not() {
        let seeds = [
            r#"Bearer authorization="https://login.windows.net/t", resource="https://vault.azure.net""#,
            r#"Bearer authorization_uri=https://a.example/t, scope=https://v.example/.default, claims="eyJhIjoxfQ==""#,
        ];
        let pieces = [
            "\"",
            "=",
            ",",
            " ",
            "\\",
            "Bearer ",
            "resource=",
            "scope=",
            "claims=",
            "https://evil.example",
            "\u{e4}",
            "\t",
        ];
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            let mut header = random.choice(seeds).unwrap().to_owned();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(..=header.len());
                if header.is_char_boundary(at) {
                    header.insert_str(at, random.choice(pieces).unwrap());
                }
            }
            crate::auth::fuzz::challenge(&header);
        }
    }

    #[test]
    fn other_schemes_and_rubbish_are_no_challenge() {
        for header in ["", "Bearer", "Basic realm=\"x\"", "Negotiate abc"] {
            assert_eq!(Challenge::parse(header), None, "{header}");
        }
        assert!(Challenge::parse("Bearer =,=\"\",x").unwrap().into_request().is_err());
    }
}
