//! Managed identities against scripted endpoints.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio::time::Instant;

use super::*;
use crate::{
    pipeline::script::{Act, Script, answer, body, with_header},
    transport::Reach,
};

fn token() -> Act {
    answer(
        200,
        r#"{"access_token":"t0k3n","expires_on":"4102444800","refresh_in":"100","token_type":"Bearer"}"#,
    )
}

fn identity(
    variables: &[(&str, &str)],
    config: &CredentialConfig,
    acts: Vec<Act>,
) -> (ManagedIdentity, Arc<Script>) {
    let script = Arc::new(Script::of(acts));
    (ManagedIdentity::new(config, &Environment::of(variables), script.clone()).unwrap(), script)
}

async fn ask(identity: &ManagedIdentity) -> Result<AccessToken> {
    identity.token(TokenRequest::for_scope("https://vault.azure.net/.default".to_owned())).await
}

/// What the one request of a host was: method, URL, headers in order, and body.
async fn asked(variables: &[(&str, &str)], config: &CredentialConfig) -> String {
    let (identity, script) = identity(variables, config, vec![token()]);
    ask(&identity).await.unwrap();
    let seen = script.seen.lock().unwrap();
    let headers = seen[0].headers().iter().map(|(name, value)| format!("{name}={}", value.to_str().unwrap()));
    let mut headers: Vec<_> = headers.collect();
    headers.sort();
    let body = String::from_utf8(body(&seen[0]).to_vec()).unwrap();
    format!("{} {} {} {body}", seen[0].method(), seen[0].url(), headers.join(" "))
}

#[tokio::test(start_paused = true)]
async fn each_host_is_asked_as_it_wants_to_be() {
    let client = CredentialConfig { client_id: "id".to_owned(), ..CredentialConfig::default() };
    let resource = CredentialConfig { resource_id: "/r".to_owned(), ..CredentialConfig::default() };
    let own = CredentialConfig::default();
    let app = [("IDENTITY_ENDPOINT", "http://app/token"), ("IDENTITY_HEADER", "s3cret")];
    let of = "resource=https%3A%2F%2Fvault.azure.net";
    for (variables, config, expected) in [
        (
            &app[..],
            &client,
            format!(
                "GET http://app/token?api-version=2019-08-01&{of}&client_id=id x-identity-header=s3cret "
            ),
        ),
        (
            &app[..],
            &resource,
            format!(
                "GET http://app/token?api-version=2019-08-01&{of}&mi_res_id=%2Fr x-identity-header=s3cret "
            ),
        ),
        (
            &[app[0], app[1], ("IDENTITY_SERVER_THUMBPRINT", "x")][..],
            &own,
            format!("GET http://app/token?api-version=2019-07-01-preview&{of} secret=s3cret "),
        ),
        (
            &[("IDENTITY_ENDPOINT", "http://arc/token"), ("IMDS_ENDPOINT", "http://arc")][..],
            &own,
            format!("GET http://arc/token?api-version=2020-06-01&{of} metadata=true "),
        ),
        (
            &[("MSI_ENDPOINT", "http://ml/token"), ("MSI_SECRET", "s3cret")][..],
            &client,
            format!("GET http://ml/token?api-version=2017-09-01&{of}&clientid=id secret=s3cret "),
        ),
        (
            &[("MSI_ENDPOINT", "http://shell/token")][..],
            &own,
            format!(
                "POST http://shell/token content-type=application/x-www-form-urlencoded metadata=true {of}"
            ),
        ),
        (
            &[("AZURE_CLIENT_ID", "id2")][..],
            &own,
            format!(
                "GET http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&{of}&client_id=id2 metadata=true "
            ),
        ),
        (
            &[("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://pod/")][..],
            &resource,
            format!(
                "GET http://pod/metadata/identity/oauth2/token?api-version=2018-02-01&{of}&msi_res_id=%2Fr metadata=true "
            ),
        ),
    ] {
        assert_eq!(asked(variables, config).await, expected);
    }
}

#[test]
fn a_choice_that_the_host_does_not_have_is_refused() {
    let shell = Environment::of(&[("MSI_ENDPOINT", "http://shell/token")]);
    let config = CredentialConfig { object_id: "o".to_owned(), ..CredentialConfig::default() };
    let error = ManagedIdentity::new(&config, &shell, Arc::new(Script::of(vec![]))).unwrap_err();
    assert!(
        error.message().contains("CloudShell") && error.message().contains("credential.object_id"),
        "{error}"
    );
    let broken = Environment::of(&[("MSI_ENDPOINT", "shell")]);
    let error = ManagedIdentity::new(&CredentialConfig::default(), &broken, Arc::new(Script::of(vec![])));
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidConfig);
}

