//! What a language offers, held against the contract.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::header::Header;
use crate::language::Language;
use crate::protocol::{Pairs, Reply};

/// What `tests/contract.json` asks of every language.
#[derive(Deserialize)]
pub struct Contract {
    /// Parameters by operation.
    operations: BTreeMap<String, Vec<String>>,
    /// Fields by record.
    fields: BTreeMap<String, Vec<String>>,
    options: Vec<OptionRow>,
    /// Numbers by kind.
    error_kinds: BTreeMap<String, i32>,
}

#[derive(Deserialize)]
struct OptionRow {
    key: String,
}

impl Contract {
    /// Reads the contract; the error names the file.
    pub fn load(file: &Path) -> Result<Self, String> {
        let text = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", file.display()))
    }

    /// Holds what a language describes against the contract; the error lists what the language lacks, and the options
    /// and error kinds that it has beyond. Headers do not list options: there an option's key is text.
    fn check(&self, described: &Pairs, lists_options: bool) -> Result<(), String> {
        let mut differences = Vec::new();
        let mut compare = |key: String, expected: BTreeSet<&str>, is_exact: bool| {
            let Some(listed) = described.get(&key) else {
                differences.push(format!("{key}: not described"));
                return;
            };
            let listed = String::from_utf8_lossy(listed);
            let listed: BTreeSet<_> = listed.split(',').filter(|name| !name.is_empty()).collect();
            differences.extend(expected.difference(&listed).map(|name| format!("{key}: lacks {name}")));
            if is_exact {
                differences.extend(
                    listed.difference(&expected).map(|name| format!("{key}: has {name} beyond the contract")),
                );
            }
        };
        compare("operations".to_owned(), self.operations.keys().map(String::as_str).collect(), false);
        for (record, fields) in &self.fields {
            compare(format!("fields.{record}"), fields.iter().map(String::as_str).collect(), false);
        }
        if lists_options {
            compare("options".to_owned(), self.options.iter().map(|row| row.key.as_str()).collect(), true);
        }
        compare("error_kinds".to_owned(), self.error_kinds.keys().map(String::as_str).collect(), true);
        if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
    }
}

/// Holds what `language` offers against the contract.
pub fn check(language: &Language, root: &Path, contract: &Contract) -> Result<(), String> {
    if let Some(dialect) = DIALECTS.iter().find(|dialect| dialect.language == language.name) {
        let read =
            |file: &&str| fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"));
        let text = dialect.files.iter().map(read).collect::<Result<String, _>>()?;
        return contract.check(&declared(dialect, &Header::new(&text)?, contract)?, false);
    }
    match language.with_adapter(root, |adapter| adapter.request("DESCRIBE", &Pairs::new()))? {
        Reply::Ok(described) => contract.check(&described, true),
        Reply::Err(error) => Err(format!("DESCRIBE failed: {error:?}")),
    }
}

/// How a header writes the core's names.
struct Dialect {
    language: &'static str,
    files: &'static [&'static str],
    /// Finds operations by its first group.
    operation: &'static str,
    /// Finds error kinds by its first group.
    kind: &'static str,
    /// Names the struct of a record.
    record: fn(&str) -> String,
}

const DIALECTS: &[Dialect] = &[
    Dialect {
        language: "c",
        files: &["include/libkv.h"],
        operation: r"\blibkv_(\w+)\s*\(",
        kind: r"\bLIBKV_ERROR_(\w+)",
        record: |record| format!("libkv_{record}"),
    },
    Dialect {
        language: "cpp",
        files: &[
            "include/libkv/client.hpp",
            "include/libkv/error.hpp",
            "include/libkv/model.hpp",
            "include/libkv/operations.hpp",
            "include/libkv/secret.hpp",
        ],
        operation: r"\b(\w+)\s*\(",
        kind: r"\b(\w+)\s*=\s*LIBKV_ERROR_",
        record: pascal_case,
    },
];

fn pascal_case(name: &str) -> String {
    let capitalized = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    name.split('_').map(capitalized).collect()
}

/// What a header declares, in the form of a `DESCRIBE` reply.
fn declared(dialect: &Dialect, header: &Header, contract: &Contract) -> Result<Pairs, String> {
    let mut described = Pairs::new();
    let mut list = |key: String, found: Vec<&str>| described.insert(key, found.join(",").into_bytes());
    list("operations".to_owned(), header.names(dialect.operation)?);
    list("error_kinds".to_owned(), header.names(dialect.kind)?);
    for record in contract.fields.keys() {
        let mut found = header.members(&(dialect.record)(record))?;
        if found.contains(&"properties") {
            found.extend(header.members(&(dialect.record)("secret_properties"))?);
        }
        list(format!("fields.{record}"), found);
    }
    described.values_mut().for_each(|list| list.make_ascii_lowercase());
    Ok(described)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn contract() -> Contract {
        let contract = json!({
            "operations": {"get_secret": ["name"], "set_secret": ["name", "value"]},
            "fields": {"error": ["kind", "message"]},
            "options": [{"key": "timeout_ms", "default": "1"}],
            "error_kinds": {"not_found": 20},
        });
        serde_json::from_value(contract).unwrap()
    }

    fn described(pairs: &[(&str, &str)]) -> Pairs {
        pairs.iter().map(|(key, list)| ((*key).to_owned(), list.as_bytes().to_vec())).collect()
    }

    #[test]
    fn more_operations_and_fields_are_fine() {
        let all = [
            ("operations", "close,get_secret,set_secret"),
            ("fields.error", "kind,message,args"),
            ("options", "timeout_ms"),
            ("error_kinds", "not_found"),
        ];
        assert_eq!(contract().check(&described(&all), true), Ok(()));
        assert_eq!(contract().check(&described(&all[..2]), true).unwrap_err().lines().count(), 2);
    }

    #[test]
    fn what_lacks_is_listed() {
        let some = [
            ("operations", "get_secret"),
            ("fields.error", ""),
            ("options", "timeout_ms,x"),
            ("error_kinds", "y"),
        ];
        let error = contract().check(&described(&some), true).unwrap_err();
        let expected = [
            "operations: lacks set_secret",
            "fields.error: lacks kind",
            "fields.error: lacks message",
            "options: has x beyond the contract",
            "error_kinds: lacks not_found",
            "error_kinds: has y beyond the contract",
        ];
        assert_eq!(error.lines().collect::<Vec<_>>(), expected);
        assert!(contract().check(&Pairs::new(), true).unwrap_err().contains("options: not described"));
    }

    #[test]
    fn headers_are_held_against_the_contract() {
        let check = |dialect: usize, text: &str| {
            contract().check(&declared(&DIALECTS[dialect], &Header::new(text).unwrap(), &contract())?, false)
        };
        let c = "struct libkv_error { int kind; libkv_str message; };
            #define LIBKV_ERROR_NOT_FOUND 20
            int libkv_get_secret(void); int libkv_set_secret(void);";
        assert_eq!(check(0, c), Ok(()));
        let cpp =
            "class Error { ErrorKind kind() const { return kind_; } std::string message; ErrorKind kind_; };
            enum class ErrorKind { not_found = LIBKV_ERROR_NOT_FOUND };
            Secret get_secret(); Secret set_secret() { return call(libkv_set_secret); }";
        assert_eq!(check(1, cpp), Ok(()));
        let lacking = check(1, &cpp.replace("get_secret", "find_secret"));
        assert_eq!(lacking, Err("operations: lacks get_secret".to_owned()));
        assert_eq!(check(0, cpp), Err("the header has no struct libkv_error".to_owned()));
    }
}
