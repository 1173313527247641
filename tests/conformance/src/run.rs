//! One scenario in one language.

use std::collections::BTreeMap;
use std::path::Path;

use crate::adapter::Adapter;
use crate::compare;
use crate::language::Language;
use crate::protocol::{Pairs, Reply};
use crate::scenario::{Args, Options, Outcome, Scenario, Step, Then};
use crate::template::{Text, Variables};
use crate::vault::LocalVault;

/// Runs `scenario` against a vault of its own, called `vault`. The error is the report of a failure: the step, what
/// was expected, what came, and the requests the vault saw.
pub fn run(
    scenario: &Scenario,
    language: &Language,
    root: &Path,
    local: &LocalVault,
    vault: &str,
) -> Result<(), String> {
    let mut variables = local.variables(vault);
    let result = local.create(vault, &variables.fill_members(&scenario.given)?).and_then(|()| {
        language.with_adapter(root, |adapter| {
            let mut session =
                Session { scenario, adapter, local, vault, variables: &mut variables, is_open: false };
            session.play()
        })
    });
    let report = result.map_err(|failure| match local.requests(vault) {
        Ok(log) => format!("{failure}\nrequests the vault saw:\n{log}"),
        Err(error) => format!("{failure}\nrequests the vault saw: {error}"),
    });
    local.forget(vault)?;
    report
}

struct Session<'a> {
    scenario: &'a Scenario,
    adapter: &'a mut Adapter,
    local: &'a LocalVault,
    vault: &'a str,
    variables: &'a mut Variables,
    is_open: bool,
}

const CLIENT: &str = "main";

impl Session<'_> {
    fn play(&mut self) -> Result<(), String> {
        for (index, step) in self.scenario.steps.iter().enumerate() {
            self.step(step).map_err(|failure| format!("step {}: {failure}", index + 1))?;
        }
        self.check_then()?;
        if self.is_open {
            self.adapter.request("CLOSE", &client_pair(CLIENT))?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Call { operation, args, outcome, save } => {
                let reply = self.call(operation, args)?;
                compare::check_outcome(&reply, outcome, self.variables)
                    .and_then(|()| self.save(&reply, save))
                    .map_err(|difference| format!("{operation}{}\n{difference}", shown_args(args)))
            }
            Step::Open { options, outcome } => {
                let reply = match outcome {
                    Outcome::Ok(_) => self.reopen(options)?,
                    Outcome::Error(_) => self.open("other", options)?,
                };
                compare::check_outcome(&reply, outcome, self.variables)
                    .map_err(|difference| format!("open{}\n{difference}", shown_options(options)))
            }
            Step::Vault(settings) => self.local.change(self.vault, &self.variables.fill_members(settings)?),
        }
    }

    /// Calls an operation on the scenario's client. The client is opened for the first call; when that fails, its
    /// error is the call's outcome.
    fn call(&mut self, operation: &str, args: &Args) -> Result<Reply, String> {
        if !self.is_open {
            let mut options = self.scenario.client.clone();
            if let Some(url) = &self.scenario.vault_url {
                options.insert("vault_url".to_owned(), Some(url.clone()));
            }
            match self.open(CLIENT, &options)? {
                Reply::Ok(_) => self.is_open = true,
                refused @ Reply::Err(_) => return Ok(refused),
            }
        }
        let mut pairs = client_pair(CLIENT);
        pairs.insert("op".to_owned(), operation.as_bytes().to_vec());
        for (name, text) in args {
            pairs.insert(format!("a.{name}"), text.fill(self.variables)?);
        }
        self.adapter.request("CALL", &pairs)
    }

    /// Opens the scenario's client anew.
    fn reopen(&mut self, options: &Options) -> Result<Reply, String> {
        if self.is_open {
            self.adapter.request("CLOSE", &client_pair(CLIENT))?;
        }
        self.is_open = true;
        self.open(CLIENT, options)
    }

    fn open(&mut self, client: &str, options: &Options) -> Result<Reply, String> {
        let mut pairs = client_pair(client);
        for (key, template) in OWN_OPTIONS {
            pairs.insert((*key).to_owned(), self.variables.fill(template)?);
        }
        for (key, text) in options {
            let key = if key == "vault_url" { key.clone() } else { format!("o.{key}") };
            match text {
                Some(text) => pairs.insert(key, text.fill(self.variables)?),
                None => pairs.remove(&key),
            };
        }
        self.adapter.request("OPEN", &pairs)
    }

    fn save(&mut self, reply: &Reply, save: &BTreeMap<String, String>) -> Result<(), String> {
        let (Reply::Ok(fields) | Reply::Err(fields)) = reply;
        for (variable, field) in save {
            let value = fields.get(field).ok_or_else(|| format!("there is no field {field} to save"))?;
            self.variables.save(variable, value.clone());
        }
        Ok(())
    }

    fn check_then(&self) -> Result<(), String> {
        let Then { requests, secrets } = &self.scenario.then;
        let seen = self.local.requests(self.vault)?.counts(requests.keys());
        let mut differences = compare::differences("requests ", requests, &seen, self.variables);
        if !secrets.is_empty() {
            let held = self.local.secrets(self.vault)?;
            for (name, expected) in secrets {
                let absent = || Pairs::from([("state".to_owned(), b"absent".to_vec())]);
                let fields = held.get(name).cloned().unwrap_or_else(absent);
                let prefix = format!("secret {name} ");
                differences.push_str(&compare::differences(&prefix, expected, &fields, self.variables));
            }
        }
        if differences.is_empty() { Ok(()) } else { Err(format!("afterwards:\n{}", differences.trim_end())) }
    }
}

/// What every client of the runner is opened with, unless the scenario says otherwise.
const OWN_OPTIONS: &[(&str, &str)] = &[
    ("vault_url", "{vault_url}"),
    ("o.ca_file", "{ca_file}"),
    ("o.credential", "static_token"),
    ("o.credential.token", "{token}"),
    ("o.retry.base_delay_ms", "1"),
];

fn client_pair(client: &str) -> Pairs {
    Pairs::from([("client".to_owned(), client.as_bytes().to_vec())])
}

fn shown_args(args: &Args) -> String {
    args.iter().map(|(name, text)| format!(" {name}={text}")).collect()
}

fn shown_options(options: &Options) -> String {
    let shown = |text: &Option<Text>| text.as_ref().map_or_else(|| "none".to_owned(), Text::to_string);
    options.iter().map(|(key, text)| format!(" {key}={}", shown(text))).collect()
}
