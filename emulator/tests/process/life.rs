//! How the program begins and ends.

use std::fs;
use std::io::Read;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::program::{PROGRAM, Program, read_ready, send, until, wait};

#[test]
fn the_ready_file_tells_where_everything_is_and_goes_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &["--token", "mine"]);
    let ready = program.ready.clone();
    let member = |name: &str| ready[name].as_str().unwrap_or_else(|| panic!("{name} in {ready}")).to_owned();
    assert!(member("vault_url").starts_with("https://default.localhost:"));
    assert_eq!(member("authority_url"), member("vault_url"));
    assert_eq!(member("control_url"), format!("{}/control", member("http_url")));
    assert!(member("identity_endpoint").starts_with(&member("http_url")));
    assert_eq!(member("token"), "mine");
    assert!(fs::read_to_string(member("ca_file")).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    assert_eq!(program.call("GET", "/secrets", "").0, 200);
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "no draft and no key lies about: {left:?}");

    let status = program.end("-TERM");
    assert_eq!(status.code(), Some(0));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn an_interrupt_ends_it_as_well() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Program::start(folder.path(), &[]).end("-INT").code(), Some(0));
}

#[test]
fn without_a_ready_file_it_says_so_on_standard_output() {
    let mut child = Command::new(PROGRAM).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = Vec::new();
    let mut output = child.stdout.take().unwrap();
    let mut byte = [0];
    while output.read(&mut byte).unwrap() == 1 && byte != *b"\n" {
        line.extend(byte);
    }
    send("-TERM", child.id());
    assert!(wait(&mut child).success());
    let ready: Value = serde_json::from_slice(&line).unwrap();
    assert!(!Path::new(ready["ca_file"].as_str().unwrap()).exists());
}

#[test]
fn it_ends_with_its_parent() {
    let folder = tempfile::tempdir().unwrap();
    let ready_file = folder.path().join("ready.json");
    let command = format!("{PROGRAM} --with-parent --ready-file {} & wait", ready_file.display());
    let mut parent = Command::new("sh").args(["-c", &command]).spawn().unwrap();
    let ready = read_ready(&ready_file);
    let address = ready["http_url"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
    assert!(TcpStream::connect(&address).is_ok());
    parent.kill().unwrap();
    parent.wait().unwrap();
    until(|| TcpStream::connect(&address).is_err().then_some(()));
    until(|| (!ready_file.exists()).then_some(()));
}
