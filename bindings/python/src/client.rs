use std::sync::Arc;

use libkv::{Begin, ClientOptions, Error, ErrorKind, Operation, Request};
use libkv_bridge::Session;
use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};

use crate::{
    argument::{Backup, Keep, MaxPageSize, Name, Names, OnProgress, Value, Values, VaultUrl, Version, Wait},
    coroutine::LatestLoop,
    credential,
    drive::Drive,
    error::to_exception,
    keyword::Keywords,
    option,
    output::ToPython,
    paging::item_paged,
    poller, results,
    stats::Stats,
};

/// The Python object that a call gives, or its exception; of an async client, the coroutine of the call.
type Answer = PyResult<Py<PyAny>>;

/// What the clients of `libkv` and `libkv.aio` derive from: the operations, whichever way their calls are made.
#[pyclass(frozen, subclass, name = "_CoreClient", module = "libkv._libkv")]
pub(crate) struct CoreClient {
    session: Arc<Session>,
    vault_url: String,
    drive: Drive,
}

impl CoreClient {
    fn open(
        py: Python<'_>,
        vault_url: VaultUrl,
        credential: Option<&Bound<'_, PyAny>>,
        options: Option<&Bound<'_, PyAny>>,
        keywords: Option<&Bound<'_, PyDict>>,
        drive: Drive,
    ) -> PyResult<Self> {
        let pairs = credential
            .map_or_else(|| Ok(ClientOptions::new()), |credential| credential::options(credential, &drive))?;
        let mut pairs = option::add_environment(pairs);
        for keywords in options.into_iter().chain(keywords.map(Bound::as_any)) {
            pairs = option::add(pairs, keywords)?;
        }
        let open = || {
            let session = Session::new(&String::from(vault_url), pairs)?;
            let vault_url = session.client()?.vault_url().to_owned();
            Ok(Self { session: Arc::new(session), vault_url, drive })
        };
        open().map_err(|error| to_exception(py, &error))
    }

    fn client(&self, py: Python<'_>) -> PyResult<&libkv::SecretClient> {
        self.session.client().map_err(|error| to_exception(py, &error))
    }

    fn call<'a, 'py: 'a, O>(
        &self,
        py: Python<'py>,
        request: Request<O>,
        keywords: impl Into<Keywords<'a, 'py>>,
    ) -> Answer
    where
        O: Operation<Output: ToPython + 'static>,
    {
        let request = request.timeout(keywords.into().timeout()?);
        self.drive.run(py, Some(request.operation()), request, |py, output| output.to_python(py))
    }

    fn begin<O>(&self, py: Python<'_>, request: Request<O>, keywords: Option<&Bound<'_, PyDict>>) -> Answer
    where
        O: Begin<Begun: ToPython + 'static>,
    {
        let keywords = Keywords::from(keywords);
        let request = keywords.polling(request)?.timeout(keywords.timeout()?);
        let drive = self.drive.clone();
        self.drive
            .run(py, Some(request.operation()), request, move |py, begun| poller::to_python(py, begun, drive))
    }
}

#[pymethods]
impl CoreClient {
    /// Makes a client whose calls are coroutines.
    #[new]
    fn new(
        py: Python<'_>,
        vault_url: VaultUrl,
        credential: Option<&Bound<'_, PyAny>>,
        options: Option<&Bound<'_, PyAny>>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let latest = Arc::new(LatestLoop::default());
        Self::open(py, vault_url, credential, options, keywords, Drive::Await(latest))
    }

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

