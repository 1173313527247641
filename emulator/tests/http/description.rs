//! Holds every answer of the service's interface against the service's own description of it.

use std::sync::LazyLock;

use serde_json::Value;

use crate::lab::Reply;

static DESCRIPTION: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("description.json")).unwrap());

/// Fails where an answer is not what the description has for it. Answers that are not the service's JSON are let pass.
pub fn check(method: &str, path: &str, reply: &Reply) {
    let Some(answer) = answer(method, path) else { return };
    let wrong = match (reply.status, answer.as_str()) {
        (204, None) => (!reply.text.is_empty()).then(|| "a body".to_owned()),
        _ if reply.header("content-type") != Some("application/json; charset=utf-8") => return,
        (200, Some(definition)) => mismatch(&reply.json(), definition, "answer"),
        (400.., _) => mismatch(&reply.json(), "KeyVaultError", "answer"),
        (status, _) => Some(format!("status {status}")),
    };
    assert_eq!(wrong, None, "{method} {path}: {}", reply.text);
}

/// Returns what the description has for a request; none outside of the interface.
fn answer(method: &str, path: &str) -> Option<&'static Value> {
    let matches = |pattern: &str| {
        let (verb, pattern) = pattern.split_once(' ').unwrap();
        let (mut given, mut wanted) = (path.split('/'), pattern.split('/'));
        let alike = |(given, wanted): (&str, &str)| match wanted {
            "{name}" => !given.is_empty(),
            "{version}" => true,
            _ => wanted == given,
        };
        verb == method
            && given.clone().count() == wanted.clone().count()
            && given.by_ref().zip(wanted.by_ref()).all(alike)
    };
    let answers = DESCRIPTION["answers"].as_object().unwrap();
    answers.iter().find_map(|(pattern, answer)| matches(pattern).then_some(answer))
}

/// Says where a value is not of a type, if anywhere.
fn mismatch(value: &Value, kind: &str, place: &str) -> Option<String> {
    let fits = match kind {
        "string" => value.is_string(),
        "string?" => value.is_string() || value.is_null(),
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        "{string}" => value.as_object().is_some_and(|map| map.values().all(Value::is_string)),
        _ => return mismatch_of_definition(value, kind, place),
    };
    (!fits).then(|| format!("{place} is no {kind}"))
}

fn mismatch_of_definition(value: &Value, kind: &str, place: &str) -> Option<String> {
    if let Some(of) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
        let Some(rows) = value.as_array() else { return Some(format!("{place} is no list")) };
        return rows.iter().find_map(|row| mismatch(row, of, place));
    }
    match (&DESCRIPTION["definitions"][kind], value) {
        (Value::Array(words), word) => (!words.contains(word)).then(|| format!("{place} is no {kind}")),
        (Value::Object(members), Value::Object(given)) => {
            given.iter().find_map(|(name, value)| match members.get(name) {
                Some(kind) => mismatch(value, kind.as_str().unwrap(), name),
                None => Some(format!("{kind} has no member {name}")),
            })
        }
        _ => Some(format!("{place} is no {kind}")),
    }
}

#[test]
fn what_the_description_does_not_have_is_found() {
    let list =
        |row: &str| serde_json::from_str(&format!(r#"{{"value": [{row}], "nextLink": null}}"#)).unwrap();
    let found = |row: &str| mismatch(&list(row), "SecretListResult", "answer");
    assert_eq!(found(r#"{"id": "a", "attributes": {"enabled": true, "exp": 1}, "tags": {"a": "b"}}"#), None);
    for (row, wrong) in [
        (r#"{"value": "v"}"#, "SecretItem has no member value"),
        (r#"{"id": 1}"#, "id is no string"),
        (r#"{"attributes": {"exp": "1"}}"#, "exp is no integer"),
        (r#"{"attributes": {"recoveryLevel": "None"}}"#, "recoveryLevel is no DeletionRecoveryLevel"),
        (r#"{"attributes": []}"#, "attributes is no SecretAttributes"),
        (r#"{"tags": {"a": null}}"#, "tags is no {string}"),
    ] {
        assert_eq!(found(row).as_deref(), Some(wrong));
    }
    assert_eq!(answer("GET", "/secrets/a/").unwrap(), "SecretBundle");
    assert_eq!(answer("GET", "/secrets/a/versions").unwrap(), "SecretListResult");
    assert_eq!((answer("GET", "/keys/a"), answer("GET", "/secrets/")), (None, None));
}
