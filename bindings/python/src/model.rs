//! The models under the official client's names: frozen, and without the value in any `repr`.

use std::hash::{Hash, Hasher};

use libkv::{SecretId, SecretValue, Tags, Timestamp};
use pyo3::{
    prelude::*,
    types::{PyDateTime, PyDict, PyTzInfo},
};

use crate::{
    argument::{boolean, count, moment, secret, tags, text, wrong_type},
    error::to_exception,
    keyword::Keywords,
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

#[doc = doc!("SecretProperties")]
#[pyclass(frozen, get_all, eq, hash, module = "libkv")]
#[derive(PartialEq, Hash)]
pub(crate) struct SecretProperties {
    id: Option<String>,
    name: Option<String>,
    version: Option<String>,
    vault_url: Option<String>,
    content_type: Option<String>,
    enabled: Option<bool>,
    not_before: Option<Moment>,
    expires_on: Option<Moment>,
    created_on: Option<Moment>,
    updated_on: Option<Moment>,
    recoverable_days: Option<i32>,
    recovery_level: Option<String>,
    tags: Option<Tags>,
    managed: Option<bool>,
    key_id: Option<String>,
    previous_version: Option<String>,
}

impl From<libkv::SecretProperties> for SecretProperties {
    fn from(properties: libkv::SecretProperties) -> Self {
        Self {
            id: Some(properties.id),
            name: Some(properties.name),
            version: properties.version,
            vault_url: Some(properties.vault_url),
            content_type: properties.content_type,
            enabled: Some(properties.enabled),
            not_before: properties.not_before.map(Moment),
            expires_on: properties.expires_on.map(Moment),
            created_on: properties.created_on.map(Moment),
            updated_on: properties.updated_on.map(Moment),
            recoverable_days: properties.recoverable_days,
            recovery_level: properties.recovery_level,
            tags: Some(properties.tags),
            managed: Some(properties.managed),
            key_id: properties.key_id,
            previous_version: properties.previous_version,
        }
    }
}

#[pymethods]
impl SecretProperties {
    #[new]
    #[pyo3(
        signature = (attributes=None, vault_id=None, **keywords),
        text_signature = "(attributes=None, vault_id=None, *, content_type=None, key_id=None, managed=None, previous_version=None, tags=None)"
    )]
    fn by_hand(
        py: Python<'_>,
        attributes: Option<&Bound<'_, PyAny>>,
        vault_id: Option<&Bound<'_, PyAny>>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let id = vault_id
            .map(|id| SecretId::parse(text("vault_id", id)?).map_err(|error| to_exception(py, &error)));
        let id = id.transpose()?;
        let keywords = Keywords::from(keywords);
        let properties = Self {
            id: id.as_ref().map(|id| id.source_id().into()),
            name: id.as_ref().map(|id| id.name().into()),
            version: id.as_ref().and_then(|id| id.version().map(str::to_owned)),
            vault_url: id.as_ref().map(|id| id.vault_url().into()),
            content_type: keywords.take("content_type", text)?,
            enabled: attribute(attributes, "enabled", boolean)?,
            not_before: attribute(attributes, "not_before", moment)?.map(Moment),
            expires_on: attribute(attributes, "expires", moment)?.map(Moment),
            created_on: attribute(attributes, "created", moment)?.map(Moment),
            updated_on: attribute(attributes, "updated", moment)?.map(Moment),
            recoverable_days: attribute(attributes, "recoverable_days", count)?.map(u32::cast_signed),
            recovery_level: attribute(attributes, "recovery_level", text)?,
            tags: keywords.take("tags", tags)?,
            managed: keywords.take("managed", boolean)?,
            key_id: keywords.take("key_id", text)?,
            previous_version: keywords.take("previous_version", text)?,
        };
        keywords.end("this class")?;
        Ok(properties)
    }

    fn __repr__(&self) -> String {
        format!("<SecretProperties [{}]>", shown(self.id.as_deref()))
    }
}

