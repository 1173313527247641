//! The certificate authority that the emulator's certificates come from. It is made at each start; its key never
//! leaves memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SigningKey};

/// How many hosts' certificates are kept; more are made anew at each handshake.
const KEPT: usize = 4096;

/// The hosts that every certificate is good for. Verifiers in wide use take no wildcard right under a top-level name,
/// so the one for vaults serves only the others, and the host a client asks for is added.
const HOSTS: [&str; 4] = ["localhost", "*.localhost", "127.0.0.1", "::1"];

/// Says why there is no TLS.
#[derive(Debug)]
pub enum AuthorityError {
    /// A certificate could not be made.
    Certificate(rcgen::Error),
    /// The certificates could not be put to use.
    Tls(rustls::Error),
}

impl fmt::Display for AuthorityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(error) => write!(f, "a certificate could not be made: {error}"),
            Self::Tls(error) => write!(f, "TLS could not be set up: {error}"),
        }
    }
}

impl std::error::Error for AuthorityError {}

impl From<rcgen::Error> for AuthorityError {
    fn from(error: rcgen::Error) -> Self {
        Self::Certificate(error)
    }
}

impl From<rustls::Error> for AuthorityError {
    fn from(error: rustls::Error) -> Self {
        Self::Tls(error)
    }
}

/// An authority and the one server key that all its certificates name.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    server: KeyPair,
    signing: Arc<dyn SigningKey>,
    /// For clients that ask for no host, or for one that no certificate is made for.
    hostless: Arc<CertifiedKey>,
    by_host: RwLock<HashMap<String, Arc<CertifiedKey>>>,
}

impl Authority {
    pub fn new(provider: &CryptoProvider) -> Result<Self, AuthorityError> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "kv-emulator local authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate()?;
        let pem = params.self_signed(&key)?.pem();
        let issuer = Issuer::new(params, key);

        let server = KeyPair::generate()?;
        let der = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(server.serialize_der()));
        let signing = provider.key_provider.load_private_key(der)?;
        let hostless = certify(&issuer, &server, &signing, None)?;
        Ok(Self { issuer, pem, server, signing, hostless, by_host: RwLock::default() })
    }

    /// Returns the authority's certificate in PEM.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Returns the certificate for a host. One that is no vault's gets it too, to be told so by an answer.
    fn certificate(&self, host: &str) -> Option<Arc<CertifiedKey>> {
        if let Some(known) = self.by_host.read().unwrap_or_else(PoisonError::into_inner).get(host) {
            return Some(known.clone());
        }
        let made = certify(&self.issuer, &self.server, &self.signing, Some(host)).ok()?;
        let mut by_host = self.by_host.write().unwrap_or_else(PoisonError::into_inner);
        if by_host.len() < KEPT {
            by_host.insert(host.to_owned(), made.clone());
        }
        Some(made)
    }
}

fn certify(
    issuer: &Issuer<'static, KeyPair>,
    server: &KeyPair,
    signing: &Arc<dyn SigningKey>,
    host: Option<&str>,
) -> Result<Arc<CertifiedKey>, rcgen::Error> {
    let hosts: Vec<String> =
        host.into_iter().filter(|host| !HOSTS.contains(host)).chain(HOSTS).map(str::to_owned).collect();
    let mut params = CertificateParams::new(hosts)?;
    params.distinguished_name.push(DnType::CommonName, "kv-emulator");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    let certificate = params.signed_by(server, issuer)?;
    Ok(Arc::new(CertifiedKey::new(vec![certificate.der().clone()], signing.clone())))
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Authority {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        match hello.server_name() {
            Some(host) if host.ends_with(".localhost") => self.certificate(&host.to_ascii_lowercase()),
            _ => Some(self.hostless.clone()),
        }
    }
}

/// Sets TLS up for HTTP/2 and HTTP/1.1.
pub(crate) fn server_config(
    authority: Arc<Authority>,
    provider: Arc<CryptoProvider>,
) -> Result<ServerConfig, AuthorityError> {
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(authority);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
