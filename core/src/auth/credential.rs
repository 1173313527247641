//! From the `credential` options and the environment to a source of tokens.

#[cfg(test)]
mod tests;

use std::{path::Path, sync::Arc};

use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, AzureDeveloperCliCredential,
    AzureDeveloperCliCredentialOptions, ClientAssertionCredential, ClientAssertionCredentialOptions,
    ClientSecretCredential, ClientSecretCredentialOptions, WorkloadIdentityCredential,
    WorkloadIdentityCredentialOptions,
};
use zeroize::Zeroizing;

use crate::{
    auth::{
        TokenSource, azure,
        certificate::{Assertion, Certificate},
        chain::{Chain, Link, Source},
        cloud,
        managed_identity::ManagedIdentity,
        powershell::PowerShell,
        source::StaticToken,
    },
    environment::Environment,
    error::{Error, Result},
    options::CredentialConfig,
    transport::Transport,
};

const SECRET_ADVICE: &str =
    "check the tenant, the client id and the client secret, and that the secret has not expired";
const CERTIFICATE_ADVICE: &str =
    "check the tenant and the client id, and that the certificate is registered with the application";
const WORKLOAD_ADVICE: &str =
    "check the pod's service account, its federated credential, the tenant and the client id";
const CLI_ADVICE: &str =
    "install the Azure CLI and sign in with `az login`; where more claims are asked for, sign in again";
const DEVELOPER_CLI_ADVICE: &str = "install the Azure Developer CLI and sign in with `azd auth login`";

/// The links of the default chain, in order: their names, what `AZURE_TOKEN_CREDENTIALS` calls them, and whom they are for.
const LINKS: &[(&str, &str, Audience)] = &[
    ("environment", "EnvironmentCredential", Audience::Service),
    ("workload_identity", "WorkloadIdentityCredential", Audience::Service),
    ("managed_identity", "ManagedIdentityCredential", Audience::Service),
    ("azure_cli", "AzureCliCredential", Audience::Developer),
    ("azure_powershell", "AzurePowerShellCredential", Audience::Developer),
    ("azure_developer_cli", "AzureDeveloperCliCredential", Audience::Developer),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Audience {
    Service,
    Developer,
}

/// What sources of tokens are made from.
pub(super) struct Credentials<'a> {
    config: &'a CredentialConfig,
    environment: &'a Environment,
    authority: String,
    transport: Arc<dyn Transport>,
}

impl<'a> Credentials<'a> {
    pub(super) fn new(
        config: &'a CredentialConfig,
        environment: &'a Environment,
        vault_host: &str,
        transport: Arc<dyn Transport>,
    ) -> Result<Self> {
        let configured = given(&config.authority_host).or_else(|| environment.get("AZURE_AUTHORITY_HOST"));
        let authority = cloud::authority(configured, vault_host)?;
        Ok(Self { config, environment, authority, transport })
    }

    /// Makes the source that the options describe.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) that names the option or the variable that is missing or wrong.
    pub(super) fn source(&self) -> Result<Arc<dyn TokenSource>> {
        let config = self.config;
        match config.kind.as_str() {
            "static_token" => {
                self.need("credential.token", given(config.token.expose()), None)?;
                Ok(Arc::new(StaticToken(config.token.clone())))
            }
            "client_secret" => {
                let (tenant, client) = self.application()?;
                let secret = given(config.client_secret.expose());
                self.client_secret(tenant, client, self.need("credential.client_secret", secret, None)?)
            }
            "client_certificate" => {
                let (tenant, client) = self.application()?;
                let file = given(&config.certificate_path);
                let file = self.need("credential.certificate_path", file, None)?;
                self.client_certificate(tenant, client, &file, config.certificate_password.expose())
            }
            "default" => self.chain(),
            name => self.named(name),
        }
    }

