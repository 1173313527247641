//! What every language must offer, as data: the tests hold each binding against it.

use serde_json::{Map, Value, json};

use crate::{
    diagnosis::DiagnosisStep,
    error::{ErrorFields, ErrorKind},
    model::{DeletedSecret, SecretProperties, SecretVersion},
    operations,
    options::{OPTIONS, OptionType},
    stats::Stats,
};

/// Returns the contract: operations with their parameters, fields of the models, options, error kinds.
pub fn contract() -> Value {
    let operations = operations::ALL.iter().map(|about| (about.name.to_owned(), json!(about.parameters)));
    let kinds = ErrorKind::ALL.iter().map(|kind| (kind.name().to_owned(), json!(kind.code())));
    json!({
        "operations": Map::from_iter(operations),
        "fields": {
            "secret": ["value", "properties", "stale"],
            "secret_version": fields(&SecretVersion::default()),
            "secret_properties": fields(&SecretProperties::default()),
            "deleted_secret": fields(&DeletedSecret::default()),
            "diagnosis_step": fields(&DiagnosisStep::default()),
            "error": fields(&ErrorFields::default()),
            "stats": fields(&Stats::default()),
        },
        "options": OPTIONS.iter().map(option).collect::<Vec<_>>(),
        "error_kinds": Map::from_iter(kinds),
    })
}

fn fields(record: &impl serde::Serialize) -> Vec<String> {
    let value = serde_json::to_value(record).unwrap_or_default();
    value.as_object().map(|members| members.keys().cloned().collect()).unwrap_or_default()
}

fn option(spec: &crate::OptionSpec) -> Value {
    let values = match spec.values() {
        OptionType::Boolean => json!("boolean"),
        OptionType::Integer(min, max) => json!({ "min": min, "max": max }),
        OptionType::Choice(words) => json!(words),
        OptionType::Text => json!("text"),
    };
    json!({ "key": spec.key, "default": spec.default, "values": values, "about": spec.about })
}
