/// Vault suffixes of Azure's clouds and the token scope of each.
const CLOUDS: &[(&str, &str)] = &[
    (".vault.azure.net", "https://vault.azure.net/.default"),
    (".vault.usgovcloudapi.net", "https://vault.usgovcloudapi.net/.default"),
    (".vault.azure.cn", "https://vault.azure.cn/.default"),
    (".vault.microsoftazure.de", "https://vault.microsoftazure.de/.default"),
    (".vault.cloudapi.eaglex.ic.gov", "https://vault.cloudapi.eaglex.ic.gov/.default"),
    (".vault.cloudapi.microsoft.scloud", "https://vault.cloudapi.microsoft.scloud/.default"),
];

/// Returns the scope of a host under a known cloud's suffix, so that its first request can carry a token.
pub(super) fn scope_of(host: &str) -> Option<&'static str> {
    CLOUDS.iter().find(|(suffix, _)| host.ends_with(suffix)).map(|(_, scope)| *scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dot_belongs_to_the_suffix() {
        assert_eq!(scope_of("kv.vault.azure.cn"), Some("https://vault.azure.cn/.default"));
        assert_eq!(scope_of("evilvault.azure.net"), None);
        assert_eq!(scope_of("kv.vault.azure.net.evil.example"), None);
    }
}
