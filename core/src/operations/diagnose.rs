//! The way to a vault, step by step, to tell which one fails.

use std::{
    net::SocketAddr,
    time::{Duration, SystemTime},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderValue, Method, StatusCode, header::DATE};
use serde_json::{Map, Value};
use tokio::time::Instant;

use super::{DIAGNOSE, LIST_PROPERTIES_OF_SECRETS};
use crate::{
    classify, connection,
    diagnosis::{DiagnosisStep, Verdict},
    error::{Error, Result},
    model::SecretProperties,
    page::Page,
    pipeline::Call,
    proxy,
    request::{About, Context, Operation},
    time::timeout_at,
    transport::Response,
};

/// By how much clocks may differ before tokens are refused for it.
const MAX_SKEW: Duration = Duration::from_secs(300);

/// The claims of a token that tell whose it is and for what.
const CLAIMS: &[&str] = &["aud", "iss", "tid", "appid", "azp", "oid", "upn", "idtyp", "exp"];

/// See [`SecretClient::diagnose`](crate::SecretClient::diagnose).
#[derive(Clone, Copy, Debug)]
pub struct Diagnose;

impl Operation for Diagnose {
    type Output = Vec<DiagnosisStep>;
    const ABOUT: &'static About = &DIAGNOSE;

    async fn run(self, context: Context) -> Result<Self::Output> {
        let mut way = Way { context, steps: Vec::new() };
        way.connect().await;
        way.speak().await;
        Ok(way.steps)
    }
}

/// What a step found, or what is wrong and the next step for a person.
type Finding<T> = Result<(T, String), (String, Option<String>)>;

struct Way {
    context: Context,
    steps: Vec<DiagnosisStep>,
}

impl Way {
    /// Makes one connection, each of its layers a step.
    async fn connect(&mut self) {
        let config = self.context.pipeline.config.clone();
        let vault = self.context.pipeline.vault.clone();
        if matches!(proxy::of(&config), Ok(Some(_))) {
            return self.skip(&["dns", "tcp", "tls"], "a proxy is set, which requests may go through");
        }
        let (host, port) = (vault.host(), vault.port());
        let Some(addresses) = self.step("dns", found_addresses(host, port)).await else {
            return self.skip(&["tcp", "tls"], "a step before it failed");
        };
        let Some(stream) = self.step("tcp", connected(&addresses)).await else {
            return self.skip(&["tls"], "a step before it failed");
        };
        if !vault.is_https() {
            return self.skip(&["tls"], "the vault's URL is plain http");
        }
        self.step("tls", async {
            let spoken = connection::handshake(stream, host, &config).await;
            Ok(((), spoken.map_err(|error| wrong(&error))?))
        })
        .await;
    }

    /// Speaks with the vault: what it asks for, whether there is such a token, and whether it is good for a harmless call.
    async fn speak(&mut self) {
        let rest = ["clock", "token", "call"];
        if self.steps.iter().any(|step| step.verdict == Verdict::Failed) {
            self.skip(&["challenge"], "a step before it failed");
            return self.skip(&rest, "a step before it failed");
        }
        let context = self.context.clone();
        let Some(answer) = self.step("challenge", challenge(&context)).await else {
            return self.skip(&rest, "a step before it failed");
        };
        self.step("clock", async { clock(&answer) }).await;
        if self.step("token", token(&context)).await.is_none() {
            return self.skip(&["call"], "a step before it failed");
        }
        self.step("call", call(&context)).await;
    }

    /// Takes a step within the deadline and notes how it went.
    async fn step<T>(&mut self, name: &'static str, taken: impl Future<Output = Finding<T>>) -> Option<T> {
        let began = Instant::now();
        let late =
            || ("no answer before the deadline".to_owned(), Some("raise the call's timeout".to_owned()));
        let outcome = timeout_at(self.context.deadline.at, taken).await.unwrap_or_else(|_| Err(late()));
        let elapsed = began.elapsed().as_secs_f64();
        let (verdict, detail, advice, found) = match outcome {
            Ok((found, detail)) => (Verdict::Ok, detail, None, Some(found)),
            Err((detail, advice)) => (Verdict::Failed, detail, advice, None),
        };
        self.steps.push(DiagnosisStep { name, verdict, elapsed, detail, advice });
        found
    }

