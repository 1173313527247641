use std::{fmt, sync::Arc, time::Duration};

use serde::Serialize;

/// What a fallible libkv call returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Says what went wrong, coarse enough to act on.
///
/// The numbers are stable and append-only: bindings and stored logs may rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum ErrorKind {
    /// An argument of the call breaks a rule; nothing was sent.
    InvalidArgument = 1,
    /// A client option is unknown, malformed or out of range, or the vault URL is not acceptable.
    InvalidConfig = 2,
    /// The object cannot be used in this way at this moment, such as a closed client.
    InvalidState = 3,
    /// No token could be had, or the vault did not accept it (401).
    Authentication = 10,
    /// An access policy, a role assignment, the firewall or the vault's protection refused the call (403).
    Forbidden = 11,
    /// The secret version is disabled and cannot be read (403).
    SecretDisabled = 12,
    /// The secret belongs to a certificate and only the certificate can change it (403).
    ManagedSecret = 13,
    /// No such secret, version or deleted secret (404).
    NotFound = 20,
    /// A restore (409), or a set that is only for an absent name, met one that is in use.
    AlreadyExists = 21,
    /// The name is held by a soft-deleted secret (409).
    SoftDeleted = 22,
    /// The name is held by a secret whose deletion or purge has not finished (409).
    BeingDeleted = 23,
    /// The name is held by a secret whose recovery has not finished (409).
    BeingRecovered = 24,
    /// Another conflict, such as two recoveries at once (409).
    Conflict = 25,
    /// The vault refused for its request rate until the deadline (429).
    Throttled = 30,
    /// The vault failed or was unavailable (408, 500, 502, 503, 504) until attempts or time ran out.
    Unavailable = 31,
    /// The vault could not be reached, or the connection broke.
    Network = 32,
    /// The deadline passed; nothing that was sent could have changed the vault.
    Timeout = 33,
    /// The caller gave the call up.
    Cancelled = 34,
    /// A write may or may not have been applied, and looking it up was not possible.
    OutcomeUnknown = 35,
    /// The vault answered something that Key Vault does not answer.
    Protocol = 40,
    /// The vault or this build does not support the request.
    Unsupported = 41,
    /// A defect of libkv.
    Internal = 50,
}

impl ErrorKind {
    /// Every kind, in the order of the numbers.
    pub const ALL: &[Self] = &[
        Self::InvalidArgument,
        Self::InvalidConfig,
        Self::InvalidState,
        Self::Authentication,
        Self::Forbidden,
        Self::SecretDisabled,
        Self::ManagedSecret,
        Self::NotFound,
        Self::AlreadyExists,
        Self::SoftDeleted,
        Self::BeingDeleted,
        Self::BeingRecovered,
        Self::Conflict,
        Self::Throttled,
        Self::Unavailable,
        Self::Network,
        Self::Timeout,
        Self::Cancelled,
        Self::OutcomeUnknown,
        Self::Protocol,
        Self::Unsupported,
        Self::Internal,
    ];

