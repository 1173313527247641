//! What all vaults hold, as one JSON document.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::body;
use crate::rules::{VAULT_NAME_RULE, is_vault_name};
use crate::vault::seed::Seed;
use crate::vault::settings::{Settings, VaultPatch};
use crate::vault::{Vault, Vaults};

/// The form of the document.
const VERSION: u64 = 1;

/// Says why a state file cannot be imported.
#[derive(Debug)]
pub enum ImportError {
    /// The file cannot be read.
    Unreadable(PathBuf, io::Error),
    /// The file is no state, or one that breaks a rule.
    Wrong(PathBuf, String),
    /// There are vaults already, in the data file.
    Occupied(PathBuf),
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, error) => {
                write!(f, "the state file {} cannot be read: {error}", path.display())
            }
            Self::Wrong(path, rule) => {
                write!(f, "the state file {} cannot be imported: {rule}", path.display())
            }
            Self::Occupied(data) => {
                write!(f, "nothing is imported into the data file {}, which holds vaults", data.display())
            }
        }
    }
}

impl std::error::Error for ImportError {}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    version: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    #[serde(rename = "version")]
    _version: IgnoredAny,
    vaults: BTreeMap<String, VaultPatch>,
}

#[derive(Serialize)]
struct Taken {
    version: u64,
    vaults: BTreeMap<String, Value>,
}

#[derive(Serialize)]
struct TakenVault<'a> {
    #[serde(flatten)]
    settings: &'a Settings,
    secrets: Vec<Seed>,
}

/// Imports a state file.
pub(crate) fn import_file(vaults: &Vaults, path: &Path) -> Result<(), ImportError> {
    let document = std::fs::read(path).map_err(|error| ImportError::Unreadable(path.to_owned(), error))?;
    import(vaults, &document).map_err(|rule| ImportError::Wrong(path.to_owned(), rule))
}

/// Puts the vaults of a document in place of all there are, or says what is wrong with it.
pub(crate) fn import(vaults: &Vaults, document: &[u8]) -> Result<(), String> {
    match body::parse::<Head>(document).map_err(|error| place(&error))?.version.as_u64() {
        Some(VERSION) => {}
        Some(version) if version > VERSION => {
            return Err(format!(
                "it has version {version}, of a newer kv-emulator; this one knows version {VERSION}"
            ));
        }
        _ => return Err(format!("version must be {VERSION}")),
    }
    let given: Given = body::parse(document).map_err(|error| place(&error))?;
    let mut patches = BTreeMap::new();
    for (name, patch) in given.vaults {
        if !is_vault_name(&name) {
            return Err(format!("vault '{name}': {VAULT_NAME_RULE}"));
        }
        if patches.insert(name.to_ascii_lowercase(), patch).is_some() {
            return Err(format!("vault '{name}' is there twice"));
        }
    }
    vaults.replace_all(patches)
}

/// Says where a document is wrong. The parser's own message may quote a value.
fn place(error: &serde_json::Error) -> String {
    let what =
        if error.is_data() { "a member is unknown, missing or of a wrong type" } else { "this is not JSON" };
    format!("line {}, column {}: {what}", error.line(), error.column())
}

/// Returns the document that holds all vaults as they are.
pub(crate) fn export(vaults: &Vaults) -> serde_json::Result<Vec<u8>> {
    let all = vaults.all();
    let taken = all.iter().map(|(name, vault)| Ok((name.clone(), take(vaults, vault)?)));
    let mut document = serde_json::to_vec_pretty(&Taken {
        version: VERSION,
        vaults: taken.collect::<serde_json::Result<_>>()?,
    })?;
    document.push(b'\n');
    Ok(document)
}

fn take(vaults: &Vaults, vault: &Vault) -> serde_json::Result<Value> {
    let mut contents = vault.contents();
    contents.settle_all(vaults.clock().now());
    let secrets = contents.walk("").map(|(_, secret)| Seed::from(secret)).collect();
    serde_json::to_value(TakenVault { settings: contents.settings(), secrets })
}
