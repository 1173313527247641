use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyString},
};

static MODULES: PyOnceLock<Py<PyDict>> = PyOnceLock::new();

/// Tells whether the program has imported a module, which libkv itself does not import for it.
pub(crate) fn is_imported(py: Python<'_>, name: &Bound<'_, PyString>) -> bool {
    let modules = MODULES.get_or_try_init(py, || {
        Ok::<_, PyErr>(py.import("sys")?.getattr("modules")?.cast_into::<PyDict>()?.unbind())
    });
    modules.and_then(|modules| modules.bind(py).contains(name)).unwrap_or(false)
}
