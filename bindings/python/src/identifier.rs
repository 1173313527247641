use std::hash::{Hash, Hasher};

use libkv::SecretId;
use pyo3::prelude::*;

use crate::{argument::SourceId, error::to_exception};

#[doc = doc!("KeyVaultSecretIdentifier")]
#[pyclass(frozen, eq, hash, module = "libkv")]
#[derive(PartialEq)]
pub(crate) struct KeyVaultSecretIdentifier(SecretId);

impl Hash for KeyVaultSecretIdentifier {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.source_id().hash(state);
    }
}

#[pymethods]
impl KeyVaultSecretIdentifier {
    #[new]
    fn new(py: Python<'_>, source_id: SourceId) -> PyResult<Self> {
        SecretId::parse(source_id).map(Self).map_err(|error| to_exception(py, &error))
    }

    #[getter]
    fn source_id(&self) -> &str {
        self.0.source_id()
    }

    #[getter]
    fn vault_url(&self) -> &str {
        self.0.vault_url()
    }

    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    #[getter]
    fn version(&self) -> Option<&str> {
        self.0.version()
    }

    fn __repr__(&self) -> String {
        format!("<KeyVaultSecretIdentifier [{}]>", self.source_id())
    }
}
