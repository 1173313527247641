//! Credentials of `azure_identity` as token sources, over libkv's own transport.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use azure_core::{
    cloud::{CloudConfiguration, CustomConfiguration},
    credentials::TokenCredential,
    error::ErrorKind as AzureErrorKind,
    http::{
        AsyncRawResponse, ClientOptions, HttpClient, Method, Request, RetryOptions, StatusCode,
        Transport as AzureTransport, headers::Headers, request::Body,
    },
};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::{
    auth::{
        AccessToken, BoxFuture, TokenRequest, TokenSource,
        source::{EXCHANGE, after},
    },
    error::{Error, ErrorKind, Result},
    lock::lock,
    model::Timestamp,
    time::timeout,
    transport::{Reach, Transport},
};

/// Makes a source of the credential that `make` gives; `advice` is for a person whose token was refused.
///
/// # Errors
/// [`ErrorKind::InvalidConfig`] where no credential can be made.
pub(super) fn source<F>(advice: &'static str, make: F) -> Result<Arc<dyn TokenSource>>
where
    F: Fn(&Ask) -> azure_core::Result<Arc<dyn TokenCredential>> + Send + Sync + 'static,
{
    make(&Ask::default()).map_err(|e| Error::invalid_config("credential", e))?;
    Ok(Arc::new(AzureSource { make, advice }))
}

/// Makes a credential of its own for each token: one credential keeps its token until that expires, and so would give again
/// one that the vault has refused.
struct AzureSource<F> {
    make: F,
    advice: &'static str,
}

impl<F> AzureSource<F> {
    fn refused(&self, error: azure_core::Error) -> Error {
        // Its messages go over several lines, and a person reads them among others'.
        let message = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        let error = Error::new(ErrorKind::Authentication, message).with_source(error);
        error.with_advice(self.advice.to_owned())
    }
}

impl<F> fmt::Debug for AzureSource<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AzureSource")
    }
}

impl<F> TokenSource for AzureSource<F>
where
    F: Fn(&Ask) -> azure_core::Result<Arc<dyn TokenCredential>> + Send + Sync + 'static,
{
    fn token(&self, request: TokenRequest) -> BoxFuture<'_, Result<AccessToken>> {
        Box::pin(async move {
            let ask = Ask { request, refresh_on: Arc::default() };
            let credential = (self.make)(&ask).map_err(|e| self.refused(e))?;
            let token =
                credential.get_token(&[&ask.request.scope], None).await.map_err(|e| self.refused(e))?;
            Ok(AccessToken {
                token: token.token.secret().into(),
                expires_on: Some(Timestamp::from_unix_seconds(token.expires_on.unix_timestamp())),
                refresh_on: *lock(&ask.refresh_on),
            })
        })
    }
}

/// What a credential is made for: one token.
#[derive(Debug, Default)]
pub(super) struct Ask {
    pub(super) request: TokenRequest,
    /// When the authority wants to be asked again, which a credential does not tell.
    refresh_on: Arc<Mutex<Option<Timestamp>>>,
}

impl Ask {
    /// Makes the options of a credential that asks an authority for the token.
    pub(super) fn client_options(&self, authority: &str, transport: &Arc<dyn Transport>) -> ClientOptions {
        let mut cloud = CustomConfiguration::default();
        authority.clone_into(&mut cloud.authority_host);
        let (claims, refresh_on) = (claims(&self.request), self.refresh_on.clone());
        let shared = SharedTransport { transport: transport.clone(), claims, refresh_on };
        ClientOptions {
            cloud: Some(Arc::new(CloudConfiguration::Custom(cloud))),
            transport: Some(AzureTransport::new(Arc::new(shared))),
            retry: RetryOptions::default(),
            ..ClientOptions::default()
        }
    }
}

/// Returns the claims of a request, and that this client can answer a claims challenge, without which no vault makes one.
pub(super) fn claims(request: &TokenRequest) -> String {
    let asked = request.claims.as_deref().and_then(|claims| serde_json::from_str(claims).ok());
    let mut claims: Map<String, Value> = asked.unwrap_or_default();
    if let Value::Object(of_token) = claims.entry("access_token").or_insert_with(|| json!({})) {
        of_token.insert("xms_cc".to_owned(), json!({ "values": ["CP1"] }));
    }
    Value::Object(claims).to_string()
}

/// Lets `azure_identity` use the client's transport, with its trust, limits and connections. Adds claims to its token requests, and
/// takes the time to refresh from the answers, both of which its trait has no room for.
#[derive(Debug)]
struct SharedTransport {
    transport: Arc<dyn Transport>,
    claims: String,
    refresh_on: Arc<Mutex<Option<Timestamp>>>,
}

#[derive(Deserialize)]
struct Answer {
    refresh_in: Option<Value>,
}

