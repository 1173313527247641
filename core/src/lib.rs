//! A client for Azure Key Vault secrets.
//!
//! [`SecretClient`] has one method per operation. Each returns a [`Request`] that owns what it needs, takes its optional
//! arguments by chained methods, and runs when awaited on a Tokio runtime:
//!
//! ```no_run
//! # async fn example() -> libkv::Result<()> {
//! use libkv::{ClientOptions, SecretClient};
//!
//! let options = ClientOptions::new().set("credential", "client_secret")
//!     .set("credential.tenant_id", "72f988bf-0000-0000-0000-000000000000")
//!     .set("credential.client_id", "04b07795-0000-0000-0000-000000000000")
//!     .set("credential.client_secret", "…");
//! let client = SecretClient::new("https://contoso.vault.azure.net", options)?;
//!
//! client.set_secret("db-password", "s3cr3t").content_type("text/plain").await?;
//! let secret = client.get_secret("db-password").await?;
//! println!("version {:?} has {} bytes", secret.properties.version, secret.value.expose().len());
//! # Ok(()) }
//! ```
//!
//! # What it takes care of
//!
//! * A client without a credential finds its token as `DefaultAzureCredential` does; [`OPTIONS`] choose another source, or
//!   [`token_source`](ClientOptions::token_source) brings one.
//! * Every call has a deadline, [`timeout_ms`](OPTIONS) unless the call has its own, and never outlives it.
//! * 408, 429, 500, 502, 503, 504 and transport failures are retried. A 429 costs no attempt; the deadline bounds it.
//! * A write whose answer was lost is looked up before it is sent again, unless repeating it does no harm; where it cannot be
//!   known what became of it, the call fails with [`ErrorKind::OutcomeUnknown`].
//! * Every failure is an [`Error`] with a stable [`ErrorKind`], the service's own codes, and advice on what to do next.
//! * Many secrets are read or set in one call, in order, with an error for each that fails: [`Results`].
//! * Values are kept in memory for a while if asked for, and read once for however many callers.
//! * What happens on the way is told through the `tracing` crate: [`EVENTS`], within a span for each call.
//! * Values are held in [`SecretValue`]: zeroed when dropped, never printed.

#![deny(clippy::print_stdout, clippy::print_stderr)]

mod advice;
mod auth;
mod cache;
mod classify;
mod client;
mod conflict;
mod connection;
#[doc(hidden)]
pub mod contract;
#[cfg(test)]
mod cost;
mod diagnosis;
mod environment;
mod error;
mod events;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
mod governor;
mod identifier;
mod interval;
mod lock;
mod model;
mod operations;
mod options;
mod page;
mod pipeline;
mod poller;
mod proxy;
mod request;
mod results;
mod retry;
mod settle;
mod shared;
mod stats;
#[doc(hidden)]
pub mod time;
mod tls;
mod transport;
mod value;
mod vault_url;
mod wire;

pub use auth::{AccessToken, BoxFuture, TokenRequest, TokenSource};
pub use client::SecretClient;
pub use conflict::OnConflict;
pub use diagnosis::{DiagnosisStep, Verdict};
pub use error::{Error, ErrorFields, ErrorKind, Result};
pub use events::{EVENTS, EventSpec};
pub use identifier::SecretId;
pub use model::{DeletedSecret, Secret, SecretProperties, SecretVersion, Tags, Timestamp};
pub use operations::{
    BackupSecret, Begin, BeginDeleteSecret, BeginRecoverDeletedSecret, Diagnose, GetDeletedSecret, GetSecret,
    GetSecretHistory, GetSecrets, List, ListDeletedSecrets, ListSecretVersions, ListSecrets, Many,
    Properties, PruneSecretVersions, PurgeDeletedSecret, RestoreSecretBackup, RollbackSecret, Set, SetSecret,
    SetSecrets, TryGetSecret, UpdateSecretProperties, Versioned,
};
pub use options::{ClientOptions, OPTIONS, OptionSpec, OptionType};
pub use page::{Page, Pages};
pub use poller::{BeginLooks, Looks, Poll, Poller, Wait};
pub use request::{Continue, Operation, OptionalText, Request};
pub use results::{Progress, Results, SecretResult};
pub use shared::Shared;
pub use stats::Stats;
pub use value::SecretValue;
