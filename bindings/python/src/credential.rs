use libkv::{ClientOptions, SecretValue};
use pyo3::prelude::*;

use crate::argument::{Authority, ClientId, ClientSecret, TenantId, Token, wrong_type};

/// A bearer token from elsewhere, used as it is until the vault refuses it.
#[pyclass(frozen, module = "libkv")]
pub(crate) struct StaticTokenCredential {
    token: SecretValue,
}

#[pymethods]
impl StaticTokenCredential {
    #[new]
    fn new(token: Token) -> Self {
        Self { token: token.into() }
    }

    fn __repr__(&self) -> &'static str {
        "<StaticTokenCredential>"
    }
}

/// A service principal that authenticates with a client secret.
#[pyclass(frozen, module = "libkv")]
pub(crate) struct ClientSecretCredential {
    tenant_id: String,
    client_id: String,
    client_secret: SecretValue,
    authority: Option<String>,
}

#[pymethods]
impl ClientSecretCredential {
    #[new]
    #[pyo3(signature = (tenant_id, client_id, client_secret, *, authority=None))]
    fn new(
        tenant_id: TenantId,
        client_id: ClientId,
        client_secret: ClientSecret,
        authority: Option<Authority>,
    ) -> Self {
        Self {
            tenant_id: tenant_id.into(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            authority: authority.map(String::from),
        }
    }

    fn __repr__(&self) -> String {
        format!("<ClientSecretCredential [{}]>", self.client_id)
    }
}

/// Turns a credential into the options that stand for it.
pub(crate) fn add(options: ClientOptions, credential: &Bound<'_, PyAny>) -> PyResult<ClientOptions> {
    if let Ok(credential) = credential.cast::<StaticTokenCredential>() {
        let options = options.set("credential", "static_token");
        return Ok(options.set("credential.token", credential.get().token.expose()));
    }
    let Ok(credential) = credential.cast::<ClientSecretCredential>() else {
        let expected = "a libkv.StaticTokenCredential or a libkv.ClientSecretCredential";
        return Err(wrong_type("credential", expected, credential));
    };
    let credential = credential.get();
    let options = options
        .set("credential", "client_secret")
        .set("credential.tenant_id", &credential.tenant_id)
        .set("credential.client_id", &credential.client_id)
        .set("credential.client_secret", credential.client_secret.expose());
    Ok(match &credential.authority {
        Some(authority) if authority.contains("://") => options.set("credential.authority_host", authority),
        // azure-identity takes a bare host, and means https.
        Some(host) => options.set("credential.authority_host", format!("https://{host}")),
        None => options,
    })
}
