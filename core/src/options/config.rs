//! What a client is made of.

use std::{path::PathBuf, sync::Arc, time::Duration};

use super::{ClientOptions, OPTIONS, find};
use crate::{auth::TokenSource, environment::Environment, error::Result, shared::Shared, value::SecretValue};

/// What a client is made of: every option, checked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    pub(crate) environment: Environment,
    pub(crate) token_source: Option<Arc<dyn TokenSource>>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) credential: CredentialConfig,
    pub(crate) verify_challenge_resource: bool,
    pub(crate) allow_http: bool,
    pub(crate) api_version: String,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) proxy: SecretValue,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) poll_interval: Duration,
    pub(crate) max_response_bytes: usize,
    pub(crate) retry: RetryConfig,
    pub(crate) cache: CacheConfig,
}

/// The `credential` options.
#[derive(Clone, Debug, Default)]
pub(crate) struct CredentialConfig {
    pub(crate) kind: String,
    pub(crate) token: SecretValue,
    pub(crate) tenant_id: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: SecretValue,
    pub(crate) certificate_path: String,
    pub(crate) certificate_password: SecretValue,
    pub(crate) federated_token_file: String,
    pub(crate) object_id: String,
    pub(crate) resource_id: String,
    pub(crate) authority_host: String,
    pub(crate) scope: String,
}

/// The `retry` options.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RetryConfig {
    pub(crate) max_attempts: u32,
    pub(crate) base_delay: Duration,
    pub(crate) max_delay: Duration,
}

/// The `cache` options.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CacheConfig {
    pub(crate) ttl: Duration,
    pub(crate) stale: Duration,
    pub(crate) max_entries: usize,
}

impl Config {
    pub(crate) fn new(options: ClientOptions) -> Result<Self> {
        let ClientOptions { pairs, token_source, shared } = options;
        let mut config = Self { token_source, shared, ..Self::default() };
        for spec in OPTIONS.iter().filter(|spec| !spec.default.is_empty()) {
            spec.apply(&mut config, spec.default)?;
        }
        for (key, value) in &pairs {
            find(key)?.apply(&mut config, value)?;
        }
        Ok(config)
    }
}
