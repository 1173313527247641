//! A vault of its own for every test, and an official client of it.

use std::{
    collections::HashMap,
    env,
    sync::atomic::{AtomicU32, Ordering},
};

use azure_core::{
    Result,
    credentials::Secret as ClientSecret,
    error::{ErrorKind, ErrorResponse},
    http::{ClientOptions, Method, Pager, Request, RetryOptions, Url, new_http_client, pager::Page},
};
use azure_identity::ClientSecretCredential;
use azure_security_keyvault_secrets::{
    ResourceExt, SecretClient, SecretClientOptions,
    models::{
        Secret, SecretClientGetSecretOptions, SecretClientListSecretPropertiesVersionsOptions,
        SecretClientUpdateSecretPropertiesOptions, SetSecretParameters, UpdateSecretPropertiesParameters,
    },
};
use futures::TryStreamExt;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

static VAULTS: AtomicU32 = AtomicU32::new(1);

pub struct Vault {
    pub url: String,
    pub client: SecretClient,
    control: String,
}

/// Status, code and inner code of a refusal.
pub type Refusal = (u16, String, Option<String>);

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set; run tests/interop/run.py rust"))
}

impl Vault {
    /// Makes a vault with the control interface's settings.
    pub async fn new(given: Value) -> Self {
        Self::with_secret(given, &variable("AZURE_CLIENT_SECRET")).await
    }

    /// Makes a vault whose client asks for its tokens with this client secret.
    pub async fn with_secret(given: Value, secret: &str) -> Self {
        let name = format!("rust-{}", VAULTS.fetch_add(1, Ordering::Relaxed));
        let url = variable("INTEROP_VAULT_URL").replace("default", &name);
        let control = format!("{}/vaults/{name}", variable("INTEROP_CONTROL_URL"));
        let (tenant, client_id) = (variable("AZURE_TENANT_ID"), variable("AZURE_CLIENT_ID"));
        let secret = ClientSecret::new(secret.to_owned());
        let credential = ClientSecretCredential::new(&tenant, client_id, secret, None).unwrap();
        let client_options = ClientOptions { retry: RetryOptions::none(), ..Default::default() };
        let options = SecretClientOptions { client_options, ..Default::default() };
        let vault =
            Self { client: SecretClient::new(&url, credential, Some(options)).unwrap(), url, control };
        vault.control(Method::Put, "", Some(given)).await;
        vault
    }

    /// Counts the requests that the vault has seen, by operation.
    pub async fn requests(&self) -> Value {
        self.control(Method::Get, "/requests", None).await["counts"].take()
    }

    async fn control(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let mut request = Request::new(format!("{}{path}", self.control).parse::<Url>().unwrap(), method);
        if let Some(body) = body {
            request.set_body(body.to_string());
        }
        let answer = new_http_client(None).execute_request(&request).await.unwrap();
        let answer = answer.try_into_raw_response().await.unwrap();
        serde_json::from_slice(answer.body()).unwrap()
    }

    pub async fn set(&self, name: &str, parameters: SetSecretParameters) -> Result<Secret> {
        self.client.set_secret(name, parameters.try_into()?, None).await?.into_model()
    }

    /// Sets a value alone and returns the version.
    pub async fn set_value(&self, name: &str, value: &str) -> String {
        version(&self.set(name, valued(value)).await.unwrap())
    }

    pub async fn get(&self, name: &str, version: Option<&str>) -> Result<Secret> {
        let secret_version = version.map(str::to_owned);
        let options = SecretClientGetSecretOptions { secret_version, ..Default::default() };
        self.client.get_secret(name, Some(options)).await?.into_model()
    }

    /// Reads a value that must be there.
    pub async fn value(&self, name: &str, version: Option<&str>) -> String {
        self.get(name, version).await.unwrap().value.unwrap()
    }

    pub async fn update(
        &self,
        name: &str,
        version: Option<&str>,
        parameters: UpdateSecretPropertiesParameters,
    ) -> Result<Secret> {
        let secret_version = version.map(str::to_owned);
        let options = SecretClientUpdateSecretPropertiesOptions { secret_version, ..Default::default() };
        self.client.update_secret_properties(name, parameters.try_into()?, Some(options)).await?.into_model()
    }

    /// Lists the versions of a name, page by page.
    pub async fn versions(&self, name: &str, maxresults: Option<i32>) -> Vec<Vec<String>> {
        let options = SecretClientListSecretPropertiesVersionsOptions { maxresults, ..Default::default() };
        let pager = self.client.list_secret_properties_versions(name, Some(options));
        pages(pager, |page| page.value.into_iter().map(|row| row.id).collect()).await
    }
}

/// Reads a list page by page; returns what each row's id ends with.
pub async fn pages<P>(pager: Result<Pager<P>>, ids: impl Fn(P) -> Vec<Option<String>>) -> Vec<Vec<String>>
where
    P: Page + DeserializeOwned + Send + 'static,
{
    let end = |id: Option<String>| id.unwrap().rsplit('/').next().unwrap().to_owned();
    let pages: Vec<_> = pager.unwrap().into_pages().try_collect().await.unwrap();
    pages.into_iter().map(|page| ids(page.into_model().unwrap()).into_iter().map(end).collect()).collect()
}

/// Parameters that hold a value alone.
pub fn valued(value: &str) -> SetSecretParameters {
    SetSecretParameters { value: Some(value.to_owned()), ..Default::default() }
}

pub fn tags<const N: usize>(pairs: [(&str, &str); N]) -> Option<HashMap<String, String>> {
    Some(pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).into())
}

pub fn version(secret: &Secret) -> String {
    secret.resource_id().unwrap().version.unwrap()
}

/// Returns what the client's error says of a call that the vault must refuse.
pub fn refusal<T>(result: Result<T>) -> Refusal {
    let error = result.err().expect("the vault did not refuse");
    let ErrorKind::HttpResponse { status, .. } = error.kind() else { panic!("{error:?}") };
    let status = u16::from(*status);
    // The kind's own code is the status where the text holds a quote or a line break.
    let detail = ErrorResponse::try_from(error).unwrap().error.unwrap();
    (status, detail.code.unwrap(), detail.inner_error.and_then(|inner| inner.code))
}

pub fn refused(status: u16, code: &str, inner: Option<&str>) -> Refusal {
    (status, code.to_owned(), inner.map(str::to_owned))
}

/// A vault with these secrets.
pub async fn holding(secrets: Value) -> Vault {
    Vault::new(json!({ "secrets": secrets })).await
}
