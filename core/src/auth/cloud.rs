//! Azure's clouds: which hosts are theirs, and where and for what their tokens are asked for.

use crate::error::{Error, Result};
use url::Url;

/// One of Azure's clouds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cloud {
    /// What the hosts of its vaults end with.
    suffix: &'static str,
    /// The scope of tokens for its vaults.
    pub(super) scope: &'static str,
    /// Where its tokens are issued.
    pub(super) authority: &'static str,
}

const fn cloud(suffix: &'static str, scope: &'static str, authority: &'static str) -> Cloud {
    Cloud { suffix, scope, authority }
}

const PUBLIC: Cloud =
    cloud(".vault.azure.net", "https://vault.azure.net/.default", "https://login.microsoftonline.com");

const CLOUDS: &[Cloud] = &[
    PUBLIC,
    cloud(
        ".vault.usgovcloudapi.net",
        "https://vault.usgovcloudapi.net/.default",
        "https://login.microsoftonline.us",
    ),
    cloud(".vault.azure.cn", "https://vault.azure.cn/.default", "https://login.chinacloudapi.cn"),
    cloud(
        ".vault.microsoftazure.de",
        "https://vault.microsoftazure.de/.default",
        "https://login.microsoftonline.de",
    ),
    cloud(
        ".vault.cloudapi.eaglex.ic.gov",
        "https://vault.cloudapi.eaglex.ic.gov/.default",
        "https://login.microsoftonline.eaglex.ic.gov",
    ),
    cloud(
        ".vault.cloudapi.microsoft.scloud",
        "https://vault.cloudapi.microsoft.scloud/.default",
        "https://login.microsoftonline.microsoft.scloud",
    ),
];

impl Cloud {
    /// Returns the cloud that a vault's host belongs to.
    pub(super) fn of(host: &str) -> Option<&'static Self> {
        CLOUDS.iter().find(|cloud| host.ends_with(cloud.suffix))
    }
}

/// Returns where a vault's tokens are issued: what was configured, else what its cloud has, else the public cloud's.
pub(super) fn authority(configured: Option<String>, vault_host: &str) -> Result<String> {
    let own = || Cloud::of(vault_host).unwrap_or(&PUBLIC).authority.to_owned();
    let authority = configured.unwrap_or_else(own);
    // A secret goes there, so it is never plain.
    match Url::parse(&authority) {
        Ok(url) if url.scheme() == "https" && url.has_host() => {
            Ok(authority.trim_end_matches('/').to_owned())
        }
        _ => Err(Error::invalid_config("credential.authority_host", "must be an https URL")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dot_belongs_to_the_suffix() {
        let scope = |host| Cloud::of(host).map(|cloud| cloud.scope);
        assert_eq!(scope("kv.vault.azure.cn"), Some("https://vault.azure.cn/.default"));
        assert_eq!(scope("evilvault.azure.net"), None);
        assert_eq!(scope("kv.vault.azure.net.evil.example"), None);
    }

    #[test]
    fn an_authority_is_configured_or_the_cloud_s() {
        let of = |configured: Option<&str>, host| authority(configured.map(str::to_owned), host);
        assert_eq!(of(None, "kv.vault.azure.cn").unwrap(), "https://login.chinacloudapi.cn");
        assert_eq!(of(None, "kv.example").unwrap(), "https://login.microsoftonline.com");
        assert_eq!(of(Some("https://login.example/"), "kv.vault.azure.cn").unwrap(), "https://login.example");
        for wrong in ["http://login.example", "login.example", "https://"] {
            assert!(of(Some(wrong), "kv.example").is_err(), "{wrong}");
        }
    }
}
