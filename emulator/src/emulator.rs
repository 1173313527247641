//! The emulator as a whole: started from a configuration, stopped by its handle.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http::uri::Scheme;
use rustls::crypto::ring;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::app::App;
use crate::auth::TENANT;
use crate::auth::applications::Applications;
use crate::auth::identity::IDENTITY_PATH;
use crate::auth::tokens::Tokens;
use crate::clock::{Clock, Millis, MovableClock, SystemClock};
use crate::host::DEFAULT_VAULT;
use crate::private_file;
use crate::server::authority::{Authority, AuthorityError, server_config};
use crate::server::listener::Listener;
use crate::state::{self, ImportError};
use crate::store::Store;
use crate::store::data_file::DataFileError;
use crate::vault::Vaults;
use crate::vault::settings::{Delays, Settings};
use crate::vault::throttle::Quota;

/// How an emulator is to run. The default serves from memory on ports that the system chooses.
pub struct Config {
    /// Where HTTPS is served; port 0 lets the system choose. Must be loopback.
    pub listen: SocketAddr,
    /// Where plain HTTP, the control and the identity endpoint are served; as above.
    pub http_listen: SocketAddr,
    /// The SQLite file that keeps the vaults; in memory if none.
    pub data: Option<PathBuf>,
    /// The state file whose vaults there are at the start. A data file must then hold none.
    pub import: Option<PathBuf>,
    /// The state file that [`Running::stop`] writes.
    pub export: Option<PathBuf>,
    /// A bearer token that every vault accepts; made up if none.
    pub token: Option<String>,
    /// How long issued tokens are good for. At least a second.
    pub token_lifetime: Duration,
    /// How long the in-between states last where a vault's settings do not say.
    pub delays: Delays,
    /// Whether vaults have the service's quotas where their settings do not say.
    pub service_quotas: bool,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
}

impl Default for Config {
    fn default() -> Self {
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            listen: any_port,
            http_listen: any_port,
            data: None,
            import: None,
            export: None,
            token: None,
            token_lifetime: Duration::from_secs(3599),
            delays: Delays::default(),
            service_quotas: false,
            clock: Arc::new(SystemClock::default()),
        }
    }
}

/// Says why an emulator cannot start.
#[derive(Debug)]
pub enum StartError {
    /// The address is not on this machine's loopback.
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    Listen(SocketAddr, io::Error),
    /// TLS cannot be set up.
    Authority(AuthorityError),
    /// The data file cannot be used.
    Data(DataFileError),
    /// The state file cannot be imported.
    Import(ImportError),
    /// The state file that is asked for cannot be written.
    Export(PathBuf, io::Error),
    /// The system has no randomness to make a token from.
    NoRandomness,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLoopback(address) => {
                write!(f, "{address} is not a loopback address, and no other is served")
            }
            Self::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Self::Authority(error) => error.fmt(f),
            Self::Data(error) => error.fmt(f),
            Self::Import(error) => error.fmt(f),
            Self::Export(path, error) => {
                write!(f, "the state file {} cannot be written: {error}", path.display())
            }
            Self::NoRandomness => f.write_str("the system has no randomness to make a token from"),
        }
    }
}

impl std::error::Error for StartError {}

/// A local Key Vault.
pub struct Emulator;

impl Emulator {
    /// Starts serving on the current tokio runtime.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        let provider = Arc::new(ring::default_provider());
        let authority = Arc::new(Authority::new(&provider).map_err(StartError::Authority)?);
        let ca_pem = authority.pem().to_owned();
        let lifetime = Millis::try_from(config.token_lifetime.as_millis()).unwrap_or(Millis::MAX);
        let clock = Arc::new(MovableClock::over(config.clock));
        let tokens =
            Tokens::new(config.token, lifetime, clock.clone()).map_err(|_| StartError::NoRandomness)?;
        let tls = server_config(authority, provider).map_err(StartError::Authority)?;

