use libkv::SecretId;
use napi_derive::napi;

use crate::call::{Outcome, outcome};

#[napi(object, object_from_js = false)]
pub struct Identifier {
    pub source_id: String,
    pub vault_url: String,
    pub name: String,
    pub version: Option<String>,
}

#[napi(catch_unwind)]
pub fn parse_secret_id(id: String) -> Outcome<Identifier> {
    outcome(SecretId::parse(id).map(|id| Identifier {
        source_id: id.source_id().to_owned(),
        vault_url: id.vault_url().to_owned(),
        name: id.name().to_owned(),
        version: id.version().map(str::to_owned),
    }))
}
