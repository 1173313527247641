use pyo3::{prelude::*, types::PyDict};

use crate::{
    argument::{Keep, Name, Version},
    client::{Answer, CoreClient},
};

#[pymethods]
impl CoreClient {
    #[doc = doc!("SecretClient.get_secret_history")]
    #[pyo3(
        signature = (name, **keywords),
        text_signature = "($self, /, name, *, timeout=None)"
    )]
    fn get_secret_history(&self, py: Python<'_>, name: Name, keywords: Option<&Bound<'_, PyDict>>) -> Answer {
        self.call(py, self.client(py)?.get_secret_history(name), keywords)
    }

    #[doc = doc!("SecretClient.rollback_secret")]
    #[pyo3(
        signature = (name, version, **keywords),
        text_signature = "($self, /, name, version, *, timeout=None)"
    )]
    fn rollback_secret(
        &self,
        py: Python<'_>,
        name: Name,
        version: Version,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        self.call(py, self.client(py)?.rollback_secret(name, version), keywords)
    }

    #[doc = doc!("SecretClient.prune_secret_versions")]
    #[pyo3(
        signature = (name, *, keep, **keywords),
        text_signature = "($self, /, name, *, keep, timeout=None)"
    )]
    fn prune_secret_versions(
        &self,
        py: Python<'_>,
        name: Name,
        keep: Keep,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        self.call(py, self.client(py)?.prune_secret_versions(name, keep.into()), keywords)
    }
}
