//! TLS: rustls with ring, which starts faster and is smaller than its default provider; trust from the operating system.

mod pinned;

use std::{
    collections::BTreeMap,
    env,
    fmt::Display,
    iter,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, Weak},
};

use rustls::{
    ClientConfig, RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_native_certs::load_certs_from_paths;
use rustls_platform_verifier::Verifier;

use self::pinned::Pinned;
use crate::{
    environment::Environment,
    error::{Error, Result},
    lock::lock,
    options::Config,
};

/// What names the authorities: `ca_file`, `SSL_CERT_FILE` and `SSL_CERT_DIR`.
type Trust = (Option<PathBuf>, Option<String>, Option<String>);

/// Verifiers by what they trust. Reading a system's authorities takes milliseconds, so clients that trust the same share one, which goes
/// with the last of them.
#[derive(Debug, Default)]
pub(crate) struct Verifiers(Mutex<BTreeMap<Trust, Weak<dyn ServerCertVerifier>>>);

impl Verifiers {
    fn of(&self, config: &Config, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>> {
        let named = |variable| config.environment.get(variable);
        let trust = (config.ca_file.clone(), named("SSL_CERT_FILE"), named("SSL_CERT_DIR"));
        if let Some(known) = lock(&self.0).get(&trust).and_then(Weak::upgrade) {
            return Ok(known);
        }
        let made = verifier(config, provider)?;
        let mut verifiers = lock(&self.0);
        verifiers.retain(|_, known| known.strong_count() > 0);
        verifiers.insert(trust, Arc::downgrade(&made));
        Ok(made)
    }
}

/// Makes a TLS configuration that trusts the operating system's authorities, or those that the environment names in their place, and
/// those in `ca_file`.
pub(crate) fn client_config(config: &Config) -> Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    with_verifier(config.shared.verifiers.of(config, provider.clone())?, provider)
}

/// Makes a TLS configuration that trusts the one certificate with this SHA-1 thumbprint, in hexadecimal.
pub(crate) fn pinned_config(thumbprint: String) -> Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    with_verifier(Arc::new(Pinned { thumbprint, provider: provider.clone() }), provider)
}

