//! The applications that are registered, with their credentials.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::Deserialize;
use webpki::EndEntityCert;

use crate::auth::jwk::JwkSet;

/// An application as the control endpoint describes it.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Registration {
    client_secrets: Vec<String>,
    /// In PEM.
    certificates: Vec<String>,
    federated_credentials: Vec<FederatedCredential>,
}

/// Whose word is taken for an application.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FederatedCredential {
    pub issuer: String,
    pub subject: String,
    #[serde(default = "token_exchange")]
    pub audience: String,
    /// The issuer's keys; without them no signature is checked.
    #[serde(default)]
    pub keys: Option<JwkSet>,
}

fn token_exchange() -> String {
    "api://AzureADTokenExchange".to_owned()
}

/// A registered application. Has no `Debug`, so that its secrets cannot end up in a log.
pub(crate) struct Application {
    pub client_secrets: Vec<String>,
    pub certificates: Vec<CertificateDer<'static>>,
    pub federated_credentials: Vec<FederatedCredential>,
}

impl TryFrom<Registration> for Application {
    type Error = String;

    fn try_from(registration: Registration) -> Result<Self, Self::Error> {
        let certificates =
            registration.certificates.iter().map(|pem| certificate(pem)).collect::<Option<_>>();
        Ok(Self {
            client_secrets: registration.client_secrets,
            certificates: certificates.ok_or("certificates must be X.509 version 3 in PEM")?,
            federated_credentials: registration.federated_credentials,
        })
    }
}

fn certificate(pem: &str) -> Option<CertificateDer<'static>> {
    let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).ok()?;
    EndEntityCert::try_from(&certificate).is_ok().then_some(certificate)
}

/// All registered applications, by their ids in lower case.
#[derive(Default)]
pub(crate) struct Applications(RwLock<HashMap<String, Arc<Application>>>);

impl Applications {
    pub fn register(&self, client_id: &str, application: Application) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(client_id.to_ascii_lowercase(), Arc::new(application));
    }

    pub fn forget(&self, client_id: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&client_id.to_ascii_lowercase());
    }

    pub fn find(&self, client_id: &str) -> Option<Arc<Application>> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(&client_id.to_ascii_lowercase()).cloned()
    }
}
