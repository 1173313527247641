//! The one way a request travels: deadline, token, transport, classification, and another try or a look at the vault.

mod once;
#[cfg(test)]
pub(crate) mod script;
#[cfg(test)]
mod tests;

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{
    HeaderValue, Method, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use tokio::time::Instant;
use url::Url;

use crate::{
    advice,
    auth::Authenticator,
    cache::Cache,
    classify,
    error::{Error, ErrorKind, Result},
    events,
    governor::{Governor, Quota},
    options::Config,
    request::{About, Deadline},
    retry,
    settle::Claims,
    stats::Counters,
    time::{sleep, timeout_at},
    transport::{Reach, Response, Transport, TransportError},
    vault_url::VaultUrl,
    wire::FromWire,
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Everything a client shares between its calls.
#[derive(Debug)]
pub struct Pipeline {
    pub(crate) vault: VaultUrl,
    pub(crate) config: Config,
    pub(crate) counters: Arc<Counters>,
    pub(crate) claims: Claims,
    pub(crate) cache: Cache,
    pub(crate) auth: Authenticator,
    transport: Arc<dyn Transport>,
    creations: Arc<Governor>,
    others: Arc<Governor>,
}

/// One request of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    about: &'static About,
    method: Method,
    url: Url,
    body: Bytes,
    pub(crate) deadline: Deadline,
}

impl Call {
    pub(crate) fn new(about: &'static About, method: Method, url: Url, deadline: Deadline) -> Self {
        Self { about, method, url, body: Bytes::new(), deadline }
    }

    pub(crate) fn body(self, body: Bytes) -> Self {
        Self { body, ..self }
    }

    /// Returns the name in the path, of a call on one secret.
    fn name(&self) -> &str {
        self.url.path_segments().and_then(|mut segments| segments.nth(1)).unwrap_or_default()
    }

    /// Makes the HTTP request. Without a token it is a probe, and the body stays here until the vault is known.
    pub(crate) fn request(&self, authorization: Option<&HeaderValue>) -> reqwest::Request {
        let mut request = reqwest::Request::new(self.method.clone(), self.url.clone());
        let headers = request.headers_mut();
        headers.insert(ACCEPT, JSON);
        let Some(authorization) = authorization else { return request };
        headers.insert(AUTHORIZATION, authorization.clone());
        if !self.body.is_empty() {
            headers.insert(CONTENT_TYPE, JSON);
            *request.body_mut() = Some(self.body.clone().into());
        }
        request
    }
}

/// A try that did not succeed.
#[derive(Debug)]
struct Failure {
    error: Error,
    verdict: retry::Verdict,
    server_delay: Option<Duration>,
}

impl From<Error> for Failure {
    /// What is no answer and no transport failure does not get better by trying again.
    fn from(error: Error) -> Self {
        Self { error, verdict: retry::Verdict::Final, server_delay: None }
    }
}

/// What a call has been through so far.
#[derive(Debug, Default)]
struct Tries {
    /// Tries in all.
    all: u32,
    /// Tries that ended in a failure other than throttling.
    failed: u32,
    /// Whether a request left whose outcome is not known.
    in_doubt: bool,
    /// When the first such try began, once there was one.
    doubted_since: Option<Instant>,
    /// Whether the wait that is due would cross the deadline.
    out_of_time: bool,
    /// How the try before this one failed: why a call was still trying when its deadline cut a try short.
    before: Option<Error>,
}

/// How far a try has come, which tells what its deadline cuts off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Preparing,
    Authorizing,
    Queued,
    Sent,
}

impl Tries {
    fn doubt(&mut self, since: Instant) {
        self.in_doubt = true;
        self.doubted_since.get_or_insert(since);
    }

    /// Reads the answer that ended the tries.
    fn read<T: FromWire>(&self, answer: &Response) -> Result<T> {
        T::from_wire(answer.body()).map_err(|error| {
            let error = error.with_service(answer.status().as_u16(), None, None);
            error.with_request_id(classify::request_id(answer)).with_attempts(self.all)
        })
    }
}

impl Pipeline {
    pub(crate) fn new(vault: VaultUrl, config: Config, transport: Arc<dyn Transport>) -> Result<Self> {
        let counters = Arc::new(Counters::default());
        let auth = Authenticator::new(&vault, &config, transport.clone(), counters.clone())?;
        let governor = |quota| config.shared.governors.of(vault.as_str(), quota);
        let (creations, others) = (governor(Quota::Create), governor(Quota::Other));
        let (claims, cache) = (Claims::default(), Cache::new(config.cache));
        Ok(Self { vault, config, counters, claims, cache, auth, transport, creations, others })
    }

    /// Returns the URL of a resource of this vault; every segment must be checked beforehand.
    pub(crate) fn url(&self, segments: &[&str]) -> Url {
        self.vault.resource(segments)
    }

