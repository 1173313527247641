//! What came, held against what a scenario states, and how the two are shown in a report.

use std::fmt::Write as _;

use crate::matcher::show;
use crate::protocol::{Pairs, Reply};
use crate::scenario::{Fields, Outcome};
use crate::template::Variables;

/// Holds a call's reply against its stated outcome; the error shows both.
pub fn check_outcome(reply: &Reply, outcome: &Outcome, variables: &Variables) -> Result<(), String> {
    let (expected, came) = match (outcome, reply) {
        (Outcome::Ok(expected), Reply::Ok(came)) | (Outcome::Error(expected), Reply::Err(came)) => {
            (expected, came)
        }
        (Outcome::Ok(_), Reply::Err(came)) => {
            return Err(format!("  expected success\n  came an error:\n{}", shown(came)));
        }
        (Outcome::Error(expected), Reply::Ok(came)) => {
            let kind = expected.get("kind").map(|kind| kind.describe(variables)).transpose()?;
            let kind = kind.unwrap_or_default();
            return Err(format!("  expected an error {kind}\n  came success:\n{}", shown(came)));
        }
    };
    let differences = differences("", expected, came, variables);
    if differences.is_empty() { Ok(()) } else { Err(format!("{differences}  came:\n{}", shown(came))) }
}

/// Lists the fields that are not as stated, a line each, each under `prefix`.
pub fn differences(prefix: &str, expected: &Fields, came: &Pairs, variables: &Variables) -> String {
    let mut lines = String::new();
    for (field, matcher) in expected {
        let value = came.get(field).map(Vec::as_slice);
        if let Err(due) = matcher.check(value, variables) {
            let got = value.map_or_else(|| "nothing".to_owned(), show);
            // Writing to a String cannot fail.
            let _ = writeln!(lines, "  {prefix}{field}: expected {due}, came {got}");
        }
    }
    lines
}

fn shown(pairs: &Pairs) -> String {
    let lines = pairs.iter().map(|(key, value)| format!("    {key} = {}", show(value)));
    lines.collect::<Vec<_>>().join("\n")
}
