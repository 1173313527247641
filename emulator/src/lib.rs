//! A local Azure Key Vault for secrets: HTTPS with its own certificate authority, the challenge, the twelve secret
//! operations, the soft-delete states, throttling, and faults on demand.
//!
//! ```no_run
//! # async fn run() -> Result<(), libkv_emulator::StartError> {
//! let emulator = libkv_emulator::Emulator::start(libkv_emulator::Config::default()).await?;
//! let vault = emulator.vault_url("team-one");
//! // … clients that trust `emulator.ca_pem()` work with the vault, with `emulator.token()` …
//! emulator.stop().await;
//! # Ok(())
//! # }
//! ```

mod api;
mod app;
mod auth;
mod authority;
mod body;
mod clock;
mod connection;
mod contents;
mod control;
mod data_file;
mod emulator;
mod error;
mod fault;
mod host;
mod life;
mod operation;
mod paging;
mod query;
mod ready;
mod reply;
mod request_log;
mod route;
mod rules;
mod secret;
mod seed;
mod settings;
mod store;
mod throttle;
mod token;
mod vault;
mod wire;

pub use authority::AuthorityError;
pub use clock::{Clock, ManualClock, Millis, SystemClock};
pub use data_file::DataFileError;
pub use emulator::{Config, Emulator, Running, StartError};
pub use operation::Operation;
pub use ready::{Published, Ready, publish};
pub use settings::Delays;
