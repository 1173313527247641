//! The text that a poller's work can be gone on with from. The official JavaScript client's pollers write the same form, and take this.

use serde::Deserialize;
use serde_json::json;

use super::Work;
use crate::{
    error::{Error, Result},
    identifier::SecretName,
    vault_url::VaultUrl,
};

#[derive(Deserialize)]
struct Token {
    state: State,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    name: String,
    /// Absent, as the next one, in what the official client writes.
    operation: Option<String>,
    vault_url: Option<String>,
}

/// Writes what [`check`] accepts.
pub(super) fn write(work: &Work, vault: &VaultUrl, name: &SecretName) -> String {
    // Without `isStarted` the official client would begin anew.
    let state = json!({
        "isStarted": true,
        "name": name.as_str(),
        "operation": work.begin.name,
        "vaultUrl": vault.as_str(),
    });
    json!({ "state": state }).to_string()
}

/// Refuses what no poller of this work gave.
pub(super) fn check(token: &str, work: &Work, vault: &VaultUrl, name: &SecretName) -> Result<()> {
    let refuse = |rule: &str| Err(Error::invalid_argument("continuation_token", rule));
    let Ok(Token { state }) = serde_json::from_str(token) else {
        return refuse("must be what a poller gave");
    };
    if !state.name.eq_ignore_ascii_case(name.as_str()) {
        return refuse("must come from a poller of the same secret");
    }
    if state.operation.is_some_and(|operation| operation != work.begin.name) {
        return refuse("must come from a poller of the same operation");
    }
    if state.vault_url.is_some_and(|url| url != vault.as_str()) {
        return refuse("must come from a poller of the same vault");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::poller::{DELETION, RECOVERY};

    fn check_of(token: &str) -> Result<()> {
        check(token, &DELETION, &vault("kv"), &name("db"))
    }

    fn vault(host: &str) -> VaultUrl {
        VaultUrl::parse(&format!("https://{host}.vault.azure.net"), false).unwrap()
    }

    fn name(name: &str) -> SecretName {
        SecretName::new(name).unwrap()
    }

    #[test]
    fn a_token_is_good_for_the_work_that_gave_it() {
        check_of(&write(&DELETION, &vault("kv"), &name("db"))).unwrap();
        check_of(&write(&DELETION, &vault("KV"), &name("DB"))).unwrap();
        check_of(r#"{"state":{"name":"db","isStarted":true,"isCompleted":false,"result":{"name":"db"}}}"#)
            .unwrap();
    }

    #[test]
    fn a_token_of_anything_else_is_refused_without_being_quoted() {
        let refused = [
            ("what a poller gave", "db".to_owned()),
            ("what a poller gave", "null".to_owned()),
            ("what a poller gave", r#"{"state":{"name":7}}"#.to_owned()),
            ("the same secret", write(&DELETION, &vault("kv"), &name("other"))),
            ("the same operation", write(&RECOVERY, &vault("kv"), &name("db"))),
            ("the same vault", write(&DELETION, &vault("other"), &name("db"))),
        ];
        for (rule, token) in refused {
            let message = check_of(&token).unwrap_err().message().to_owned();
            assert!(message.starts_with("continuation_token: must ") && message.contains(rule), "{message}");
            assert!(!message.contains("other"));
        }
    }
}
