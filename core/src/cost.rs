//! The parts of a call that ask nothing of the system, for `bench/instructions.py` to count their instructions.

use std::{hint::black_box, sync::Arc};

use http::{HeaderValue, Method};
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::{
    identifier::SecretId,
    model::Secret,
    operations::GET_SECRET,
    pipeline::{Call, Pipeline, script},
    request::Deadline,
    transport::Response,
    wire::FromWire,
};

const TIMES: usize = 100;

const ANSWER: &[u8] = br#"{"value":"s3cr3t","contentType":"text/plain","id":"https://contoso.vault.azure.net/secrets/db-password/4387e9f3d6e14c459867679a90fd0f79","attributes":{"enabled":true,"created":1493938410,"updated":1493938410,"recoveryLevel":"Recoverable+Purgeable","recoverableDays":90},"tags":{"stage":"production"}}"#;
const IDENTIFIER: &str =
    "https://contoso.vault.azure.net/secrets/db-password/4387e9f3d6e14c459867679a90fd0f79";
const CHALLENGE: &str = r#"Bearer authorization="https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47", resource="https://vault.azure.net""#;

#[inline(never)]
fn parse_an_answer() {
    black_box(Secret::from_wire(black_box(ANSWER)).unwrap());
}

#[inline(never)]
fn parse_an_identifier() {
    black_box(SecretId::parse(black_box(IDENTIFIER)).unwrap());
}

#[inline(never)]
fn build_a_request(pipeline: &Pipeline, token: &HeaderValue) {
    let url = pipeline.url(&["secrets", black_box("db-password")]);
    let now = Instant::now();
    let call = Call::new(&GET_SECRET, Method::GET, url, Deadline { started: now, at: now });
    black_box(call.request(Some(token)));
}

#[inline(never)]
fn learn_a_challenge(pipeline: &Pipeline, answer: &Response) {
    pipeline.auth.learn(black_box(answer), None).unwrap();
}

#[inline(never)]
fn pass_the_governor(admit: impl Fn()) {
    admit();
}

#[test]
#[ignore = "counted under callgrind by `make check`"]
fn pure_parts() {
    let (client, _) = script::client_of("https://contoso.vault.azure.net", script::options(), Vec::new());
    let pipeline: &Arc<Pipeline> = client.pipeline();
    let token = HeaderValue::from_static("Bearer token");
    let challenge = http::Response::builder().status(401).header("www-authenticate", CHALLENGE);
    let challenge = challenge.body(Zeroizing::default()).unwrap();
    let admit = crate::governor::open_admission();
    for _ in 0..TIMES {
        parse_an_answer();
        parse_an_identifier();
        build_a_request(pipeline, &token);
        learn_a_challenge(pipeline, &challenge);
        pass_the_governor(&admit);
    }
}
