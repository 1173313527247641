//! A vault in memory: the states of names, times in whole seconds, and a log of what was applied.

use std::{collections::BTreeMap, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::pipeline::script;

pub(super) const URL: &str = "https://kv.vault.azure.net";
const EPOCH: u64 = 1_700_000_000;

/// A write that was applied.
#[derive(Clone, Debug)]
pub(super) struct Commit {
    pub(super) call: usize,
    pub(super) operation: &'static str,
    pub(super) name: String,
    /// The version that a set made.
    pub(super) version: String,
    pub(super) at: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Life {
    Active,
    Deleting(Instant),
    Deleted,
    Recovering(Instant),
    Purging(Instant),
}

#[derive(Clone)]
struct Version {
    id: String,
    value: String,
    properties: Value,
    enabled: bool,
    created: u64,
}

#[derive(Clone)]
struct Name {
    life: Life,
    deleted: u64,
    /// Oldest first.
    versions: Vec<Version>,
}

pub(super) struct State {
    pub(super) random: fastrand::Rng,
    began: Instant,
    /// The share of the requests that meet bad weather.
    pub(super) faults: f64,
    names: BTreeMap<String, Name>,
    backups: Vec<(String, Vec<Version>)>,
    pub(super) commits: Vec<Commit>,
}

type Answer = (u16, Value);

fn refuse(status: u16, inner: &str) -> Answer {
    (status, json!({"error": {"code": "C", "message": "m", "innererror": {"code": inner}}}))
}

fn missing() -> Answer {
    refuse(404, "")
}

impl State {
    pub(super) fn new(seed: u64, faults: f64) -> Self {
        Self {
            random: fastrand::Rng::with_seed(seed),
            began: Instant::now(),
            faults,
            names: BTreeMap::new(),
            backups: Vec::new(),
            commits: Vec::new(),
        }
    }

    pub(super) fn now(&self) -> u64 {
        EPOCH + self.began.elapsed().as_secs()
    }

    fn lasts(&mut self, longest_ms: u64) -> Instant {
        Instant::now() + Duration::from_millis(self.random.u64(..=longest_ms))
    }

    /// Tells whether a version is in the vault, in whatever state its name is.
    pub(super) fn holds(&self, version: &str) -> bool {
        self.names.values().flat_map(|name| &name.versions).any(|held| held.id == version)
    }

    fn settle(&mut self, name: &str) {
        let now = Instant::now();
        let Some(entry) = self.names.get_mut(name) else { return };
        match entry.life {
            Life::Deleting(until) if until <= now => entry.life = Life::Deleted,
            Life::Recovering(until) if until <= now => entry.life = Life::Active,
            Life::Purging(until) if until <= now => drop(self.names.remove(name)),
            _ => {}
        }
    }

    pub(super) fn perform(&mut self, call: usize, request: &reqwest::Request) -> Answer {
        let path = request.url().path().trim_matches('/').to_owned();
        let segments: Vec<&str> = path.split('/').collect();
        let body: Value = serde_json::from_slice(&script::body(request)).unwrap_or_default();
        if segments[..] == ["secrets", "restore"] {
            return self.restore(call, &body);
        }
        if let [_, name, ..] = segments[..] {
            self.settle(name);
        }
        match (request.method().as_str(), &segments[..]) {
            ("PUT", ["secrets", name]) => self.set(call, name, &body),
            ("GET", ["secrets", name]) => self.get(name, None),
            ("GET", ["secrets", name, "versions"]) => self.list(name),
            ("GET", ["secrets", name, version]) => self.get(name, Some(version)),
            ("PATCH", ["secrets", name, ..]) => self.update(call, name, &body),
            ("DELETE", ["secrets", name]) => {
                let until = self.lasts(8_000);
                self.change(call, "delete", name, Life::Active, Life::Deleting(until))
            }
            ("POST", ["secrets", name, "backup"]) => self.backup(name),
            ("GET", ["deletedsecrets"]) => {
                let deleted = self.names.iter().filter(|(_, entry)| entry.life == Life::Deleted);
                (
                    200,
                    json!({"value": deleted.map(|(name, entry)| entry.bundle(name, false)).collect::<Vec<_>>()}),
                )
            }
            ("GET", ["deletedsecrets", name]) => match self.names.get(*name) {
                Some(entry) if entry.life == Life::Deleted && !entry.newest().enabled => {
                    refuse(403, "SecretDisabled")
                }
                Some(entry) if entry.life == Life::Deleted => (200, entry.bundle(name, false)),
                _ => missing(),
            },
            ("POST", ["deletedsecrets", name, "recover"]) => {
                let until = self.lasts(4_000);
                self.change(call, "recover", name, Life::Deleted, Life::Recovering(until))
            }
            ("DELETE", ["deletedsecrets", name]) => {
                let until = self.lasts(3_000);
                self.change(call, "purge", name, Life::Deleted, Life::Purging(until))
            }
            _ => panic!("{} {path} is not simulated", request.method()),
        }
    }

    fn log(&mut self, call: usize, operation: &'static str, name: &str, version: &str) {
        let (name, version) = (name.to_owned(), version.to_owned());
        self.commits.push(Commit { call, operation, name, version, at: Instant::now() });
    }

    fn set(&mut self, call: usize, name: &str, body: &Value) -> Answer {
        match self.names.get(name).map(|entry| entry.life) {
            None | Some(Life::Active) => {}
            Some(Life::Deleted) => return refuse(409, "ObjectIsDeletedButRecoverable"),
            Some(Life::Recovering(_)) => return refuse(409, "ObjectIsBeingRecovered"),
            Some(Life::Deleting(_) | Life::Purging(_)) => return refuse(409, "ObjectIsBeingDeleted"),
        }
        let version = Version {
            id: format!("{:032x}", self.random.u128(..)),
            value: body["value"].as_str().unwrap().to_owned(),
            properties: body["contentType"].clone(),
            enabled: body["attributes"]["enabled"].as_bool().unwrap_or(true),
            created: self.now(),
        };
        self.log(call, "set", name, &version.id);
        let entry = Name { life: Life::Active, deleted: 0, versions: Vec::new() };
        let entry = self.names.entry(name.to_owned()).or_insert(entry);
        entry.versions.push(version);
        (200, entry.bundle(name, true))
    }

    fn active(&mut self, name: &str) -> Option<&mut Name> {
        self.names.get_mut(name).filter(|entry| entry.life == Life::Active)
    }

    fn get(&mut self, name: &str, version: Option<&str>) -> Answer {
        let Some(entry) = self.active(name) else { return missing() };
        let found = match version {
            Some(id) => entry.versions.iter().find(|found| found.id == id),
            None => entry.versions.last(),
        };
        match found {
            Some(found) if !found.enabled => refuse(403, "SecretDisabled"),
            Some(found) => (200, found.bundle(name, true)),
            None => missing(),
        }
    }

    fn list(&mut self, name: &str) -> Answer {
        let mut versions = self.active(name).map(|entry| entry.versions.clone()).unwrap_or_default();
        versions.sort_by(|a, b| a.id.cmp(&b.id));
        (200, json!({"value": versions.iter().map(|found| found.bundle(name, false)).collect::<Vec<_>>()}))
    }

    fn update(&mut self, call: usize, name: &str, body: &Value) -> Answer {
        let Some(entry) = self.active(name) else { return missing() };
        if let Some(newest) = entry.versions.last_mut() {
            newest.properties = body["contentType"].clone();
        }
        let answer = entry.bundle(name, false);
        self.log(call, "update", name, "");
        (200, answer)
    }

    fn change(&mut self, call: usize, operation: &'static str, name: &str, from: Life, to: Life) -> Answer {
        let now = self.now();
        let Some(entry) = self.names.get_mut(name) else { return missing() };
        match entry.life {
            life if life == from => {}
            Life::Deleting(_) if operation != "delete" => return refuse(409, "ObjectIsBeingDeleted"),
            Life::Recovering(_) if operation != "delete" => return refuse(409, "ObjectIsBeingRecovered"),
            _ => return missing(),
        }
        entry.life = to;
        if operation == "delete" {
            entry.deleted = now;
        }
        let answer = if operation == "purge" { Value::Null } else { entry.bundle(name, false) };
        self.log(call, operation, name, "");
        (200, answer)
    }

    fn backup(&mut self, name: &str) -> Answer {
        let Some(entry) = self.active(name) else { return missing() };
        let copy = (name.to_owned(), entry.versions.clone());
        self.backups.push(copy);
        let number = (self.backups.len() - 1).to_string();
        (200, json!({"value": URL_SAFE_NO_PAD.encode(number)}))
    }

    fn restore(&mut self, call: usize, body: &Value) -> Answer {
        let number = URL_SAFE_NO_PAD.decode(body["value"].as_str().unwrap()).unwrap();
        let number: usize = std::str::from_utf8(&number).unwrap().parse().unwrap();
        let (name, versions) = self.backups[number].clone();
        self.settle(&name);
        if self.names.contains_key(&name) {
            return (409, json!({"error": {"code": "Conflict", "message": "m"}}));
        }
        let entry = Name { life: Life::Active, deleted: 0, versions };
        let answer = entry.bundle(&name, false);
        self.names.insert(name.clone(), entry);
        self.log(call, "restore", &name, "");
        (200, answer)
    }
}

impl Name {
    fn newest(&self) -> &Version {
        self.versions.last().unwrap()
    }

    fn bundle(&self, name: &str, with_value: bool) -> Value {
        let mut bundle = self.newest().bundle(name, with_value);
        if matches!(self.life, Life::Deleting(_) | Life::Deleted) {
            bundle["deletedDate"] = self.deleted.into();
            bundle["recoveryId"] = format!("{URL}/deletedsecrets/{name}").into();
        }
        bundle
    }
}

impl Version {
    fn bundle(&self, name: &str, with_value: bool) -> Value {
        let mut bundle = json!({
            "id": format!("{URL}/secrets/{name}/{}", self.id),
            "contentType": self.properties,
            "attributes": {"enabled": self.enabled, "created": self.created},
        });
        if with_value {
            bundle["value"] = self.value.clone().into();
        }
        bundle
    }
}
