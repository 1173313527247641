//! What operations give, as Python objects.

use libkv::Page;
use pyo3::{
    prelude::*,
    types::{PyBool, PyBytes},
};

use crate::{
    diagnosis::DiagnosisStep,
    model::{DeletedSecret, KeyVaultSecret, SecretProperties, SecretVersion},
};

pub(crate) trait ToPython {
    fn to_python(self, py: Python<'_>) -> PyResult<Py<PyAny>>;
}

impl ToPython for () {
    fn to_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(py.None())
    }
}

impl ToPython for bool {
    fn to_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(PyBool::new(py, self).to_owned().into_any().unbind())
    }
}

impl ToPython for Vec<u8> {
    fn to_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(PyBytes::new(py, &self).into_any().unbind())
    }
}

impl ToPython for libkv::Secret {
    fn to_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(Py::new(py, KeyVaultSecret::read(py, self)?)?.into_any())
    }
}

impl ToPython for libkv::SecretProperties {
    fn to_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(Py::new(py, SecretProperties::from(self))?.into_any())
    }
}

impl ToPython for libkv::SecretVersion {
    fn to_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(Py::new(py, SecretVersion::read(py, self)?)?.into_any())
    }
}

impl ToPython for libkv::DeletedSecret {
    fn to_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(Py::new(py, DeletedSecret::read(py, self)?)?.into_any())
    }
}

impl ToPython for libkv::DiagnosisStep {
    fn to_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(Py::new(py, DiagnosisStep::from(self))?.into_any())
    }
}

impl<T: ToPython> ToPython for Option<T> {
    fn to_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.map_or_else(|| Ok(py.None()), |found| found.to_python(py))
    }
}

impl<T: ToPython> ToPython for Vec<T> {
    fn to_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let items: Vec<_> = self.into_iter().map(|item| item.to_python(py)).collect::<PyResult<_>>()?;
        Ok(items.into_pyobject(py)?.unbind())
    }
}

impl<T: ToPython> ToPython for Page<T> {
    fn to_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let items = self.items.to_python(py)?;
        Ok((items, self.continuation_token).into_pyobject(py)?.into_any().unbind())
    }
}
