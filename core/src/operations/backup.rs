use std::fmt;

use http::Method;

use super::{BACKUP_SECRET, RESTORE_SECRET_BACKUP};
use crate::{
    error::{Error, Result},
    identifier::SecretName,
    model::SecretProperties,
    pipeline::Call,
    request::{About, Context, Operation},
    settle::Resend,
    wire::SecretBody,
};

/// See [`SecretClient::backup_secret`](crate::SecretClient::backup_secret).
#[derive(Clone, Debug)]
pub struct BackupSecret {
    name: String,
}

impl BackupSecret {
    pub(crate) fn new(name: String) -> Self {
        Self { name }
    }
}

impl Operation for BackupSecret {
    type Output = Vec<u8>;
    const ABOUT: &'static About = &BACKUP_SECRET;

    async fn run(self, context: Context) -> Result<Vec<u8>> {
        let name = SecretName::new(self.name)?;
        let url = context.pipeline.url(&["secrets", name.as_str(), "backup"]);
        context.pipeline.send(&Call::new(Self::ABOUT, Method::POST, url, context.deadline)).await
    }
}

/// See [`SecretClient::restore_secret_backup`](crate::SecretClient::restore_secret_backup).
#[derive(Clone)]
pub struct RestoreSecretBackup {
    backup: Vec<u8>,
}

impl RestoreSecretBackup {
    pub(crate) fn new(backup: Vec<u8>) -> Self {
        Self { backup }
    }
}

impl fmt::Debug for RestoreSecretBackup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RestoreSecretBackup({} bytes)", self.backup.len())
    }
}

impl Operation for RestoreSecretBackup {
    type Output = SecretProperties;
    const ABOUT: &'static About = &RESTORE_SECRET_BACKUP;

    async fn run(self, context: Context) -> Result<SecretProperties> {
        if self.backup.is_empty() {
            return Err(Error::invalid_argument("backup", "must not be empty"));
        }
        let url = context.pipeline.url(&["secrets", "restore"]);
        let body = SecretBody::of_backup(&self.backup).to_bytes()?;
        let call = Call::new(Self::ABOUT, Method::POST, url, context.deadline).body(body);
        let restored: SecretProperties = context.pipeline.send_once(&call, &Resend).await?;
        // Unlike every other write, a restore tells its name only now.
        context.pipeline.cache.forget(&restored.name);
        Ok(restored)
    }
}
