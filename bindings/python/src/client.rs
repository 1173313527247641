use std::sync::Arc;

use libkv::ClientOptions;
use libkv_bridge::Session;
use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};

use crate::{
    argument::{
        Backup, Keep, MaxPageSize, Name, Names, OnProgress, Timeout, Value, Values, VaultUrl, Version, Wait,
    },
    credential,
    error::to_exception,
    keyword::Keywords,
    option,
    paging::item_paged,
    results::SecretResults,
    stats::Stats,
    wait::wait,
};

/// The Python object that a call gives, or its exception.
type Answer = PyResult<Py<PyAny>>;

/// A client of one vault's secrets.
#[pyclass(frozen, module = "libkv")]
pub(crate) struct SecretClient {
    session: Arc<Session>,
    vault_url: String,
}

impl SecretClient {
    fn client(&self, py: Python<'_>) -> PyResult<&libkv::SecretClient> {
        self.session.client().map_err(|error| to_exception(py, &error))
    }
}

#[pymethods]
impl SecretClient {
    #[new]
    #[pyo3(signature = (vault_url, credential=None, *, options=None, **keywords))]
    fn new(
        py: Python<'_>,
        vault_url: VaultUrl,
        credential: Option<&Bound<'_, PyAny>>,
        options: Option<&Bound<'_, PyAny>>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let pairs = credential.map_or_else(|| Ok(ClientOptions::new()), credential::options)?;
        let mut pairs = option::add_environment(pairs);
        for keywords in options.into_iter().chain(keywords.map(Bound::as_any)) {
            pairs = option::add(pairs, keywords)?;
        }
        let open = || {
            let session = Session::new(&String::from(vault_url), pairs)?;
            let vault_url = session.client()?.vault_url().to_owned();
            Ok(Self { session: Arc::new(session), vault_url })
        };
        open().map_err(|error| to_exception(py, &error))
    }

