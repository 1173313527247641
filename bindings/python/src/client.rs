use std::sync::Arc;

use libkv::{Begin, ClientOptions, Error, ErrorKind, Operation, Request};
use libkv_bridge::Session;
use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};

use crate::{
    argument::VaultUrl, coroutine::LatestLoop, credential, drive::Drive, error::to_exception,
    keyword::Keywords, option, output::ToPython, poller, stats::Stats,
};

/// The Python object that a call gives, or its exception; of an async client, the coroutine of the call.
pub(crate) type Answer = PyResult<Py<PyAny>>;

/// What the clients of `libkv` and `libkv.aio` derive from: the operations, whichever way their calls are made.
#[pyclass(frozen, subclass, name = "_CoreClient", module = "libkv._libkv")]
pub(crate) struct CoreClient {
    pub(crate) session: Arc<Session>,
    vault_url: String,
    pub(crate) drive: Drive,
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

    pub(crate) fn client(&self, py: Python<'_>) -> PyResult<&libkv::SecretClient> {
        self.session.client().map_err(|error| to_exception(py, &error))
    }

    pub(crate) fn call<'a, 'py: 'a, O>(
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

    pub(crate) fn begin<O>(
        &self,
        py: Python<'_>,
        request: Request<O>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer
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
