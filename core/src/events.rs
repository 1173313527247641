//! What the client tells of its work, through the `tracing` crate: names, paths and codes, never a value or a token.

#[cfg(test)]
mod tests;

use std::time::Duration;

use http::Method;
use tokio::time::Instant;
use tracing::{Level, debug, info, warn};
use url::Url;

use crate::{
    auth::TokenRequest,
    classify,
    error::{Error, Result},
    settle::Verdict,
    transport::{Response, TransportError},
};

/// What a kind of event is called and what it carries. A field that does not apply is left out.
#[derive(Debug)]
pub struct EventSpec {
    /// The event's target, such as `libkv::retry`.
    pub target: &'static str,
    /// The level that it has.
    pub level: Level,
    /// The names of its fields.
    pub fields: &'static [&'static str],
    /// When it comes, as one sentence.
    pub about: &'static str,
}

const fn spec(
    target: &'static str,
    level: Level,
    fields: &'static [&'static str],
    about: &'static str,
) -> EventSpec {
    EventSpec { target, level, fields, about }
}

/// The events that the client emits. All carry a message for people besides.
pub const EVENTS: &[EventSpec] = &[
    spec(
        "libkv::operation",
        Level::DEBUG,
        &["operation", "outcome", "elapsed_ms"],
        "A call has ended; its outcome is `ok` or the kind of its error.",
    ),
    spec(
        "libkv::request",
        Level::DEBUG,
        &["operation", "method", "host", "path"],
        "A request leaves for the vault.",
    ),
    spec(
        "libkv::response",
        Level::DEBUG,
        &["operation", "status", "request_id", "elapsed_ms", "error"],
        "The vault has answered, or no answer came: then there is an error instead of a status.",
    ),
    spec(
        "libkv::retry",
        Level::INFO,
        &["operation", "attempt", "kind", "status", "delay_ms"],
        "A try has failed, and another follows after a delay. Throttled calls wait for their turn instead.",
    ),
    spec(
        "libkv::throttled",
        Level::WARN,
        &["operation", "host"],
        "The vault begins to throttle: from here on its calls wait for their turn.",
    ),
    spec(
        "libkv::settle",
        Level::INFO,
        &["operation", "outcome"],
        "The answer to a write was lost, and a look at the vault found it `applied`, `not_applied` or `unknown`.",
    ),
    spec(
        "libkv::conflict",
        Level::INFO,
        &["name", "action"],
        "A set found its name soft-deleted, and does with it what `on_conflict` asks for.",
    ),
    spec(
        "libkv::stale",
        Level::INFO,
        &["name"],
        "The cache gives a value past its time, because the vault throttles or is away.",
    ),
    spec(
        "libkv::token",
        Level::INFO,
        &["scope", "tenant_id", "expires_in_s"],
        "The credential has given a token.",
    ),
    spec(
        "libkv::token",
        Level::WARN,
        &["scope", "tenant_id", "error"],
        "The credential has failed to give a token; one that is still good goes on being used.",
    ),
    spec(
        "libkv::credential",
        Level::DEBUG,
        &["source", "reason"],
        "A source of the default chain gave no token, and the next one is tried.",
    ),
    spec("libkv::credential", Level::INFO, &["source"], "The default chain has found its source."),
];

/// Makes a whole number of milliseconds of a duration.
fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

pub(crate) fn operation(operation: &str, error: Option<&Error>, started: Instant) {
    let outcome = error.map_or("ok", |error| error.kind().name());
    debug!(target: "libkv::operation", operation, outcome, elapsed_ms = ms(started.elapsed()), "a call has ended");
}

pub(crate) fn request(operation: &str, method: &Method, url: &Url) {
    debug!(
        target: "libkv::request",
        operation,
        method = method.as_str(),
        host = url.host_str(),
        path = url.path(),
        "a request leaves"
    );
}

pub(crate) fn response(operation: &str, answer: &Result<Response, TransportError>, left: Instant) {
    debug!(
        target: "libkv::response",
        operation,
        status = answer.as_ref().ok().map(|answer| answer.status().as_u16()),
        request_id = answer.as_ref().ok().and_then(classify::request_id),
        elapsed_ms = ms(left.elapsed()),
        error = answer.as_ref().err().map(|error| error.message.as_str()),
        "{}", if answer.is_ok() { "the vault has answered" } else { "no answer came" }
    );
}

pub(crate) fn retry(operation: &str, attempt: u32, error: &Error, delay: Duration) {
    let (kind, status) = (error.kind().name(), error.status());
    info!(target: "libkv::retry", operation, attempt, kind, status, delay_ms = ms(delay), "another try follows");
}

pub(crate) fn throttled(operation: &str, url: &Url) {
    warn!(target: "libkv::throttled", operation, host = url.host_str(), "the vault throttles: calls wait for their turn");
}

pub(crate) fn settled<T>(operation: &str, seen: &Result<Verdict<T>>) {
    let outcome = match seen {
        Ok(Verdict::Applied(_)) => "applied",
        Ok(Verdict::SendAgain) => "not_applied",
        Err(_) => "unknown",
    };
    info!(target: "libkv::settle", operation, outcome, "a write whose answer was lost has been looked up");
}

pub(crate) fn conflict(name: &str, action: &str) {
    info!(target: "libkv::conflict", name, action, "the name is soft-deleted");
}

pub(crate) fn stale(name: &str) {
    info!(target: "libkv::stale", name, "a value past its time is given");
}

pub(crate) fn token(wanted: &TokenRequest, expires_in: Option<Duration>) {
    let TokenRequest { scope, tenant_id, .. } = wanted;
    let (tenant_id, expires_in_s) = (tenant_id.as_deref(), expires_in.map(|left| left.as_secs()));
    info!(target: "libkv::token", scope, tenant_id, expires_in_s, "the credential has given a token");
}

pub(crate) fn no_token(wanted: &TokenRequest, error: &Error) {
    let TokenRequest { scope, tenant_id, .. } = wanted;
    let (tenant_id, error) = (tenant_id.as_deref(), error.message());
    warn!(target: "libkv::token", scope, tenant_id, error, "the credential has given no token");
}

pub(crate) fn source_missed(source: &str, reason: &str) {
    debug!(target: "libkv::credential", source, reason, "a source gave no token");
}

pub(crate) fn source_found(source: &str) {
    info!(target: "libkv::credential", source, "the default chain has found its source");
}
