//! A credential of Python's as a source of tokens.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use libkv::{AccessToken, BoxFuture, Error, ErrorKind, Result, Timestamp, TokenRequest, TokenSource};
use pyo3::{
    exceptions::PyBaseException,
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::{PyFloat, PyInt},
};
use tokio::{sync::oneshot, task::spawn_blocking};

use crate::{
    argument::{secret, wrong_type},
    callout::call_out,
    coroutine::LatestLoop,
    drive::Drive,
};

static BEGIN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// An object with `get_token` or `get_token_info`.
#[derive(Debug)]
pub(crate) struct PythonCredential {
    object: Arc<Py<PyAny>>,
    /// Where what it gives is awaited, if it is to be awaited.
    latest: Option<Arc<LatestLoop>>,
}

impl PythonCredential {
    pub(crate) fn new(object: &Bound<'_, PyAny>, drive: &Drive) -> Self {
        let latest = match drive {
            Drive::Wait => None,
            Drive::Await(latest) => Some(latest.clone()),
        };
        Self { object: Arc::new(object.clone().unbind()), latest }
    }
}

impl TokenSource for PythonCredential {
    fn token(&self, request: TokenRequest) -> BoxFuture<'_, Result<AccessToken>> {
        Box::pin(async move {
            let (sender, answer) = oneshot::channel();
            let (object, latest) = (self.object.clone(), self.latest.clone());
            // To attach is to wait for the GIL, which a thread that serves the network must not.
            spawn_blocking(move || {
                Python::try_attach(|py| {
                    let event_loop = latest.and_then(|latest| latest.get(py));
                    begin(py, &object, request, event_loop, sender)
                })
            });
            answer.await.unwrap_or_else(|_| {
                let message = "the interpreter is shutting down, and no credential can be asked";
                Err(Error::new(ErrorKind::Authentication, message))
            })
        })
    }

    /// None: Python's code cannot be ended from outside, and keeps its thread however long it takes.
    fn time_limit(&self) -> Option<Duration> {
        None
    }
}

fn begin(
    py: Python<'_>,
    credential: &Py<PyAny>,
    request: TokenRequest,
    event_loop: Option<Py<PyAny>>,
    sender: Sender,
) -> PyResult<()> {
    let TokenRequest { scope, tenant_id, claims, .. } = request;
    let answer = Py::new(py, Answer { sender: Mutex::new(Some(sender)) })?;
    let begin = BEGIN.import(py, "libkv._token", "begin");
    let begun =
        begin.and_then(|begin| call_out(begin, (credential, scope, tenant_id, claims, event_loop, &answer)));
    if let Err(raised) = begun {
        answer.get().send(Err(failure(raised)));
    }
    Ok(())
}

type Sender = oneshot::Sender<Result<AccessToken>>;

/// What `libkv._token` tells how it went; once.
#[pyclass(frozen)]
struct Answer {
    sender: Mutex<Option<Sender>>,
}

impl Answer {
    fn send(&self, outcome: Result<AccessToken>) {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Nobody listens where the call's deadline has passed.
        let _ = sender.map(|sender| sender.send(outcome));
    }
}

#[pymethods]
impl Answer {
    fn __call__(&self, token: &Bound<'_, PyAny>, raised: Option<Bound<'_, PyBaseException>>) {
        let outcome = match raised {
            Some(raised) => Err(PyErr::from_value(raised.into_any())),
            None => access_token(token),
        };
        self.send(outcome.map_err(failure));
    }
}

fn failure(raised: PyErr) -> Error {
    Error::new(ErrorKind::Authentication, format!("the credential failed: {raised}")).with_source(raised)
}

fn access_token(given: &Bound<'_, PyAny>) -> PyResult<AccessToken> {
    let py = given.py();
    let Some(token) = given.getattr_opt(intern!(py, "token"))? else {
        return Err(wrong_type("the credential's answer", "an access token", given));
    };
    let refresh_on = given.getattr_opt(intern!(py, "refresh_on"))?.filter(|seconds| !seconds.is_none());
    Ok(AccessToken {
        token: secret("token", &token)?,
        expires_on: Some(unix_seconds("expires_on", &given.getattr(intern!(py, "expires_on"))?)?),
        refresh_on: refresh_on.map(|seconds| unix_seconds("refresh_on", &seconds)).transpose()?,
    })
}

fn unix_seconds(name: &str, seconds: &Bound<'_, PyAny>) -> PyResult<Timestamp> {
    if !seconds.is_instance_of::<PyInt>() && !seconds.is_instance_of::<PyFloat>() {
        return Err(wrong_type(name, "a number of Unix seconds", seconds));
    }
    Ok(Timestamp::from_unix_seconds(seconds.extract::<f64>()?.floor() as i64))
}
