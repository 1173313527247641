//! The scenario format: what `tests/scenarios/*.json` may say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::matcher::Matcher;
use crate::template::Text;

/// Statements about an answer's fields, by field.
pub type Fields = BTreeMap<String, Matcher>;

/// A call's arguments, by name.
pub type Args = BTreeMap<String, Text>;

/// A client's options, by key; none takes the runner's own away.
pub type Options = BTreeMap<String, Option<Text>>;

/// One behaviour.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What the scenario shows, one sentence.
    pub name: String,
    /// Options for the client, on top of the runner's own.
    #[serde(default)]
    pub client: Options,
    /// Instead of the scenario's own vault.
    pub vault_url: Option<Text>,
    /// The vault's settings before the first step.
    #[serde(default)]
    pub given: Map<String, Value>,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// What the vault has seen and holds afterwards.
    #[serde(default)]
    pub then: Then,
}

/// One thing done.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "StepMembers")]
pub enum Step {
    /// Calls an operation.
    Call {
        /// The operation's name.
        operation: String,
        /// Its arguments.
        args: Args,
        /// How it ends.
        outcome: Outcome,
        /// Fields of its result to keep, by variable.
        save: BTreeMap<String, String>,
    },
    /// Opens another client, which makes the calls that follow unless it is to fail.
    Open {
        /// Its options, `vault_url` among them.
        options: Options,
        /// How that ends.
        outcome: Outcome,
    },
    /// Changes the vault's settings.
    Vault(Map<String, Value>),
}

/// How a call ends.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// With a result that has these fields.
    Ok(Fields),
    /// With an error that has these fields.
    Error(Fields),
}

impl Outcome {
    fn of(ok: Option<Fields>, error: Option<Fields>) -> Result<Self, &'static str> {
        match (ok, error) {
            (Some(fields), None) => Ok(Self::Ok(fields)),
            (None, Some(fields)) => Ok(Self::Error(fields)),
            _ => Err("exactly one of ok and error is due"),
        }
    }
}

