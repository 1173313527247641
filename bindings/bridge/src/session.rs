use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use libkv::{ClientOptions, Error, ErrorKind, Result, SecretClient, Shared};

use crate::{per_process::PerProcess, process_static::ProcessStatic};

/// What the clients of this process share.
static SHARED: ProcessStatic<Mutex<Option<Arc<Shared>>>> =
    ProcessStatic::new(Mutex::new(None), Mutex::default);

fn shared() -> MutexGuard<'static, Option<Arc<Shared>>> {
    SHARED.get().lock().unwrap_or_else(PoisonError::into_inner)
}

/// Leaves what is shared to the clients that there are.
pub(crate) fn forget_shared() {
    *shared() = None;
}

/// A client as a host language holds it: it can be closed, and it works on both sides of a fork.
#[derive(Debug)]
pub struct Session {
    vault_url: String,
    options: ClientOptions,
    client: PerProcess<SecretClient>,
    closed: AtomicBool,
}

impl Session {
    /// Makes a session and checks its options. Sends nothing and starts nothing.
    ///
    /// # Errors
    /// As [`SecretClient::new`].
    pub fn new(vault_url: &str, options: ClientOptions) -> Result<Self> {
        let vault_url = vault_url.to_owned();
        let session = Self { vault_url, options, client: PerProcess::new(), closed: AtomicBool::new(false) };
        session.client()?;
        Ok(session)
    }

    /// Returns this process's client.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidState`] once the session is closed.
    pub fn client(&self) -> Result<&SecretClient> {
        if self.closed.load(Relaxed) {
            return Err(Error::new(ErrorKind::InvalidState, "the client is closed"));
        }
        self.client.get_or_try_init(|| {
            let shared = shared().get_or_insert_default().clone();
            SecretClient::new(&self.vault_url, self.options.clone().shared(shared))
        })
    }

    /// Refuses calls from here on; those under way go on.
    pub fn close(&self) {
        self.closed.store(true, Relaxed);
    }
}