#[tokio::test(start_paused = true)]
async fn numbers_may_be_text() {
    let (identity, _) = identity(&[], &CredentialConfig::default(), vec![token()]);
    let token = ask(&identity).await.unwrap();
    assert_eq!(
        (token.token.expose(), token.expires_on),
        ("t0k3n", Some(Timestamp::from_unix_seconds(4_102_444_800)))
    );
    assert!(token.refresh_on.is_some());
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_is_not_ready_is_asked_again() {
    let acts = vec![answer(404, ""), answer(410, ""), Act::Break(Reach::NotSent), answer(503, ""), token()];
    let (identity, script) = identity(&[], &CredentialConfig::default(), acts);
    let began = Instant::now();
    ask(&identity).await.unwrap();
    assert_eq!((script.requests().len(), began.elapsed().as_secs()), (5, 1 + 70 + 4 + 8));
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_hangs_is_asked_again() {
    let (identity, _) = identity(&[], &CredentialConfig::default(), vec![Act::Hang, token()]);
    let began = Instant::now();
    ask(&identity).await.unwrap();
    assert_eq!(began.elapsed().as_secs(), (EXCHANGE + FIRST_WAIT).as_secs());
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_refuses_is_not_asked_again_and_says_why() {
    let body = r#"{"error":"invalid_request","error_description":"Identity not found"}"#;
    let (identity, _) = identity(&[], &CredentialConfig::default(), vec![answer(400, body)]);
    let error = ask(&identity).await.unwrap_err();
    assert_eq!(error.message(), "the endpoint answered 400: Identity not found");
    assert!(error.advice().unwrap().contains("credential.client_id"));
}

#[tokio::test(start_paused = true)]
async fn an_arc_endpoint_is_shown_the_key_that_it_names() {
    let folder = std::env::temp_dir().join(format!("libkv-arc-{:x}", fastrand::u64(..)));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("x.key"), "k3y").unwrap();
    let challenge = format!("Basic realm={}", folder.join("x.key").display());
    let acts = vec![with_header(401, "www-authenticate", &challenge), token()];
    let variables = [("IDENTITY_ENDPOINT", "http://arc/token"), ("IMDS_ENDPOINT", "http://arc")];
    let (mut identity, script) = identity(&variables, &CredentialConfig::default(), acts);
    identity.arc_keys.clone_from(&folder);
    let given = ask(&identity).await;
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(given.unwrap().token.expose(), "t0k3n");
    let seen = script.seen.lock().unwrap();
    assert!(!seen[0].headers().contains_key("authorization"));
    assert_eq!(seen[1].headers()["authorization"], "Basic k3y");
}

#[tokio::test(start_paused = true)]
async fn an_arc_endpoint_cannot_ask_for_any_file() {
    let variables = [("IDENTITY_ENDPOINT", "http://arc/token"), ("IMDS_ENDPOINT", "http://arc")];
    for challenge in ["Basic realm=/etc/passwd", "Basic", "Basic realm=/var/opt/azcmagent/tokens/../x.key"] {
        let acts = vec![with_header(401, "www-authenticate", challenge)];
        let (identity, script) = identity(&variables, &CredentialConfig::default(), acts);
        let error = ask(&identity).await.unwrap_err();
        assert_eq!((error.kind(), script.requests().len()), (ErrorKind::Authentication, 1), "{challenge}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_machine_without_an_endpoint_costs_a_second_once() {
    let (identity, script) = identity(&[], &CredentialConfig::default(), vec![Act::Hang]);
    let began = Instant::now();
    for _ in 0..2 {
        let request = TokenRequest::for_scope("s".to_owned());
        let Err(Miss::Unavailable(reason)) = identity.try_token(&request).await else { panic!("a token") };
        assert_eq!(reason, "no endpoint answered within 1 second");
    }
    assert_eq!((script.requests().len(), began.elapsed()), (1, PROBE));
}

#[tokio::test(start_paused = true)]
async fn a_machine_without_an_identity_leaves_it_to_others() {
    for status in [400, 403] {
        leaves_it_to_others(status).await;
    }
}

async fn leaves_it_to_others(status: u16) {
    let acts = vec![answer(400, ""), answer(status, r#"{"error_description":"Identity not found"}"#)];
    let (identity, script) = identity(&[], &CredentialConfig::default(), acts);
    let Err(Miss::Unavailable(reason)) = identity.try_token(&TokenRequest::for_scope("s".to_owned())).await
    else {
        panic!("a token")
    };
    assert!(reason.ends_with("Identity not found"));
    assert!(!script.seen.lock().unwrap()[0].headers().contains_key("metadata"), "the probe is not a request");
}

/// Answers one request over TLS, with a certificate that nobody issued.
fn serve_once(body: &'static str) -> (String, thread::JoinHandle<()>) {
    let pem = include_bytes!("../certificate/testdata/plain.pem");
    let certificate = CertificateDer::from_pem_slice(pem).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth();
    let config =
        config.with_single_cert(vec![certificate], PrivateKeyDer::from_pem_slice(pem).unwrap()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/metadata", listener.local_addr().unwrap());
    let served = thread::spawn(move || {
        let connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, listener.accept().unwrap().0);
        // A client that does not trust the certificate says no more.
        if stream.read(&mut [0; 4_096]).is_ok() {
            let length = body.len();
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
                .unwrap();
        }
    });
    (url, served)
}

#[tokio::test]
async fn a_service_fabric_node_is_known_by_its_certificate_s_thumbprint() {
    let right = "85713C30E66EACA4ED41373886B84E615F018CA8";
    for (thumbprint, is_trusted) in
        [(right.to_owned(), true), (right.to_lowercase(), true), ("0".repeat(40), false)]
    {
        let (endpoint, served) = serve_once(r#"{"access_token":"t0k3n","expires_on":"4102444800"}"#);
        let variables = [
            ("IDENTITY_ENDPOINT", endpoint.as_str()),
            ("IDENTITY_HEADER", "s3cret"),
            ("IDENTITY_SERVER_THUMBPRINT", &thumbprint),
        ];
        let (identity, script) = identity(&variables, &CredentialConfig::default(), vec![]);
        let given = identity.exchange(&TokenRequest::for_scope("s".to_owned())).await;
        assert_eq!(given.is_ok(), is_trusted, "{given:?}");
        assert_eq!(script.requests().len(), 0);
        served.join().unwrap();
    }
}
