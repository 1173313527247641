//! Identities that Azure gives to what runs in it, each kind of host with an endpoint of its own.

mod arc;
mod host;
#[cfg(test)]
mod tests;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use self::host::{Host, Which};
use crate::{
    auth::{
        AccessToken, BoxFuture, TokenRequest, TokenSource,
        source::{EXCHANGE, Miss, after, seconds},
    },
    environment::Environment,
    error::{Error, ErrorKind, Result},
    model::Timestamp,
    options::CredentialConfig,
    time::{sleep, timeout},
    transport::{HttpTransport, Response, Transport},
    value::SecretValue,
};

/// How long a machine that may have no such endpoint is waited for.
const PROBE: Duration = Duration::from_secs(1);
/// How often an endpoint that is not ready is asked in all; the waits between double from the first.
const TRIES: u32 = 5;
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The least wait for an endpoint that is being updated, as its documentation has it.
const UPDATE_WAIT: Duration = Duration::from_secs(70);

/// The managed identity of the host.
#[derive(Debug)]
pub(super) struct ManagedIdentity {
    host: Host,
    endpoint: Url,
    /// What the host gave the program to show, in the header of its kind.
    secret: Option<SecretValue>,
    which: Which,
    transport: Arc<dyn Transport>,
    /// Where the agent of an Arc-enabled server keeps its keys.
    arc_keys: PathBuf,
    /// Whether a probe found no endpoint, which does not change while a machine is up.
    absent: AtomicBool,
}

#[derive(Deserialize)]
struct Answer {
    access_token: SecretValue,
    expires_on: Option<Value>,
    expires_in: Option<Value>,
    refresh_in: Option<Value>,
}

impl ManagedIdentity {
    /// Finds the host's endpoint.
    ///
    /// # Errors
    /// [`InvalidConfig`](ErrorKind::InvalidConfig) for an endpoint that is no URL, or an identity that the host cannot choose.
    pub(super) fn new(
        config: &CredentialConfig,
        environment: &Environment,
        transport: Arc<dyn Transport>,
    ) -> Result<Self> {
        let (host, endpoint) = Host::find(environment);
        let endpoint = Url::parse(&endpoint).map_err(|_| {
            Error::invalid_config(
                "credential",
                format!("the managed identity's endpoint {endpoint:?} is not a URL"),
            )
        })?;
        let thumbprint = environment.get("IDENTITY_SERVER_THUMBPRINT");
        let transport: Arc<dyn Transport> =
            match thumbprint.filter(|_| host == Host::ServiceFabric && endpoint.scheme() == "https") {
                // The endpoint of a Service Fabric node has a certificate of its own making.
                Some(thumbprint) => Arc::new(HttpTransport::pinned(thumbprint)?),
                None => transport,
            };
        let secret = host.secret_variable().and_then(|name| environment.get(name)).map(SecretValue::from);
        let which = Which::of(config, environment);
        if host.parameter(&which).is_err() {
            let rule = format!("{host:?} has no choice of identities by {}", which.option());
            return Err(Error::invalid_config("credential", rule));
        }
        let (arc_keys, absent) = (arc::folder(), AtomicBool::new(false));
        Ok(Self { host, endpoint, secret, which, transport, arc_keys, absent })
    }

    /// Fetches a token where there is an identity to fetch it for.
    pub(super) async fn try_token(&self, request: &TokenRequest) -> Result<AccessToken, Miss> {
        if !self.is_present().await {
            let reason = format!("no endpoint answered within {} second", PROBE.as_secs());
            return Err(Miss::Unavailable(reason));
        }
        let answer = self.ask(request).await.map_err(Miss::Failed)?;
        // 400: there is no such identity. 403: something else answers at that address, such as a proxy.
        let is_none = matches!(answer.status(), StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN);
        if self.host == Host::VirtualMachine && is_none {
            return Err(Miss::Unavailable(refusal(&answer)));
        }
        read(&answer).map_err(Miss::Failed)
    }

    /// Tells whether there is an endpoint. Only that of a virtual machine is in doubt; it has a second to answer, once.
    async fn is_present(&self) -> bool {
        if self.host != Host::VirtualMachine {
            return true;
        }
        if self.absent.load(Relaxed) {
            return false;
        }
        // Without its header the request is refused, by an endpoint that is there.
        let probe = reqwest::Request::new(Method::GET, self.url(&TokenRequest::default()));
        let found = matches!(timeout(PROBE, self.transport.send(probe)).await, Ok(Ok(_)));
        self.absent.store(!found, Relaxed);
        found
    }