    /// Returns the kind's name in every language, such as `not_found`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalid_argument",
            Self::InvalidConfig => "invalid_config",
            Self::InvalidState => "invalid_state",
            Self::Authentication => "authentication",
            Self::Forbidden => "forbidden",
            Self::SecretDisabled => "secret_disabled",
            Self::ManagedSecret => "managed_secret",
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::SoftDeleted => "soft_deleted",
            Self::BeingDeleted => "being_deleted",
            Self::BeingRecovered => "being_recovered",
            Self::Conflict => "conflict",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Cancelled => "cancelled",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::Protocol => "protocol",
            Self::Unsupported => "unsupported",
            Self::Internal => "internal",
        }
    }

    /// Returns the kind's stable number.
    pub const fn code(self) -> i32 {
        self as i32
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a failed call knows about its failure, the same record in every language.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ErrorFields {
    /// The name of the [`ErrorKind`].
    pub kind: &'static str,
    /// What happened, for a person. Never holds a secret or a token.
    pub message: String,
    /// The HTTP status of the vault's answer.
    pub status: Option<u16>,
    /// The service's `error.code`, such as `Forbidden`.
    pub code: Option<String>,
    /// The service's `error.innererror.code`, such as `ForbiddenByRbac`.
    pub inner_code: Option<String>,
    /// The service's `x-ms-request-id`, for a support case.
    pub request_id: Option<String>,
    /// How long the vault asked to wait, or libkv would have waited, before another try; in seconds.
    pub retry_after: Option<f64>,
    /// How often the request was tried, throttled tries included; 0 when nothing was tried.
    pub attempts: u32,
    /// How long the call took, in seconds.
    pub elapsed: f64,
    /// The next step for a person.
    pub advice: Option<String>,
}

/// Why a call failed. One type for every operation; [`kind`](Error::kind) is what to branch on.
#[derive(Clone, Debug)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: ErrorKind,
    message: String,
    status: Option<u16>,
    code: Option<String>,
    inner_code: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    attempts: u32,
    elapsed: Duration,
    advice: Option<String>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Makes an error of a kind. For bindings and for [`TokenSource`](crate::TokenSource) implementations.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            status: None,
            code: None,
            inner_code: None,
            request_id: None,
            retry_after: None,
            attempts: 0,
            elapsed: Duration::ZERO,
            advice: None,
            source: None,
        }))
    }

    /// Makes an [`ErrorKind::InvalidArgument`] that names the argument and the rule it breaks.
    pub fn invalid_argument(argument: &str, rule: impl fmt::Display) -> Self {
        Self::new(ErrorKind::InvalidArgument, format!("{argument}: {rule}"))
    }

    /// Makes an [`ErrorKind::InvalidConfig`] that names the option and the rule it breaks.
    pub fn invalid_config(option: &str, rule: impl fmt::Display) -> Self {
        Self::new(ErrorKind::InvalidConfig, format!("{option}: {rule}"))
    }

    /// Adds the error that caused this one.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into().into());
        self
    }

    pub(crate) fn with_advice(mut self, advice: impl Into<Option<String>>) -> Self {
        self.0.advice = advice.into();
        self
    }

    pub(crate) fn with_service(
        mut self,
        status: u16,
        code: Option<String>,
        inner_code: Option<String>,
    ) -> Self {
        self.0.status = Some(status);
        self.0.code = code;
        self.0.inner_code = inner_code;
        self
    }

    pub(crate) fn with_request_id(mut self, request_id: Option<String>) -> Self {
        self.0.request_id = request_id;
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Duration) -> Self {
        self.0.retry_after = Some(retry_after);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_elapsed(mut self, elapsed: Duration) -> Self {
        self.0.elapsed = elapsed;
        self
    }

    /// Returns what went wrong, to branch on.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns what happened, for a person.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the HTTP status of the vault's answer.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Returns the service's `error.code`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Returns the service's `error.innererror.code`.
    pub fn inner_code(&self) -> Option<&str> {
        self.0.inner_code.as_deref()
    }

    /// Returns the next step for a person.
    pub fn advice(&self) -> Option<&str> {
        self.0.advice.as_deref()
    }

    /// Returns how long to wait before another try.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the whole record, as every binding shows it.
    pub fn fields(&self) -> ErrorFields {
        let inner = &*self.0;
        ErrorFields {
            kind: inner.kind.name(),
            message: inner.message.clone(),
            status: inner.status,
            code: inner.code.clone(),
            inner_code: inner.inner_code.clone(),
            request_id: inner.request_id.clone(),
            retry_after: inner.retry_after.map(|delay| delay.as_secs_f64()),
            attempts: inner.attempts,
            elapsed: inner.elapsed.as_secs_f64(),
            advice: inner.advice.clone(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.kind, self.0.message)?;
        if let Some(advice) = &self.0.advice {
            write!(f, " ({advice})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_keep_their_numbers_and_names() {
        let listed: Vec<_> = ErrorKind::ALL.iter().map(|kind| (kind.code(), kind.name())).collect();
        let released = [
            (1, "invalid_argument"),
            (2, "invalid_config"),
            (3, "invalid_state"),
            (10, "authentication"),
            (11, "forbidden"),
            (12, "secret_disabled"),
            (13, "managed_secret"),
            (20, "not_found"),
            (21, "already_exists"),
            (22, "soft_deleted"),
            (23, "being_deleted"),
            (24, "being_recovered"),
            (25, "conflict"),
            (30, "throttled"),
            (31, "unavailable"),
            (32, "network"),
            (33, "timeout"),
            (34, "cancelled"),
            (35, "outcome_unknown"),
            (40, "protocol"),
            (41, "unsupported"),
            (50, "internal"),
        ];
        assert_eq!(listed, released);
    }

    #[test]
    fn display_ends_with_the_advice() {
        let error = Error::new(ErrorKind::Conflict, "busy").with_advice("wait".to_owned());
        assert_eq!(error.to_string(), "conflict: busy (wait)");
    }
}
