//! Who may do what in a vault, by either of the service's permission models.

use serde::{Deserialize, Serialize};

use crate::auth::caller::Caller;
use crate::error::ServiceError;
use crate::operation::Operation;

/// A vault's permissions. Callers that they do not name may do nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", try_from = "Given")]
pub(crate) enum Authorization {
    AccessPolicies(Vec<AccessPolicy>),
    RoleAssignments(Vec<RoleAssignment>),
}

/// An authorization as it is written down.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    access_policies: Option<Vec<AccessPolicy>>,
    role_assignments: Option<Vec<RoleAssignment>>,
}

impl TryFrom<Given> for Authorization {
    type Error = &'static str;

    fn try_from(given: Given) -> Result<Self, Self::Error> {
        match (given.access_policies, given.role_assignments) {
            (Some(policies), None) => Ok(Self::AccessPolicies(policies)),
            (None, Some(assignments)) => Ok(Self::RoleAssignments(assignments)),
            _ => Err("authorization must have access_policies or role_assignments, one of the two"),
        }
    }
}

/// What the vault itself lets a client do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessPolicy {
    client_id: String,
    #[serde(default)]
    secrets: Vec<Permission>,
}

/// What a role lets a client do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleAssignment {
    client_id: String,
    /// Data actions, in which `*` stands for any text; compared whatever their case.
    actions: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Permission {
    All,
    Get,
    List,
    Set,
    Delete,
    Backup,
    Restore,
    Recover,
    Purge,
}

impl Permission {
    /// Returns the verb of the refusal.
    fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Get => "get",
            Self::List => "list",
            Self::Set => "set",
            Self::Delete => "delete",
            Self::Backup => "backup",
            Self::Restore => "restore",
            Self::Recover => "recover",
            Self::Purge => "purge",
        }
    }
}

/// What an operation needs: a permission under access policies, a data action under roles. A token needs none.
fn needed(operation: Operation) -> Option<(Permission, &'static str)> {
    use Operation::*;
    Some(match operation {
        SetSecret => (Permission::Set, "Microsoft.KeyVault/vaults/secrets/setSecret/action"),
        GetSecret => (Permission::Get, "Microsoft.KeyVault/vaults/secrets/getSecret/action"),
        UpdateSecretProperties => (Permission::Set, "Microsoft.KeyVault/vaults/secrets/update/action"),
        ListPropertiesOfSecrets | ListPropertiesOfSecretVersions | ListDeletedSecrets => {
            (Permission::List, "Microsoft.KeyVault/vaults/secrets/readMetadata/action")
        }
        BeginDeleteSecret => (Permission::Delete, "Microsoft.KeyVault/vaults/secrets/delete"),
        GetDeletedSecret => (Permission::Get, "Microsoft.KeyVault/vaults/secrets/readMetadata/action"),
        BeginRecoverDeletedSecret => {
            (Permission::Recover, "Microsoft.KeyVault/vaults/secrets/recover/action")
        }
        PurgeDeletedSecret => (Permission::Purge, "Microsoft.KeyVault/vaults/secrets/purge/action"),
        BackupSecret => (Permission::Backup, "Microsoft.KeyVault/vaults/secrets/backup/action"),
        RestoreSecretBackup => (Permission::Restore, "Microsoft.KeyVault/vaults/secrets/restore/action"),
        Token => return None,
    })
}

impl Authorization {
    /// Says whether a caller may carry an operation out on a name of the vault, which is empty where it has none.
    pub fn admit(
        &self,
        caller: &Caller,
        operation: Operation,
        vault: &str,
        name: &str,
    ) -> Result<(), ServiceError> {
        let Some((permission, action)) = needed(operation).filter(|_| !caller.almighty) else {
            return Ok(());
        };
        match self {
            Self::AccessPolicies(policies) => {
                let mut own = policies.iter().filter(|policy| caller.is(&policy.client_id));
                if own.any(|policy| {
                    policy.secrets.iter().any(|given| [Permission::All, permission].contains(given))
                }) {
                    return Ok(());
                }
                Err(ServiceError::forbidden_by_policy(caller, permission.name(), vault))
            }
            Self::RoleAssignments(assignments) => {
                let mut own = assignments.iter().filter(|assignment| caller.is(&assignment.client_id));
                if own.any(|assignment| assignment.actions.iter().any(|given| covers(given, action))) {
                    return Ok(());
                }
                Err(ServiceError::forbidden_by_rbac(caller, action, vault, name))
            }
        }
    }

    /// Says which member is wrong and why.
    pub fn check(&self) -> Result<(), String> {
        let Self::RoleAssignments(assignments) = self else { return Ok(()) };
        let needed = || Operation::ALL.into_iter().filter_map(needed).map(|(_, action)| action);
        match assignments
            .iter()
            .flat_map(|assignment| &assignment.actions)
            .find(|given| !needed().any(|action| covers(given, action)))
        {
            Some(unknown) => {
                Err(format!("authorization.role_assignments: '{unknown}' covers no data action on secrets"))
            }
            None => Ok(()),
        }
    }
}

/// Says whether a given action, in which `*` stands for any text, is or includes another one.
fn covers(given: &str, action: &str) -> bool {
    let (given, action) = (given.to_ascii_lowercase(), action.to_ascii_lowercase());
    let mut parts = given.split('*');
    let Some(mut rest) = parts.next().and_then(|start| action.strip_prefix(start)) else { return false };
    let Some(end) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(position) = rest.find(part) else { return false };
        rest = &rest[position + part.len()..];
    }
    rest.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        let get = "Microsoft.KeyVault/vaults/secrets/getSecret/action";
        for given in [
            get,
            "microsoft.keyvault/VAULTS/secrets/getsecret/action",
            "*",
            "Microsoft.KeyVault/vaults/secrets/*",
            "*/getSecret/*",
            "Microsoft.KeyVault/*/action",
        ] {
            assert!(covers(given, get), "{given}");
        }
        for given in [
            "",
            "Microsoft.KeyVault/vaults/keys/*",
            "*/setSecret/*",
            "*/getSecret",
            "getSecret*",
            "Microsoft.KeyVault/vaults/secrets/getSecret/action/*",
        ] {
            assert!(!covers(given, get), "{given}");
        }
    }
}
