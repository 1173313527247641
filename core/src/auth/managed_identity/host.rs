//! The kinds of hosts that have managed identities, and how each wants to be asked.

use crate::{environment::Environment, options::CredentialConfig};

/// Where a virtual machine asks, unless `AZURE_POD_IDENTITY_AUTHORITY_HOST` says otherwise.
const IMDS: &str = "http://169.254.169.254";

/// What a program runs on, told by the variables that it sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Host {
    ServiceFabric,
    AppService,
    Arc,
    MachineLearning,
    CloudShell,
    VirtualMachine,
}

/// Which identity of several is meant.
#[derive(Clone, Debug)]
pub(super) enum Which {
    SystemAssigned,
    ClientId(String),
    ObjectId(String),
    ResourceId(String),
}

impl Host {
    pub(super) fn find(environment: &Environment) -> (Self, String) {
        let get = |name| environment.get(name);
        if let Some(endpoint) = get("IDENTITY_ENDPOINT") {
            if get("IDENTITY_HEADER").is_some() {
                let is_fabric = get("IDENTITY_SERVER_THUMBPRINT").is_some();
                return (if is_fabric { Self::ServiceFabric } else { Self::AppService }, endpoint);
            }
            if get("IMDS_ENDPOINT").is_some() {
                return (Self::Arc, endpoint);
            }
        }
        if let Some(endpoint) = get("MSI_ENDPOINT") {
            let is_learning = get("MSI_SECRET").is_some();
            return (if is_learning { Self::MachineLearning } else { Self::CloudShell }, endpoint);
        }
        let base = get("AZURE_POD_IDENTITY_AUTHORITY_HOST").unwrap_or_else(|| IMDS.to_owned());
        let endpoint = format!("{}/metadata/identity/oauth2/token", base.trim_end_matches('/'));
        (Self::VirtualMachine, endpoint)
    }

    pub(super) const fn api_version(self) -> Option<&'static str> {
        match self {
            Self::ServiceFabric => Some("2019-07-01-preview"),
            Self::AppService => Some("2019-08-01"),
            Self::Arc => Some("2020-06-01"),
            Self::MachineLearning => Some("2017-09-01"),
            Self::VirtualMachine => Some("2018-02-01"),
            Self::CloudShell => None,
        }
    }

    pub(super) const fn secret_variable(self) -> Option<&'static str> {
        match self {
            Self::ServiceFabric | Self::AppService => Some("IDENTITY_HEADER"),
            Self::MachineLearning => Some("MSI_SECRET"),
            _ => None,
        }
    }

    pub(super) const fn secret_header(self) -> Option<&'static str> {
        match self {
            Self::ServiceFabric | Self::MachineLearning => Some("secret"),
            Self::AppService => Some("x-identity-header"),
            _ => None,
        }
    }

    pub(super) const fn wants_metadata_header(self) -> bool {
        matches!(self, Self::Arc | Self::CloudShell | Self::VirtualMachine)
    }

    /// Returns how an identity is chosen, nothing for the host's own, or an error where there is no such choice.
    pub(super) fn parameter(self, which: &Which) -> Result<Option<(&'static str, &str)>, ()> {
        match (self, which) {
            (_, Which::SystemAssigned) => Ok(None),
            (Self::AppService | Self::VirtualMachine, Which::ClientId(id)) => Ok(Some(("client_id", id))),
            (Self::AppService | Self::VirtualMachine, Which::ObjectId(id)) => Ok(Some(("object_id", id))),
            (Self::AppService, Which::ResourceId(id)) => Ok(Some(("mi_res_id", id))),
            (Self::VirtualMachine, Which::ResourceId(id)) => Ok(Some(("msi_res_id", id))),
            (Self::MachineLearning, Which::ClientId(id)) => Ok(Some(("clientid", id))),
            _ => Err(()),
        }
    }
}

impl Which {
    pub(super) fn of(config: &CredentialConfig, environment: &Environment) -> Self {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        if let Some(id) = given(&config.object_id) {
            return Self::ObjectId(id);
        }
        if let Some(id) = given(&config.resource_id) {
            return Self::ResourceId(id);
        }
        let client_id = given(&config.client_id).or_else(|| environment.get("AZURE_CLIENT_ID"));
        client_id.map_or(Self::SystemAssigned, Self::ClientId)
    }

    pub(super) const fn option(&self) -> &'static str {
        match self {
            Self::SystemAssigned => "",
            Self::ClientId(_) => "credential.client_id",
            Self::ObjectId(_) => "credential.object_id",
            Self::ResourceId(_) => "credential.resource_id",
        }
    }
}
