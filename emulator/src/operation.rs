//! The operations a vault's requests are counted and matched by.

use serde::{Deserialize, Serialize};

/// What a request asks of a vault: one of the twelve secret operations, a certificate that owns a secret, or a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// `PUT /secrets/{name}`
    SetSecret,
    /// `GET /secrets/{name}[/{version}]`
    GetSecret,
    /// `PATCH /secrets/{name}[/{version}]`
    UpdateSecretProperties,
    /// `GET /secrets`
    ListPropertiesOfSecrets,
    /// `GET /secrets/{name}/versions`
    ListPropertiesOfSecretVersions,
    /// `DELETE /secrets/{name}`
    BeginDeleteSecret,
    /// `GET /deletedsecrets/{name}`
    GetDeletedSecret,
    /// `GET /deletedsecrets`
    ListDeletedSecrets,
    /// `POST /deletedsecrets/{name}/recover`
    BeginRecoverDeletedSecret,
    /// `DELETE /deletedsecrets/{name}`
    PurgeDeletedSecret,
    /// `POST /secrets/{name}/backup`
    BackupSecret,
    /// `POST /secrets/restore`
    RestoreSecretBackup,
    /// `POST /certificates/{name}/create`
    BeginCreateCertificate,
    /// `GET /certificates/{name}/pending`
    GetCertificateOperation,
    /// `GET /certificates/{name}[/{version}]`
    GetCertificate,
    /// `POST /{tenant}/oauth2/v2.0/token`
    Token,
}

impl Operation {
    pub(crate) const ALL: [Self; 16] = [
        Self::SetSecret,
        Self::GetSecret,
        Self::UpdateSecretProperties,
        Self::ListPropertiesOfSecrets,
        Self::ListPropertiesOfSecretVersions,
        Self::BeginDeleteSecret,
        Self::GetDeletedSecret,
        Self::ListDeletedSecrets,
        Self::BeginRecoverDeletedSecret,
        Self::PurgeDeletedSecret,
        Self::BackupSecret,
        Self::RestoreSecretBackup,
        Self::BeginCreateCertificate,
        Self::GetCertificateOperation,
        Self::GetCertificate,
        Self::Token,
    ];

    /// Says whether the operation is on a secret or a certificate of a name.
    pub(crate) fn is_named(self) -> bool {
        use Operation::*;
        !matches!(self, ListPropertiesOfSecrets | ListDeletedSecrets | RestoreSecretBackup | Token)
    }

    /// Returns the name the request log and the faults know the operation by.
    pub fn name(self) -> &'static str {
        match self {
            Self::SetSecret => "set_secret",
            Self::GetSecret => "get_secret",
            Self::UpdateSecretProperties => "update_secret_properties",
            Self::ListPropertiesOfSecrets => "list_properties_of_secrets",
            Self::ListPropertiesOfSecretVersions => "list_properties_of_secret_versions",
            Self::BeginDeleteSecret => "begin_delete_secret",
            Self::GetDeletedSecret => "get_deleted_secret",
            Self::ListDeletedSecrets => "list_deleted_secrets",
            Self::BeginRecoverDeletedSecret => "begin_recover_deleted_secret",
            Self::PurgeDeletedSecret => "purge_deleted_secret",
            Self::BackupSecret => "backup_secret",
            Self::RestoreSecretBackup => "restore_secret_backup",
            Self::BeginCreateCertificate => "begin_create_certificate",
            Self::GetCertificateOperation => "get_certificate_operation",
            Self::GetCertificate => "get_certificate",
            Self::Token => "token",
        }
    }
}
