//! What a vault as a whole does not do, whoever asks.

use crate::error::ServiceError;
use crate::operation::Operation;
use crate::vault::settings::Settings;

/// Refuses what the vault's settings rule out.
pub(super) fn admit(operation: Operation, settings: &Settings) -> Result<(), ServiceError> {
    match (write(operation), of_soft_delete(operation)) {
        (Some(name), _) if settings.read_only => Err(ServiceError::read_only(name)),
        (_, Some(verb)) if !settings.soft_delete => Err(ServiceError::not_supported(verb)),
        _ => Ok(()),
    }
}

/// Returns what the service's log calls an operation that changes the vault.
fn write(operation: Operation) -> Option<&'static str> {
    match operation {
        Operation::SetSecret => Some("SecretSet"),
        Operation::UpdateSecretProperties => Some("SecretUpdate"),
        Operation::BeginDeleteSecret => Some("SecretDelete"),
        Operation::BeginRecoverDeletedSecret => Some("SecretRecover"),
        Operation::PurgeDeletedSecret => Some("SecretPurge"),
        Operation::RestoreSecretBackup => Some("SecretRestore"),
        _ => None,
    }
}

/// Returns the verb of an operation on deleted secrets.
fn of_soft_delete(operation: Operation) -> Option<&'static str> {
    match operation {
        Operation::GetDeletedSecret => Some("get"),
        Operation::ListDeletedSecrets => Some("list"),
        Operation::BeginRecoverDeletedSecret => Some("recover"),
        Operation::PurgeDeletedSecret => Some("purge"),
        _ => None,
    }
}
