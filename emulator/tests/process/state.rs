//! The state file: taken over at the start, written at the end.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::program::{Program, refused};

#[test]
fn what_one_run_exports_another_imports() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let file = path.to_str().unwrap();
    let program = Program::start(folder.path(), &["--export", file]);
    assert_eq!(program.call("PUT", "/secrets/db", r#"{"value":"v"}"#).0, 200);
    let shown = program.call("GET", "/control/vaults/default", "");
    assert!(!path.exists());
    assert_eq!(program.end("-TERM").code(), Some(0));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

    let state = fs::read(&path).unwrap();
    let program = Program::start(folder.path(), &["--import", file, "--export", file]);
    assert_eq!(program.call("GET", "/control/vaults/default", ""), shown);
    assert_eq!(program.end("-INT").code(), Some(0));
    assert_eq!(fs::read(&path).unwrap(), state);
}

#[test]
fn a_file_that_is_no_state_is_refused_clearly_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let file = path.to_str().unwrap();
    for (content, named) in [
        (&b"\xff\x00 a letter"[..], "not JSON"),
        (br#"{"version": 2}"#, "of a newer kv-emulator"),
        (br#"{"version": 1, "vaults": {"team": {"page_sise": 3}}}"#, "line 1, column"),
    ] {
        fs::write(&path, content).unwrap();
        let said = refused(&["--import", file, "--export", file]);
        assert!(said.contains(file) && said.contains(named), "{said}");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

#[test]
fn a_data_file_takes_a_state_only_while_it_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    let [state, data] =
        ["state.json", "vaults.db"].map(|name| folder.path().join(name).display().to_string());
    fs::write(
        &state,
        r#"{"version": 1, "vaults": {"default": {"secrets": [{"name": "db", "value": "v"}]}}}"#,
    )
    .unwrap();
    let both = ["--import", state.as_str(), "--data", data.as_str()];
    let program = Program::start(folder.path(), &both);
    assert_eq!(program.call("GET", "/secrets/db", "").0, 200);
    assert_eq!(program.call("PUT", "/secrets/db", r#"{"value":"new"}"#).0, 200);
    program.end("-TERM");

    let said = refused(&both);
    assert!(said.contains(&data) && said.contains("holds vaults"), "{said}");
    let program = Program::start(folder.path(), &["--data", &data]);
    assert!(program.call("GET", "/secrets/db", "").1.contains(r#""new""#));
}
