use pyo3::{prelude::*, types::PyDict};

use crate::{
    argument::{Name, Wait},
    client::{Answer, CoreClient},
};

#[pymethods]
impl CoreClient {
    #[doc = doc!("SecretClient.begin_delete_secret")]
    #[pyo3(
        signature = (name, **keywords),
        text_signature = "($self, /, name, *, polling_interval=None, continuation_token=None, timeout=None)"
    )]
    fn begin_delete_secret(
        &self,
        py: Python<'_>,
        name: Name,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        self.begin(py, self.client(py)?.begin_delete_secret(name), keywords)
    }

    #[doc = doc!("SecretClient.get_deleted_secret")]
    #[pyo3(
        signature = (name, **keywords),
        text_signature = "($self, /, name, *, timeout=None)"
    )]
    fn get_deleted_secret(&self, py: Python<'_>, name: Name, keywords: Option<&Bound<'_, PyDict>>) -> Answer {
        self.call(py, self.client(py)?.get_deleted_secret(name), keywords)
    }

    #[doc = doc!("SecretClient.begin_recover_deleted_secret")]
    #[pyo3(
        signature = (name, **keywords),
        text_signature = "($self, /, name, *, polling_interval=None, continuation_token=None, timeout=None)"
    )]
    fn begin_recover_deleted_secret(
        &self,
        py: Python<'_>,
        name: Name,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        self.begin(py, self.client(py)?.begin_recover_deleted_secret(name), keywords)
    }

    #[doc = doc!("SecretClient.purge_deleted_secret")]
    #[pyo3(
        signature = (name, *, wait=None, **keywords),
        text_signature = "($self, /, name, *, wait=None, timeout=None)"
    )]
    fn purge_deleted_secret(
        &self,
        py: Python<'_>,
        name: Name,
        wait: Option<Wait>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        let request = self.client(py)?.purge_deleted_secret(name).wait(wait.map(bool::from));
        self.call(py, request, keywords)
    }
}