    /// Makes a call that may be repeated without harm.
    pub(crate) async fn send<T: FromWire>(&self, call: &Call) -> Result<T> {
        let mut tries = Tries::default();
        let answer = self.repeat(call, &mut tries).await?;
        tries.read(&answer)
    }

    /// Makes a call once, for a caller that has something else to go by.
    pub(crate) async fn send_without_retry<T: FromWire>(&self, call: &Call) -> Result<T> {
        let mut tries = Tries::default();
        let answer = self.attempt(call, &mut tries).await;
        tries.read(&answer.map_err(|failure| failure.error.with_attempts(tries.all))?)
    }

    /// Sends a request once, without token and body, and returns whatever is answered.
    pub(crate) async fn send_bare(&self, call: &Call) -> Result<Response> {
        let answer = self.exchange(call, None, &mut Stage::Preparing).await;
        answer.map_err(|failure| failure.error)
    }

    /// Makes a call that may be repeated without harm, and returns the answer as it came.
    pub(crate) async fn fetch(&self, call: &Call) -> Result<Response> {
        self.repeat(call, &mut Tries::default()).await
    }

    async fn repeat(&self, call: &Call, tries: &mut Tries) -> Result<Response> {
        loop {
            let failure = match self.attempt(call, tries).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            self.pause(call, tries, failure).await?;
        }
    }

    fn is_exhausted(&self, tries: &Tries) -> bool {
        tries.out_of_time || tries.failed >= self.config.retry.max_attempts
    }

    /// Waits before another try, or returns the failure where there is no other try.
    async fn pause(&self, call: &Call, tries: &mut Tries, failure: Failure) -> Result<()> {
        let Failure { error, verdict, server_delay } = failure;
        let exhausted = self.is_exhausted(tries) || call.deadline.is_crossed_by(Duration::ZERO);
        if verdict == retry::Verdict::Final || exhausted {
            let cut_short =
                error.status().is_none() && matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Throttled);
            let before = tries.before.take().filter(|_| cut_short);
            return Err(before.unwrap_or(error).with_attempts(tries.all));
        }
        // A throttled call has no wait of its own: the governor knows when its turn is.
        let delay = match (server_delay, verdict) {
            (Some(delay), _) => delay,
            (None, retry::Verdict::Throttled) => Duration::ZERO,
            (None, _) => self.backoff(tries, fastrand::f64()),
        };
        if call.deadline.is_crossed_by(delay) {
            return Err(error.with_attempts(tries.all).with_retry_after(delay));
        }
        if verdict != retry::Verdict::Throttled {
            events::retry(call.about.name, tries.all, &error, delay);
        }
        self.sleep(delay).await;
        tries.before = Some(error);
        Ok(())
    }

    fn backoff(&self, tries: &Tries, chance: f64) -> Duration {
        retry::backoff(&self.config.retry, tries.failed.saturating_sub(1), chance)
    }

    async fn sleep(&self, delay: Duration) {
        self.counters.waited(delay);
        sleep(delay).await;
    }

    /// Tries once, and keeps count.
    async fn attempt(&self, call: &Call, tries: &mut Tries) -> Result<Response, Failure> {
        tries.all += 1;
        if tries.failed > 0 {
            self.counters.retries.fetch_add(1, Relaxed);
        }
        let began = Instant::now();
        let outcome = self.in_time(call, began).await;
        if let Err(failure) = &outcome
            && failure.verdict != retry::Verdict::Throttled
        {
            tries.failed += 1;
            if failure.verdict == retry::Verdict::InDoubt {
                tries.doubt(began);
            }
        }
        outcome
    }

    /// Holds a try to the call's deadline.
    async fn in_time(&self, call: &Call, began: Instant) -> Result<Response, Failure> {
        // `timeout_at` polls before it looks at the clock, but a call that is late already must not be sent.
        if began >= call.deadline.at {
            return Err(too_late(Stage::Preparing));
        }
        let mut stage = Stage::Preparing;
        // Apart from the call's own future: allocators keep two pieces of less than a kilobyte at hand, but look for one of more.
        let answer = Box::pin(self.authorized(call, &mut stage));
        match timeout_at(call.deadline.at, answer).await {
            Ok(outcome) => outcome,
            Err(_) if stage == Stage::Queued && self.is_throttled(call) => Err(turn_did_not_come()),
            Err(_) => Err(too_late(stage)),
        }
    }

    /// Sends the request with a token, and learns from up to two challenges: the vault's own, and one for more claims.
    async fn authorized(&self, call: &Call, stage: &mut Stage) -> Result<Response, Failure> {
        let mut authorization = match self.authorization(stage).await? {
            Some(known) => known,
            None => self.introduce(call, stage).await?,
        };
        for _ in 0..2 {
            let answer = self.exchange(call, Some(&authorization), stage).await?;
            if answer.status() != StatusCode::UNAUTHORIZED {
                return accept(call, answer);
            }
            self.auth.learn(&answer, Some(&authorization)).map_err(|e| e.with_service(401, None, None))?;
            match self.authorization(stage).await? {
                Some(another) if another != authorization => authorization = another,
                _ => return accept(call, answer),
            }
        }
        accept(call, self.exchange(call, Some(&authorization), stage).await?)
    }

    /// Asks the vault what token it wants, by a request that carries neither token nor body.
    async fn introduce(&self, call: &Call, stage: &mut Stage) -> Result<HeaderValue, Failure> {
        let _turn = self.auth.probe().await;
        if let Some(known) = self.authorization(stage).await? {
            return Ok(known);
        }
        let unapplied = |failure: Failure| Failure { verdict: failure.verdict.of_a_probe(), ..failure };
        let answer = self.exchange(call, None, stage).await.map_err(unapplied)?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            let status = answer.status().as_u16();
            accept(call, answer).map_err(unapplied)?;
            let message =
                format!("the vault answered {status} to a request without a token instead of asking for one");
            return Err(Error::new(ErrorKind::Protocol, message).with_service(status, None, None).into());
        }
        self.auth.learn(&answer, None).map_err(|e| e.with_service(401, None, None))?;
        let missing = || Error::new(ErrorKind::Internal, "a challenge was learned and no token asked for");
        Ok(self.authorization(stage).await?.ok_or_else(missing)?)
    }

    async fn authorization(&self, stage: &mut Stage) -> Result<Option<HeaderValue>> {
        *stage = Stage::Authorizing;
        self.auth.authorization().await
    }

    /// Waits for the request's turn and makes it.
    async fn exchange(
        &self,
        call: &Call,
        authorization: Option<&HeaderValue>,
        stage: &mut Stage,
    ) -> Result<Response, Failure> {
        *stage = Stage::Queued;
        let permit = self.governor(call).admit().await;
        self.counters.waited(permit.waited());
        // What carries neither token nor body cannot be applied.
        *stage = if authorization.is_some() { Stage::Sent } else { Stage::Preparing };
        self.counters.requests.fetch_add(1, Relaxed);
        events::request(call.about.name, &call.method, &call.url);
        let answer = self.transport.send(call.request(authorization)).await;
        events::response(call.about.name, &answer, permit.left());
        let answer = answer.map_err(unanswered)?;
        *stage = Stage::Preparing;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            self.counters.throttled.fetch_add(1, Relaxed);
            if permit.throttled() {
                events::throttled(call.about.name, &call.url);
            }
        } else {
            permit.accepted();
        }
        Ok(answer)
    }

    /// Tells whether the vault is known to throttle such calls.
    pub(crate) fn is_throttled(&self, call: &Call) -> bool {
        self.governor(call).is_throttled()
    }

    fn governor(&self, call: &Call) -> &Governor {
        match call.about.quota {
            Quota::Create => &self.creations,
            Quota::Other => &self.others,
        }
    }
}

