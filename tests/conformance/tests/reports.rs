//! A scenario that states something wrong fails, and its report says what is wrong.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use libkv_conformance::{language::Language, run::run, scenario::Scenario, vault::LocalVault};
use serde_json::{Value, json};

fn play_in(language: &Language, scenario: Value) -> Result<(), String> {
    let scenario: Scenario = serde_json::from_value(scenario).unwrap();
    run(&scenario, language, Path::new("/"), &LocalVault::start().unwrap(), "report")
}

fn play(scenario: Value) -> Result<(), String> {
    let rust = Language::new("rust", vec![env!("CARGO_BIN_EXE_libkv-adapter-rust").to_owned()]);
    play_in(&rust, scenario)
}

/// Plays a scenario around `steps` and `then` on a vault that holds `db`.
fn report(steps: Value, then: Value) -> String {
    let given = json!({"secrets": [{"name": "db", "value": "v1"}]});
    play(json!({"name": "n", "given": given, "steps": steps, "then": then})).expect_err("should fail")
}

fn assert_parts(report: &str, parts: &[&str]) {
    for part in parts {
        assert!(report.contains(part), "{part:?} is not in:\n{report}");
    }
}

#[test]
fn what_is_stated_rightly_passes() {
    let steps = json!([{"call": "get_secret", "args": {"name": "db"}, "ok": {"value": "v1"}}]);
    let given = json!({"secrets": [{"name": "db", "value": "v1"}]});
    let then = json!({"requests": {"get_secret": 1, "set_secret": 0}, "total": 2, "secrets": {"db": {"versions": 1}}});
    assert_eq!(play(json!({"name": "n", "given": given, "steps": steps, "then": then})), Ok(()));
}

#[test]
fn a_wrong_field_is_reported_with_the_step_and_the_requests() {
    let steps = json!([
        {"call": "get_secret", "args": {"name": "db"}, "ok": {"value": "v1"}},
        {"call": "get_secret", "args": {"name": "db"}, "ok": {"value": "v2", "nope": {"present": true}}}
    ]);
    assert_parts(
        &report(steps, json!({})),
        &[
            "step 2: get_secret name=\"db\"",
            "value: expected \"v2\", came \"v1\"",
            "nope: expected to be there, came nothing",
            "  1. GET /secrets/db",
            "401, not authenticated",
            "  3. GET /secrets/db",
        ],
    );
}

#[test]
fn success_for_an_error_and_an_error_for_success_fail() {
    let steps = json!([{"call": "get_secret", "args": {"name": "db"}, "error": {"kind": "not_found"}}]);
    assert_parts(
        &report(steps, json!({})),
        &["expected an error \"not_found\"", "came success", "value = \"v1\""],
    );
    let steps = json!([{"call": "get_secret", "args": {"name": "nope"}, "ok": {}}]);
    assert_parts(&report(steps, json!({})), &["expected success", "came an error", "kind = \"not_found\""]);
    let steps = json!([{"call": "get_secret", "args": {"name": "nope"}, "error": {"kind": "conflict"}}]);
    assert_parts(&report(steps, json!({})), &["kind: expected \"conflict\", came \"not_found\""]);
}

#[test]
fn a_client_that_opens_although_it_should_not_fails() {
    let report = report(json!([{"open": {"timeout_ms": 5}, "error": {"kind": "invalid_config"}}]), json!({}));
    assert_parts(
        &report,
        &["step 1: open timeout_ms=\"5\"", "expected an error \"invalid_config\"", "saw:\n  none"],
    );
}

#[test]
fn what_the_vault_saw_and_holds_is_compared() {
    let steps = json!([{"call": "set_secret", "args": {"name": "db", "value": "v2"}, "ok": {}}]);
    let then = json!({
        "requests": {"set_secret": 2, "get_secret": {"min": 1}},
        "total": 7,
        "secrets": {"db": {"versions": 1, "value": "v1", "state": "deleted"}, "nope": {"state": "active"}}
    });
    assert_parts(
        &report(steps, then),
        &[
            "requests set_secret: expected 2, came \"1\"",
            "requests get_secret: expected a number from 1 to inf, came \"0\"",
            "requests total: expected 7, came \"2\"",
            "secret db versions: expected 1, came \"2\"",
            "secret db value: expected \"v1\", came \"v2\"",
            "secret db state: expected \"deleted\", came \"active\"",
            "secret nope state: expected \"active\", came \"absent\"",
        ],
    );
}

#[test]
fn a_mistake_in_a_scenario_is_reported() {
    let steps = json!([{"call": "get_secret", "args": {"name": "${typo}"}, "ok": {}}]);
    assert_parts(&report(steps, json!({})), &["`${typo}` was not saved"]);
    let steps = json!([{"call": "get_secret", "args": {"name": "db"}, "ok": {}, "save": {"x": "typo"}}]);
    assert_parts(&report(steps, json!({})), &["no field typo to save"]);
    let steps = json!([{"call": "get_secretz", "args": {}, "error": {"kind": "not_found"}}]);
    assert_parts(&report(steps, json!({})), &["came \"adapter\""]);
    let steps = json!([{"call": "get_secret", "args": {"nmae": "db", "name": "db"}, "ok": {}}]);
    assert_parts(&report(steps, json!({})), &["kind = \"adapter\"", "a.nmae"]);
    let error = play(json!({"name": "n", "given": {"secretz": []}, "steps": []})).unwrap_err();
    assert_parts(&error, &["control: PUT", "secretz"]);
}

#[test]
fn an_adapter_that_dies_fails_its_trial_alone() {
    let script = "read n rest; echo $n OK; read n rest; echo argh >&2; exit 3";
    let language = Language::new("rust", ["sh", "-c", script].map(str::to_owned).to_vec());
    let scenario = json!({"name": "n", "steps": [{"call": "get_secret", "args": {"name": "db"}, "ok": {}}]});
    for _ in 0..2 {
        let error = play_in(&language, scenario.clone()).unwrap_err();
        assert_parts(
            &error,
            &["the adapter ended with exit status: 3", "CALL a.name=db client=main op=get_secret", "argh"],
        );
    }
}
