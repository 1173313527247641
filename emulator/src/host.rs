//! Which vault a request's host means.

use http::request::Parts;
use http::uri::{Authority, Scheme};

use crate::error::ServiceError;
use crate::rules::{VAULT_NAME_RULE, is_vault_name};

/// The vault of hosts that name none.
pub(crate) const DEFAULT_VAULT: &str = "default";

/// Where a request was sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// The vault's name, in lower case.
    pub vault: String,
    /// The host without its port, in lower case.
    pub host: String,
    /// Scheme, host and port; what every id and link begins with.
    pub base: String,
}

impl Address {
    /// Reads the address off a request. `port` is the listener's, for hosts that leave it out.
    pub fn of(request: &Parts, scheme: &Scheme, port: u16) -> Result<Self, ServiceError> {
        let header = || request.headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
        let authority = match request.uri.authority() {
            Some(authority) => authority.clone(),
            None => {
                let host = header().unwrap_or_default();
                host.parse::<Authority>().map_err(|_| ServiceError::invalid_host(host, "it is not a host"))?
            }
        };
        let host = authority.host().to_ascii_lowercase();
        let vault = vault_of(&host).map_err(|rule| ServiceError::invalid_host(&host, rule))?.to_owned();
        // Links name the port even where it is the scheme's own, as the service's do.
        let port = authority.port_u16().unwrap_or(port);
        Ok(Self { vault, base: format!("{scheme}://{host}:{port}"), host })
    }
}

/// Returns the vault that a lower-case host without a port means, or the rule that it breaks.
pub(crate) fn vault_of(host: &str) -> Result<&str, &'static str> {
    if matches!(host, "localhost" | "127.0.0.1" | "[::1]") {
        return Ok(DEFAULT_VAULT);
    }
    // Other hosts are refused also because a page in a browser could have its own name resolve to loopback.
    let label = host.strip_suffix(".localhost").ok_or("it must be localhost or {vault}.localhost")?;
    if is_vault_name(label) { Ok(label) } else { Err(VAULT_NAME_RULE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(uri: &str, host: Option<&str>) -> Result<Address, ServiceError> {
        let mut request = http::Request::builder().uri(uri);
        if let Some(host) = host {
            request = request.header("host", host);
        }
        Address::of(&request.body(()).unwrap().into_parts().0, &Scheme::HTTPS, 8443)
    }

    #[test]
    fn the_label_names_the_vault() {
        let named = address("/secrets", Some("Team-1.localhost:9000")).unwrap();
        assert_eq!((named.vault.as_str(), named.base.as_str()), ("team-1", "https://team-1.localhost:9000"));
        let bare = address("/secrets", Some("127.0.0.1:9000")).unwrap();
        assert_eq!((bare.vault.as_str(), bare.base.as_str()), ("default", "https://127.0.0.1:9000"));
    }

    #[test]
    fn the_authority_of_http_2_counts_and_the_port_is_filled_in() {
        let address = address("https://abc.localhost/secrets", None).unwrap();
        assert_eq!(address.base, "https://abc.localhost:8443");
    }

    #[test]
    fn other_hosts_are_refused() {
        for host in [
            "example.com",
            "a.b.localhost",
            "ab.localhost",
            "a--b.localhost",
            "kv.vault.azure.net",
            "",
            "a b",
        ] {
            assert!(address("/", Some(host)).is_err(), "{host}");
        }
    }
}
