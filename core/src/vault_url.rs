use std::net::IpAddr;

use url::{Host, Position, Url};

use crate::error::{Error, Result};

/// The address of one vault, and the only host that its requests and its page links may name; with the version of the API that
/// requests ask for, once that is known.
#[derive(Clone, Debug)]
pub(crate) struct VaultUrl(Url);

impl VaultUrl {
    /// Reads a vault's address: https, a host, and nothing behind it.
    ///
    /// `allow_http` admits plain http to a loopback host, for a local vault.
    pub(crate) fn parse(text: &str, allow_http: bool) -> Result<Self> {
        let wrong = |rule: &str| Err(Error::invalid_config("vault_url", rule));
        let Ok(url) = Url::parse(text) else {
            return wrong("must be a URL such as https://NAME.vault.azure.net");
        };
        match url.scheme() {
            "https" => {}
            "http" if !is_loopback(&url) => {
                return wrong("must be https; plain http is for loopback hosts only");
            }
            "http" if !allow_http => {
                return wrong("must be https; set allow_http for a local vault over plain http");
            }
            "http" => {}
            _ => return wrong("must be https"),
        }
        if url.host().is_none() {
            return wrong("must name a host");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return wrong("must not hold a user name or password");
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return wrong(
                "must end after the host, without a path, query or fragment; the secret's name is an argument",
            );
        }
        Ok(Self(url))
    }

    /// Has the URLs of resources name a version of the API.
    pub(crate) fn for_api_version(mut self, version: &str) -> Self {
        self.0.query_pairs_mut().append_pair("api-version", version);
        self
    }

    /// Returns `https://host[:port]` without a trailing slash.
    pub(crate) fn as_str(&self) -> &str {
        &self.0[..Position::BeforePath]
    }

    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or_default()
    }

    pub(crate) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Returns the URL of a resource; every segment must be checked beforehand.
    pub(crate) fn resource(&self, segments: &[&str]) -> Url {
        let mut url = self.0.clone();
        url.set_path(&segments.join("/"));
        url
    }

    /// Reads the link to a next page of a list, and refuses one that leads to another vault or another list.
    pub(crate) fn page_link(&self, link: &str, segments: &[&str]) -> Option<Url> {
        let url = Url::parse(link).ok()?;
        let same = url.origin() == self.0.origin() && url.username().is_empty() && url.password().is_none();
        let path = url.path_segments()?.filter(|segment| !segment.is_empty());
        let is_list =
            path.map(str::to_ascii_lowercase).eq(segments.iter().map(|segment| segment.to_ascii_lowercase()));
        (same && is_list).then_some(url)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_localhost(name),
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

/// Tells whether a name is loopback by definition (RFC 6761 §6.3): `localhost` and all names under it.
pub(crate) fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_not_a_vault() {
        for (text, said) in [
            ("kv", "must be a URL"),
            ("ftp://kv.example", "must be https"),
            ("http://kv.example", "loopback hosts only"),
            ("http://kv.localhost:80", "set allow_http"),
            ("https://u@kv.example", "user name"),
            ("https://kv.example/secrets", "without a path"),
            ("https://kv.example/?a=b", "query"),
            ("https://kv.example#x", "fragment"),
        ] {
            let error = VaultUrl::parse(text, false).unwrap_err();
            assert!(error.message().contains(said), "{text}: {error}");
        }
        assert!(VaultUrl::parse("http://127.0.0.1:1", true).is_ok());
        assert!(VaultUrl::parse("https://kv.xn--mnchen-3ya.example", false).is_ok());
        assert!(VaultUrl::parse("http://10.0.0.1:1", true).is_err());
    }

    #[test]
    fn a_page_link_stays_in_its_list() {
        let vault = VaultUrl::parse("https://kv.example", false).unwrap();
        for link in ["https://kv.example:443/secrets?a=b", "https://KV.example/Secrets/"] {
            assert!(vault.page_link(link, &["secrets"]).is_some(), "{link}");
        }
        for link in [
            "https://evil.example/secrets",
            "http://kv.example/secrets",
            "https://u:p@kv.example/secrets",
            "/secrets",
            "https://kv.example:444/secrets",
            "https://kv.example/deletedsecrets?a=b",
            "https://kv.example/secrets/db/versions",
            "https://kv.example/",
        ] {
            assert!(vault.page_link(link, &["secrets"]).is_none(), "{link}");
        }
    }
}
