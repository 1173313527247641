//! What a scenario states about one field.

use std::fmt;

use regex_lite::Regex;
use serde::Deserialize;
use serde_json::Value;

use crate::template::{Text, Variables};

/// A statement about one field's value.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Value")]
pub enum Matcher {
    /// The field's text is this one.
    Equals(Text),
    /// The field is this number, however it is written.
    Number(f64),
    /// The field is there, or it is not.
    Present(bool),
    /// The field's text has this one in it.
    Contains(Text),
    /// The field is there and its text does not have this one in it.
    Lacks(Text),
    /// The field's text has a match of this regular expression in it.
    Matches(Regex),
    /// The field is a number within these bounds, both included.
    Range {
        /// The smallest number that matches.
        min: f64,
        /// The largest number that matches.
        max: f64,
    },
    /// The field has so many characters; bytes where it is not UTF-8.
    Length(usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    present: Option<bool>,
    contains: Option<Text>,
    lacks: Option<Text>,
    matches: Option<String>,
    min: Option<f64>,
    max: Option<f64>,
    length: Option<usize>,
}

impl TryFrom<Value> for Matcher {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        if let Some(number) = value.as_f64() {
            return Ok(Self::Number(number));
        }
        if !value.is_object() || value.get("repeat").is_some() {
            return Text::try_from(value).map(Self::Equals);
        }
        let shown = value.to_string();
        let wrong = |error: &dyn fmt::Display| format!("{shown}: {error}");
        let Members { present, contains, lacks, matches, min, max, length } =
            Members::deserialize(value).map_err(|error| wrong(&error))?;
        let matches =
            matches.map(|pattern| Regex::new(&pattern)).transpose().map_err(|error| wrong(&error))?;
        let range = (min.is_some() || max.is_some()).then(|| Self::Range {
            min: min.unwrap_or(f64::NEG_INFINITY),
            max: max.unwrap_or(f64::INFINITY),
        });
        let statements = [
            present.map(Self::Present),
            contains.map(Self::Contains),
            lacks.map(Self::Lacks),
            matches.map(Self::Matches),
            range,
            length.map(Self::Length),
        ];
        let mut statements = statements.into_iter().flatten();
        match (statements.next(), statements.next()) {
            (Some(statement), None) => Ok(statement),
            _ => {
                Err(wrong(&"one statement is due: present, contains, lacks, matches, min and max, or length"))
            }
        }
    }
}

impl Matcher {
    /// Holds the field against the statement; the error says what was expected instead.
    pub fn check(&self, field: Option<&[u8]>, variables: &Variables) -> Result<(), String> {
        let is_met = match (self, field) {
            (Self::Present(expected), field) => field.is_some() == *expected,
            (_, None) => false,
            (Self::Equals(text), Some(field)) => field == text.fill(variables)?,
            (Self::Number(expected), Some(field)) => number(field) == Some(*expected),
            (Self::Contains(text), Some(field)) => contains(field, &text.fill(variables)?),
            (Self::Lacks(text), Some(field)) => !contains(field, &text.fill(variables)?),
            (Self::Matches(pattern), Some(field)) => {
                str::from_utf8(field).is_ok_and(|text| pattern.is_match(text))
            }
            (Self::Range { min, max }, Some(field)) => {
                number(field).is_some_and(|number| (*min..=*max).contains(&number))
            }
            (Self::Length(expected), Some(field)) => {
                str::from_utf8(field).map_or(field.len(), |text| text.chars().count()) == *expected
            }
        };
        if is_met { Ok(()) } else { Err(self.describe(variables)?) }
    }

    /// What the field should have been.
    pub fn describe(&self, variables: &Variables) -> Result<String, String> {
        Ok(match self {
            Self::Equals(text) => show(&text.fill(variables)?),
            Self::Number(number) => number.to_string(),
            Self::Present(true) => "to be there".to_owned(),
            Self::Present(false) => "not to be there".to_owned(),
            Self::Contains(text) => format!("text with {} in it", show(&text.fill(variables)?)),
            Self::Lacks(text) => format!("text without {} in it", show(&text.fill(variables)?)),
            Self::Matches(pattern) => format!("text that matches /{pattern}/"),
            Self::Range { min, max } => format!("a number from {min} to {max}"),
            Self::Length(count) => format!("{count} characters"),
        })
    }
}

fn contains(field: &[u8], part: &[u8]) -> bool {
    part.is_empty() || field.windows(part.len()).any(|window| window == part)
}

fn number(field: &[u8]) -> Option<f64> {
    str::from_utf8(field).ok()?.parse().ok()
}

/// A field's value for a report: quoted, and cut when it is long.
pub fn show(value: &[u8]) -> String {
    const LONGEST: usize = 300;
    let text = String::from_utf8_lossy(value);
    match text.char_indices().nth(LONGEST) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}… ({} characters)", &text[..end], text.chars().count()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn is_met(statement: Value, field: Option<&str>) -> bool {
        let variables = Variables::new([("vault_url", "https://v.localhost:1".to_owned())]);
        Matcher::try_from(statement).unwrap().check(field.map(str::as_bytes), &variables).is_ok()
    }

    #[test]
    fn each_statement_is_met_or_not() {
        for (statement, meets, fails) in [
            (json!("a"), Some("a"), Some("b")),
            (json!("a"), Some("a"), None),
            (json!(7), Some("7.0"), Some("8")),
            (json!(7), Some("7"), Some("seven")),
            (json!(true), Some("true"), Some("True")),
            (json!("{vault_url}/x"), Some("https://v.localhost:1/x"), Some("{vault_url}/x")),
            (json!({"repeat": "x", "times": 3}), Some("xxx"), Some("xx")),
            (json!({"present": true}), Some(""), None),
            (json!({"present": false}), None, Some("")),
            (json!({"contains": "ell"}), Some("hello"), Some("help")),
            (json!({"lacks": "ell"}), Some("help"), Some("hello")),
            (json!({"lacks": "ell"}), Some(""), None),
            (json!({"matches": "^[0-9a-f]{4}$"}), Some("00ff"), Some("00ffx")),
            (json!({"min": 1, "max": 2.5}), Some("2.5"), Some("2.6")),
            (json!({"min": 1}), Some("1"), Some("x")),
            (json!({"max": 1}), Some("-3"), Some("1.5")),
            (json!({"length": 2}), Some("ä€"), Some("ä")),
        ] {
            assert!(is_met(statement.clone(), meets), "{statement} should be met by {meets:?}");
            assert!(!is_met(statement.clone(), fails), "{statement} should not be met by {fails:?}");
        }
    }

    #[test]
    fn a_statement_is_exactly_one() {
        for statement in [
            json!({}),
            json!({"present": true, "length": 1}),
            json!({"like": 1}),
            json!({"matches": "("}),
            json!(null),
        ] {
            assert!(Matcher::try_from(statement.clone()).is_err(), "{statement}");
        }
    }

    #[test]
    fn long_values_are_cut_in_reports() {
        let shown = show("ä".repeat(1000).as_bytes());
        assert!(shown.ends_with("… (1000 characters)"), "{shown}");
    }
}
