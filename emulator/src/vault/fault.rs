//! Faults on demand: what goes wrong, for which requests, how often.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::operation::Operation;
use crate::rules::check_name;

/// When a fault looks at a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// After authentication.
    #[default]
    Request,
    /// Instead of the challenge to a request without a token.
    Probe,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    /// Answers as the fault says and does nothing.
    Respond,
    /// Carries the operation out and then answers as the fault says.
    RespondAfter,
    /// Drops the connection before the operation.
    Reset,
    /// Drops the connection after the operation.
    ResetAfter,
    /// Carries the operation out, sends half of the answer's body and drops the connection.
    Truncate,
    /// Only delays the answer.
    None,
}

impl Action {
    /// Returns the name the request log shows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Respond => "respond",
            Self::RespondAfter => "respond_after",
            Self::Reset => "reset",
            Self::ResetAfter => "reset_after",
            Self::Truncate => "truncate",
            Self::None => "none",
        }
    }
}

/// A fault as it was asked for, and how much of it is left.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    #[serde(default)]
    operation: Option<Operation>,
    #[serde(default)]
    name: Option<String>,
    /// How many requests are still to be hit; -1 for all.
    #[serde(default = "once")]
    times: i64,
    /// How many matching requests pass before the first hit.
    #[serde(default)]
    skip: u64,
    #[serde(default)]
    stage: Stage,
    #[serde(default)]
    pub delay_ms: u64,
    #[serde(default)]
    action: Option<Action>,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Text as it is; anything else as JSON.
    #[serde(default)]
    body: Value,
    /// What another caller does before this request is answered, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<Deed>,
}

/// An operation of another caller.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deed {
    pub operation: Operation,
    pub name: String,
    #[serde(default)]
    body: Value,
}

impl Deed {
    pub fn body(&self) -> Vec<u8> {
        self.body.to_string().into_bytes()
    }
}

fn once() -> i64 {
    1
}

impl Fault {
    pub fn action(&self) -> Action {
        self.action.unwrap_or(if self.status.is_some() { Action::Respond } else { Action::None })
    }

    pub fn status(&self) -> u16 {
        self.status.unwrap_or(200)
    }

    /// Returns the body to answer with.
    pub fn body(&self) -> String {
        match &self.body {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            json => json.to_string(),
        }
    }

    /// Says which member is wrong and why.
    pub fn check(&self) -> Result<(), String> {
        if self.times < -1 || self.times == 0 {
            return Err("a fault's times must be -1 or at least 1".to_owned());
        }
        if !(200..=599).contains(&self.status()) {
            return Err("a fault's status must be 200 to 599".to_owned());
        }
        for deed in &self.then {
            if deed.operation == Operation::Token {
                return Err("a fault's then must hold operations on secrets".to_owned());
            }
            check_name(&deed.name).map_err(|error| format!("a fault's then: {}", error.message))?;
        }
        for (name, value) in &self.headers {
            if HeaderName::try_from(name).is_err() || HeaderValue::try_from(value).is_err() {
                return Err(format!("a fault's headers must be legal in HTTP: {name}"));
            }
        }
        Ok(())
    }

    fn matches(&self, stage: Stage, operation: Option<Operation>, name: Option<&str>) -> bool {
        let same_name = |wanted: &String| name.is_some_and(|name| name.eq_ignore_ascii_case(wanted));
        self.stage == stage
            && self.operation.is_none_or(|wanted| operation == Some(wanted))
            && self.name.as_ref().is_none_or(same_name)
    }
}

/// The faults of one vault, in the order they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub fn add(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.0.extend(faults);
    }

    pub fn remaining(&self) -> &[Fault] {
        &self.0
    }

    /// Uses the first fault that hits this request, and lets the request count towards those it skips past.
    pub fn hit(&mut self, stage: Stage, operation: Option<Operation>, name: Option<&str>) -> Option<Fault> {
        let mut hit = None;
        for (position, fault) in self.0.iter_mut().enumerate() {
            if !fault.matches(stage, operation, name) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            hit = Some(position);
            break;
        }
        let position = hit?;
        let fault = &mut self.0[position];
        if fault.times < 0 {
            return Some(fault.clone());
        }
        fault.times -= 1;
        Some(if fault.times == 0 { self.0.remove(position) } else { fault.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(list: Value) -> Faults {
        Faults(serde_json::from_value(list).unwrap())
    }

    fn get(faults: &mut Faults, name: &str) -> Option<u16> {
        faults.hit(Stage::Request, Some(Operation::GetSecret), Some(name)).map(|fault| fault.status())
    }

    #[test]
    fn the_first_match_wins_and_is_used_up() {
        let mut faults = faults(serde_json::json!([
            {"operation": "set_secret", "status": 500},
            {"operation": "get_secret", "name": "DB", "status": 503, "times": 2},
            {"status": 429},
        ]));
        assert_eq!(get(&mut faults, "db"), Some(503));
        assert_eq!(get(&mut faults, "other"), Some(429));
        assert_eq!(get(&mut faults, "db"), Some(503));
        assert_eq!(get(&mut faults, "db"), None);
        assert_eq!(faults.remaining().len(), 1);
    }

    #[test]
    fn skipped_requests_pass_first() {
        let mut faults = faults(serde_json::json!([{"skip": 2, "status": 500}]));
        let seen: Vec<_> = (0..4).map(|_| get(&mut faults, "db")).collect();
        assert_eq!(seen, [None, None, Some(500), None]);
    }

    #[test]
    fn probes_and_requests_are_kept_apart() {
        let mut faults = faults(serde_json::json!([{"stage": "probe", "status": 500, "times": -1}]));
        assert_eq!(get(&mut faults, "db"), None);
        for _ in 0..3 {
            assert!(faults.hit(Stage::Probe, None, None).is_some());
        }
    }

    #[test]
    fn a_status_alone_means_respond() {
        let fault = |json: Value| serde_json::from_value::<Fault>(json).unwrap();
        assert_eq!(fault(serde_json::json!({"status": 500})).action(), Action::Respond);
        assert_eq!(fault(serde_json::json!({"delay_ms": 5})).action(), Action::None);
        assert_eq!(
            fault(serde_json::json!({"status": 500, "action": "respond_after"})).action(),
            Action::RespondAfter
        );
        assert_eq!(fault(serde_json::json!({"body": {"a": 1}})).body(), r#"{"a":1}"#);
    }

    #[test]
    fn a_senseless_fault_is_refused() {
        for wrong in [
            serde_json::json!({"times": 0}),
            serde_json::json!({"times": -2}),
            serde_json::json!({"status": 99}),
            serde_json::json!({"headers": {"a b": "c"}}),
            serde_json::json!({"then": [{"operation": "token", "name": "db"}]}),
            serde_json::json!({"then": [{"operation": "set_secret", "name": "my_name"}]}),
        ] {
            assert!(serde_json::from_value::<Fault>(wrong.clone()).unwrap().check().is_err(), "{wrong}");
        }
    }
}
