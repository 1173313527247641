use pyo3::{prelude::*, types::PyDict};

use crate::{
    argument::{Backup, Name},
    client::{Answer, CoreClient},
};

#[pymethods]
impl CoreClient {
    #[doc = doc!("SecretClient.backup_secret")]
    #[pyo3(
        signature = (name, **keywords),
        text_signature = "($self, /, name, *, timeout=None)"
    )]
    fn backup_secret(&self, py: Python<'_>, name: Name, keywords: Option<&Bound<'_, PyDict>>) -> Answer {
        self.call(py, self.client(py)?.backup_secret(name), keywords)
    }

    #[doc = doc!("SecretClient.restore_secret_backup")]
    #[pyo3(
        signature = (backup, **keywords),
        text_signature = "($self, /, backup, *, timeout=None)"
    )]
    fn restore_secret_backup(
        &self,
        py: Python<'_>,
        backup: Backup,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        self.call(py, self.client(py)?.restore_secret_backup(backup), keywords)
    }
}
