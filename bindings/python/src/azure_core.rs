//! The keywords that azure-core takes with a client or a call: which option of libkv each stands for, or why there is none.

use libkv::Error;
use pyo3::{prelude::*, types::PyBool};

use crate::{
    argument::{boolean, count, items, seconds, text},
    error::to_exception,
};

/// Tells whether a keyword is given in words that ask for what libkv does anyway.
pub(crate) fn asks_for_nothing(keyword: &str, value: &Bound<'_, PyAny>) -> bool {
    let means = |wanted| value.cast::<PyBool>().is_ok_and(|boolean| boolean.is_true() == wanted);
    let is_off = match keyword {
        "logging_enable" | "logging_body" | "permit_redirects" | "stream" => means(false),
        "connection_verify" | "use_env_settings" => means(true),
        "proxies" => https_proxy(value).is_ok_and(|url| url.is_none()),
        _ => false,
    };
    is_off || value.is_none() && why_not(keyword).is_some()
}

/// Returns the option that a client's keyword stands for, and its value as text.
pub(crate) fn option(keyword: &str, value: &Bound<'_, PyAny>) -> PyResult<Option<(&'static str, String)>> {
    let milliseconds = |option| Ok(Some((option, to_milliseconds(seconds(keyword, value)?))));
    match keyword {
        "timeout" => milliseconds("timeout_ms"),
        "connection_timeout" => milliseconds("connect_timeout_ms"),
        "retry_backoff_factor" => milliseconds("retry.base_delay_ms"),
        "retry_backoff_max" => milliseconds("retry.max_delay_ms"),
        "polling_interval" => milliseconds("poll_interval_ms"),
        "retry_total" => {
            let attempts = u64::from(count(keyword, value)?) + 1;
            Ok(Some(("retry.max_attempts", attempts.to_string())))
        }
        "connection_verify" if boolean(keyword, value).is_err() => {
            Ok(Some(("ca_file", text(keyword, value)?)))
        }
        "proxies" => Ok(https_proxy(value)?.map(|url| ("proxy", url))),
        _ => Ok(None),
    }
}

/// Returns whole milliseconds, rounded up so that no time becomes none.
fn to_milliseconds(seconds: f64) -> String {
    format!("{:.0}", (seconds * 1000.0).ceil())
}

/// Returns the proxy of a mapping of schemes to URLs. A vault is never asked by any scheme but https.
fn https_proxy(proxies: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let mut https = None;
    for item in items("proxies", "a mapping of str to str", proxies)? {
        let (scheme, url): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        if text("proxies: a key", &scheme)? == "https" && !url.is_none() {
            https = Some(text("proxies: https", &url)?);
        }
    }
    Ok(https)
}

/// Refuses a keyword with the reason, where it is one of azure-core's.
pub(crate) fn refuse_option(py: Python<'_>, keyword: &str) -> PyResult<()> {
    let Some(why) = why_not(keyword) else { return Ok(()) };
    Err(to_exception(py, &Error::invalid_config(keyword, format!("is not supported: {why}"))))
}

/// Returns what libkv has instead of a keyword, where it is one of azure-core's.
pub(crate) fn why_not(keyword: &str) -> Option<&'static str> {
    Some(match keyword {
        "read_timeout" => "the argument timeout, and the client's option timeout_ms, bound the whole call",
        "connection_timeout" => "the client's option connect_timeout_ms says how long a connection may take",
        "retry_total" => "the client's option retry_max_attempts says how often a request is tried",
        "retry_backoff_factor" => "the client's option retry_base_delay_ms bounds the first wait",
        "retry_backoff_max" => "the client's option retry_max_delay_ms bounds every wait",
        "retry_connect"
        | "retry_read"
        | "retry_status"
        | "retry_mode"
        | "retry_on_methods"
        | "retry_on_status_codes"
        | "retry_policy" => {
            "libkv tries again what may be tried again, as often as the client's option retry_max_attempts says"
        }
        "proxies" | "proxy" | "proxy_policy" | "use_env_settings" => {
            "the client's option proxy is a proxy's URL, or none"
        }
        "connection_verify" => {
            "the vault's certificate is always verified; the client's option ca_file adds authorities"
        }
        "connection_cert" => {
            "Key Vault asks for no client certificate; libkv.CertificateCredential presents one to Entra ID"
        }
        "api_version" | "verify_challenge_resource" => "it is an option of the client, not of a call",
        "credential_scopes" => "the client's option credential_scope names the scope",
        "polling_interval" | "_polling_interval" => {
            "the client's option poll_interval_ms, and polling_interval where a poller is made, say how often one looks"
        }
        "logging_enable"
        | "logging_body"
        | "logger"
        | "logging_policy"
        | "http_logging_policy"
        | "http_logging_level" => {
            "the logger libkv tells of requests, at the level that it is set to, and never shows a header or a body"
        }
        "permit_redirects"
        | "redirect_max"
        | "redirect_on_status_codes"
        | "redirect_policy"
        | "redirect_remove_headers" => "no redirect is followed: a vault sends none",
        "headers" | "headers_policy" | "params" | "request_id" | "auto_request_id" => {
            "requests hold what the service documents; an error's request_id is the service's own"
        }
        "user_agent"
        | "user_agent_overwrite"
        | "user_agent_policy"
        | "user_agent_use_env"
        | "base_user_agent"
        | "sdk_moniker" => "the user agent is libkv",
        "cls" | "error_map" | "raw_request_hook" | "raw_response_hook" | "stream" | "decompress"
        | "response_encoding" => {
            "requests and responses are not handed out; models, and an error's fields, say what was answered"
        }
        "transport"
        | "session"
        | "session_owner"
        | "loop"
        | "trio_limiter"
        | "pipeline"
        | "policies"
        | "per_call_policies"
        | "per_retry_policies"
        | "authentication_policy"
        | "custom_hook_policy"
        | "config"
        | "enforce_https"
        | "generated_client"
        | "generated_models" => {
            "requests go through libkv's own pipeline, which its options shape; libkv.testing has a vault for tests"
        }
        "merge_span" | "network_span_namer" | "parent_span" | "tracing_attributes" | "tracing_options" => {
            "spans are OpenTelemetry's, and are shaped there"
        }
        "out_content_type" => "a certificate's secret comes in the format that it is stored in",
        _ => return None,
    })
}
