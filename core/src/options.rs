//! Client options: flat text pairs that every language hands over alike, read by one table into a [`Config`].

use std::{fmt, ops::RangeInclusive, path::PathBuf, sync::Arc, time::Duration};

use zeroize::Zeroizing;

use crate::{
    auth::TokenSource,
    environment::Environment,
    error::{Error, Result},
    governor::Governors,
    value::SecretValue,
};

/// The options of a client, as pairs of key and text. [`OPTIONS`] lists the keys.
///
/// Nothing is checked until [`SecretClient::new`](crate::SecretClient::new).
#[derive(Clone, Default)]
pub struct ClientOptions {
    pairs: Vec<(String, Zeroizing<String>)>,
    token_source: Option<Arc<dyn TokenSource>>,
    governors: Arc<Governors>,
}

impl ClientOptions {
    /// Makes options that leave everything at its default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an option; a later value for the same key wins. `.` and `_` in keys are alike.
    #[must_use]
    pub fn set(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.pairs.push((key.into(), Zeroizing::new(value.into())));
        self
    }

    /// Uses this source of tokens instead of the `credential` option.
    #[must_use]
    pub fn token_source(mut self, source: Arc<dyn TokenSource>) -> Self {
        self.token_source = Some(source);
        self
    }

    /// Shares what is learned from throttling with every client that is given the same governors.
    ///
    /// By default, clients made from clones of the same options share it.
    #[must_use]
    pub fn governors(mut self, governors: Arc<Governors>) -> Self {
        self.governors = governors;
        self
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for ClientOptions {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        pairs.into_iter().fold(Self::new(), |options, (key, value)| options.set(key, value))
    }
}

impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.pairs.iter().map(|(key, _)| key).collect();
        f.debug_struct("ClientOptions").field("keys", &keys).finish_non_exhaustive()
    }
}

/// One row of the option table.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct OptionSpec {
    /// The key, such as `retry.max_attempts`.
    pub key: &'static str,
    /// What the option does, in a sentence.
    pub about: &'static str,
    /// The default as text; empty for none.
    pub default: &'static str,
    rule: Rule,
}

/// What values an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OptionType {
    /// `true` or `false`.
    Boolean,
    /// A whole number from the first to the second, both included.
    Integer(u64, u64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Any text that is not empty.
    Text,
}

/// What values an option takes, and where a good one goes.
#[derive(Clone, Copy, Debug)]
enum Rule {
    Boolean(fn(&mut Config, bool)),
    Integer(u64, u64, fn(&mut Config, u64)),
    Choice(&'static [&'static str], fn(&mut Config, &str)),
    Text(fn(&mut Config, &str)),
}

/// What a client is made of: every option, checked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    pub(crate) environment: Environment,
    pub(crate) token_source: Option<Arc<dyn TokenSource>>,
    pub(crate) governors: Arc<Governors>,
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

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

type Text = &'static str;

const fn boolean(key: Text, default: Text, about: Text, set: fn(&mut Config, bool)) -> OptionSpec {
    OptionSpec { key, about, default, rule: Rule::Boolean(set) }
}

const fn integer(
    key: Text,
    default: Text,
    range: RangeInclusive<u64>,
    about: Text,
    set: fn(&mut Config, u64),
) -> OptionSpec {
    OptionSpec { key, about, default, rule: Rule::Integer(*range.start(), *range.end(), set) }
}

const fn choice(
    key: Text,
    default: Text,
    words: &'static [Text],
    about: Text,
    set: fn(&mut Config, &str),
) -> OptionSpec {
    OptionSpec { key, about, default, rule: Rule::Choice(words, set) }
}

const fn text(key: Text, default: Text, about: Text, set: fn(&mut Config, &str)) -> OptionSpec {
    OptionSpec { key, about, default, rule: Rule::Text(set) }
}

