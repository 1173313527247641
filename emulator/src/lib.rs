//! A local Azure Key Vault for secrets: HTTPS with its own certificate authority, the challenge, the twelve secret
//! operations, the soft-delete states, throttling, and faults on demand.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let emulator = libkv_emulator::Emulator::start(libkv_emulator::Config::default()).await?;
//! let vault = emulator.vault_url("team-one");
//! // … clients that trust `emulator.ca_pem()` work with the vault, with `emulator.token()` …
//! emulator.stop().await?;
//! # Ok(())
//! # }
//! ```

mod api;
mod app;
mod auth;
mod body;
mod clock;
mod control;
mod emulator;
mod error;
mod host;
mod operation;
mod page;
mod private_file;
mod ready;
mod reply;
mod rules;
mod server;
mod state;
mod store;
mod vault;

pub use clock::{Clock, ManualClock, Millis, SystemClock};
pub use emulator::{Config, Emulator, Running, StartError};
pub use operation::Operation;
pub use ready::{Published, Ready, publish};
pub use server::authority::AuthorityError;
pub use state::ImportError;
pub use store::data_file::DataFileError;
pub use vault::settings::Delays;
