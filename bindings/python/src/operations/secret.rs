use pyo3::{prelude::*, types::PyDict};

use crate::{
    argument::{Name, Value, Version},
    client::{Answer, CoreClient},
    keyword::Keywords,
};

#[pymethods]
impl CoreClient {
    #[doc = doc!("SecretClient.set_secret")]
    #[pyo3(
        signature = (name, value, **keywords),
        text_signature = "($self, /, name, value, *, enabled=None, tags=None, content_type=None, not_before=None, expires_on=None, on_conflict=None, if_changed=None, if_absent=None, timeout=None)"
    )]
    fn set_secret(
        &self,
        py: Python<'_>,
        name: Name,
        value: Value,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        let keywords = Keywords::from(keywords);
        let request = keywords.set(self.client(py)?.set_secret(name, value))?;
        self.call(py, request, keywords)
    }

    #[doc = doc!("SecretClient.get_secret")]
    #[pyo3(
        signature = (name, version=None, **keywords),
        text_signature = "($self, /, name, version=None, *, timeout=None)"
    )]
    fn get_secret(
        &self,
        py: Python<'_>,
        name: Name,
        version: Option<Version>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        self.call(py, self.client(py)?.get_secret(name).version(version), keywords)
    }

    #[doc = doc!("SecretClient.try_get_secret")]
    #[pyo3(
        signature = (name, version=None, **keywords),
        text_signature = "($self, /, name, version=None, *, timeout=None)"
    )]
    fn try_get_secret(
        &self,
        py: Python<'_>,
        name: Name,
        version: Option<Version>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        self.call(py, self.client(py)?.try_get_secret(name).version(version), keywords)
    }

    #[doc = doc!("SecretClient.update_secret_properties")]
    #[pyo3(
        signature = (name, version=None, **keywords),
        text_signature = "($self, /, name, version=None, *, enabled=None, tags=None, content_type=None, not_before=None, expires_on=None, timeout=None)"
    )]
    fn update_secret_properties(
        &self,
        py: Python<'_>,
        name: Name,
        version: Option<Version>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        let keywords = Keywords::from(keywords);
        let request =
            keywords.properties(self.client(py)?.update_secret_properties(name).version(version))?;
        self.call(py, request, keywords)
    }
}