/// Every client option, in the order of the documentation.
pub const OPTIONS: &[OptionSpec] = &[
    choice(
        "credential",
        "default",
        &[
            "default",
            "environment",
            "workload_identity",
            "managed_identity",
            "azure_cli",
            "azure_powershell",
            "azure_developer_cli",
            "client_secret",
            "client_certificate",
            "static_token",
        ],
        "Where tokens come from. `default` tries the next six in turn, or those that `AZURE_TOKEN_CREDENTIALS` names, and stays with the first that gives one.",
        |c, v| c.credential.kind = v.into(),
    ),
    text("credential.token", "", "The bearer token of `static_token`.", |c, v| c.credential.token = v.into()),
    text(
        "credential.tenant_id",
        "",
        "The tenant of an application or a workload identity, and of developers' tools, which otherwise ask the one that the vault names.",
        |c, v| c.credential.tenant_id = v.into(),
    ),
    text(
        "credential.client_id",
        "",
        "The client id of an application or a workload identity, or of a managed identity among several.",
        |c, v| c.credential.client_id = v.into(),
    ),
    text("credential.client_secret", "", "The application's secret of `client_secret`.", |c, v| {
        c.credential.client_secret = v.into();
    }),
    text(
        "credential.certificate_path",
        "",
        "The PEM file of `client_certificate`, with a certificate and its RSA key, not encrypted.",
        |c, v| c.credential.certificate_path = v.into(),
    ),
    text(
        "credential.federated_token_file",
        "",
        "The file of `workload_identity` that holds the pod's token, otherwise that of `AZURE_FEDERATED_TOKEN_FILE`.",
        |c, v| c.credential.federated_token_file = v.into(),
    ),
    text("credential.object_id", "", "The object id of a managed identity among several.", |c, v| {
        c.credential.object_id = v.into();
    }),
    text(
        "credential.resource_id",
        "",
        "The Azure resource id of a managed identity among several.",
        |c, v| {
            c.credential.resource_id = v.into();
        },
    ),
    text(
        "credential.authority_host",
        "",
        "The https URL of the token authority, otherwise that of `AZURE_AUTHORITY_HOST`, of the cloud that the vault's host belongs to, or of the public cloud.",
        |c, v| c.credential.authority_host = v.into(),
    ),
    text(
        "credential.scope",
        "",
        "The scope of tokens for a vault outside Azure's known clouds, so that its first request can carry one.",
        |c, v| c.credential.scope = v.into(),
    ),
    boolean(
        "verify_challenge_resource",
        "true",
        "Refuse an authentication challenge whose resource is not a parent domain of the vault's host.",
        |c, v| c.verify_challenge_resource = v,
    ),
    boolean("allow_http", "false", "Admit a plain http vault URL on a loopback host.", |c, v| {
        c.allow_http = v
    }),
    text("api_version", "2026-04-01", "The service's REST API version.", |c, v| c.api_version = v.into()),
    text(
        "ca_file",
        "",
        "A PEM file with certificate authorities to trust besides the operating system's; Python takes that of `REQUESTS_CA_BUNDLE` or \
        `CURL_CA_BUNDLE` otherwise, Node that of `NODE_EXTRA_CA_CERTS`.",
        |c, v| {
            c.ca_file = Some(v.into());
        },
    ),
    text(
        "proxy",
        "",
        "The URL of an HTTP proxy, with user and password where it wants them, otherwise that of `HTTPS_PROXY` but for the hosts of `NO_PROXY`; \
        `none` for no proxy.",
        |c, v| c.proxy = v.into(),
    ),
    integer(
        "timeout_ms",
        "60000",
        1..=DAY_MS,
        "The deadline of a call that has none of its own, in milliseconds.",
        |c, v| {
            c.timeout = Duration::from_millis(v);
        },
    ),
    integer(
        "connect_timeout_ms",
        "10000",
        1..=HOUR_MS,
        "The longest time for a connection to be made, in milliseconds.",
        |c, v| {
            c.connect_timeout = Duration::from_millis(v);
        },
    ),
    integer(
        "poll_interval_ms",
        "2000",
        1..=HOUR_MS,
        "The longest time between two looks at a running deletion or recovery, in milliseconds.",
        |c, v| c.poll_interval = Duration::from_millis(v),
    ),
    integer(
        "max_response_bytes",
        "67108864",
        65_536..=1_073_741_824,
        "The largest answer that is read, in bytes.",
        |c, v| c.max_response_bytes = usize::try_from(v).unwrap_or(usize::MAX),
    ),
    integer(
        "retry.max_attempts",
        "5",
        1..=100,
        "How often a request is tried in all; throttled tries (429) do not count.",
        |c, v| c.retry.max_attempts = u32::try_from(v).unwrap_or(u32::MAX),
    ),
    integer(
        "retry.base_delay_ms",
        "500",
        0..=HOUR_MS,
        "The upper bound of the first random wait before another try, in milliseconds; it doubles with each try.",
        |c, v| c.retry.base_delay = Duration::from_millis(v),
    ),
    integer(
        "retry.max_delay_ms",
        "16000",
        0..=HOUR_MS,
        "The upper bound of every such wait, in milliseconds.",
        |c, v| {
            c.retry.max_delay = Duration::from_millis(v);
        },
    ),
    integer(
        "cache.ttl_ms",
        "0",
        0..=DAY_MS,
        "How long a value that was read is kept in memory and given again, in milliseconds; 0 turns the cache off.",
        |c, v| c.cache.ttl = Duration::from_millis(v),
    ),
    integer(
        "cache.stale_ms",
        "0",
        0..=DAY_MS,
        "How long after that it is still given, marked as stale, while the vault throttles or is away, in milliseconds.",
        |c, v| c.cache.stale = Duration::from_millis(v),
    ),
    integer(
        "cache.max_entries",
        "1000",
        1..=10_000,
        "How many values are kept at most; the one read longest ago makes room.",
        |c, v| c.cache.max_entries = usize::try_from(v).unwrap_or(usize::MAX),
    ),
];

