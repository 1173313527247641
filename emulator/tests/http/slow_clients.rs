//! Clients that take their time, or are gone without a word. Time stands still until everyone waits, and then leaps.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::lab::Lab;

/// HTTP/2's connection preface and empty settings.
const GREETING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";

/// Ends a test that waits in vain.
const TOO_LONG: Duration = Duration::from_secs(1000);

async fn plain(lab: &Lab) -> TcpStream {
    TcpStream::connect(lab.running.http_url().strip_prefix("http://").unwrap()).await.unwrap()
}

fn get(path: &str, token: &str) -> String {
    format!("GET {path}?api-version=7.4 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n")
}

async fn tcp(lab: &Lab) -> TcpStream {
    TcpStream::connect(("127.0.0.1", lab.running.port())).await.unwrap()
}

async fn tls(lab: &Lab, protocol: &[u8]) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(lab.running.ca_pem().as_bytes()).unwrap()).unwrap();
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let host = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(host, tcp(lab).await).await.unwrap()
}

/// Sends a byte every so often until the server ends the connection; returns what it said and after how many seconds.
async fn dribble(stream: impl AsyncRead + AsyncWrite, pause: Duration) -> (String, u64) {
    let began = Instant::now();
    let (mut from, mut to) = tokio::io::split(stream);
    let send = async {
        loop {
            // What the server has to say may still be unread when it takes no more.
            let _ = to.write_all(b"x").await;
            sleep(pause).await;
        }
    };
    let mut said = Vec::new();
    tokio::select! {
        // A reset ends the connection as well.
        _ = from.read_to_end(&mut said) => {}
        _ = timeout(TOO_LONG, send) => {}
    }
    (String::from_utf8_lossy(&said).into_owned(), began.elapsed().as_secs())
}

/// As `dribble`, without a byte.
async fn wait(stream: &mut (impl AsyncRead + Unpin)) -> u64 {
    let began = Instant::now();
    let _ = timeout(TOO_LONG, stream.read_to_end(&mut Vec::new())).await;
    began.elapsed().as_secs()
}

#[tokio::test(start_paused = true)]
async fn a_head_has_a_minute_to_arrive() {
    let lab = Lab::new().await;
    let mut stream = plain(&lab).await;
    stream.write_all(b"GET /secrets HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await.unwrap();
    let (said, seconds) = dribble(stream, Duration::from_secs(7)).await;
    assert_eq!(said, "");
    assert!((59..=68).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn a_body_has_half_a_minute_to_arrive() {
    let lab = Lab::new().await;
    for path in ["/secrets/db?api-version=7.4", "/control/vaults/team"] {
        let mut stream = plain(&lab).await;
        let head = format!(
            "PUT {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Length: 999\r\n\r\n",
            lab.running.token()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let (said, seconds) = dribble(stream, Duration::from_secs(7)).await;
        assert!(said.starts_with("HTTP/1.1 408 "), "{said}");
        assert!(said.contains(r#""message":"The request body did not arrive.""#), "{said}");
        assert!((29..=36).contains(&seconds), "{seconds}");
    }
    assert_eq!(lab.vault("default").state("db").await, Value::Null);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_nobody_reads_delays_no_answer() {
    let lab = Lab::new().await;
    let mut stream = plain(&lab).await;
    let head = "PUT /secrets/db?api-version=7.4 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let began = Instant::now();
    let mut start = [0; 12];
    stream.read_exact(&mut start).await.unwrap();
    assert_eq!((&start, began.elapsed().as_secs()), (b"HTTP/1.1 401", 0));
    let (_, seconds) = dribble(stream, Duration::from_secs(7)).await;
    assert!(seconds <= 36, "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_sends_no_more_gets_its_answer() {
    let lab = Lab::new().await;
    lab.vault("default").given(json!({"faults": [{"delay_ms": 5000}]})).await;
    let mut stream = plain(&lab).await;
    stream.write_all(get("/secrets", lab.running.token()).as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_handshake_has_ten_seconds() {
    let lab = Lab::new().await;
    let mut silent = tcp(&lab).await;
    assert_eq!(wait(&mut silent).await, 10);
    let mut begun = tcp(&lab).await;
    // A record of 512 bytes, of which one comes every three seconds.
    begun.write_all(b"\x16\x03\x01\x02\x00\x01").await.unwrap();
    let (_, seconds) = dribble(begun, Duration::from_secs(3)).await;
    assert!((9..=13).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_asks_nothing_ends_after_a_minute() {
    let lab = Lab::new().await;
    assert_eq!(wait(&mut plain(&lab).await).await, 60);
    assert_eq!(wait(&mut tls(&lab, b"http/1.1").await).await, 60);
    for greeting in [&b""[..], &GREETING[..7], GREETING] {
        let mut stream = tls(&lab, b"h2").await;
        stream.write_all(greeting).await.unwrap();
        assert_eq!(wait(&mut stream).await, 60, "{greeting:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_of_http_2_that_is_gone_without_a_word_is_let_go() {
    let lab = Lab::new().await;
    let mut stream = tls(&lab, b"h2").await;
    stream.write_all(GREETING).await.unwrap();
    // GET http / with indexed fields alone; its 400 comes, and then nobody answers the server's ping.
    stream.write_all(b"\x00\x00\x03\x01\x05\x00\x00\x00\x01\x82\x86\x84").await.unwrap();
    let seconds = wait(&mut stream).await;
    assert!((59..=91).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_no_answers_is_let_go() {
    let lab = Lab::new().await;
    let vault = lab.vault("default");
    vault.given(json!({"secrets": [{"name": "db", "value": "v".repeat(25_000)}]})).await;
    let mut stream = plain(&lab).await;
    let request = get("/secrets/db", lab.running.token());
    let began = Instant::now();
    // It ends with an error, as the server stops to read where it cannot write.
    let ask = async { while stream.write_all(request.as_bytes()).await.is_ok() {} };
    let _ = timeout(TOO_LONG, ask).await;
    assert!((59..=120).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    assert_eq!(vault.call("GET", "/secrets").await.status, 200);
}
