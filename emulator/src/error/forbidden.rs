//! The refusals with status 403.

use http::StatusCode;

use crate::auth::ISSUER;
use crate::auth::caller::Caller;
use crate::error::ServiceError;

const RESOURCE_GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/local";

impl ServiceError {
    fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", message)
    }

    pub fn forbidden_by_policy(caller: &Caller, collection: &str, permission: &str, vault: &str) -> Self {
        // Both inner codes are in use, and this is how they have been seen.
        let inner = if permission == "get" { "AccessDenied" } else { "ForbiddenByPolicy" };
        let Caller { client_id, object_id, .. } = caller;
        Self::forbidden(format!(
            "The user, group or application 'appid={client_id};oid={object_id};numgroups=1;iss={ISSUER}' does not have \
             {collection} {permission} permission on key vault '{vault};location=local'. For help resolving this issue, please \
             see https://go.microsoft.com/fwlink/?linkid=2125287"
        ))
        .within(inner)
    }

    pub fn forbidden_by_rbac(caller: &Caller, action: &str, vault: &str, object: &str) -> Self {
        Self::forbidden(format!(
            "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role \
             definitions were changed recently, please observe propagation time.\r\nCaller: {caller}\r\nAction: \
             '{action}'\r\nResource: '{RESOURCE_GROUP}/providers/microsoft.keyvault/vaults/{vault}{object}'\r\n\
             Assignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: 'DeniedWithNoValidRBAC' \r\n\
             Vault: {vault};location=local\r\n"
        ))
        .within("ForbiddenByRbac")
    }

    pub fn forbidden_by_firewall(address: &str, caller: &Caller, vault: &str) -> Self {
        Self::forbidden(format!(
            "Client address is not authorized and caller is not a trusted service.\r\nClient address: {address}\r\n\
             Caller: {caller}\r\nVault: {vault};location=local"
        ))
        .within("ForbiddenByFirewall")
    }

    /// Refuses an address where the firewall lets no trusted service pass either.
    pub fn forbidden_by_firewall_alone(address: &str, vault: &str) -> Self {
        Self::forbidden(format!(
            "Client address is not authorized and caller was ignored because bypass is set to None\r\nClient address: \
             {address}\r\nVault: {vault};location=local"
        ))
        .within("ForbiddenByFirewall")
    }

    /// Refuses an address that the network security perimeter does not know.
    pub fn forbidden_by_perimeter(address: &str, vault: &str) -> Self {
        Self::forbidden(format!(
            "Request was not allowed by NSP rules and the client address is not authorized and caller was ignored \
             because bypass is set to None\r\nClient address: {address}\r\nVault: {vault};location=local"
        ))
        .within("ForbiddenByFirewall")
    }

    pub fn forbidden_by_connection(caller: &Caller, vault: &str) -> Self {
        Self::forbidden(format!(
            "Public network access is disabled and request is not from a trusted service nor via an approved private \
             link.\r\nCaller: {caller}\r\nVault: {vault};location=local"
        ))
        .within("ForbiddenByConnection")
    }

    pub fn secret_disabled() -> Self {
        Self::forbidden("Operation get is not allowed on a disabled secret.").within("SecretDisabled")
    }

    pub fn managed(verb: &str) -> Self {
        Self::forbidden(format!(
            "Operation \"{verb}\" is not allowed as this object's lifetime is managed by Key Vault."
        ))
        .within("SecretManagedByKeyVault")
    }

    pub fn purge_protected(vault: &str) -> Self {
        Self::forbidden(format!(
            "Operation \"purge\" is not allowed because purge protection is enabled for this vault. Key Vault service \
             will automatically purge it after the retention period has passed.\r\nVault: {vault};location=local"
        ))
    }
}
