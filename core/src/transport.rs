//! How one HTTP request reaches a host: the seam that tests replace.

use std::{error, fmt, io, iter, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use zeroize::Zeroizing;

use crate::{
    auth::BoxFuture,
    connection,
    error::{Error, Result},
    options::Config,
    proxy, tls,
};

/// An answer, read whole.
pub(crate) type Response = http::Response<Zeroizing<Vec<u8>>>;

/// How far a request got that has no usable answer, which decides whether it is safe to send it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It did not leave: no connection was made.
    NotSent,
    /// It did not leave, and would not at another try: the server's certificate is not trusted.
    Distrusted,
    /// It may have reached the server.
    MaybeSent,
    /// It was answered, but the answer cannot be used.
    Answered,
}

/// A failure below HTTP.
#[derive(Debug)]
pub(crate) struct TransportError {
    pub(crate) reach: Reach,
    pub(crate) message: String,
    pub(crate) source: Option<Box<dyn error::Error + Send + Sync>>,
}

/// Sends one request and reads the answer; no retries, no redirects, no deadline of its own.
pub(crate) trait Transport: fmt::Debug + Send + Sync {
    fn send(&self, request: reqwest::Request) -> BoxFuture<'_, Result<Response, TransportError>>;
}

/// The transport over `reqwest` and rustls: HTTP/2 where the server offers it, pooled connections.
#[derive(Debug)]
pub(crate) struct HttpTransport {
    client: reqwest::Client,
    max_response_bytes: usize,
}

impl HttpTransport {
    pub(crate) fn new(config: &Config) -> Result<Self> {
        let client = reqwest::Client::builder().no_proxy();
        let client = match proxy::of(config)? {
            Some(proxy) => client.proxy(proxy),
            None => client,
        };
        Self::with_tls(
            client.connect_timeout(config.connect_timeout),
            tls::client_config(config)?,
            config.max_response_bytes,
        )
    }

    /// Makes a transport to an endpoint of the same machine that is known by its certificate's SHA-1 thumbprint.
    pub(crate) fn pinned(thumbprint: String) -> Result<Self> {
        let client = reqwest::Client::builder().no_proxy();
        Self::with_tls(client, tls::pinned_config(thumbprint)?, 1 << 20)
    }

    fn with_tls(
        client: reqwest::ClientBuilder,
        tls: rustls::ClientConfig,
        max_response_bytes: usize,
    ) -> Result<Self> {
        let client = client
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            // Whether a request may be sent again is for the pipeline to decide, which knows what a duplicate costs. So no copy is
            // kept for it.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .dns_resolver(Arc::new(Resolver))
            .tcp_nodelay(true)
            .referer(false)
            .user_agent(concat!("libkv/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| Error::invalid_config("transport", e))?;
        Ok(Self { client, max_response_bytes })
    }

    /// Waits for an answer and reads it.
    async fn read(
        &self,
        answer: impl Future<Output = reqwest::Result<reqwest::Response>>,
    ) -> Result<Response, TransportError> {
        let mut answer = answer.await.map_err(TransportError::from)?;
        let announced = answer.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let mut body = Zeroizing::new(Vec::with_capacity(announced.min(self.max_response_bytes)));
        while let Some(chunk) = answer.chunk().await.map_err(TransportError::from)? {
            if body.len() + chunk.len() > self.max_response_bytes {
                return Err(TransportError {
                    reach: Reach::Answered,
                    message: format!(
                        "the answer is larger than max_response_bytes ({})",
                        self.max_response_bytes
                    ),
                    source: None,
                });
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = http::Response::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: reqwest::Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(self.read(self.client.execute(request)))
    }
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let reach = match &error {
            error if is_distrust(error) => Reach::Distrusted,
            error if error.is_connect() || error.is_builder() => Reach::NotSent,
            _ => Reach::MaybeSent,
        };
        Self { reach, message: innermost(&error).to_string(), source: Some(Box::new(error)) }
    }
}

/// Tells whether a certificate was refused.
fn is_distrust(error: &(dyn error::Error + 'static)) -> bool {
    iter::successors(Some(error), |error| below(*error)).any(|cause| {
        let tls = cause.downcast_ref::<rustls::Error>();
        matches!(tls, Some(rustls::Error::InvalidCertificate(_)))
    })
}

/// Returns what an error was made of. An I/O error leaves what it wraps out of the chain of sources.
fn below<'a>(error: &'a (dyn error::Error + 'static)) -> Option<&'a (dyn error::Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

/// Returns the cause at the bottom of a chain, which is where the reason is.
fn innermost<'a>(error: &'a (dyn error::Error + 'static)) -> &'a (dyn error::Error + 'static) {
    iter::successors(Some(error), |error| below(*error)).last().unwrap_or(error)
}

/// Lets `reqwest` find addresses as everything else here does.
#[derive(Debug)]
struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = connection::resolve(name.as_str(), 0).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