    #[doc = doc!("SecretClient.set_secrets")]
    #[pyo3(
        signature = (values, *, on_progress=None, **keywords),
        text_signature = "($self, /, values, *, enabled=None, tags=None, content_type=None, not_before=None, expires_on=None, on_conflict=None, if_changed=None, if_absent=None, concurrency=None, on_progress=None, timeout=None)"
    )]
    fn set_secrets(
        &self,
        py: Python<'_>,
        values: Values,
        on_progress: Option<OnProgress>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        let keywords = Keywords::from(keywords);
        let request = keywords.set(self.client(py)?.set_secrets(Vec::from(values)))?;
        let request = keywords.many(request)?;
        results::begin(py, &self.drive, request, on_progress, keywords)
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

    #[doc = doc!("SecretClient.get_secrets")]
    #[pyo3(
        signature = (names=None, *, on_progress=None, **keywords),
        text_signature = "($self, /, names=None, *, prefix=None, tags=None, concurrency=None, on_progress=None, timeout=None)"
    )]
    fn get_secrets(
        &self,
        py: Python<'_>,
        names: Option<Names>,
        on_progress: Option<OnProgress>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        let keywords = Keywords::from(keywords);
        let mut request = keywords.many(keywords.select(self.client(py)?.get_secrets())?)?;
        if let Some(names) = names {
            request = request.names(Vec::from(names));
        }
        results::begin(py, &self.drive, request, on_progress, keywords)
    }

    #[doc = doc!("SecretClient.get_secret_history")]
    #[pyo3(
        signature = (name, **keywords),
        text_signature = "($self, /, name, *, timeout=None)"
    )]
    fn get_secret_history(&self, py: Python<'_>, name: Name, keywords: Option<&Bound<'_, PyDict>>) -> Answer {
        self.call(py, self.client(py)?.get_secret_history(name), keywords)
    }

    #[doc = doc!("SecretClient.rollback_secret")]
    #[pyo3(
        signature = (name, version, **keywords),
        text_signature = "($self, /, name, version, *, timeout=None)"
    )]
    fn rollback_secret(
        &self,
        py: Python<'_>,
        name: Name,
        version: Version,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        self.call(py, self.client(py)?.rollback_secret(name, version), keywords)
    }

    #[doc = doc!("SecretClient.prune_secret_versions")]
    #[pyo3(
        signature = (name, *, keep, **keywords),
        text_signature = "($self, /, name, *, keep, timeout=None)"
    )]
    fn prune_secret_versions(
        &self,
        py: Python<'_>,
        name: Name,
        keep: Keep,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        self.call(py, self.client(py)?.prune_secret_versions(name, keep.into()), keywords)
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

    #[doc = doc!("SecretClient.begin_delete_secret")]
    #[pyo3(
        signature = (name, **keywords),
        text_signature = "($self, /, name, *, polling_interval=None, continuation_token=None, timeout=None)"
    )]
    fn begin_delete_secret(
        &self,
        py: Python<'_>,
        name: Name,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        self.begin(py, self.client(py)?.begin_delete_secret(name), keywords)
    }

    #[doc = doc!("SecretClient.get_deleted_secret")]
    #[pyo3(
        signature = (name, **keywords),
        text_signature = "($self, /, name, *, timeout=None)"
    )]
    fn get_deleted_secret(&self, py: Python<'_>, name: Name, keywords: Option<&Bound<'_, PyDict>>) -> Answer {
        self.call(py, self.client(py)?.get_deleted_secret(name), keywords)
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

    #[doc = doc!("SecretClient.begin_recover_deleted_secret")]
    #[pyo3(
        signature = (name, **keywords),
        text_signature = "($self, /, name, *, polling_interval=None, continuation_token=None, timeout=None)"
    )]
    fn begin_recover_deleted_secret(
        &self,
        py: Python<'_>,
        name: Name,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        self.begin(py, self.client(py)?.begin_recover_deleted_secret(name), keywords)
    }

    #[doc = doc!("SecretClient.purge_deleted_secret")]
    #[pyo3(
        signature = (name, *, wait=None, **keywords),
        text_signature = "($self, /, name, *, wait=None, timeout=None)"
    )]
    fn purge_deleted_secret(
        &self,
        py: Python<'_>,
        name: Name,
        wait: Option<Wait>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        let request = self.client(py)?.purge_deleted_secret(name).wait(wait.map(bool::from));
        self.call(py, request, keywords)
    }

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

    #[doc = doc!("SecretClient.diagnose")]
    #[pyo3(
        signature = (**keywords),
        text_signature = "($self, /, *, timeout=None)"
    )]
    fn diagnose(&self, py: Python<'_>, keywords: Option<&Bound<'_, PyDict>>) -> Answer {
        self.call(py, self.client(py)?.diagnose(), keywords)
    }

    #[doc = doc!("SecretClient.send_request")]
    #[pyo3(
        signature = (*_arguments, **_keywords),
        text_signature = "($self, /, request, *, stream=False)"
    )]
    fn send_request(
        &self,
        py: Python<'_>,
        _arguments: &Bound<'_, PyTuple>,
        _keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        let message = "send_request: libkv sends no requests of the caller's; every operation on secrets is a \
                       method of the client";
        Err(to_exception(py, &Error::new(ErrorKind::Unsupported, message)))
    }

    #[doc = doc!("SecretClient.vault_url")]
    #[getter]
    fn vault_url(&self) -> &str {
        &self.vault_url
    }

    #[doc = doc!("SecretClient.stats")]
    fn stats(&self, py: Python<'_>) -> PyResult<Stats> {
        Ok(self.client(py)?.stats().into())
    }

    #[doc = doc!("SecretClient.close")]
    fn close(&self) {
        self.session.close();
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        Ok(format!("<{} [{}]>", slf.get_type().name()?, slf.get().vault_url))
    }
}

#[doc = doc!("SecretClient")]
#[pyclass(frozen, extends = CoreClient, module = "libkv")]
pub(crate) struct SecretClient;

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
    ) -> PyResult<PyClassInitializer<Self>> {
        let core = CoreClient::open(py, vault_url, credential, options, keywords, Drive::Wait)?;
        Ok(PyClassInitializer::from(core).add_subclass(Self))
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(slf: &Bound<'_, Self>, _exception: &Bound<'_, PyTuple>) {
        slf.as_super().get().close();
    }
}