/// What holds after the last step.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "ThenMembers")]
pub struct Then {
    /// How many requests the vault saw, by `operation`, by `operation name`, and in all by `total`.
    pub requests: Fields,
    /// What the vault holds, by name: `state`, `versions` and `value`.
    pub secrets: BTreeMap<String, Fields>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThenMembers {
    #[serde(default)]
    requests: Fields,
    total: Option<Matcher>,
    #[serde(default)]
    secrets: BTreeMap<String, SecretMembers>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretMembers {
    state: Option<Matcher>,
    versions: Option<Matcher>,
    value: Option<Matcher>,
}

impl From<ThenMembers> for Then {
    fn from(ThenMembers { mut requests, total, secrets }: ThenMembers) -> Self {
        requests.extend(total.map(|total| ("total".to_owned(), total)));
        let stated = |SecretMembers { state, versions, value }: SecretMembers| {
            let members = [("state", state), ("versions", versions), ("value", value)];
            members.into_iter().filter_map(|(key, matcher)| Some((key.to_owned(), matcher?))).collect()
        };
        let secrets = secrets.into_iter().map(|(name, members)| (name, stated(members))).collect();
        Self { requests, secrets }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepMembers {
    call: Option<String>,
    args: Option<Args>,
    ok: Option<Fields>,
    error: Option<Fields>,
    save: Option<BTreeMap<String, String>>,
    open: Option<Options>,
    vault: Option<Map<String, Value>>,
}

impl TryFrom<StepMembers> for Step {
    type Error = String;

    fn try_from(step: StepMembers) -> Result<Self, String> {
        match step {
            StepMembers { call: Some(operation), args, ok, error, save, open: None, vault: None } => {
                let outcome = Outcome::of(ok, error).map_err(|rule| format!("call {operation}: {rule}"))?;
                if matches!(outcome, Outcome::Error(_)) && save.is_some() {
                    return Err(format!("call {operation}: an error has nothing to save"));
                }
                let (args, save) = (args.unwrap_or_default(), save.unwrap_or_default());
                Ok(Self::Call { operation, args, outcome, save })
            }
            StepMembers {
                open: Some(options),
                ok,
                error,
                call: None,
                args: None,
                save: None,
                vault: None,
            } => {
                let outcome = Outcome::of(ok, error).map_err(|rule| format!("open: {rule}"))?;
                Ok(Self::Open { options, outcome })
            }
            StepMembers {
                vault: Some(settings),
                call: None,
                args: None,
                ok: None,
                error: None,
                save: None,
                open: None,
            } => Ok(Self::Vault(settings)),
            _ => Err("a step is call or open with ok or error, or vault alone".to_owned()),
        }
    }
}

impl Scenario {
    /// The name as a word: lower case, without apostrophes, runs of anything but letters and digits as one hyphen.
    pub fn slug(&self) -> String {
        let name = self.name.replace('\'', "");
        let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
    }
}

/// Reads every `*.json` in `folder`, in order of file name; the error names the file.
pub fn load(folder: &Path) -> Result<Vec<Scenario>, String> {
    let in_folder = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(in_folder)? {
        let path = entry.map_err(in_folder)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    let mut scenarios = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        scenarios.extend(parse(&text).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    check_names(&scenarios)?;
    Ok(scenarios)
}

fn parse(text: &str) -> Result<Vec<Scenario>, String> {
    // Through `Value`, so that an error inside a scenario can name it instead of a line.
    let items: Vec<Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let parse_one = |item: Value| {
        let name = item.get("name").map_or_else(|| "a scenario without a name".to_owned(), Value::to_string);
        Scenario::deserialize(item).map_err(|error| format!("{name}: {error}"))
    };
    items.into_iter().map(parse_one).collect()
}

fn check_names(scenarios: &[Scenario]) -> Result<(), String> {
    if scenarios.is_empty() {
        return Err("there is no scenario".to_owned());
    }
    let mut slugs = BTreeSet::new();
    match scenarios.iter().find(|scenario| !slugs.insert(scenario.slug())) {
        None => Ok(()),
        Some(twin) => Err(format!("two scenarios are called {:?}", twin.name)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error_of(scenario: Value) -> String {
        parse(&json!([scenario]).to_string()).expect_err("should be refused")
    }

    #[test]
    fn a_whole_scenario_is_read() {
        let scenarios = parse(
            &json!([{
                "name": "It's on 429, twice",
                "client": {"retry.max_attempts": 3},
                "vault_url": "https://{vault}.localhost",
                "given": {"secrets": [{"name": "a", "value": "1"}]},
                "steps": [
                    {"call": "get_secret", "args": {"name": "a"}, "ok": {"value": "1"}, "save": {"v": "version"}},
                    {"open": {"vault_url": "x"}, "error": {"kind": "invalid_argument"}},
                    {"open": {}, "ok": {}},
                    {"vault": {"page_size": 1}}
                ],
                "then": {"requests": {"get_secret": 1}, "total": 2, "secrets": {"a": {"versions": 1}}}
            }])
            .to_string(),
        )
        .unwrap();
        assert_eq!(scenarios[0].slug(), "its-on-429-twice");
        assert_eq!(scenarios[0].steps.len(), 4);
    }

    #[test]
    fn unknown_members_are_refused_at_every_level() {
        let step = json!({"call": "get_secret", "ok": {}});
        for scenario in [
            json!({"name": "n", "steps": [], "extra": 1}),
            json!({"name": "n", "steps": [{"call": "get_secret", "ok": {}, "extra": 1}]}),
            json!({"name": "n", "steps": [step], "then": {"extra": 1}}),
            json!({"name": "n", "steps": [step], "then": {"secrets": {"a": {"extra": 1}}}}),
            json!({"name": "n", "steps": [{"call": "get_secret", "ok": {"value": {"extra": 1}}}]}),
        ] {
            let error = error_of(scenario);
            assert!(error.contains("\"n\"") && error.contains("extra"), "{error}");
        }
    }

    #[test]
    fn a_step_is_one_thing() {
        for (step, reason) in [
            (json!({}), "a step is"),
            (json!({"call": "get_secret"}), "exactly one"),
            (json!({"call": "get_secret", "ok": {}, "error": {}}), "exactly one"),
            (json!({"call": "get_secret", "error": {}, "save": {"a": "b"}}), "nothing to save"),
            (json!({"call": "get_secret", "ok": {}, "vault": {}}), "a step is"),
            (json!({"open": {}}), "exactly one"),
            (json!({"open": {}, "ok": {}, "save": {"a": "b"}}), "a step is"),
        ] {
            let error = error_of(json!({"name": "n", "steps": [step]}));
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn two_scenarios_cannot_share_a_name() {
        let scenarios = parse(r#"[{"name": "A b", "steps": []}, {"name": "a, b", "steps": []}]"#).unwrap();
        assert!(check_names(&scenarios).unwrap_err().contains("a, b"));
        assert!(check_names(&[]).is_err());
    }
}
