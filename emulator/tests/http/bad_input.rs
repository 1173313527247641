//! Bodies and heads that no client of good will sends.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::lab::{Lab, Reply};

const DEPTH: usize = 100_000;

/// What every operation that reads a body must refuse, whatever it reads from it.
fn no_objects() -> Vec<Vec<u8>> {
    let texts = [
        "",
        " ",
        "{",
        "}",
        "[]",
        "[{}]",
        "null",
        "1",
        "\"text\"",
        "{}{}",
        "{\"a\"}",
        "{'a':1}",
        "{\"a\":1,}",
        "\u{feff}{}",
    ];
    let deep = ["[".repeat(DEPTH), "{\"a\":".repeat(DEPTH), format!("{{\"a\":{}", "[".repeat(DEPTH))];
    let bytes = [&b"\x00"[..], b"\xff\xfe{\x00}\x00", b"{\"a\":\"\xc3\x28\"}", b"{\"a\":\"\\ud800\"}x"];
    let texts = texts.into_iter().map(str::to_owned).chain(deep).map(String::into_bytes);
    texts.chain(bytes.map(<[u8]>::to_vec)).collect()
}

fn text_of(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(20).collect()
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused_by_every_operation() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.set("db", "v").await;
    let before = vault.state("db").await;
    for body in no_objects() {
        for (method, path) in [
            ("PUT", "/secrets/db"),
            ("PATCH", "/secrets/db"),
            ("POST", "/secrets/restore"),
            ("POST", "/certificates/tls/create"),
        ] {
            let reply = lab.send(vault.request(method, path).body(body.clone())).await;
            assert_eq!(reply.error(), "400 BadParameter", "{method} {path} {}", text_of(&body));
        }
    }
    assert_eq!(vault.state("db").await, before);
    assert_eq!(vault.call("GET", "/secrets").await.json()["value"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn members_of_the_wrong_type_are_refused_by_every_operation() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.set("db", "v").await;
    let nested = |depth| {
        serde_json::from_str::<Value>(&format!("{}{}", "[".repeat(depth), "]".repeat(depth))).unwrap()
    };
    for wrong in
        [json!(1), json!(true), json!([]), json!({}), json!(1e300), json!({"a": {"b": 1}}), nested(100)]
    {
        for (method, path, member) in [
            ("PUT", "/secrets/db", "value"),
            ("PUT", "/secrets/db", "contentType"),
            ("PATCH", "/secrets/db", "contentType"),
            ("POST", "/secrets/restore", "value"),
        ] {
            let mut body = json!({"value": "v"});
            body[member] = wrong.clone();
            let reply = vault.call_with(method, path, body).await;
            assert_eq!(reply.error(), "400 BadParameter", "{method} {path} {member}: {wrong}");
        }
    }
    for attributes in
        [json!({"exp": 1e300}), json!({"nbf": u64::MAX}), json!({"enabled": 1}), json!("x"), json!([[]])]
    {
        for method in ["PUT", "PATCH"] {
            let body = json!({"value": "v", "attributes": attributes});
            assert_eq!(
                vault.call_with(method, "/secrets/db", body).await.error(),
                "400 BadParameter",
                "{attributes}"
            );
        }
    }
    let farthest = json!({"value": "v", "attributes": {"exp": i64::MAX, "nbf": i64::MIN}});
    let kept = vault.call_with("PUT", "/secrets/db", farthest).await.json();
    assert_eq!(
        (&kept["attributes"]["exp"], &kept["attributes"]["nbf"]),
        (&json!(i64::MAX), &json!(i64::MIN))
    );
}

#[tokio::test]
async fn the_token_endpoint_refuses_what_is_no_form_and_no_token() {
    let lab = Lab::new().await;
    let application = format!("{}/applications/a", lab.running.control_url());
    let credential =
        json!({"issuer": "https://issuer", "subject": "s", "audience": "api://AzureADTokenExchange"});
    let registration = json!({"client_secrets": ["s"], "federated_credentials": [credential]});
    assert_eq!(lab.send(lab.client.put(application).body(registration.to_string())).await.status, 204);
    let deep = format!("{}{}", "[".repeat(DEPTH), "]".repeat(DEPTH));
    let deep_claims = format!("e30.{}.", URL_SAFE_NO_PAD.encode(&deep));
    let form =
        [("grant_type", "client_credentials"), ("client_id", "a"), ("scope", "https://localhost/.default")];
    for assertion in [&deep, "...", "e30.e30.", "\u{0}", &deep_claims] {
        let reply = lab.ask(&[&form[..], &[("client_assertion", assertion)]].concat()).await;
        assert_eq!(
            (reply.status, &reply.json()["error"]),
            (401, &json!("invalid_client")),
            "{assertion:.20}"
        );
    }
    let reply = lab.ask(&[&form[..], &[("client_secret", "s"), ("claims", &deep)]].concat()).await;
    assert_eq!((reply.status, &reply.json()["error"]), (400, &json!("invalid_request")));
    for body in no_objects() {
        let path = format!("/{}/oauth2/v2.0/token", lab.running.tenant());
        let reply = lab.send(lab.vault("team").raw("POST", &path).body(body.clone())).await;
        assert_eq!(
            (reply.status, &reply.json()["error"]),
            (400, &json!("invalid_request")),
            "{}",
            text_of(&body)
        );
    }
}

#[tokio::test]
async fn the_control_endpoint_names_what_is_wrong() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    vault.set("db", "v").await;
    for body in no_objects().into_iter().filter(|body| !body.is_empty()) {
        for path in ["vaults/team", "applications/a"] {
            let url = format!("{}/{path}", lab.running.control_url());
            let reply = lab.send(lab.client.put(url).body(body.clone())).await;
            assert_eq!(reply.status, 400, "{path} {}", text_of(&body));
            assert!(!reply.json()["error"].as_str().unwrap().is_empty());
        }
    }
    assert_eq!(vault.call("GET", "/secrets/db").await.status, 200, "nothing has changed");
}

/// Sends bytes to the plain listener and reads until the end of the connection.
async fn speak(lab: &Lab, bytes: &[u8]) -> String {
    let address = lab.running.http_url().replace("http://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may answer, and end the connection, before it has read all.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn heads_that_are_too_large_or_malformed_are_refused() {
    let lab = Lab::new().await;
    let get = |path: &str, headers: &str| {
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n").into_bytes()
    };
    let long = "x".repeat(1_000_000);
    let rows = [
        (get("/secrets", &format!("X-Long: {long}\r\n")), "431"),
        (get("/secrets", &"X-Many: 1\r\n".repeat(10_000)), "431"),
        (get(&format!("/secrets/{long}"), ""), "431"),
        (get(&format!("/secrets/{}", &long[..100_000]), ""), "414"),
        (get(&format!("/secrets/{}?api-version=7.4", &long[..60_000]), ""), "401"),
        (get("/secrets", "No colon\r\n"), "400"),
        (get("/secrets", "X-Zero: \0\r\n"), "400"),
        (get("/secrets", "Content-Length: -1\r\n"), "400"),
        (get("/secrets", "Content-Length: 1\r\nContent-Length: 2\r\n"), "400"),
        (get("/secrets", "Content-Length: 99999999999999999999\r\n"), "400"),
        (get("/secrets", "Transfer-Encoding: gzip\r\n"), "400"),
        (get("/secrets?api-version=7.4", "Authorization: Bearer \u{e4}\r\n"), "401"),
        (get("/secrets?api-version=7.4", &format!("Authorization: Bearer {}\r\n", &long[..50_000])), "401"),
        (get("secrets", ""), "400"),
        (b"GET /secrets HTTP/1.1\r\nConnection: close\r\n\r\n".to_vec(), "400"),
        (b"GET /secrets HTTP/9.9\r\n\r\n".to_vec(), "400"),
        (b"GET  HTTP/1.1\r\n\r\n".to_vec(), "400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc".to_vec(), "400"),
        (
            b"PUT /secrets/db HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n"
                .to_vec(),
            "400",
        ),
    ];
    for (request, status) in rows {
        let answer = speak(&lab, &request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{}: {answer:.200}", text_of(&request));
    }
    assert_eq!(lab.vault("default").call("GET", "/secrets").await.status, 200);
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused_over_http_2() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let request = vault.request("GET", "/secrets").header("x-long", "x".repeat(100_000));
    // The answer can be overtaken by the reset of its stream.
    if let Ok(response) = request.send().await {
        assert_eq!(response.status().as_u16(), 431);
    }
    assert_eq!(vault.call("GET", "/secrets").await.status, 200);
}

#[tokio::test]
async fn texts_of_any_kind_in_paths_and_queries_are_answered() {
    let lab = Lab::new().await;
    let vault = lab.vault("team");
    let answered = |reply: Reply| (400..500).contains(&reply.status);
    for text in ["%", "%zz", "%00", "%ff", "..%2f..", "%C3%A4", "%F0%9F%A7%80", "a%0d%0ab"] {
        assert!(answered(vault.call("GET", &format!("/secrets/{text}")).await), "{text}");
        assert!(answered(vault.call("GET", &format!("/secrets/db/{text}")).await), "{text}");
        assert!(answered(vault.call("GET", &format!("/secrets?maxresults={text}")).await), "{text}");
        assert!(answered(vault.call("GET", &format!("/secrets?$skiptoken={text}")).await), "{text}");
        assert!(
            answered(lab.send(vault.raw("GET", &format!("/secrets?api-version={text}"))).await),
            "{text}"
        );
    }
}
