//! The next step for a person, per kind of failure.

use crate::{error::ErrorKind, transport::Reach};

const PURGE_PROTECTION: &str = "purge protection is on for this vault and cannot be turned off: wait until the scheduled purge \
    date, or recover the secret with begin_recover_deleted_secret";
const POLICY: &str = "the vault's access policy refused: give this identity the permission that the message names, under \
    Access policies of the vault";
const RBAC: &str = "role-based access control refused: assign a role that holds the action that the message names, such as Key \
    Vault Secrets User (read) or Key Vault Secrets Officer (read, write, delete, purge), and allow some minutes for it to spread";
const FIREWALL: &str = "the vault's firewall refused the client's address: add it under Networking, or call from an allowed network";
const PRIVATE_LINK: &str = "public network access to the vault is off: call through an approved private endpoint, and check that \
    its DNS name resolves to the private address";
const FORBIDDEN: &str = "check the identity's access policy or role assignments, and the vault's firewall";
const SOFT_DELETED: &str = "recover it with begin_recover_deleted_secret, which brings its versions back, or remove it for good \
    with purge_deleted_secret, and try again; or let set_secret do either, with on_conflict=recover or on_conflict=purge";

/// Advice on a set that is only for an absent name.
pub(crate) const NOT_ABSENT: &str =
    "read the secret with get_secret, or set it without if_absent, which makes another version";

/// Advice on a vault that throttles.
pub(crate) const THROTTLED: &str = "a vault takes 300 creations and 4,000 other requests in 10 seconds: spread the work, keep values in memory, or raise \
    timeout_ms so that the call can wait its turn";

/// Returns advice on a request that got no usable answer.
pub(crate) fn on_transport_failure(reach: Reach) -> Option<&'static str> {
    match reach {
        Reach::NotSent => Some("check the vault's URL, the network, DNS and proxies"),
        Reach::Distrusted => Some(
            "check the vault's URL; name the authority that signed its certificate in ca_file, for a local vault or a proxy that \
            opens TLS",
        ),
        Reach::MaybeSent | Reach::Answered => None,
    }
}

/// Returns advice on an answer of the vault.
pub(crate) fn on_refusal(kind: ErrorKind, inner_code: Option<&str>, message: &str) -> Option<String> {
    let advice = match kind {
        ErrorKind::InvalidArgument => return None,
        ErrorKind::Authentication => {
            "the vault did not accept the token: check that it is of the vault's tenant and cloud, and \
            that the machine's clock is right"
        }
        ErrorKind::Forbidden => on_forbidden(inner_code, message),
        ErrorKind::SecretDisabled => {
            "enable the version with update_secret_properties(enabled=true), or read an older enabled \
            version by its id"
        }
        ErrorKind::ManagedSecret => {
            "the secret belongs to a certificate of the same name: change or delete the certificate"
        }
        ErrorKind::NotFound => {
            "check the name and the vault; list_deleted_secrets shows whether it was deleted and can be recovered"
        }
        ErrorKind::AlreadyExists => {
            "delete and purge the secret of that name first, or restore into another vault; a soft-deleted \
            secret holds its name too"
        }
        ErrorKind::SoftDeleted => SOFT_DELETED,
        ErrorKind::BeingDeleted => {
            "its deletion or purge is under way, usually for less than a minute: try again then"
        }
        ErrorKind::BeingRecovered => "its recovery is under way, usually for some seconds: try again then",
        ErrorKind::Conflict => {
            "another operation on the same secret is under way: try again when it has finished"
        }
        ErrorKind::Throttled => THROTTLED,
        ErrorKind::Unavailable => {
            "the service has a passing failure: try again later; Azure's status page tells of outages"
        }
        _ => return None,
    };
    Some(advice.to_owned())
}

fn on_forbidden(inner_code: Option<&str>, message: &str) -> &'static str {
    match inner_code {
        Some("AccessDenied" | "ForbiddenByPolicy") => POLICY,
        Some("ForbiddenByRbac") => RBAC,
        Some("ForbiddenByFirewall") => FIREWALL,
        Some("ForbiddenByConnection") => PRIVATE_LINK,
        // The one refusal that has no inner code: its text is all there is to tell it by.
        None if message.contains("purge protection") || message.contains("vault policy") => PURGE_PROTECTION,
        _ => FORBIDDEN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_403_says_who_refused() {
        for (inner, message, said) in [
            (Some("AccessDenied"), "", "access policy"),
            (Some("ForbiddenByPolicy"), "", "access policy"),
            (Some("ForbiddenByRbac"), "", "role"),
            (Some("ForbiddenByFirewall"), "", "firewall"),
            (Some("ForbiddenByConnection"), "", "private endpoint"),
            (None, "not allowed because purge protection is enabled", "purge protection"),
        ] {
            assert!(on_refusal(ErrorKind::Forbidden, inner, message).unwrap().contains(said), "{inner:?}");
        }
    }
}
