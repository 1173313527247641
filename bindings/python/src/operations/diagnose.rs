use pyo3::{prelude::*, types::PyDict};

use crate::client::{Answer, CoreClient};

#[pymethods]
impl CoreClient {
    #[doc = doc!("SecretClient.diagnose")]
    #[pyo3(
        signature = (**keywords),
        text_signature = "($self, /, *, timeout=None)"
    )]
    fn diagnose(&self, py: Python<'_>, keywords: Option<&Bound<'_, PyDict>>) -> Answer {
        self.call(py, self.client(py)?.diagnose(), keywords)
    }
}