/// Reads a member of what the official client calls a secret's attributes.
fn attribute<T>(
    attributes: Option<&Bound<'_, PyAny>>,
    name: &str,
    read: fn(&str, &Bound<'_, PyAny>) -> PyResult<T>,
) -> PyResult<Option<T>> {
    let member = attributes.map_or(Ok(None), |attributes| attributes.getattr_opt(name))?;
    member.filter(|member| !member.is_none()).map(|member| read(name, &member)).transpose()
}

fn given_properties(object: &Bound<'_, PyAny>) -> PyResult<Py<SecretProperties>> {
    let properties = object.cast::<SecretProperties>();
    Ok(properties.map_err(|_| wrong_type("properties", "a SecretProperties", object))?.clone().unbind())
}

fn given_moment(argument: &str, object: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Moment>> {
    object.map(|object| moment(argument, object).map(Moment)).transpose()
}

/// Writes an identifier, which a model that was made by hand can be without, as Python writes what is not there.
fn shown(id: Option<&str>) -> &str {
    id.unwrap_or("None")
}

#[doc = doc!("KeyVaultSecret")]
#[pyclass(frozen, eq, hash, module = "libkv")]
pub(crate) struct KeyVaultSecret {
    #[pyo3(get)]
    properties: Py<SecretProperties>,
    value: Option<SecretValue>,
    #[pyo3(get)]
    stale: bool,
}

impl KeyVaultSecret {
    pub(crate) fn read(py: Python<'_>, secret: libkv::Secret) -> PyResult<Self> {
        let libkv::Secret { value, properties, stale, .. } = secret;
        Ok(Self { properties: Py::new(py, SecretProperties::from(properties))?, value: Some(value), stale })
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
    #[new]
    fn by_hand(properties: &Bound<'_, PyAny>, value: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let value = value.map(|value| secret("value", value)).transpose()?;
        Ok(Self { properties: given_properties(properties)?, value, stale: false })
    }

    #[getter]
    fn name(&self) -> Option<&str> {
        self.properties.get().name.as_deref()
    }

    #[getter]
    fn id(&self) -> Option<&str> {
        self.properties.get().id.as_deref()
    }

    #[getter]
    fn value(&self) -> Option<&str> {
        self.value.as_ref().map(SecretValue::expose)
    }

    fn __repr__(&self) -> String {
        format!("<KeyVaultSecret [{}]>", shown(self.id()))
    }
}

#[doc = doc!("SecretVersion")]
#[pyclass(frozen, get_all, eq, hash, module = "libkv")]
pub(crate) struct SecretVersion {
    properties: Py<SecretProperties>,
    current: bool,
}

impl SecretVersion {
    pub(crate) fn read(py: Python<'_>, version: libkv::SecretVersion) -> PyResult<Self> {
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
    fn name(&self) -> Option<&str> {
        self.properties.get().name.as_deref()
    }

    #[getter]
    fn id(&self) -> Option<&str> {
        self.properties.get().id.as_deref()
    }

    #[getter]
    fn version(&self) -> Option<&str> {
        self.properties.get().version.as_deref()
    }

    fn __repr__(&self) -> String {
        format!("<SecretVersion [{}]>", shown(self.id()))
    }
}

#[doc = doc!("DeletedSecret")]
#[pyclass(frozen, get_all, eq, hash, module = "libkv")]
pub(crate) struct DeletedSecret {
    properties: Py<SecretProperties>,
    deleted_date: Option<Moment>,
    recovery_id: Option<String>,
    scheduled_purge_date: Option<Moment>,
}

impl DeletedSecret {
    pub(crate) fn read(py: Python<'_>, deleted: libkv::DeletedSecret) -> PyResult<Self> {
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
    #[new]
    #[pyo3(signature = (properties, deleted_date=None, recovery_id=None, scheduled_purge_date=None))]
    fn by_hand(
        properties: &Bound<'_, PyAny>,
        deleted_date: Option<&Bound<'_, PyAny>>,
        recovery_id: Option<&Bound<'_, PyAny>>,
        scheduled_purge_date: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Ok(Self {
            properties: given_properties(properties)?,
            deleted_date: given_moment("deleted_date", deleted_date)?,
            recovery_id: recovery_id.map(|id| text("recovery_id", id)).transpose()?,
            scheduled_purge_date: given_moment("scheduled_purge_date", scheduled_purge_date)?,
        })
    }

    #[getter]
    fn name(&self) -> Option<&str> {
        self.properties.get().name.as_deref()
    }

    #[getter]
    fn id(&self) -> Option<&str> {
        self.properties.get().id.as_deref()
    }

    fn __repr__(&self) -> String {
        format!("<DeletedSecret [{}]>", shown(self.id()))
    }
}
