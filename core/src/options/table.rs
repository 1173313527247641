//! Every client option.

use std::{ops::RangeInclusive, time::Duration};

use super::{Config, OptionSpec, Rule};

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
        "The PEM or PFX file of `client_certificate`, with a certificate and its RSA key.",
        |c, v| c.credential.certificate_path = v.into(),
    ),
    text("credential.certificate_password", "", "The password of that file, if it has one.", |c, v| {
        c.credential.certificate_password = v.into();
    }),
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
        "A PEM file with certificate authorities to trust besides the operating system's, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`; Python takes that of `REQUESTS_CA_BUNDLE` or \
        `CURL_CA_BUNDLE` otherwise, Node that of `NODE_EXTRA_CA_CERTS`. A process reads them once for all its clients that trust the same.",
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