impl OptionSpec {
    /// Returns what values the option takes.
    pub const fn values(&self) -> OptionType {
        match self.rule {
            Rule::Boolean(_) => OptionType::Boolean,
            Rule::Integer(min, max, _) => OptionType::Integer(min, max),
            Rule::Choice(words, _) => OptionType::Choice(words),
            Rule::Text(_) => OptionType::Text,
        }
    }

    fn apply(&self, config: &mut Config, value: &str) -> Result<()> {
        let wrong = |rule: String| Err(Error::invalid_config(self.key, rule));
        match self.rule {
            Rule::Boolean(set) => match value {
                "true" => set(config, true),
                "false" => set(config, false),
                _ => return wrong("must be true or false".to_owned()),
            },
            Rule::Integer(min, max, set) => match value.parse() {
                Ok(number) if (min..=max).contains(&number) => set(config, number),
                _ => return wrong(format!("must be a whole number from {min} to {max}")),
            },
            Rule::Choice(words, set) if words.contains(&value) => set(config, value),
            Rule::Choice(words, _) => return wrong(format!("must be one of {}", words.join(", "))),
            Rule::Text(_) if value.is_empty() => return wrong("must not be empty".to_owned()),
            Rule::Text(set) => set(config, value),
        }
        Ok(())
    }
}

/// Finds an option by its key; `.` and `_` are alike, so that a key can be an identifier.
fn find(key: &str) -> Result<&'static OptionSpec> {
    let same = |spec: &&OptionSpec| spec.key.replace('.', "_") == key.replace('.', "_");
    OPTIONS.iter().find(same).ok_or_else(|| {
        let known: Vec<_> = OPTIONS.iter().map(|spec| spec.key).collect();
        Error::invalid_config(key, format!("is not an option; the options are {}", known.join(", ")))
    })
}

impl Config {
    pub(crate) fn new(options: ClientOptions) -> Result<Self> {
        let ClientOptions { pairs, token_source, governors } = options;
        let mut config = Self { token_source, governors, ..Self::default() };
        for spec in OPTIONS.iter().filter(|spec| !spec.default.is_empty()) {
            spec.apply(&mut config, spec.default)?;
        }
        for (key, value) in &pairs {
            find(key)?.apply(&mut config, value)?;
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(key: &str, value: &str) -> String {
        Config::new(ClientOptions::new().set(key, value)).unwrap_err().message().to_owned()
    }

    #[test]
    fn defaults_are_in_range_and_applied() {
        let config = Config::new(ClientOptions::new()).unwrap();
        assert_eq!(config.timeout, Duration::from_secs(60));
        assert_eq!(config.retry.max_attempts, 5);
        assert!(config.verify_challenge_resource && !config.allow_http);
    }

    #[test]
    fn keys_may_be_written_as_identifiers() {
        let options = ClientOptions::from_iter([("retry_max_attempts", "7")]);
        assert_eq!(Config::new(options).unwrap().retry.max_attempts, 7);
    }

    #[test]
    fn wrong_options_are_named() {
        assert!(refused("retry.max_atempts", "1").starts_with("retry.max_atempts: is not an option"));
        assert_eq!(refused("timeout_ms", "0"), "timeout_ms: must be a whole number from 1 to 86400000");
        assert_eq!(refused("timeout_ms", "1.5"), "timeout_ms: must be a whole number from 1 to 86400000");
        assert_eq!(refused("allow_http", "yes"), "allow_http: must be true or false");
        assert!(
            refused("credential", "magic").starts_with("credential: must be one of default, environment, ")
        );
        assert_eq!(refused("api_version", ""), "api_version: must not be empty");
    }

    #[test]
    fn identifiers_are_unambiguous() {
        let mut keys: Vec<_> = OPTIONS.iter().map(|spec| spec.key.replace('.', "_")).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), OPTIONS.len());
    }

    #[test]
    fn debug_hides_values() {
        let options = ClientOptions::new().set("credential.token", "hunter2");
        assert!(!format!("{options:?} {:?}", Config::new(options.clone()).unwrap()).contains("hunter2"));
    }
}