#[async_trait]
impl HttpClient for SharedTransport {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let mut builder =
            http::Request::builder().method(method(request.method())).uri(request.url().as_str());
        let mut is_form = false;
        for (name, value) in request.headers().iter() {
            is_form |= name.as_str() == CONTENT_TYPE.as_str() && value.as_str().contains("form-urlencoded");
            if name.as_str() != CONTENT_LENGTH.as_str() {
                builder = builder.header(name.as_str(), value.as_str());
            }
        }
        let body = match request.body() {
            Body::Bytes(form) if is_form => self.with_claims(form),
            Body::Bytes(bytes) => bytes.clone(),
            _ => Bytes::new(),
        };
        let request = builder.body(body).map_err(broken)?.try_into().map_err(broken)?;
        let sent = timeout(EXCHANGE, self.transport.send(request)).await;
        let late = |_| {
            azure_core::Error::with_message(
                AzureErrorKind::Io,
                format!("no answer within {} seconds", EXCHANGE.as_secs()),
            )
        };
        let answer = sent.map_err(late)?.map_err(|error| {
            let kind =
                if error.reach == Reach::NotSent { AzureErrorKind::Connection } else { AzureErrorKind::Io };
            azure_core::Error::with_message(kind, error.message)
        })?;
        *lock(&self.refresh_on) =
            serde_json::from_slice(answer.body()).ok().and_then(|Answer { refresh_in }| after(refresh_in));
        let mut headers = Headers::new();
        for (name, value) in answer.headers() {
            headers.insert(name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned());
        }
        let body = Bytes::copy_from_slice(answer.body());
        Ok(AsyncRawResponse::from_bytes(StatusCode::from(answer.status().as_u16()), headers, body))
    }
}

impl SharedTransport {
    fn with_claims(&self, form: &Bytes) -> Bytes {
        let claims = utf8_percent_encode(&self.claims, NON_ALPHANUMERIC).to_string();
        Bytes::from_owner(Zeroizing::new([form, &b"&claims="[..], claims.as_bytes()].concat()))
    }
}

fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> azure_core::Error {
    azure_core::Error::new(AzureErrorKind::DataConversion, error)
}

fn method(method: Method) -> http::Method {
    http::Method::from_bytes(method.as_ref().as_bytes()).unwrap_or(http::Method::GET)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        pipeline::script,
        transport::{Response, TransportError},
    };

    /// An authority that refuses, with a text that must not show, and keeps what it was sent.
    #[derive(Debug, Default)]
    struct Refusing(Mutex<Vec<Bytes>>);

    impl Transport for Refusing {
        fn send(&self, request: reqwest::Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            self.0.lock().unwrap().push(script::body(&request));
            let body = r#"{"error":"invalid_client","error_description":"AADSTS7000215","trace":"hunter2"}"#;
            let answer = http::Response::builder().status(401).body(Zeroizing::new(body.as_bytes().to_vec()));
            Box::pin(async move { Ok(answer.unwrap()) })
        }
    }

    async fn refused(request: TokenRequest) -> (String, String) {
        let authority = Arc::new(Refusing::default());
        let transport: Arc<dyn Transport> = authority.clone();
        let source = source("ask somebody", move |ask| {
            let client_options = ask.client_options("https://login.example", &transport);
            let options = azure_identity::ClientSecretCredentialOptions { client_options };
            let secret = "hunter3".to_owned().into();
            Ok(azure_identity::ClientSecretCredential::new("t", "c".into(), secret, Some(options))?)
        })
        .unwrap();
        let error = source.token(request).await.unwrap_err();
        assert_eq!(error.advice(), Some("ask somebody"));
        let form = String::from_utf8(authority.0.lock().unwrap()[0].to_vec()).unwrap();
        (format!("{error} {error:?} {source:?}"), form)
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_shows_its_reason_and_nothing_else() {
        let (shown, _) = refused(TokenRequest::for_scope("s".into())).await;
        assert!(shown.contains("AADSTS7000215") && !shown.contains("hunter"), "{shown}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_challenge_s_claims_reach_the_authority() {
        let claims = Some(r#"{"access_token":{"nbf":{"essential":true}}}"#.to_owned());
        let (_, form) = refused(TokenRequest { claims, ..TokenRequest::for_scope("s".into()) }).await;
        let fields: Vec<_> = url::form_urlencoded::parse(form.as_bytes()).collect();
        let claims = fields.iter().find(|(name, _)| name == "claims").unwrap();
        assert_eq!(claims.1, r#"{"access_token":{"nbf":{"essential":true},"xms_cc":{"values":["CP1"]}}}"#);
    }

    #[test]
    fn claims_that_are_none_are_left_out() {
        for odd in [None, Some("rubbish"), Some("[1]"), Some("3")] {
            let request = TokenRequest { claims: odd.map(str::to_owned), ..TokenRequest::default() };
            assert_eq!(claims(&request), r#"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#);
        }
    }
}
