//! From where a vault may be reached.

use serde::{Deserialize, Serialize};

use crate::auth::caller::Caller;
use crate::error::ServiceError;

/// Every caller is on this machine.
const CLIENT_ADDRESS: &str = "127.0.0.1";

/// Whether a vault may be reached from the public network, which is where every caller here is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PublicNetworkAccess {
    #[default]
    Enabled,
    /// Only private links lead to the vault.
    Disabled,
    /// Only a network security perimeter's rules let callers in.
    SecuredByPerimeter,
}

/// The rules of a vault's firewall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NetworkAcls {
    /// What becomes of an address that no rule names, which is every one here.
    default_action: DefaultAction,
    /// Whom the firewall does not concern. No caller here is one of them; the refusals differ.
    #[serde(default)]
    bypass: Bypass,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DefaultAction {
    Allow,
    Deny,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Bypass {
    #[default]
    AzureServices,
    None,
}

/// Says whether a caller reaches the vault.
pub(crate) fn admit(
    access: PublicNetworkAccess,
    acls: Option<NetworkAcls>,
    caller: &Caller,
    vault: &str,
) -> Result<(), ServiceError> {
    match (access, acls) {
        (PublicNetworkAccess::Disabled, _) => Err(ServiceError::forbidden_by_connection(caller, vault)),
        (PublicNetworkAccess::SecuredByPerimeter, _) => {
            Err(ServiceError::forbidden_by_perimeter(CLIENT_ADDRESS, vault))
        }
        (PublicNetworkAccess::Enabled, Some(NetworkAcls { default_action: DefaultAction::Deny, bypass })) => {
            Err(match bypass {
                Bypass::AzureServices => ServiceError::forbidden_by_firewall(CLIENT_ADDRESS, caller, vault),
                Bypass::None => ServiceError::forbidden_by_firewall_alone(CLIENT_ADDRESS, vault),
            })
        }
        (PublicNetworkAccess::Enabled, _) => Ok(()),
    }
}
