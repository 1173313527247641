//! Many connections at a time, and more than the system has descriptors for.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::program::{Program, until};

const CROWD: u64 = 10_000;
/// Descriptors for all else.
const SPARE: u64 = 500;

/// Returns how many connections this process can have, at most a whole crowd.
fn crowd() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(u64::MAX).min(CROWD + SPARE);
    if limit.current.is_some_and(|current| current < most) {
        setrlimit(Resource::Nofile, Rlimit { current: Some(most), ..limit }).unwrap();
    }
    let crowd = most - SPARE;
    if crowd < CROWD {
        println!("only {crowd} connections in place of {CROWD}: the system has no more descriptors");
    }
    crowd.try_into().unwrap()
}

fn connections(program: &Program, count: usize) -> Vec<TcpStream> {
    (0..count).map(|_| TcpStream::connect(program.address()).unwrap()).collect()
}

#[test]
fn ten_thousand_connections_are_served_side_by_side() {
    let crowd = crowd();
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start_under("ulimit -S -n 1024", folder.path(), &["--token", "t"]);
    assert_eq!(program.call("PUT", "/secrets/db", r#"{"value":"v"}"#).0, 200);
    let mut connections = connections(&program, crowd);
    assert_eq!(program.call("GET", "/secrets/db", "").0, 200, "they stand in nobody's way");
    for connection in &mut connections {
        let request =
            "GET /secrets/db?api-version=7.4 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\n\r\n";
        connection.write_all(request.as_bytes()).unwrap();
    }
    for connection in &mut connections {
        let mut start = [0; 12];
        connection.read_exact(&mut start).unwrap();
        assert_eq!(&start, b"HTTP/1.1 200");
    }
    drop(connections);
    let descriptors = format!("/proc/{}/fd", program.child.id());
    if fs::exists(&descriptors).unwrap() {
        until(|| (fs::read_dir(&descriptors).unwrap().count() < 50).then_some(()));
    }
    assert_eq!(program.end("-TERM").code(), Some(0));
}

#[test]
fn connections_beyond_the_descriptors_wait_their_turn() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start_under("ulimit -n 64", folder.path(), &[]);
    let mut crowd = connections(&program, 200);
    crowd.drain(..180);
    assert_eq!(program.call("GET", "/secrets", "").0, 200);
    drop(crowd);
    assert_eq!(program.end("-TERM").code(), Some(0));
}
