//! The program's flags.

use std::process::Command;

use serde_json::{Value, json};

use crate::program::{PROGRAM, Program, refused};

#[test]
fn wrong_flags_are_named() {
    for (flags, named) in [
        (["--listen", "0.0.0.0:0"], "0.0.0.0:0"),
        (["--http-listen", "192.0.2.1:80"], "192.0.2.1:80"),
        (["--listen", "nowhere"], "nowhere"),
        (["--delete-delay-ms", "-2"], "-2"),
        (["--token-lifetime-s", "0"], "token-lifetime-s"),
        (["--ready-file", "/nowhere/ready.json"], "ready file"),
        (["--import", "/nowhere/state.json"], "/nowhere/state.json"),
        (["--export", "/nowhere/state.json"], "/nowhere/state.json"),
    ] {
        let said = refused(&flags);
        assert!(said.contains(named), "{flags:?}: {said}");
    }
}

#[test]
fn every_flag_is_explained_with_its_default() {
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for flag in [
        "listen",
        "http-listen",
        "data",
        "import",
        "export",
        "with-parent",
        "token",
        "token-lifetime-s",
        "delete-delay-ms",
        "service-quotas",
    ] {
        let after = help.split_once(&format!("--{flag}")).unwrap_or_else(|| panic!("{flag} in {help}")).1;
        let own = after.split("\n      --").next().unwrap();
        assert!(own.contains("[default: "), "{flag}: {own}");
    }
}

#[test]
fn the_services_quotas_can_be_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let throttle = |flags: &[&str]| {
        let program = Program::start(folder.path(), flags);
        let (_, vault) = program.call("GET", "/control/vaults/team", "");
        serde_json::from_str::<Value>(&vault).unwrap()["throttle"].clone()
    };
    assert_eq!(throttle(&[]), Value::Null);
    assert_eq!(
        throttle(&["--service-quotas"]),
        json!({"creations": 300, "others": 4000, "retry_after": null})
    );
}
