//! Credentials of `azure_identity` as token sources, over libkv's own transport.

use std::sync::Arc;

use async_trait::async_trait;
use azure_core::{
    cloud::{CloudConfiguration, CustomConfiguration},
    credentials::{Secret, TokenCredential},
    error::ErrorKind as AzureErrorKind,
    http::{
        AsyncRawResponse, ClientOptions, HttpClient, Method, Request, RetryOptions, StatusCode,
        Transport as AzureTransport, headers::Headers, request::Body,
    },
};
use azure_identity::{ClientSecretCredential, ClientSecretCredentialOptions};
use bytes::Bytes;

use crate::{
    auth::{AccessToken, BoxFuture, TokenRequest, TokenSource},
    error::{Error, ErrorKind, Result},
    model::Timestamp,
    options::CredentialConfig,
    transport::{Reach, Transport},
};

/// Authenticates an application by its secret.
pub(super) fn client_secret(
    config: &CredentialConfig,
    transport: Arc<dyn Transport>,
) -> Result<Arc<dyn TokenSource>> {
    let source = ClientSecret { config: config.clone(), transport };
    source.credential().map_err(|e| Error::invalid_config("credential", e))?;
    Ok(Arc::new(source))
}

fn client_options(config: &CredentialConfig, transport: Arc<dyn Transport>) -> ClientOptions {
    let mut cloud = CustomConfiguration::default();
    cloud.authority_host.clone_from(&config.authority_host);
    ClientOptions {
        cloud: Some(Arc::new(CloudConfiguration::Custom(cloud))),
        transport: Some(AzureTransport::new(Arc::new(SharedTransport(transport)))),
        retry: RetryOptions::default(),
        ..ClientOptions::default()
    }
}

/// An application's secret, with a credential of its own for each token: one credential keeps its token until that
/// expires, and so would give again one that the vault has refused.
#[derive(Debug)]
struct ClientSecret {
    config: CredentialConfig,
    transport: Arc<dyn Transport>,
}

impl ClientSecret {
    fn credential(&self) -> azure_core::Result<Arc<dyn TokenCredential>> {
        let Self { config, transport } = self;
        let options =
            ClientSecretCredentialOptions { client_options: client_options(config, transport.clone()) };
        let secret = Secret::new(config.client_secret.expose().to_owned());
        Ok(ClientSecretCredential::new(&config.tenant_id, config.client_id.clone(), secret, Some(options))?)
    }
}

/// The trait of `azure_core` knows neither tenant nor claims, so those of the request are not passed on.
impl TokenSource for ClientSecret {
    fn token(&self, request: TokenRequest) -> BoxFuture<'_, Result<AccessToken>> {
        Box::pin(async move {
            let credential = self.credential().map_err(refused)?;
            let token = credential.get_token(&[&request.scope], None).await.map_err(refused)?;
            Ok(AccessToken {
                token: token.token.secret().into(),
                expires_on: Some(Timestamp::from_unix_seconds(token.expires_on.unix_timestamp())),
                refresh_on: None,
            })
        })
    }
}

fn refused(error: azure_core::Error) -> Error {
    let advice = "check the tenant, the client id and the client secret, and that the secret has not expired";
    Error::new(ErrorKind::Authentication, error.to_string()).with_advice(advice.to_owned()).with_source(error)
}

/// Lets `azure_identity` use the client's transport, with its trust, limits and connections.
#[derive(Debug)]
struct SharedTransport(Arc<dyn Transport>);

#[async_trait]
impl HttpClient for SharedTransport {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let broken = |e: http::Error| azure_core::Error::new(AzureErrorKind::DataConversion, e);
        let mut builder =
            http::Request::builder().method(method(request.method())).uri(request.url().as_str());
        for (name, value) in request.headers().iter() {
            builder = builder.header(name.as_str(), value.as_str());
        }
        let body = match request.body() {
            Body::Bytes(bytes) => bytes.clone(),
            _ => Bytes::new(),
        };
        let answer = self.0.send(builder.body(body).map_err(broken)?).await.map_err(|error| {
            let kind =
                if error.reach == Reach::NotSent { AzureErrorKind::Connection } else { AzureErrorKind::Io };
            azure_core::Error::with_message(kind, error.message)
        })?;
        let mut headers = Headers::new();
        for (name, value) in answer.headers() {
            headers.insert(name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned());
        }
        let body = Bytes::copy_from_slice(answer.body());
        Ok(AsyncRawResponse::from_bytes(StatusCode::from(answer.status().as_u16()), headers, body))
    }
}

fn method(method: Method) -> http::Method {
    http::Method::from_bytes(method.as_ref().as_bytes()).unwrap_or(http::Method::GET)
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::transport::{Response, TransportError};

    /// An authority that refuses, with a text that must not show.
    #[derive(Debug)]
    struct Refusing;

    impl Transport for Refusing {
        fn send(&self, _: http::Request<Bytes>) -> BoxFuture<'_, Result<Response, TransportError>> {
            let body = r#"{"error":"invalid_client","error_description":"AADSTS7000215","trace":"hunter2"}"#;
            let answer = http::Response::builder().status(401).body(Zeroizing::new(body.as_bytes().to_vec()));
            Box::pin(async move { Ok(answer.unwrap()) })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_shows_its_reason_and_nothing_else() {
        let config = CredentialConfig {
            tenant_id: "t".into(),
            client_id: "c".into(),
            client_secret: "hunter3".into(),
            authority_host: "https://login.example".into(),
            ..CredentialConfig::default()
        };
        let source = client_secret(&config, Arc::new(Refusing)).unwrap();
        let error = source.token(TokenRequest::for_scope("s".into())).await.unwrap_err();
        let shown = format!("{error} {error:?} {source:?}");
        assert!(shown.contains("AADSTS7000215") && !shown.contains("hunter"), "{shown}");
    }
}
