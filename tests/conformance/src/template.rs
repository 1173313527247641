//! Text with places to fill in: `${saved}`, `{vault_url}` and the scenario's other own values.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

/// The values a scenario's templates may use.
#[derive(Debug, Default)]
pub struct Variables {
    own: BTreeMap<&'static str, String>,
    saved: BTreeMap<String, Vec<u8>>,
}

impl Variables {
    /// Starts with the scenario's own values, such as `vault_url`, and nothing saved.
    pub fn new(own: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self { own: own.into_iter().collect(), saved: BTreeMap::new() }
    }

    /// Keeps a result's field for later arguments.
    pub fn save(&mut self, variable: &str, value: Vec<u8>) {
        self.saved.insert(variable.to_owned(), value);
    }

    /// Fills in `text`; a `${name}` that was not saved is an error, a `{name}` that is none of the scenario's own stays.
    pub fn fill(&self, text: &str) -> Result<Vec<u8>, String> {
        let mut filled = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['$', '{']) {
            filled.extend_from_slice(&rest.as_bytes()[..at]);
            rest = &rest[at..];
            if let Some((name, after)) = rest.strip_prefix("${").and_then(|inner| inner.split_once('}')) {
                let value = self.saved.get(name).ok_or_else(|| format!("`${{{name}}}` was not saved"))?;
                filled.extend_from_slice(value);
                rest = after;
            } else if let Some((value, after)) = self.own_at(rest) {
                filled.extend_from_slice(value.as_bytes());
                rest = after;
            } else {
                filled.push(rest.as_bytes()[0]);
                rest = &rest[1..];
            }
        }
        filled.extend_from_slice(rest.as_bytes());
        Ok(filled)
    }

    fn own_at<'t>(&self, text: &'t str) -> Option<(&String, &'t str)> {
        let (name, after) = text.strip_prefix('{')?.split_once('}')?;
        Some((self.own.get(name)?, after))
    }

    /// Fills in every string and every `{"repeat", "times"}` inside `value`.
    pub fn fill_json(&self, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::Array(items) => {
                Value::Array(items.iter().map(|item| self.fill_json(item)).collect::<Result<_, _>>()?)
            }
            Value::Object(members) if !members.contains_key("repeat") => {
                Value::Object(self.fill_members(members)?)
            }
            Value::Object(_) | Value::String(_) => {
                let filled = Text::try_from(value.clone())?.fill(self)?;
                Value::String(String::from_utf8(filled).map_err(|_| "the filled text is not UTF-8")?)
            }
            other => other.clone(),
        })
    }

    /// [`fill_json`](Self::fill_json) for an object's members.
    pub fn fill_members(&self, members: &Map<String, Value>) -> Result<Map<String, Value>, String> {
        members.iter().map(|(key, value)| Ok((key.clone(), self.fill_json(value)?))).collect()
    }
}

/// A string, number or boolean as text, or a `{"repeat", "times"}`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "Value")]
pub struct Text {
    unit: String,
    times: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Repeat {
    repeat: String,
    times: usize,
}

impl Text {
    /// The text with its places filled in.
    pub fn fill(&self, variables: &Variables) -> Result<Vec<u8>, String> {
        Ok(variables.fill(&self.unit)?.repeat(self.times))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.times {
            1 => write!(f, "{:?}", self.unit),
            times => write!(f, "{:?}×{times}", self.unit),
        }
    }
}

impl TryFrom<Value> for Text {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let unit = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Object(_) => {
                let Repeat { repeat, times } =
                    Repeat::deserialize(value).map_err(|error| error.to_string())?;
                return Ok(Self { unit: repeat, times });
            }
            other => return Err(format!("{other} is neither a string, a number, a boolean nor a repeat")),
        };
        Ok(Self { unit, times: 1 })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn variables() -> Variables {
        let mut variables =
            Variables::new([("vault_url", "https://v.localhost:1".to_owned()), ("token", "t".to_owned())]);
        variables.save("version", b"abc".to_vec());
        variables.save("backup", vec![0, 255]);
        variables
    }

    #[test]
    fn own_and_saved_values_are_filled_in_once() {
        let mut variables = variables();
        variables.save("tricky", b"{token}".to_vec());
        for (text, filled) in [
            ("{vault_url}/secrets/${version}", "https://v.localhost:1/secrets/abc"),
            ("${tricky}", "{token}"),
            (r#"{"error": {"code": "{token}"}}"#, r#"{"error": {"code": "t"}}"#),
            ("$5 {unknown} {", "$5 {unknown} {"),
            ("käse €{token}", "käse €t"),
        ] {
            assert_eq!(
                variables.fill(text).map(|bytes| String::from_utf8(bytes).unwrap()),
                Ok(filled.to_owned())
            );
        }
        assert_eq!(variables.fill("${backup}"), Ok(vec![0, 255]));
    }

    #[test]
    fn an_unsaved_variable_is_an_error() {
        assert_eq!(variables().fill("x ${nope}"), Err("`${nope}` was not saved".to_owned()));
    }

    #[test]
    fn json_is_filled_in_throughout() {
        let filled =
            variables().fill_json(&json!({"a": ["{token}", 1, null], "b": {"repeat": "xy", "times": 3}}));
        assert_eq!(filled, Ok(json!({"a": ["t", 1, null], "b": "xyxyxy"})));
    }

    #[test]
    fn a_repeat_has_no_other_members() {
        assert!(Text::try_from(json!({"repeat": "x", "times": 2, "more": 1})).is_err());
        assert!(Text::try_from(json!({"repeat": "x"})).is_err());
        assert!(Text::try_from(json!(null)).is_err());
        assert!(Text::try_from(json!(["x"])).is_err());
    }
}
