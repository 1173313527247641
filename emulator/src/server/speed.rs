//! What a get costs beside the least that a handler can do in the same server, for `bench/emulator.py`.

use std::process::Command;
use std::sync::Arc;
use std::{env, fs};

use http::Request;
use http::uri::Scheme;
use hyper::body::Incoming;
use rustls::crypto::ring;
use serde::Serialize;
use serde_json::json;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::authority::{Authority, server_config};
use super::listener::Listener;
use super::{Handler, Line};
use crate::reply::{self, Outcome};
use crate::{Config, Emulator};

const CONNECTIONS: usize = 64;
const REQUESTS: u32 = 40_000;
const ROUNDS: usize = 7;

/// What Linux counts a process's CPU time in, of a second.
const TICKS: f64 = 100.0;

struct Trivial;

impl Handler for Trivial {
    async fn respond(&self, _: &Line, _: Request<Incoming>) -> Outcome {
        Outcome::Answer(reply::json_text(http::StatusCode::OK, "{}"))
    }
}

/// What one load came to: for all requests together, and the server's CPU time for each.
#[derive(Serialize)]
struct Load {
    requests_per_s: f64,
    cpu_us: f64,
}

#[derive(Serialize)]
struct Round {
    get: Load,
    trivial: Load,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs h2load and writes a file; `make bench-emulator` runs it"]
async fn speed() {
    let file = env::var_os("LIBKV_FIGURES").expect("LIBKV_FIGURES names the file to write");
    // Fails when another test was first.
    let _ = ring::default_provider().install_default();
    let emulator = Emulator::start(Config::default()).await.unwrap();
    let secrets = json!({"secrets": [{"name": "db", "value": "of thirty-two characters, as most"}]});
    let vault = format!("{}/vaults/default", emulator.control_url());
    let made = reqwest::Client::new().put(vault).body(secrets.to_string()).send().await.unwrap();
    assert_eq!(made.status(), 200);

    let (_stop, stopping) = watch::channel(false);
    let listener = Listener::bind(Config::default().listen).unwrap();
    let trivial = listener.address().port();
    let provider = Arc::new(ring::default_provider());
    let tls = server_config(Arc::new(Authority::new(&provider).unwrap()), provider).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    tokio::spawn(listener.serve(Some(acceptor), Arc::new(Trivial), Scheme::HTTPS, stopping));

    let (get, token) = (emulator.port(), emulator.token().to_owned());
    let figures = tokio::task::spawn_blocking(move || {
        let rounds = |protocol| -> Vec<Round> {
            let load = |port| load(port, &token, protocol);
            (0..ROUNDS).map(|_| Round { get: load(get), trivial: load(trivial) }).collect()
        };
        json!({"HTTP/1.1": rounds("http/1.1"), "HTTP/2": rounds("h2")})
    });
    fs::write(file, figures.await.unwrap().to_string()).unwrap();
}

/// Has `h2load` send requests over TLS, one at a time on each connection.
fn load(port: u16, token: &str, protocol: &str) -> Load {
    let before = cpu_s();
    let output = Command::new("h2load")
        .args(["--clients", &CONNECTIONS.to_string(), "--requests", &REQUESTS.to_string()])
        .args(["--max-concurrent-streams", "1", "--npn-list", protocol])
        .args(["--header", &format!("authorization: Bearer {token}")])
        .arg(format!("https://127.0.0.1:{port}/secrets/db?api-version=7.4"))
        .output()
        .expect("h2load is of nghttp2: apt-get install nghttp2-client");
    let cpu_us = (cpu_s() - before) * 1e6 / f64::from(REQUESTS);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains(&format!("status codes: {REQUESTS} 2xx,")), "{said}");
    let rate = said.lines().find_map(|line| {
        let (_, rate) = line.strip_prefix("finished in ")?.split_once(", ")?;
        rate.split_once(" req/s")?.0.parse().ok()
    });
    Load { requests_per_s: rate.unwrap(), cpu_us }
}

/// Returns the CPU time that this process has used, its children apart.
fn cpu_s() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let ticks: u32 =
        after_name.split_whitespace().skip(11).take(2).map(|field| field.parse::<u32>().unwrap()).sum();
    f64::from(ticks) / TICKS
}
