//! TLS, protocols and connections.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use libkv_emulator::{Config, Emulator, StartError};
use reqwest::Version;

use crate::lab::{Lab, client};

#[tokio::test]
async fn http_2_is_chosen_by_negotiation_and_http_1_is_served() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    assert_eq!(vault.request("GET", "/secrets").send().await.unwrap().version(), Version::HTTP_2);
    let http_1 = client(&lab.running, |builder| builder.http1_only());
    let request =
        http_1.get(format!("{}/secrets?api-version=7.4", vault.url)).bearer_auth(lab.running.token());
    assert_eq!(request.send().await.unwrap().version(), Version::HTTP_11);
}

#[tokio::test]
async fn every_loopback_host_has_a_valid_certificate() {
    let lab = Lab::new().await;
    for host in ["team.localhost", "another-team.localhost", "localhost", "127.0.0.1"] {
        let url = lab.vault("team").url.replace("team.localhost", host);
        assert_eq!(
            lab.send(lab.client.get(format!("{url}/secrets?api-version=7.4"))).await.status,
            401,
            "{host}"
        );
    }
}

#[tokio::test]
async fn each_emulator_has_an_authority_of_its_own() {
    let (lab, other) = (Lab::new().await, Lab::new().await);
    assert_ne!(lab.running.ca_pem(), other.running.ca_pem());
    let refused = lab.client.get(other.vault("team").url).send().await.unwrap_err();
    assert!(refused.is_connect(), "{refused:?}");
}

#[tokio::test]
async fn other_addresses_than_loopback_are_refused() {
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let config = Config { listen: listen.parse().unwrap(), ..Config::default() };
        assert!(matches!(Emulator::start(config).await.err(), Some(StartError::NotLoopback(_))), "{listen}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_goes_on_after_a_body_that_nobody_read() {
    let lab = Lab::new().await;
    let address = lab.running.http_url().replace("http://", "");
    let answers = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let start = format!("/secrets/db?api-version=7.4 HTTP/1.1\r\nHost: {address}\r\n");
        write!(stream, "PUT {start}Content-Length: 500000\r\n\r\n").unwrap();
        stream.write_all(&vec![b' '; 500_000]).unwrap();
        write!(stream, "GET {start}Connection: close\r\n\r\n").unwrap();
        let mut answers = String::new();
        stream.read_to_string(&mut answers).unwrap();
        answers
    });
    assert_eq!(answers.await.unwrap().matches("HTTP/1.1 401 Unauthorized").count(), 2);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let request = vault.request("PUT", "/secrets/db").body(vec![b' '; 33 * 1024 * 1024]);
    // The answer can be overtaken by the end of the connection.
    if let Ok(response) = request.send().await {
        assert_eq!(response.status().as_u16(), 413);
    }
    assert_eq!(vault.call("GET", "/secrets/db").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_on_a_connection_harms_nobody_else() {
    let lab = Lab::new().await;
    let http = lab.running.http_url().replace("http://", "");
    let https = lab.vault("team").url.replace("https://team.localhost", "127.0.0.1");
    let answers = tokio::task::spawn_blocking(move || {
        [(http, "NONSENSE\r\n\r\n"), (https, "GET / HTTP/1.1\r\n\r\n")].map(|(address, bytes)| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            stream.write_all(bytes.as_bytes()).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).map(|_| answer)
        })
    });
    let [plain, tls] = answers.await.unwrap();
    assert!(plain.unwrap().starts_with(b"HTTP/1.1 400 "));
    assert!(!tls.unwrap_or_default().starts_with(b"HTTP/"));
    assert_eq!(lab.vault("team").call("GET", "/secrets").await.status, 200);
}

#[tokio::test]
async fn a_stop_answers_what_has_begun_and_refuses_the_rest() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.given(serde_json::json!({"faults": [{"delay_ms": 300}]})).await;
    let (url, begun) = (vault.url.clone(), vault.request("GET", "/secrets"));
    let Lab { running, client, .. } = lab;
    let begun = tokio::spawn(begun.send());
    tokio::time::sleep(Duration::from_millis(100)).await;
    running.stop().await.unwrap();
    assert_eq!(begun.await.unwrap().unwrap().status().as_u16(), 200);
    assert!(client.get(url).send().await.unwrap_err().is_connect());
}
