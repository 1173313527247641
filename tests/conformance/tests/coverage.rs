//! The scenarios leave out no operation and no error kind that a vault can cause.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

use libkv_conformance::scenario::{self, Fields, Outcome, Scenario, Step};
use libkv_conformance::template::Variables;
use serde_json::Value;

/// What only the caller's own program can cause; the language suites show these.
const NOT_BY_A_VAULT: [&str; 3] = ["invalid_state", "cancelled", "internal"];

fn scenarios() -> Vec<Scenario> {
    scenario::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios")).unwrap()
}

fn names(part: &str) -> BTreeSet<String> {
    let contract = libkv::contract::contract();
    contract.get(part).and_then(Value::as_object).unwrap().keys().cloned().collect()
}

fn called(outcome: fn(&Outcome) -> bool) -> BTreeSet<String> {
    let scenarios = scenarios();
    let steps = scenarios.iter().flat_map(|scenario| &scenario.steps);
    let operations = steps.filter_map(|step| match step {
        Step::Call { operation, outcome: stated, .. } if outcome(stated) => Some(operation.clone()),
        _ => None,
    });
    operations.collect()
}

fn errors(step: &Step) -> Option<&Fields> {
    match step {
        Step::Call { outcome: Outcome::Error(fields), .. }
        | Step::Open { outcome: Outcome::Error(fields), .. } => Some(fields),
        _ => None,
    }
}

#[test]
fn every_operation_succeeds_and_fails_somewhere() {
    let succeeds = called(|outcome| matches!(outcome, Outcome::Ok(_)));
    let fails = called(|outcome| matches!(outcome, Outcome::Error(_)));
    for operation in names("operations") {
        assert!(succeeds.contains(&operation), "no scenario shows how {operation} succeeds");
        assert!(fails.contains(&operation), "no scenario shows how {operation} fails");
    }
}

/// What no scenario gives could be missing in a language unnoticed.
#[test]
fn every_parameter_is_given_somewhere() {
    let scenarios = scenarios();
    let mut given = BTreeSet::new();
    for step in scenarios.iter().flat_map(|scenario| &scenario.steps) {
        if let Step::Call { operation, args, .. } = step {
            let parameter = |arg: &str| arg.split('.').next().unwrap().trim_end_matches("_ms").to_owned();
            given.extend(args.keys().map(|arg| (operation.clone(), parameter(arg))));
        }
    }
    let contract = libkv::contract::contract();
    for (operation, parameters) in contract["operations"].as_object().unwrap() {
        for parameter in parameters.as_array().unwrap().iter().filter_map(Value::as_str) {
            // A function, which every adapter gives of itself.
            let is_given =
                given.contains(&(operation.clone(), parameter.to_owned())) || parameter == "on_progress";
            assert!(is_given, "no scenario gives {operation} its {parameter}");
        }
    }
}

#[test]
fn every_error_kind_comes_up() {
    let scenarios = scenarios();
    let stated: Vec<_> = scenarios.iter().flat_map(|scenario| &scenario.steps).filter_map(errors).collect();
    for kind in names("error_kinds").iter().filter(|kind| !NOT_BY_A_VAULT.contains(&kind.as_str())) {
        let states = |fields: &&&Fields| {
            fields
                .get("kind")
                .is_some_and(|stated| stated.check(Some(kind.as_bytes()), &Variables::default()).is_ok())
        };
        assert!(stated.iter().any(|fields| states(&fields)), "no scenario shows the kind {kind}");
    }
}

#[test]
fn every_stated_error_names_its_kind() {
    for scenario in scenarios() {
        for fields in scenario.steps.iter().filter_map(errors) {
            assert!(fields.contains_key("kind"), "{:?} states an error without its kind", scenario.name);
        }
    }
}