    /// Makes a new version of a secret, and the secret if there is none.
    #[pyo3(
        signature = (name, value, *, timeout=None, **keywords),
        text_signature = "($self, /, name, value, *, enabled=None, tags=None, content_type=None, not_before=None, expires_on=None, on_conflict=None, if_changed=None, if_absent=None, timeout=None)"
    )]
    fn set_secret(
        &self,
        py: Python<'_>,
        name: Name,
        value: Value,
        timeout: Option<Timeout>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        let keywords = Keywords::new(keywords);
        let request = keywords.set(self.client(py)?.set_secret(name, value))?;
        keywords.end()?;
        wait(py, request, timeout)
    }

    /// Makes a new version of each of many secrets.
    #[pyo3(
        signature = (values, *, on_progress=None, timeout=None, **keywords),
        text_signature = "($self, /, values, *, enabled=None, tags=None, content_type=None, not_before=None, expires_on=None, on_conflict=None, if_changed=None, if_absent=None, concurrency=None, on_progress=None, timeout=None)"
    )]
    fn set_secrets(
        &self,
        py: Python<'_>,
        values: Values,
        on_progress: Option<OnProgress>,
        timeout: Option<Timeout>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<SecretResults> {
        let keywords = Keywords::new(keywords);
        let request = keywords.set(self.client(py)?.set_secrets(Vec::from(values)))?;
        let request = keywords.many(request)?;
        keywords.end()?;
        SecretResults::begin(py, request, on_progress, timeout)
    }

    /// Reads a secret: the newest version, or the one named.
    #[pyo3(signature = (name, version=None, *, timeout=None))]
    fn get_secret(
        &self,
        py: Python<'_>,
        name: Name,
        version: Option<Version>,
        timeout: Option<Timeout>,
    ) -> Answer {
        wait(py, self.client(py)?.get_secret(name).version(version), timeout)
    }

    /// Reads a secret as `get_secret` does, but gives `None` where there is none.
    #[pyo3(signature = (name, version=None, *, timeout=None))]
    fn try_get_secret(
        &self,
        py: Python<'_>,
        name: Name,
        version: Option<Version>,
        timeout: Option<Timeout>,
    ) -> Answer {
        wait(py, self.client(py)?.try_get_secret(name).version(version), timeout)
    }

    /// Reads many secrets: those named, or those that the vault lists.
    #[pyo3(
        signature = (names=None, *, on_progress=None, timeout=None, **keywords),
        text_signature = "($self, /, names=None, *, prefix=None, tags=None, concurrency=None, on_progress=None, timeout=None)"
    )]
    fn get_secrets(
        &self,
        py: Python<'_>,
        names: Option<Names>,
        on_progress: Option<OnProgress>,
        timeout: Option<Timeout>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<SecretResults> {
        let keywords = Keywords::new(keywords);
        let mut request = keywords.many(keywords.select(self.client(py)?.get_secrets())?)?;
        keywords.end()?;
        if let Some(names) = names {
            request = request.names(Vec::from(names));
        }
        SecretResults::begin(py, request, on_progress, timeout)
    }

    /// Reads a secret's versions without their values, from the newest to the oldest.
    #[pyo3(signature = (name, *, timeout=None))]
    fn get_secret_history(&self, py: Python<'_>, name: Name, timeout: Option<Timeout>) -> Answer {
        wait(py, self.client(py)?.get_secret_history(name), timeout)
    }

    /// Makes a new version with the value of an older one.
    #[pyo3(signature = (name, version, *, timeout=None))]
    fn rollback_secret(
        &self,
        py: Python<'_>,
        name: Name,
        version: Version,
        timeout: Option<Timeout>,
    ) -> Answer {
        wait(py, self.client(py)?.rollback_secret(name, version), timeout)
    }

    /// Disables a secret's enabled versions except the newest.
    #[pyo3(signature = (name, *, keep, timeout=None))]
    fn prune_secret_versions(
        &self,
        py: Python<'_>,
        name: Name,
        keep: Keep,
        timeout: Option<Timeout>,
    ) -> Answer {
        wait(py, self.client(py)?.prune_secret_versions(name, keep.into()), timeout)
    }

    /// Changes the properties of a version, the newest unless one is named.
    #[pyo3(
        signature = (name, version=None, *, timeout=None, **keywords),
        text_signature = "($self, /, name, version=None, *, enabled=None, tags=None, content_type=None, not_before=None, expires_on=None, timeout=None)"
    )]
    fn update_secret_properties(
        &self,
        py: Python<'_>,
        name: Name,
        version: Option<Version>,
        timeout: Option<Timeout>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        let keywords = Keywords::new(keywords);
        let request =
            keywords.properties(self.client(py)?.update_secret_properties(name).version(version))?;
        keywords.end()?;
        wait(py, request, timeout)
    }

    /// Lists the vault's secrets without their values.
    #[pyo3(signature = (*, max_page_size=None, timeout=None))]
    fn list_properties_of_secrets(
        &self,
        py: Python<'_>,
        max_page_size: Option<MaxPageSize>,
        timeout: Option<Timeout>,
    ) -> Answer {
        item_paged(py, &self.session, max_page_size, timeout, |client| client.list_properties_of_secrets())
    }

    /// Lists the versions of a secret without their values.
    #[pyo3(signature = (name, *, max_page_size=None, timeout=None))]
    fn list_properties_of_secret_versions(
        &self,
        py: Python<'_>,
        name: Name,
        max_page_size: Option<MaxPageSize>,
        timeout: Option<Timeout>,
    ) -> Answer {
        let name = String::from(name);
        item_paged(py, &self.session, max_page_size, timeout, move |client| {
            client.list_properties_of_secret_versions(&name)
        })
    }

    /// Deletes a secret with all its versions.
    #[pyo3(signature = (name, *, timeout=None))]
    fn begin_delete_secret(&self, py: Python<'_>, name: Name, timeout: Option<Timeout>) -> Answer {
        wait(py, self.client(py)?.begin_delete_secret(name), timeout)
    }

    /// Reads a deleted secret, without its value.
    #[pyo3(signature = (name, *, timeout=None))]
    fn get_deleted_secret(&self, py: Python<'_>, name: Name, timeout: Option<Timeout>) -> Answer {
        wait(py, self.client(py)?.get_deleted_secret(name), timeout)
    }

    /// Lists the vault's deleted secrets.
    #[pyo3(signature = (*, max_page_size=None, timeout=None))]
    fn list_deleted_secrets(
        &self,
        py: Python<'_>,
        max_page_size: Option<MaxPageSize>,
        timeout: Option<Timeout>,
    ) -> Answer {
        item_paged(py, &self.session, max_page_size, timeout, |client| client.list_deleted_secrets())
    }

    /// Brings a deleted secret back with all its versions.
    #[pyo3(signature = (name, *, timeout=None))]
    fn begin_recover_deleted_secret(&self, py: Python<'_>, name: Name, timeout: Option<Timeout>) -> Answer {
        wait(py, self.client(py)?.begin_recover_deleted_secret(name), timeout)
    }

    /// Removes a deleted secret for good.
    #[pyo3(signature = (name, *, wait=None, timeout=None))]
    fn purge_deleted_secret(
        &self,
        py: Python<'_>,
        name: Name,
        wait: Option<Wait>,
        timeout: Option<Timeout>,
    ) -> Answer {
        let request = self.client(py)?.purge_deleted_secret(name).wait(wait.map(bool::from));
        crate::wait::wait(py, request, timeout)
    }

    /// Backs up a secret with all its versions.
    #[pyo3(signature = (name, *, timeout=None))]
    fn backup_secret(&self, py: Python<'_>, name: Name, timeout: Option<Timeout>) -> Answer {
        wait(py, self.client(py)?.backup_secret(name), timeout)
    }

    /// Restores a backup.
    #[pyo3(signature = (backup, *, timeout=None))]
    fn restore_secret_backup(&self, py: Python<'_>, backup: Backup, timeout: Option<Timeout>) -> Answer {
        wait(py, self.client(py)?.restore_secret_backup(backup), timeout)
    }

    /// Goes the way to the vault step by step, and gives each step with how it went.
    #[pyo3(signature = (*, timeout=None))]
    fn diagnose(&self, py: Python<'_>, timeout: Option<Timeout>) -> Answer {
        wait(py, self.client(py)?.diagnose(), timeout)
    }

    /// The vault's URL, without a trailing slash.
    #[getter]
    fn vault_url(&self) -> &str {
        &self.vault_url
    }

    /// Returns what this client has done so far.
    fn stats(&self, py: Python<'_>) -> PyResult<Stats> {
        Ok(self.client(py)?.stats().into())
    }

    /// Refuses calls from here on; those under way go on.
    fn close(&self) {
        self.session.close();
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyTuple>) {
        self.close();
    }

    fn __repr__(&self) -> String {
        format!("<SecretClient [{}]>", self.vault_url)
    }
}
