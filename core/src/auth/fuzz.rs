use url::Url;

use crate::auth::{
    azure,
    certificate::Certificate,
    challenge::{Challenge, check_scope},
};

/// Reads a challenge, and checks that it gets a token of the vault's own domain only.
pub fn challenge(header: &str) {
    const HOST: &str = "kv.vault.azure.net";
    let Some(request) = Challenge::parse(header).and_then(|challenge| challenge.into_request().ok()) else {
        return;
    };
    assert!(request.tenant_id.as_ref().is_none_or(|tenant| !tenant.is_empty() && !tenant.contains('/')));
    assert!(azure::claims(&request).starts_with('{'));
    if check_scope(&request.scope, HOST).is_ok() {
        let asked = Url::parse(&request.scope).ok();
        let parent = asked.as_ref().and_then(Url::host_str).unwrap_or_default();
        let below = HOST.strip_suffix(parent);
        assert!(
            !parent.is_empty() && below.is_some_and(|below| below.is_empty() || below.ends_with('.')),
            "{header}"
        );
    }
}

/// Reads a file with a certificate and its key.
pub fn certificate(file: &[u8]) {
    let _ = Certificate::of(file, "hunter2");
}