    /// Asks until the endpoint is ready or has been asked often enough.
    async fn ask(&self, request: &TokenRequest) -> Result<Response> {
        let mut wait = FIRST_WAIT;
        for _ in 1..TRIES {
            match self.exchange(request).await {
                Ok(answer) if is_passing(answer.status()) => {
                    let is_update = answer.status() == StatusCode::GONE;
                    sleep(if is_update { wait.max(UPDATE_WAIT) } else { wait }).await;
                }
                Ok(answer) => return Ok(answer),
                Err(error) if error.kind() == ErrorKind::Network => sleep(wait).await,
                Err(error) => return Err(error),
            }
            wait *= 2;
        }
        self.exchange(request).await
    }

    async fn exchange(&self, request: &TokenRequest) -> Result<Response> {
        let answer = self.send(request, None).await?;
        if self.host != Host::Arc || answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let key = arc::key(&answer, &self.arc_keys).map_err(failed)?;
        self.send(request, Some(key)).await
    }

    async fn send(&self, request: &TokenRequest, key: Option<SecretValue>) -> Result<Response> {
        let is_form = self.host == Host::CloudShell;
        let mut built = Request::builder().method(if is_form { Method::POST } else { Method::GET });
        if let (Some(name), Some(secret)) = (self.host.secret_header(), &self.secret) {
            built = built.header(name, secret.expose());
        }
        if self.host.wants_metadata_header() {
            built = built.header("Metadata", "true");
        }
        if let Some(key) = key {
            built = built.header("Authorization", format!("Basic {}", key.expose()));
        }
        let mut body = Bytes::new();
        let mut url = self.url(request);
        if is_form {
            built = built.header("Content-Type", "application/x-www-form-urlencoded");
            body = url.query().unwrap_or_default().to_owned().into();
            url.set_query(None);
        }
        let built = built.uri(url.as_str()).body(body).map_err(|e| failed(e.to_string()))?;
        let built = built.try_into().map_err(|e: reqwest::Error| failed(e.to_string()))?;
        let silent =
            |why: &str| Error::new(ErrorKind::Network, format!("no answer from {}{why}", self.endpoint));
        let answer = timeout(EXCHANGE, self.transport.send(built)).await;
        let answer = answer.map_err(|_| silent(&format!(" within {} seconds", EXCHANGE.as_secs())))?;
        answer.map_err(|e| silent(&format!(": {}", e.message)))
    }

    fn url(&self, request: &TokenRequest) -> Url {
        let mut url = self.endpoint.clone();
        let mut query = url.query_pairs_mut();
        query.clear();
        if let Some(version) = self.host.api_version() {
            query.append_pair("api-version", version);
        }
        query.append_pair("resource", request.resource());
        if let Ok(Some((name, id))) = self.host.parameter(&self.which) {
            query.append_pair(name, id);
        }
        drop(query);
        url
    }
}

impl TokenSource for ManagedIdentity {
    fn token(&self, request: TokenRequest) -> BoxFuture<'_, Result<AccessToken>> {
        Box::pin(async move { read(&self.ask(&request).await?) })
    }
}

/// Tells whether an endpoint is only not ready.
fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 404 | 410 | 429) || status.is_server_error()
}

fn read(answer: &Response) -> Result<AccessToken> {
    if !answer.status().is_success() {
        return Err(failed(refusal(answer)));
    }
    let unreadable = |_| failed("the endpoint answered something that is not a token".to_owned());
    let Answer { access_token, expires_on, expires_in, refresh_in } =
        serde_json::from_slice(answer.body()).map_err(unreadable)?;
    let expires_on = seconds(expires_on).map(Timestamp::from_unix_seconds);
    // A token without an expiry is taken for one of the shortest that is issued.
    let expires_on = expires_on.or_else(|| after(expires_in)).or_else(|| after(Some(3_600.into())));
    Ok(AccessToken { token: access_token, expires_on, refresh_on: after(refresh_in) })
}

/// Says why an endpoint refused, in its own words where it has some.
fn refusal(answer: &Response) -> String {
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let said = ["error_description", "message", "error"].iter().find_map(|key| body[*key].as_str());
    format!("the endpoint answered {}: {}", answer.status().as_u16(), said.unwrap_or("it did not say why"))
}

fn failed(reason: String) -> Error {
    Error::new(ErrorKind::Authentication, reason).with_advice(
        "check that an identity is assigned to the host, and which one credential.client_id names".to_owned(),
    )
}
