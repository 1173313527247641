//! The Python extension module of libkv. Users read `python/libkv/_libkv.pyi`; what they import is in `python/libkv`.

#[macro_use]
mod doc;

mod argument;
mod azure_core;
#[allow(unsafe_code, reason = "a call that can unwind, which PyO3 has no way to make")]
mod callout;
mod client;
mod coroutine;
mod credential;
mod diagnosis;
mod drive;
mod error;
mod identifier;
#[allow(unsafe_code, reason = "PyO3 does not tell which interpreter a thread is attached to")]
mod interpreter;
mod keyword;
mod lock;
mod log;
mod mailbox;
mod model;
mod module;
mod operations;
mod option;
mod output;
mod paging;
mod poller;
mod results;
mod span;
mod stats;
mod token_source;
mod wait;

/// The native half of the package `libkv`.
#[pyo3::pymodule(gil_used = false)]
mod _libkv {
    use pyo3::{prelude::*, types::PyTuple};

    use crate::{client::CoreClient, interpreter, log};

    #[pymodule_export]
    use crate::{
        client::SecretClient,
        credential::CoreCredential,
        diagnosis::DiagnosisStep,
        identifier::KeyVaultSecretIdentifier,
        model::{DeletedSecret, KeyVaultSecret, SecretProperties, SecretVersion},
        poller::AsyncLROPoller,
        results::{AsyncSecretResults, SecretResult, SecretResults},
        stats::Stats,
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        interpreter::claim(module.py())?;
        let kinds = libkv::ErrorKind::ALL.iter().map(|kind| kind.name());
        module.add("ERROR_KINDS", PyTuple::new(module.py(), kinds)?)?;
        module.add("OPTIONS", PyTuple::new(module.py(), libkv::OPTIONS.iter().map(|option| option.key))?)?;
        // Private names, which `add` would export.
        module.setattr("_CoreClient", module.py().get_type::<CoreClient>())?;
        module.setattr("_flush_log", wrap_pyfunction!(log::flush, module)?)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
