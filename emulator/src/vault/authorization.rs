//! Who may do what in a vault, by either of the service's permission models.

use serde::{Deserialize, Serialize};

use crate::auth::caller::Caller;
use crate::error::ServiceError;
use crate::operation::Operation;

/// The permission that includes all others.
const ALL: &str = "all";

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
    /// Names of permissions, or `all`; compared whatever their case.
    #[serde(default)]
    secrets: Vec<String>,
    #[serde(default)]
    certificates: Vec<String>,
}

/// What a role lets a client do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleAssignment {
    client_id: String,
    /// Data actions, in which `*` stands for any text; compared whatever their case.
    actions: Vec<String>,
}

/// What an operation needs.
#[derive(Clone, Copy)]
struct Need {
    /// Where the vault keeps what it is on: `secrets` or `certificates`.
    collection: &'static str,
    /// Under access policies.
    permission: &'static str,
    /// Under roles, behind the collection.
    action: &'static str,
}

impl Need {
    /// Returns what an operation needs; a token needs nothing.
    fn of(operation: Operation) -> Option<Self> {
        use Operation::*;
        let (collection, permission, action) = match operation {
            SetSecret => ("secrets", "set", "setSecret/action"),
            GetSecret => ("secrets", "get", "getSecret/action"),
            UpdateSecretProperties => ("secrets", "set", "update/action"),
            ListPropertiesOfSecrets | ListPropertiesOfSecretVersions | ListDeletedSecrets => {
                ("secrets", "list", "readMetadata/action")
            }
            BeginDeleteSecret => ("secrets", "delete", "delete"),
            GetDeletedSecret => ("secrets", "get", "readMetadata/action"),
            BeginRecoverDeletedSecret => ("secrets", "recover", "recover/action"),
            PurgeDeletedSecret => ("secrets", "purge", "purge/action"),
            BackupSecret => ("secrets", "backup", "backup/action"),
            RestoreSecretBackup => ("secrets", "restore", "restore/action"),
            BeginCreateCertificate => ("certificates", "create", "create/action"),
            GetCertificateOperation | GetCertificate => ("certificates", "get", "read"),
            Token => return None,
        };
        Some(Self { collection, permission, action })
    }

    fn all() -> impl Iterator<Item = Self> {
        Operation::ALL.into_iter().filter_map(Self::of)
    }

    fn action(self) -> String {
        format!("Microsoft.KeyVault/vaults/{}/{}", self.collection, self.action)
    }
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
        let Some(need) = Need::of(operation).filter(|_| !caller.unrestricted) else { return Ok(()) };
        match self {
            Self::AccessPolicies(policies) => {
                if policies.iter().any(|policy| caller.is(&policy.client_id) && policy.permits(need)) {
                    return Ok(());
                }
                Err(ServiceError::forbidden_by_policy(caller, need.collection, need.permission, vault))
            }
            Self::RoleAssignments(assignments) => {
                let action = need.action();
                if assignments.iter().any(|role| caller.is(&role.client_id) && role.permits(&action)) {
                    return Ok(());
                }
                let object =
                    if name.is_empty() { String::new() } else { format!("/{}/{name}", need.collection) };
                Err(ServiceError::forbidden_by_rbac(caller, &action, vault, &object))
            }
        }
    }

    /// Says which member is wrong and why.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Self::AccessPolicies(policies) => policies.iter().try_for_each(AccessPolicy::check),
            Self::RoleAssignments(assignments) => assignments.iter().try_for_each(RoleAssignment::check),
        }
    }
}

impl AccessPolicy {
    fn permissions(&self, collection: &str) -> &[String] {
        if collection == "secrets" { &self.secrets } else { &self.certificates }
    }

    fn permits(&self, need: Need) -> bool {
        let granted =
            |given: &String| [ALL, need.permission].iter().any(|name| given.eq_ignore_ascii_case(name));
        self.permissions(need.collection).iter().any(granted)
    }

    fn check(&self) -> Result<(), String> {
        for collection in ["secrets", "certificates"] {
            let known = |given: &&String| {
                Need::all()
                    .any(|need| need.collection == collection && given.eq_ignore_ascii_case(need.permission))
                    || given.eq_ignore_ascii_case(ALL)
            };
            if let Some(unknown) = self.permissions(collection).iter().find(|given| !known(given)) {
                return Err(format!("authorization: '{unknown}' is no permission on {collection}"));
            }
        }
        Ok(())
    }
}

impl RoleAssignment {
    fn permits(&self, action: &str) -> bool {
        self.actions.iter().any(|given| covers(given, action))
    }

    fn check(&self) -> Result<(), String> {
        let known = |given: &&String| Need::all().any(|need| covers(given, &need.action()));
        match self.actions.iter().find(|given| !known(given)) {
            Some(unknown) => Err(format!("authorization: '{unknown}' covers no data action")),
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