    /// Makes a link of the default chain that is chosen on its own.
    fn named(&self, name: &str) -> Result<Arc<dyn TokenSource>> {
        match name {
            "environment" => self.environment_application(),
            "workload_identity" => self.workload_identity(),
            "managed_identity" => Ok(Arc::new(self.managed_identity()?)),
            "azure_powershell" => Ok(Arc::new(PowerShell::new(given(&self.config.tenant_id)))),
            "azure_cli" => self.azure_cli(),
            _ => self.azure_developer_cli(),
        }
    }

    fn chain(&self) -> Result<Arc<dyn TokenSource>> {
        let chosen = chosen(self.environment.get("AZURE_TOKEN_CREDENTIALS").as_deref())?;
        if let [(name, ..)] = chosen[..] {
            return self.named(name);
        }
        let links = chosen.into_iter().map(|(name, _, audience)| {
            let source = match (*name, audience) {
                ("managed_identity", _) => self.managed_identity().map(Source::ManagedIdentity),
                (name, Audience::Service) => self.named(name).map(Source::Service),
                (name, Audience::Developer) => self.named(name).map(Source::Developer),
            };
            let missing = |error: Error| error.message().trim_start_matches("credential: ").to_owned();
            Link { name, source: source.unwrap_or_else(|error| Source::Missing(missing(error))) }
        });
        Ok(Arc::new(Chain::new(links.collect())))
    }

    /// Takes an option's value or a variable's, or says that both are missing.
    fn need(&self, option: &str, value: Option<String>, variable: Option<&str>) -> Result<String> {
        let value = value.or_else(|| variable.and_then(|name| self.environment.get(name)));
        value.ok_or_else(|| match variable {
            Some(variable) => Error::invalid_config(option, format!("is not set, and neither is {variable}")),
            None => Error::invalid_config(option, format!("is required by credential={}", self.config.kind)),
        })
    }

    /// Returns the tenant and the client id that an application's credential is configured with.
    fn application(&self) -> Result<(String, String)> {
        let tenant = self.need("credential.tenant_id", given(&self.config.tenant_id), None)?;
        let client = self.need("credential.client_id", given(&self.config.client_id), None)?;
        Ok((tenant, client))
    }

    /// Makes what the variables describe: an application's secret, or else its certificate.
    fn environment_application(&self) -> Result<Arc<dyn TokenSource>> {
        let need = |name: &str| {
            let missing = || Error::invalid_config("credential", format!("{name} is not set"));
            self.environment.get(name).ok_or_else(missing)
        };
        let (tenant, client) = (need("AZURE_TENANT_ID")?, need("AZURE_CLIENT_ID")?);
        if let Some(secret) = self.environment.get("AZURE_CLIENT_SECRET") {
            return self.client_secret(tenant, client, secret);
        }
        if let Some(file) = self.environment.get("AZURE_CLIENT_CERTIFICATE_PATH") {
            let password = self.environment.get("AZURE_CLIENT_CERTIFICATE_PASSWORD").unwrap_or_default();
            return self.client_certificate(tenant, client, &file, &Zeroizing::new(password));
        }
        let rule = "neither AZURE_CLIENT_SECRET nor AZURE_CLIENT_CERTIFICATE_PATH is set";
        Err(Error::invalid_config("credential", rule))
    }

    fn client_secret(&self, tenant: String, client: String, secret: String) -> Result<Arc<dyn TokenSource>> {
        let (authority, transport) = (self.authority.clone(), self.transport.clone());
        let secret = azure_core::credentials::Secret::new(secret);
        azure::source(SECRET_ADVICE, move |ask| {
            let client_options = ask.client_options(&authority, &transport);
            let options = ClientSecretCredentialOptions { client_options };
            Ok(ClientSecretCredential::new(&tenant, client.clone(), secret.clone(), Some(options))?)
        })
    }

