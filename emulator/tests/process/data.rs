//! The data file: what survives a kill, and what is refused.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Program, refused, send};

fn data_file(folder: &TempDir) -> (PathBuf, String) {
    let path = folder.path().join("vaults.db");
    let text = path.to_str().unwrap().to_owned();
    (path, text)
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

#[test]
fn a_kill_amid_many_writers_loses_nothing_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let (_, data) = data_file(&folder);
    let program = Program::start(folder.path(), &["--data", &data]);
    let answered: Vec<String> = thread::scope(|scope| {
        let writers: Vec<_> = (0..6)
            .map(|writer| {
                let program = &program;
                scope.spawn(move || {
                    let names = (0..).map(|number| format!("w{writer}-{number}"));
                    let set = |name: &String| {
                        program.try_call("PUT", &format!("/secrets/{name}"), r#"{"value":"v"}"#)
                    };
                    names.take_while(|name| matches!(set(name), Ok((200, _)))).collect::<Vec<_>>()
                })
            })
            .collect();
        thread::sleep(Duration::from_millis(300));
        send("-KILL", program.child.id());
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    drop(program);
    assert!(answered.len() >= 6, "{answered:?}");

    let program = Program::start(folder.path(), &["--data", &data]);
    let shown: Value = serde_json::from_str(&program.call("GET", "/control/vaults/default", "").1).unwrap();
    for name in answered {
        assert_eq!(shown["secrets"][&name]["versions"], 1, "{name}");
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
