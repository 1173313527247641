//! The program itself: its files, its flags, and how it ends.
#![cfg(unix)]
#![allow(clippy::panic, clippy::unwrap_used, reason = "this is how a test fails")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kv-emulator");
const PATIENCE: Duration = Duration::from_secs(10);

/// A running program, which ends with the test.
struct Program {
    child: Child,
    ready: Value,
}

impl Program {
    fn start(folder: &Path, flags: &[&str]) -> Self {
        let ready_file = folder.join("ready.json");
        // One that was killed leaves its file behind.
        let _ = fs::remove_file(&ready_file);
        let child = Command::new(PROGRAM).arg("--ready-file").arg(&ready_file).args(flags).spawn().unwrap();
        Self { child, ready: read_ready(&ready_file) }
    }

    /// Sends a request to the plain listener; returns status and body.
    fn call(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let address = self.ready["http_url"].as_str().unwrap().strip_prefix("http://").unwrap();
        let token = self.ready["token"].as_str().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(
            stream,
            "{method} {path}?api-version=7.4 HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    fn end(mut self, signal: &str) -> ExitStatus {
        send(signal, self.child.id());
        wait(&mut self.child)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It has ended already where that is what the test is about.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn send(signal: &str, process: u32) {
    assert!(Command::new("kill").args([signal, &process.to_string()]).status().unwrap().success());
}

fn wait(child: &mut Child) -> ExitStatus {
    until(|| child.try_wait().unwrap())
}

fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(start.elapsed() < PATIENCE, "nothing happened for {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn read_ready(file: &Path) -> Value {
    until(|| fs::read(file).ok().map(|text| serde_json::from_slice(&text).unwrap()))
}

/// Runs the program with flags that must make it fail; returns what it says.
fn refused(flags: &[&str]) -> String {
    let mut child = Command::new(PROGRAM).args(flags).stderr(Stdio::piped()).spawn().unwrap();
    let status = wait(&mut child);
    assert!(!status.success(), "{flags:?}");
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    said
}

fn data_file(folder: &TempDir) -> (PathBuf, String) {
    let path = folder.path().join("vaults.db");
    let text = path.to_str().unwrap().to_owned();
    (path, text)
}

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
fn what_was_answered_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let (_, data) = data_file(&folder);
    let mut answered: Vec<Value> = Vec::new();
    for round in 0..5 {
        let program = Program::start(folder.path(), &["--data", &data]);
        for (past, expected) in answered.iter().enumerate() {
            let (status, body) = program.call("GET", &format!("/secrets/s{past}"), "");
            assert_eq!((status, &secret(&body)), (200, expected), "round {round}");
        }
        let (status, body) =
            program.call("PUT", &format!("/secrets/s{round}"), r#"{"value":"v","tags":{"a":"b"}}"#);
        assert_eq!(status, 200);
        answered.push(secret(&body));
        assert!(!program.end("-KILL").success());
    }
}

/// Reads a bundle, without the port, which differs from run to run.
fn secret(body: &str) -> Value {
    let mut bundle: Value = serde_json::from_str(body).unwrap();
    let path = bundle["id"].as_str().unwrap().split_once("/secrets/").unwrap().1.to_owned();
    bundle["id"] = path.into();
    bundle
}

#[test]
fn states_and_settings_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let (_, data) = data_file(&folder);
    let flags = ["--data", data.as_str()];
    let program = Program::start(folder.path(), &flags);
    let settings = r#"{"recoverable_days": 7, "purge_delay_ms": -1, "secrets": [{"name": "kept", "versions": ["1", "2"]},
        {"name": "gone"}, {"name": "deleted"}, {"name": "purged", "state": "deleted"}, {"name": "changed"}]}"#;
    assert_eq!(program.call("PUT", "/control/vaults/default", settings).0, 200);
    assert_eq!(program.call("DELETE", "/secrets/deleted", "").0, 200);
    assert_eq!(program.call("DELETE", "/deletedsecrets/purged", "").0, 204);
    assert_eq!(program.call("PATCH", "/secrets/changed", r#"{"contentType":"new"}"#).0, 200);
    assert_eq!(program.call("PUT", "/control/vaults/other", r#"{"secrets": [{"name": "x"}]}"#).0, 200);
    assert_eq!(program.call("DELETE", "/control/vaults/other", "").0, 204);
    let shown = program.call("GET", "/control/vaults/default", "");
    let changed = program.call("GET", "/secrets/changed", "").1;
    program.end("-KILL");

    let program = Program::start(folder.path(), &flags);
    assert_eq!(program.call("GET", "/control/vaults/default", ""), shown);
    let version = |text: &str| serde_json::from_str::<Value>(text).unwrap()["contentType"].clone();
    assert_eq!(version(&program.call("GET", "/secrets/changed", "").1), version(&changed));
    let purged = program.call("PUT", "/secrets/purged", r#"{"value":"v"}"#);
    assert!(purged.0 == 409 && purged.1.contains("ObjectIsBeingDeleted"), "{}", purged.1);
    let other: Value = serde_json::from_str(&program.call("GET", "/control/vaults/other", "").1).unwrap();
    assert_eq!(other["secrets"], serde_json::json!({}));
}

#[test]
fn a_data_file_that_is_none_is_refused_clearly_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (path, data) = data_file(&folder);
    let garbage =
        b"this is a letter, and no database at all, however long it goes on and on and on".repeat(40);
    fs::write(&path, &garbage).unwrap();
    let said = refused(&["--data", &data]);
    assert!(said.contains(&data) && said.contains("not a database"), "{said}");
    assert_eq!(fs::read(&path).unwrap(), garbage);

    let said = refused(&["--data", "/nowhere/at/all.db"]);
    assert!(said.contains("/nowhere/at/all.db"), "{said}");
}

#[test]
fn a_foreign_or_newer_data_file_is_refused_clearly() {
    let folder = tempfile::tempdir().unwrap();
    let (path, data) = data_file(&folder);
    let foreign = rusqlite::Connection::open(&path).unwrap();
    foreign.execute_batch("CREATE TABLE other (x)").unwrap();
    drop(foreign);
    let said = refused(&["--data", &data]);
    assert!(said.contains("another program"), "{said}");

    fs::remove_file(&path).unwrap();
    Program::start(folder.path(), &["--data", &data]).end("-TERM");
    let newer = rusqlite::Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let said = refused(&["--data", &data]);
    assert!(said.contains("newer") && said.contains("99"), "{said}");
}

#[test]
fn a_data_file_in_use_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (_, data) = data_file(&folder);
    let _first = Program::start(folder.path(), &["--data", &data]);
    let said = refused(&["--data", &data]);
    assert!(said.contains("locked"), "{said}");
}

#[test]
fn secrets_on_disk_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (path, data) = data_file(&folder);
    let program = Program::start(folder.path(), &["--data", &data]);
    program.call("PUT", "/secrets/db", r#"{"value":"v"}"#);
    for file in [path.clone(), path.with_extension("db-wal"), folder.path().join("ready.json")] {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0, "{}", file.display());
    }
}

#[test]
fn wrong_flags_are_named() {
    for (flags, named) in [
        (["--listen", "0.0.0.0:0"], "0.0.0.0:0"),
        (["--http-listen", "192.0.2.1:80"], "192.0.2.1:80"),
        (["--listen", "nowhere"], "nowhere"),
        (["--delete-delay-ms", "-2"], "-2"),
        (["--token-lifetime-s", "0"], "token-lifetime-s"),
        (["--ready-file", "/nowhere/ready.json"], "ready file"),
    ] {
        let said = refused(&flags);
        assert!(said.contains(named), "{flags:?}: {said}");
    }
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

#[test]
fn every_flag_is_explained_with_its_default() {
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for flag in
        ["listen", "http-listen", "data", "with-parent", "token", "token-lifetime-s", "delete-delay-ms"]
    {
        let after = help.split_once(&format!("--{flag}")).unwrap_or_else(|| panic!("{flag} in {help}")).1;
        let own = after.split("\n      --").next().unwrap();
        assert!(own.contains("[default: "), "{flag}: {own}");
    }
}