    fn skip(&mut self, names: &[&'static str], why: &str) {
        let skipped =
            |name: &&'static str| DiagnosisStep { name, detail: why.to_owned(), ..DiagnosisStep::default() };
        self.steps.extend(names.iter().map(skipped));
    }
}

fn wrong(error: &Error) -> (String, Option<String>) {
    (error.message().to_owned(), error.advice().map(str::to_owned))
}

async fn found_addresses(host: &str, port: u16) -> Finding<Vec<SocketAddr>> {
    let advice =
        "check the vault's name and the machine's DNS; with a private endpoint, its private DNS zone";
    let found = connection::resolve(host, port).await;
    let found = found.map_err(|e| (e.to_string(), Some(advice.to_owned())))?;
    let shown: Vec<_> = found.iter().map(|address| address.ip().to_string()).collect();
    let detail = format!("{host} is {}", shown.join(", "));
    Ok((found, detail))
}

async fn connected(addresses: &[SocketAddr]) -> Finding<tokio::net::TcpStream> {
    let advice =
        "check firewalls on the way, and whether a proxy is needed (the option proxy, or HTTPS_PROXY)";
    match connection::connect(addresses).await {
        Ok((stream, address)) => Ok((stream, format!("connected to {address}"))),
        Err(e) => Err((format!("no connection: {e}"), Some(advice.to_owned()))),
    }
}

/// Asks the vault what token it wants, by a request that carries none.
async fn challenge(context: &Context) -> Finding<Response> {
    let pipeline = &context.pipeline;
    let answer = pipeline.send_bare(&list(context)).await.map_err(|error| wrong(&error))?;
    if answer.status() != StatusCode::UNAUTHORIZED {
        let advice = "something between here and the vault may answer in its place: check for proxies";
        let refused = classify::refusal(&LIST_PROPERTIES_OF_SECRETS, &answer);
        let refused = if answer.status().is_success() { None } else { Some(refused) };
        let detail = format!("the vault answered {} instead of asking for a token", answer.status().as_u16());
        return Err(refused.map_or((detail, Some(advice.to_owned())), |refused| wrong(&refused)));
    }
    pipeline.auth.learn(&answer, None).map_err(|error| wrong(&error))?;
    let wanted = pipeline.auth.wanted().unwrap_or_default();
    let tenant = wanted.tenant_id.as_deref().unwrap_or("any tenant");
    Ok((answer, format!("a token for {} from tenant {tenant} is asked for", wanted.scope)))
}

fn clock(answer: &Response) -> Finding<()> {
    let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
    let Some(theirs) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
        return Ok(((), "the vault does not tell the time".to_owned()));
    };
    let ours = SystemTime::now();
    let skew = ours.duration_since(theirs).or_else(|_| theirs.duration_since(ours)).unwrap_or_default();
    let detail = format!("the machine's clock and the vault's differ by {} s", skew.as_secs());
    if skew <= MAX_SKEW {
        return Ok(((), detail));
    }
    Err((detail, Some("set the machine's clock: tokens are refused when it is off".to_owned())))
}

async fn token(context: &Context) -> Finding<()> {
    let header = context.pipeline.auth.authorization().await.map_err(|error| wrong(&error))?;
    let claims = header.as_ref().and_then(claims).unwrap_or_default();
    let shown: Vec<_> = CLAIMS
        .iter()
        .filter_map(|name| claims.get(*name).map(|value| format!("{name}={}", text(value))))
        .collect();
    let detail =
        if shown.is_empty() { "a token without readable claims".to_owned() } else { shown.join(" ") };
    Ok(((), detail))
}

/// Reads what a token says of itself, without its signature.
pub(crate) fn claims(header: &HeaderValue) -> Option<Map<String, Value>> {
    let payload = header.to_str().ok()?.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

async fn call(context: &Context) -> Finding<()> {
    let read: Result<Page<SecretProperties>> = context.pipeline.send(&list(context)).await;
    match read {
        Ok(page) => Ok(((), format!("the vault listed {} of its secrets", page.items.len()))),
        Err(error) => Err(wrong(&error)),
    }
}

fn list(context: &Context) -> Call {
    let mut url = context.pipeline.url(&["secrets"]);
    url.query_pairs_mut().append_pair("maxresults", "1");
    Call::new(&LIST_PROPERTIES_OF_SECRETS, Method::GET, url, context.deadline)
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    #[test]
    fn a_token_s_claims_are_read_and_rubbish_is_not() {
        let payload = URL_SAFE_NO_PAD.encode(r#"{"aud":"https://vault.azure.net","exp":9}"#);
        let header = HeaderValue::from_str(&format!("Bearer e30.{payload}.c2ln")).unwrap();
        let claims = claims(&header).unwrap();
        assert_eq!(
            (text(&claims["aud"]).as_str(), text(&claims["exp"]).as_str()),
            ("https://vault.azure.net", "9")
        );
        for odd in ["Bearer opaque", "Bearer a.b.c", "Bearer a.!.c"] {
            assert!(super::claims(&HeaderValue::from_static(odd)).is_none(), "{odd}");
        }
    }

    #[test]
    fn a_clock_that_is_off_is_told() {
        let at = |offset: Duration| {
            let date = httpdate::fmt_http_date(SystemTime::now() - offset);
            clock(&http::Response::builder().header(DATE, date).body(Zeroizing::default()).unwrap())
        };
        assert!(at(Duration::from_secs(200)).is_ok());
        let (detail, advice) = at(Duration::from_secs(4_000)).unwrap_err();
        assert!(detail.contains("differ by 400") && advice.unwrap().contains("clock"), "{detail}");
        assert!(clock(&http::Response::new(Zeroizing::default())).is_ok());
    }
}