        let https = bind(config.listen)?;
        let http = bind(config.http_listen)?;
        let (store, stored) = match &config.data {
            Some(path) => Store::open(path).map_err(StartError::Data)?,
            None => (Store::Memory, Vec::new()),
        };
        let defaults =
            Settings { throttle: config.service_quotas.then(Quota::service), ..Settings::new(config.delays) };
        let occupied = config.data.filter(|_| !stored.is_empty());
        let vaults = Vaults::new(stored, Arc::new(store), defaults, clock.clone());
        if let Some(path) = &config.import {
            occupied.map_or(Ok(()), |data| Err(ImportError::Occupied(data))).map_err(StartError::Import)?;
            state::import_file(&vaults, path).map_err(StartError::Import)?;
        }
        if let Some(path) = &config.export {
            private_file::check(path).map_err(|error| StartError::Export(path.clone(), error))?;
        }
        let app = Arc::new(App {
            vaults,
            tokens,
            applications: Applications::default(),
            clock,
            https_port: https.address().port(),
        });

        let (stop, stopping) = watch::channel(false);
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let (https_address, http_address) = (https.address(), http.address());
        let listeners = [
            tokio::spawn(https.serve(Some(acceptor), app.clone(), Scheme::HTTPS, stopping.clone())),
            tokio::spawn(http.serve(None, app.clone(), Scheme::HTTP, stopping)),
        ];
        Ok(Running {
            app,
            https: https_address,
            http: http_address,
            ca_pem,
            export: config.export,
            stop,
            listeners,
        })
    }
}

fn bind(address: SocketAddr) -> Result<Listener, StartError> {
    if !address.ip().is_loopback() {
        return Err(StartError::NotLoopback(address));
    }
    Listener::bind(address).map_err(|error| StartError::Listen(address, error))
}

/// An emulator that serves. Dropping it stops it at once; [`Running::stop`] lets begun requests finish.
pub struct Running {
    app: Arc<App>,
    https: SocketAddr,
    http: SocketAddr,
    ca_pem: String,
    export: Option<PathBuf>,
    stop: watch::Sender<bool>,
    listeners: [JoinHandle<()>; 2],
}

impl Running {
    /// Returns the port of the HTTPS listener.
    pub fn port(&self) -> u16 {
        self.https.port()
    }

    /// Returns the URL of a vault, which is made at its first request.
    pub fn vault_url(&self, vault: &str) -> String {
        format!("https://{vault}.localhost:{}", self.port())
    }

    /// Returns the URL of the plain listener: the vault `default` without TLS, the control and the identity endpoint.
    pub fn http_url(&self) -> String {
        format!("http://{}", self.http)
    }

    /// Returns the URL of the control endpoint.
    pub fn control_url(&self) -> String {
        format!("{}/control", self.http_url())
    }

    /// Returns the URL under which `POST /{tenant}/oauth2/v2.0/token` answers.
    pub fn authority_url(&self) -> String {
        self.vault_url(DEFAULT_VAULT)
    }

    /// Returns the tenant that challenges name.
    pub fn tenant(&self) -> &'static str {
        TENANT
    }

    /// Returns the URL where managed-identity requests are answered.
    pub fn identity_endpoint(&self) -> String {
        format!("{}{IDENTITY_PATH}", self.http_url())
    }

    /// Returns a bearer token that every vault accepts.
    pub fn token(&self) -> &str {
        self.app.tokens.standing()
    }

    /// Returns the certificate of the authority in PEM.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Stops listening, answers what has begun, for at most two seconds, and writes the state file if there is one.
    ///
    /// Fails only if that file cannot be written.
    pub async fn stop(mut self) -> io::Result<()> {
        self.stop.send_replace(true);
        for listener in &mut self.listeners {
            // A listener that panicked has stopped too.
            let _ = listener.await;
        }
        match &self.export {
            Some(path) => private_file::replace(path, &state::export(&self.app.vaults)?),
            None => Ok(()),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for listener in &self.listeners {
            listener.abort();
        }
    }
}
