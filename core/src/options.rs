//! Client options: flat text pairs that every language hands over alike, read by one table into a [`Config`].

mod config;
mod table;

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

pub(crate) use self::config::{CacheConfig, Config, CredentialConfig, RetryConfig};
pub use self::table::OPTIONS;
use crate::{
    auth::TokenSource,
    error::{Error, Result},
    shared::Shared,
};

/// The options of a client, as pairs of key and text. [`OPTIONS`] lists the keys.
///
/// Nothing is checked until [`SecretClient::new`](crate::SecretClient::new).
#[derive(Clone, Default)]
pub struct ClientOptions {
    pairs: Vec<(String, Zeroizing<String>)>,
    token_source: Option<Arc<dyn TokenSource>>,
    shared: Arc<Shared>,
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

    /// Shares what clients can share with every client that is given the same.
    ///
    /// By default, clients made from clones of the same options share it.
    #[must_use]
    pub fn shared(mut self, shared: Arc<Shared>) -> Self {
        self.shared = shared;
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

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
