//! The models under the official client's names: frozen, and without the value in any `repr`.

use std::hash::{Hash, Hasher};

use libkv::{SecretValue, Tags, Timestamp};
use pyo3::{
    prelude::*,
    types::{PyDateTime, PyTzInfo},
};

/// A moment, which Python sees as a datetime in UTC.
#[derive(Clone, Copy, PartialEq, Hash)]
pub(crate) struct Moment(Timestamp);

impl<'py> IntoPyObject<'py> for Moment {
    type Target = PyDateTime;
    type Output = Bound<'py, PyDateTime>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        PyDateTime::from_timestamp(py, self.0.as_unix_seconds() as f64, Some(&PyTzInfo::utc(py)?.to_owned()))
    }
}

/// A secret version without its value.
#[pyclass(frozen, get_all, eq, hash, module = "libkv")]
#[derive(PartialEq, Hash)]
pub(crate) struct SecretProperties {
    id: String,
    name: String,
    version: Option<String>,
    vault_url: String,
    content_type: Option<String>,
    enabled: bool,
    not_before: Option<Moment>,
    expires_on: Option<Moment>,
    created_on: Option<Moment>,
    updated_on: Option<Moment>,
    recoverable_days: Option<i32>,
    recovery_level: Option<String>,
    tags: Tags,
    managed: bool,
    key_id: Option<String>,
    previous_version: Option<String>,
}

impl From<libkv::SecretProperties> for SecretProperties {
    fn from(properties: libkv::SecretProperties) -> Self {
        Self {
            id: properties.id,
            name: properties.name,
            version: properties.version,
            vault_url: properties.vault_url,
            content_type: properties.content_type,
            enabled: properties.enabled,
            not_before: properties.not_before.map(Moment),
            expires_on: properties.expires_on.map(Moment),
            created_on: properties.created_on.map(Moment),
            updated_on: properties.updated_on.map(Moment),
            recoverable_days: properties.recoverable_days,
            recovery_level: properties.recovery_level,
            tags: properties.tags,
            managed: properties.managed,
            key_id: properties.key_id,
            previous_version: properties.previous_version,
        }
    }
}

#[pymethods]
impl SecretProperties {
    fn __repr__(&self) -> String {
        format!("<SecretProperties [{}]>", self.id)
    }
}

/// A secret version with its value.
#[pyclass(frozen, eq, hash, module = "libkv")]
pub(crate) struct KeyVaultSecret {
    #[pyo3(get)]
    properties: Py<SecretProperties>,
    value: SecretValue,
    #[pyo3(get)]
    stale: bool,
}

impl KeyVaultSecret {
    pub(crate) fn new(py: Python<'_>, secret: libkv::Secret) -> PyResult<Self> {
        let libkv::Secret { value, properties, stale, .. } = secret;
        Ok(Self { properties: Py::new(py, SecretProperties::from(properties))?, value, stale })
    }
}

impl PartialEq for KeyVaultSecret {
    fn eq(&self, other: &Self) -> bool {
        self.properties.get() == other.properties.get()
            && self.value == other.value
            && self.stale == other.stale
    }
}

impl Hash for KeyVaultSecret {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.properties.get().hash(state);
    }
}

#[pymethods]
impl KeyVaultSecret {
    #[getter]
    fn name(&self) -> &str {
        &self.properties.get().name
    }

    #[getter]
    fn id(&self) -> &str {
        &self.properties.get().id
    }

    #[getter]
    fn value(&self) -> &str {
        self.value.expose()
    }

    fn __repr__(&self) -> String {
        format!("<KeyVaultSecret [{}]>", self.id())
    }
}

/// A version of a secret, as its history shows it.
#[pyclass(frozen, get_all, eq, hash, module = "libkv")]
pub(crate) struct SecretVersion {
    properties: Py<SecretProperties>,
    current: bool,
}

impl SecretVersion {
    pub(crate) fn new(py: Python<'_>, version: libkv::SecretVersion) -> PyResult<Self> {
        let properties = Py::new(py, SecretProperties::from(version.properties))?;
        Ok(Self { properties, current: version.current })
    }

    fn fields(&self) -> impl PartialEq + Hash {
        (self.properties.get(), self.current)
    }
}

impl PartialEq for SecretVersion {
    fn eq(&self, other: &Self) -> bool {
        self.fields() == other.fields()
    }
}

impl Hash for SecretVersion {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.fields().hash(state);
    }
}

#[pymethods]
impl SecretVersion {
    #[getter]
    fn name(&self) -> &str {
        &self.properties.get().name
    }

    #[getter]
    fn id(&self) -> &str {
        &self.properties.get().id
    }

    #[getter]
    fn version(&self) -> Option<&str> {
        self.properties.get().version.as_deref()
    }

    fn __repr__(&self) -> String {
        format!("<SecretVersion [{}]>", self.id())
    }
}

/// A secret in the soft-deleted state.
#[pyclass(frozen, get_all, eq, hash, module = "libkv")]
pub(crate) struct DeletedSecret {
    properties: Py<SecretProperties>,
    deleted_date: Option<Moment>,
    recovery_id: Option<String>,
    scheduled_purge_date: Option<Moment>,
}

impl DeletedSecret {
    pub(crate) fn new(py: Python<'_>, deleted: libkv::DeletedSecret) -> PyResult<Self> {
        Ok(Self {
            properties: Py::new(py, SecretProperties::from(deleted.properties))?,
            deleted_date: deleted.deleted_date.map(Moment),
            recovery_id: deleted.recovery_id,
            scheduled_purge_date: deleted.scheduled_purge_date.map(Moment),
        })
    }

    fn fields(&self) -> impl PartialEq + Hash {
        (self.properties.get(), self.deleted_date, &self.recovery_id, self.scheduled_purge_date)
    }
}

impl PartialEq for DeletedSecret {
    fn eq(&self, other: &Self) -> bool {
        self.fields() == other.fields()
    }
}

impl Hash for DeletedSecret {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.fields().hash(state);
    }
}

#[pymethods]
impl DeletedSecret {
    #[getter]
    fn name(&self) -> &str {
        &self.properties.get().name
    }

    #[getter]
    fn id(&self) -> &str {
        &self.properties.get().id
    }

    fn __repr__(&self) -> String {
        format!("<DeletedSecret [{}]>", self.id())
    }
}
