//! What fuzzers call: the readers of text that others write, each with what must hold whatever it reads.

use std::time::SystemTime;

use http::{HeaderMap, HeaderName, HeaderValue, header::RETRY_AFTER};
use zeroize::Zeroizing;

pub use crate::auth::fuzz::{certificate, challenge};
use crate::{
    classify,
    identifier::{SecretId, SecretName, check_version},
    model::{DeletedSecret, Secret, SecretProperties},
    operations,
    page::Page,
    retry,
    transport::Response,
    vault_url::VaultUrl,
    wire::FromWire,
};

/// Reads how long a server asks to wait.
pub fn delay(header: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(header) else { return };
    for name in [RETRY_AFTER, HeaderName::from_static("retry-after-ms")] {
        let headers = HeaderMap::from_iter([(name, value.clone())]);
        retry::server_delay(&headers, SystemTime::UNIX_EPOCH);
    }
}

/// Reads a vault's URL, a page's link, an identifier, a name and a version.
pub fn address(text: &str) {
    if let Ok(vault) = VaultUrl::parse(text, true) {
        let within = vault.resource(&["secrets"]);
        assert!(
            within.as_str().starts_with(vault.as_str())
                && vault.page_link(within.as_str(), &["secrets"]).is_some()
        );
        assert!(vault.is_https() || vault.as_str().starts_with("http://"));
    }
    if let Ok(vault) = VaultUrl::parse("https://kv.vault.azure.net", false)
        && let Some(link) = vault.page_link(text, &["secrets"])
    {
        assert!(link.as_str().starts_with("https://kv.vault.azure.net/"));
    }
    if let Ok(id) = SecretId::parse(text) {
        let shown = format!("{}/secrets/{}/{}", id.vault_url(), id.name(), id.version().unwrap_or_default());
        let again = SecretId::parse(&shown).ok();
        let parts = |id: &SecretId| {
            (id.vault_url().to_owned(), id.name().to_owned(), id.version().map(str::to_owned))
        };
        assert_eq!(again.as_ref().map(parts), Some(parts(&id)));
    }
    let is_segment = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    assert!(SecretName::new(text).is_err() || is_segment(text));
    assert!(check_version(Some(text)).is_err() || is_segment(text));
}

/// Reads a vault's answer as everything that it can be.
pub fn answer(body: &[u8]) {
    let secret = Secret::from_wire(body);
    assert!(secret.is_err() || SecretProperties::from_wire(body).is_ok());
    let _ = (DeletedSecret::from_wire(body), Vec::<u8>::from_wire(body));
    let _ = (Page::<SecretProperties>::from_wire(body), Page::<DeletedSecret>::from_wire(body));
    for status in [401, 403, 409, 429, 500] {
        let mut answer = Response::new(Zeroizing::new(body.to_vec()));
        *answer.status_mut() = status.try_into().unwrap_or_default();
        let refused = classify::refusal(&operations::SET_SECRET, &answer);
        assert!(refused.status() == Some(status) && !refused.message().is_empty());
    }
}

/// Reads what a token says of itself.
pub fn claims(token: &[u8]) {
    let _ = HeaderValue::from_bytes(token).ok().as_ref().and_then(operations::claims);
}
