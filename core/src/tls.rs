//! TLS: rustls with ring, which starts faster and is smaller than its default provider; trust from the operating system.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig,
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;

use crate::error::{Error, Result};

/// Makes a TLS configuration that trusts the operating system's authorities and those in `ca_file`.
pub(crate) fn client_config(ca_file: Option<&Path>) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let broken = |e: rustls::Error| Error::invalid_config("ca_file", e);
    let extra = ca_file.map(read_authorities).transpose()?.unwrap_or_default();
    let verifier = Verifier::new_with_extra_roots(extra, provider.clone()).map_err(broken)?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(broken)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn read_authorities(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let wrong = |rule: String| Error::invalid_config("ca_file", format!("{}: {rule}", file.display()));
    let certificates = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>)
        .map_err(|e| wrong(e.to_string()))?;
    if certificates.is_empty() {
        return Err(wrong("holds no certificate in PEM form".to_owned()));
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ca_file_that_is_not_one_is_named() {
        let missing = client_config(Some(Path::new("/nonexistent/ca.pem"))).unwrap_err();
        assert!(missing.message().starts_with("ca_file: /nonexistent/ca.pem: "), "{missing}");
        let empty = client_config(Some(Path::new("/dev/null"))).unwrap_err();
        assert!(empty.message().contains("no certificate"), "{empty}");
    }
}