fn with_verifier(
    verifier: Arc<dyn ServerCertVerifier>,
    provider: Arc<CryptoProvider>,
) -> Result<ClientConfig> {
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(broken)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn verifier(config: &Config, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>> {
    let extra = config.ca_file.as_deref().map(read_authorities).transpose()?.unwrap_or_default();
    let Some(mut named) = named_authorities(&config.environment)? else {
        let is_needed = extra.is_empty();
        let verifier = Verifier::new_with_extra_roots(extra, provider).map_err(|e| match is_needed {
            true => broken(format!("is needed where the operating system has no authorities: {e}")),
            false => broken(e),
        })?;
        return Ok(Arc::new(verifier));
    };
    for authority in extra {
        named.add(authority).map_err(broken)?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(named), provider).build();
    Ok(verifier.map_err(broken)?)
}

fn broken(error: impl Display) -> Error {
    Error::invalid_config("ca_file", error)
}

/// Reads the authorities of `SSL_CERT_FILE` and of the folders in `SSL_CERT_DIR`, which only some systems' verifiers look at.
fn named_authorities(environment: &Environment) -> Result<Option<RootCertStore>> {
    let (file, folders) = (environment.get("SSL_CERT_FILE"), environment.get("SSL_CERT_DIR"));
    let Some(name) = file.as_ref().map(|_| "SSL_CERT_FILE").or(folders.as_ref().map(|_| "SSL_CERT_DIR"))
    else {
        return Ok(None);
    };
    let folders: Vec<PathBuf> = folders.iter().flat_map(env::split_paths).collect();
    let file = iter::once(load_certs_from_paths(file.as_deref().map(Path::new), None));
    let mut certificates = Vec::new();
    let mut failure = None;
    for found in file.chain(folders.iter().map(|folder| load_certs_from_paths(None, Some(folder)))) {
        certificates.extend(found.certs);
        failure = failure.or(found.errors.into_iter().next());
    }
    // The file is often a bundle of what the folder holds.
    certificates.sort_unstable_by(|one, other| one.cmp(other));
    certificates.dedup();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates);
    if roots.is_empty() {
        let why = failure.map_or_else(|| "holds no certificate in PEM form".to_owned(), |e| e.to_string());
        return Err(Error::invalid_config(name, why));
    }
    Ok(Some(roots))
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
    use rustls::pki_types::UnixTime;

    use super::*;

    const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tls/authority.pem");

    fn with_ca_file(file: &str) -> Config {
        Config { ca_file: Some(file.into()), ..Config::default() }
    }

    fn named(variables: &[(&str, &str)]) -> Result<Option<usize>> {
        named_authorities(&Environment::of(variables)).map(|roots| roots.map(|roots| roots.len()))
    }

    #[test]
    fn a_ca_file_that_is_not_one_is_named() {
        let missing = client_config(&with_ca_file("/nonexistent/ca.pem")).unwrap_err();
        assert!(missing.message().starts_with("ca_file: /nonexistent/ca.pem: "), "{missing}");
        let empty = client_config(&with_ca_file("/dev/null")).unwrap_err();
        assert!(empty.message().contains("no certificate"), "{empty}");
    }

    #[test]
    fn the_environment_s_authorities_take_the_place_of_the_system_s() {
        let folder = env::temp_dir().join(format!("libkv-authorities-{:x}", fastrand::u64(..)));
        std::fs::create_dir(&folder).unwrap();
        std::fs::copy(AUTHORITY, folder.join("0123abcd.0")).unwrap();
        let folders = env::join_paths([Path::new("/nonexistent"), &folder]).unwrap().into_string().unwrap();
        assert_eq!(named(&[]).unwrap(), None);
        assert_eq!(named(&[("SSL_CERT_FILE", AUTHORITY)]).unwrap(), Some(1));
        assert_eq!(named(&[("SSL_CERT_DIR", &folders)]).unwrap(), Some(1));
        for file in ["/dev/null", AUTHORITY] {
            let both = [("SSL_CERT_FILE", file), ("SSL_CERT_DIR", &folders)];
            assert_eq!(named(&both).unwrap(), Some(1), "{file}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_variable_that_names_no_authority_is_named() {
        for (variable, value) in [
            ("SSL_CERT_FILE", "/nonexistent/ca.pem"),
            ("SSL_CERT_DIR", "/nonexistent"),
            ("SSL_CERT_FILE", "/dev/null"),
        ] {
            let environment = Environment::of(&[(variable, value)]);
            let error = client_config(&Config { environment, ..Config::default() }).unwrap_err();
            assert!(error.message().starts_with(&format!("{variable}: ")), "{error}");
        }
    }

    #[test]
    fn clients_that_trust_the_same_share_a_verifier() {
        let verifiers = Verifiers::default();
        let shared =
            |file: &str| verifiers.of(&with_ca_file(file), Arc::new(ring::default_provider())).unwrap();
        let first = shared(AUTHORITY);
        assert!(Arc::ptr_eq(&first, &shared(AUTHORITY)));
        assert!(!Arc::ptr_eq(&first, &shared(concat!(env!("CARGO_MANIFEST_DIR"), "/src/tls/server.pem"))));
        let gone = Arc::downgrade(&first);
        drop(first);
        assert!(gone.upgrade().is_none());
    }

    #[test]
    fn a_server_is_trusted_by_what_the_environment_or_the_option_names() {
        let other = concat!(env!("CARGO_MANIFEST_DIR"), "/src/auth/certificate/testdata/issuer.pem");
        let is_trusted = |ca_file: Option<&str>, named: &str| {
            let environment = Environment::of(&[("SSL_CERT_FILE", named)]);
            let config = Config { environment, ca_file: ca_file.map(PathBuf::from), ..Config::default() };
            let verifier = verifier(&config, Arc::new(ring::default_provider())).unwrap();
            let server = CertificateDer::from_pem_slice(include_bytes!("tls/server.pem")).unwrap();
            let name = "kv.example".try_into().unwrap();
            verifier.verify_server_cert(&server, &[], &name, &[], UnixTime::now()).is_ok()
        };
        assert!(is_trusted(None, AUTHORITY));
        assert!(is_trusted(Some(AUTHORITY), other));
        assert!(!is_trusted(None, other));
    }
}