    fn client_certificate(
        &self,
        tenant: String,
        client: String,
        file: &str,
        password: &str,
    ) -> Result<Arc<dyn TokenSource>> {
        let certificate = Arc::new(Certificate::read(Path::new(file), password)?);
        let (authority, transport) = (self.authority.clone(), self.transport.clone());
        azure::source(CERTIFICATE_ADVICE, move |ask| {
            let client_options = ask.client_options(&authority, &transport);
            let assertion = Assertion {
                certificate: certificate.clone(),
                client_id: client.clone(),
                audience: format!("{authority}/{tenant}/oauth2/v2.0/token"),
            };
            let options = ClientAssertionCredentialOptions { client_options };
            let (tenant, client) = (tenant.clone(), client.clone());
            Ok(ClientAssertionCredential::new(tenant, client, assertion, Some(options))?)
        })
    }

    fn workload_identity(&self) -> Result<Arc<dyn TokenSource>> {
        let config = self.config;
        let tenant = self.need("credential.tenant_id", given(&config.tenant_id), Some("AZURE_TENANT_ID"))?;
        let client = self.need("credential.client_id", given(&config.client_id), Some("AZURE_CLIENT_ID"))?;
        let file = given(&config.federated_token_file);
        let file = self.need("credential.federated_token_file", file, Some("AZURE_FEDERATED_TOKEN_FILE"))?;
        let (authority, transport) = (self.authority.clone(), self.transport.clone());
        azure::source(WORKLOAD_ADVICE, move |ask| {
            let client_options = ask.client_options(&authority, &transport);
            Ok(WorkloadIdentityCredential::new(Some(WorkloadIdentityCredentialOptions {
                credential_options: ClientAssertionCredentialOptions { client_options },
                client_id: Some(client.clone()),
                tenant_id: Some(tenant.clone()),
                token_file_path: Some(file.clone().into()),
            }))?)
        })
    }

    fn managed_identity(&self) -> Result<ManagedIdentity> {
        ManagedIdentity::new(self.config, self.environment, self.transport.clone())
    }

    fn azure_cli(&self) -> Result<Arc<dyn TokenSource>> {
        let tenant = given(&self.config.tenant_id);
        azure::source(CLI_ADVICE, move |ask| {
            let tenant_id = tenant.clone().or_else(|| ask.request.tenant_id.clone());
            Ok(AzureCliCredential::new(Some(AzureCliCredentialOptions { tenant_id, ..Default::default() }))?)
        })
    }

    fn azure_developer_cli(&self) -> Result<Arc<dyn TokenSource>> {
        let tenant = given(&self.config.tenant_id);
        azure::source(DEVELOPER_CLI_ADVICE, move |ask| {
            let tenant_id = tenant.clone().or_else(|| ask.request.tenant_id.clone());
            let options = AzureDeveloperCliCredentialOptions { tenant_id, ..Default::default() };
            Ok(AzureDeveloperCliCredential::new(Some(options))?)
        })
    }
}

fn given(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// Returns the links that `AZURE_TOKEN_CREDENTIALS` leaves in the chain.
fn chosen(selection: Option<&str>) -> Result<Vec<&'static (&'static str, &'static str, Audience)>> {
    let wanted = selection.unwrap_or_default().trim().to_ascii_lowercase();
    let is_chosen = |(_, name, audience): &(&str, &str, Audience)| match wanted.as_str() {
        "" => true,
        "dev" => *audience == Audience::Developer,
        "prod" => *audience == Audience::Service,
        _ => name.eq_ignore_ascii_case(&wanted),
    };
    let links: Vec<_> = LINKS.iter().filter(|link| is_chosen(link)).collect();
    if links.is_empty() {
        let names: Vec<_> = LINKS.iter().map(|(_, name, _)| *name).collect();
        let rule = format!("must be dev, prod or one of {}", names.join(", "));
        return Err(Error::invalid_config("AZURE_TOKEN_CREDENTIALS", rule));
    }
    Ok(links)
}
