//! Random requests to every route: each is answered, and none by a failure of the emulator.

use std::time::Duration;

use fastrand::Rng;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::lab::Lab;

/// `LIBKV_SEED` takes the place of this one, to try others or to see a failure again.
const SEED: u64 = 20_260_401;
const REQUESTS: usize = 2_000;

const METHODS: [&str; 8] = ["GET", "PUT", "PATCH", "POST", "DELETE", "HEAD", "OPTIONS", "BREW"];

/// Every route with its method; `*` stands for a name or another segment.
const ROUTES: [&str; 33] = [
    "GET /secrets",
    "PUT /secrets/*",
    "PUT /secrets/*",
    "GET /secrets/*",
    "GET /secrets/*/*",
    "PATCH /secrets/*",
    "PATCH /secrets/*/*",
    "DELETE /secrets/*",
    "GET /secrets/*/versions",
    "POST /secrets/*/backup",
    "POST /secrets/restore",
    "GET /deletedsecrets",
    "GET /deletedsecrets/*",
    "DELETE /deletedsecrets/*",
    "POST /deletedsecrets/*/recover",
    "POST /certificates/*/create",
    "GET /certificates/*",
    "GET /certificates/*/*",
    "GET /certificates/*/pending",
    "POST /*/oauth2/v2.0/token",
    "GET /*/v2.0/.well-known/openid-configuration",
    "GET /*/discovery/v2.0/keys",
    "GET /*/discovery/instance",
    "GET /metadata/identity/oauth2/token",
    "PUT /control/vaults/*",
    "PATCH /control/vaults/*",
    "GET /control/vaults/*/requests",
    "PUT /control/applications/*",
    "PATCH /control/clock",
    "GET /control/state",
    "PUT /control/state",
    "GET /",
    "DELETE /*/*",
];

const SEGMENTS: [&str; 14] = [
    "db", "db", "DB", "web", "a", "team", "default", "restore", "versions", "", "my_name", "%00", "%C3%A4",
    "%",
];

const PARAMETERS: [&str; 12] = [
    "api-version=7.4",
    "api-version=7.0",
    "api-version=",
    "maxresults=1",
    "maxresults=-1",
    "maxresults=99999999999999999999",
    "$skiptoken=bm9uZQ==",
    "$skiptoken=%",
    "resource=https://vault.azure.net",
    "client_id=%00",
    "%=%&&=",
    "x",
];

/// Members that some route reads.
const MEMBERS: [&str; 30] = [
    "value",
    "contentType",
    "tags",
    "attributes",
    "enabled",
    "exp",
    "nbf",
    "policy",
    "x509_props",
    "subject",
    "secrets",
    "name",
    "state",
    "versions",
    "recoverable_days",
    "purge_protection",
    "delete_delay_ms",
    "page_size",
    "throttle",
    "rate",
    "burst",
    "creations",
    "authorization",
    "network_acls",
    "client_secrets",
    "certificates",
    "advance_s",
    "since_ms",
    "vaults",
    "version",
];

struct Source {
    random: Rng,
    token: String,
    host: String,
}

impl Source {
    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.random.usize(..texts.len())]
    }

    fn chance(&mut self, percent: u8) -> bool {
        self.random.u8(..100) < percent
    }

    fn request(&mut self) -> Vec<u8> {
        let (method, path) = self.of(&ROUTES).split_once(' ').unwrap();
        let method = if self.chance(80) { method } else { self.of(&METHODS) };
        let mut target = String::new();
        for character in path.chars() {
            match character {
                '*' => target.push_str(self.of(&SEGMENTS)),
                other => target.push(other),
            }
        }
        target.push_str(if self.chance(95) { "?api-version=7.4" } else { "?" });
        for _ in 0..self.random.usize(..3) {
            target.push('&');
            target.push_str(self.of(&PARAMETERS));
        }
        let body = self.body();
        let mut head =
            format!("{method} {target} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        let headers: [(u8, String); 8] = [
            (99, format!("Host: {}", self.host)),
            (95, format!("Authorization: Bearer {}", self.token)),
            (1, "Authorization: Bearer e30.e30.e30".to_owned()),
            (1, "Authorization: \u{fe}\u{ff}".to_owned()),
            (50, "Metadata: true".to_owned()),
            (5, format!("X-HTTP-Method: {}", self.of(&METHODS))),
            (10, "x-ms-client-request-id: \u{ff}".to_owned()),
            (1, "Host: nowhere.example".to_owned()),
        ];
        for (percent, header) in headers {
            if self.chance(percent) {
                head.push_str(&header);
                head.push_str("\r\n");
            }
        }
        head.push_str("\r\n");
        [head.into_bytes(), body].concat()
    }

    fn body(&mut self) -> Vec<u8> {
        let mut body = match self.random.u8(..12) {
            0 => Vec::new(),
            1 => {
                b"grant_type=client_credentials&client_id=a&client_secret=s&scope=https://localhost/.default"
                    .to_vec()
            }
            2..=5 => json!({"value": self.text()}).to_string().into_bytes(),
            6 => json!({"version": 1, "vaults": {"team": self.object(1)}}).to_string().into_bytes(),
            _ => self.object(0).to_string().into_bytes(),
        };
        if self.chance(15) && !body.is_empty() {
            for _ in 0..self.random.usize(1..4) {
                let place = self.random.usize(..body.len());
                body[place] = self.random.u8(..);
            }
        }
        if self.chance(5) {
            body.truncate(self.random.usize(..=body.len()));
        }
        body
    }

    fn object(&mut self, depth: usize) -> Value {
        let members =
            (0..self.random.usize(..5)).map(|_| (self.of(&MEMBERS).to_owned(), self.value(depth + 1)));
        Value::Object(members.collect())
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.random.u8(..if depth < 4 { 12 } else { 8 }) {
            0 => Value::Null,
            1 => self.random.bool().into(),
            2 => self.random.i64(..).into(),
            3 => self.random.u64(..).into(),
            4 => self.random.i64(-1..100).into(),
            5 => (self.random.f64() * 1e300).into(),
            6 => self.of(&SEGMENTS).into(),
            7 => self.text().into(),
            8 | 9 => (0..self.random.usize(..3)).map(|_| self.value(depth + 1)).collect(),
            _ => self.object(depth),
        }
    }

    fn text(&mut self) -> String {
        let length = if self.chance(5) { 26_000 } else { self.random.usize(..20) };
        (0..length).map(|_| self.random.char(..)).collect()
    }
}

async fn answer(address: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    // It comes in time; a reset behind it is no harm.
    let _ = timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn every_request_is_answered_and_none_by_a_failure() {
    let seed = std::env::var("LIBKV_SEED").map_or(SEED, |seed| seed.parse().unwrap());
    let lab = Lab::new().await;
    let host = lab.running.http_url().replace("http://", "");
    let mut source =
        Source { random: Rng::with_seed(seed), token: lab.running.token().to_owned(), host: host.clone() };
    let mut answered = [0; 6];
    for number in 0..REQUESTS {
        let request = source.request();
        let answer = answer(&host, &request).await;
        let status = answer.split(' ').nth(1).and_then(|status| status.parse::<usize>().ok());
        let shown = String::from_utf8_lossy(&request);
        assert!(
            status.is_some_and(|status| (200..500).contains(&status)),
            "seed {seed}, request {number}: {shown:.2000}\n{answer:.500}"
        );
        answered[status.unwrap() / 100] += 1;
        lab.pass(source.random.u64(..2_000));
    }
    assert!(
        answered[2] > REQUESTS / 10 && answered[4] > REQUESTS / 10,
        "both kinds are reached: {answered:?}"
    );
}
