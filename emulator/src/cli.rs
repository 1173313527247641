//! The flags of the program.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use libkv_emulator::{Config, Delays};

/// A local Azure Key Vault for secrets, for development and tests.
#[derive(Parser)]
#[command(name = "kv-emulator", version, max_term_width = 100)]
pub struct Flags {
    /// Where HTTPS is served; port 0 lets the system choose. Must be loopback
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// Where plain HTTP, the control and the identity endpoint are served; port 0 lets the system choose. Must be
    /// loopback
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    http_listen: SocketAddr,

    /// Writes where everything is to this file, as JSON, when it serves, and removes it at the end. Without it the
    /// JSON goes to standard output
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,

    /// Keeps the vaults in this SQLite file. Without it they are kept in memory [default: none]
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,

    /// Starts with the vaults of this state file [default: none]
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,

    /// Writes what the vaults hold to this state file at the end [default: none]
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,

    /// Ends when the process that started it ends [default: off]
    #[arg(long)]
    pub with_parent: bool,

    /// A bearer token that every vault accepts [default: a random one]
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,

    /// How long the tokens are good for that the token and the identity endpoint issue
    #[arg(long, value_name = "SECONDS", default_value_t = 3599, value_parser = clap::value_parser!(u32).range(1..))]
    token_lifetime_s: u32,

    /// How long a secret is being deleted; -1 until the vault's setting is changed
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(i64).range(-1..), allow_negative_numbers = true)]
    delete_delay_ms: i64,

    /// How long a secret is being recovered; as above
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(i64).range(-1..), allow_negative_numbers = true)]
    recover_delay_ms: i64,

    /// How long the name of a purged secret stays blocked; as above
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(i64).range(-1..), allow_negative_numbers = true)]
    purge_delay_ms: i64,

    /// Gives vaults the service's quotas where their settings do not say: 300 sets and 4,000 other requests in 10
    /// seconds, and five times that for all vaults together [default: none]
    #[arg(long)]
    service_quotas: bool,
}

impl Flags {
    /// Returns how the emulator is to run.
    pub fn config(&self) -> Config {
        Config {
            listen: self.listen,
            http_listen: self.http_listen,
            data: self.data.clone(),
            import: self.import.clone(),
            export: self.export.clone(),
            token: self.token.clone(),
            token_lifetime: Duration::from_secs(self.token_lifetime_s.into()),
            delays: Delays {
                delete: self.delete_delay_ms,
                recover: self.recover_delay_ms,
                purge: self.purge_delay_ms,
            },
            service_quotas: self.service_quotas,
            ..Config::default()
        }
    }
}
