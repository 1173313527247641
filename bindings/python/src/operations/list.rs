use pyo3::{prelude::*, types::PyDict};

use crate::{
    argument::{MaxPageSize, Name},
    client::{Answer, CoreClient},
    paging::item_paged,
};

#[pymethods]
impl CoreClient {
    #[doc = doc!("SecretClient.list_properties_of_secrets")]
    #[pyo3(
        signature = (*, max_page_size=None, **keywords),
        text_signature = "($self, /, *, max_page_size=None, timeout=None)"
    )]
    fn list_properties_of_secrets(
        &self,
        py: Python<'_>,
        max_page_size: Option<MaxPageSize>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        item_paged(py, &self.drive, &self.session, max_page_size, keywords, |client| {
            client.list_properties_of_secrets()
        })
    }

    #[doc = doc!("SecretClient.list_properties_of_secret_versions")]
    #[pyo3(
        signature = (name, *, max_page_size=None, **keywords),
        text_signature = "($self, /, name, *, max_page_size=None, timeout=None)"
    )]
    fn list_properties_of_secret_versions(
        &self,
        py: Python<'_>,
        name: Name,
        max_page_size: Option<MaxPageSize>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        let name = String::from(name);
        item_paged(py, &self.drive, &self.session, max_page_size, keywords, move |client| {
            client.list_properties_of_secret_versions(&name)
        })
    }

    #[doc = doc!("SecretClient.list_deleted_secrets")]
    #[pyo3(
        signature = (*, max_page_size=None, **keywords),
        text_signature = "($self, /, *, max_page_size=None, timeout=None)"
    )]
    fn list_deleted_secrets(
        &self,
        py: Python<'_>,
        max_page_size: Option<MaxPageSize>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        item_paged(py, &self.drive, &self.session, max_page_size, keywords, |client| {
            client.list_deleted_secrets()
        })
    }
}