/// Lets a success through and makes a failure of everything else.
fn accept(call: &Call, answer: Response) -> Result<Response, Failure> {
    if answer.status().is_success() {
        return Ok(answer);
    }
    Err(Failure {
        error: classify::refusal(call.about, &answer),
        verdict: retry::after_answer(answer.status()),
        server_delay: retry::server_delay(answer.headers(), SystemTime::now()),
    })
}

fn unanswered(error: TransportError) -> Failure {
    let TransportError { reach, message, source } = error;
    let kind = if reach == Reach::Answered { ErrorKind::Protocol } else { ErrorKind::Network };
    let mut error =
        Error::new(kind, message).with_advice(advice::on_transport_failure(reach).map(str::to_owned));
    if let Some(source) = source {
        error = error.with_source(source);
    }
    Failure { error, verdict: retry::after_transport_failure(reach), server_delay: None }
}

fn too_late(stage: Stage) -> Failure {
    let awaited =
        if stage == Stage::Authorizing { "the credential gave a token" } else { "the vault answered" };
    let error = Error::new(ErrorKind::Timeout, format!("the deadline passed before {awaited}"))
        .with_advice("raise the call's timeout or the client's timeout_ms".to_owned());
    let verdict = if stage == Stage::Sent { retry::Verdict::InDoubt } else { retry::Verdict::Final };
    Failure { error, verdict, server_delay: None }
}

fn turn_did_not_come() -> Failure {
    let message = "the vault throttles, and the call's turn did not come before its deadline";
    Error::new(ErrorKind::Throttled, message).with_advice(advice::THROTTLED.to_owned()).into()
}
