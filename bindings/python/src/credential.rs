//! Where tokens come from: a credential of libkv's own, which is a name for client options, or an object of Python's.

use std::sync::Arc;

use libkv::ClientOptions;
use pyo3::{
    intern,
    prelude::*,
    types::{PyDict, PyType},
};

use crate::{
    argument::{text, wrong_type},
    drive::Drive,
    token_source::PythonCredential,
};

#[doc = doc!("CoreCredential")]
#[pyclass(frozen, subclass, module = "libkv._libkv")]
pub(crate) struct CoreCredential {
    options: ClientOptions,
}

#[pymethods]
impl CoreCredential {
    #[new]
    #[pyo3(signature = (kind, /, **arguments))]
    fn new(kind: &str, arguments: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut options = ClientOptions::new().set("credential", kind);
        for (name, value) in arguments.into_iter().flatten() {
            let name = text("credential: a name", &name)?;
            let mut value = text(&name, &value)?;
            // azure-identity takes a bare host, and means https.
            if name == "authority" && !value.contains("://") {
                value.insert_str(0, "https://");
            }
            options = options.set(format!("credential.{}", core_name(&name)), value);
        }
        Ok(Self { options })
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        Ok(format!("<{}>", slf.get_type().name()?))
    }
}

/// Returns what the core calls an argument of azure-identity's.
fn core_name(name: &str) -> &str {
    match name {
        "authority" => "authority_host",
        "managed_identity_client_id" => "client_id",
        "token_file_path" => "federated_token_file",
        same => same,
    }
}

/// Returns the options that stand for a credential, before any other.
pub(crate) fn options(credential: &Bound<'_, PyAny>, drive: &Drive) -> PyResult<ClientOptions> {
    if let Ok(credential) = credential.cast::<CoreCredential>() {
        return Ok(credential.get().options.clone());
    }
    let py = credential.py();
    let is_asked =
        credential.hasattr(intern!(py, "get_token_info"))? || credential.hasattr(intern!(py, "get_token"))?;
    if is_asked && !credential.is_instance_of::<PyType>() {
        return Ok(ClientOptions::new().token_source(Arc::new(PythonCredential::new(credential, drive))));
    }
    Err(wrong_type(
        "credential",
        "a credential of libkv or an object with get_token or get_token_info",
        credential,
    ))
}
