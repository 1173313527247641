//! The applications that are registered, and how each proves that it is who it says.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::Deserialize;
use webpki::EndEntityCert;

use crate::auth::assertion::{self, Occasion};
use crate::auth::jwk::JwkSet;
use crate::auth::token_endpoint::Refused;

/// The one client secret that an application which is not registered cannot have.
const WRONG_SECRET: &str = "wrong";

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
    client_secrets: Vec<String>,
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

/// What an application proves itself with.
pub(crate) enum Proof<'a> {
    Secret(&'a str),
    Assertion(&'a str),
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

    /// Checks the proof of an application. One that is not registered may bring any but the secret `wrong`.
    pub fn check(&self, client_id: &str, proof: &Proof<'_>, occasion: &Occasion<'_>) -> Result<(), Refused> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let registered = all.get(&client_id.to_ascii_lowercase()).cloned();
        drop(all);
        let good_secret = match (&registered, proof) {
            (None, Proof::Secret(secret)) => *secret != WRONG_SECRET,
            (None, Proof::Assertion(_)) => true,
            (Some(application), Proof::Secret(secret)) => {
                application.client_secrets.iter().any(|known| known == secret)
            }
            (Some(application), Proof::Assertion(text)) => {
                return assertion::check(application, client_id, text, occasion);
            }
        };
        if good_secret {
            Ok(())
        } else {
            Err(Refused::invalid_client(7_000_215, "Invalid client secret provided."))
        }
    }
}
