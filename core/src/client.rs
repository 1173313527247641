use std::sync::Arc;

use crate::{
    error::Result,
    operations::{
        BackupSecret, BeginDeleteSecret, BeginRecoverDeletedSecret, GetDeletedSecret, GetSecret,
        ListDeletedSecrets, ListSecretVersions, ListSecrets, PurgeDeletedSecret, RestoreSecretBackup,
        SetSecret, UpdateSecretProperties,
    },
    options::{ClientOptions, Config},
    pipeline::Pipeline,
    request::Request,
    stats::Stats,
    transport::{HttpTransport, Transport},
    value::SecretValue,
    vault_url::VaultUrl,
};

/// A client of one vault. Cheap to clone; clones share connections, token and statistics.
#[derive(Clone, Debug)]
pub struct SecretClient {
    pipeline: Arc<Pipeline>,
}

impl SecretClient {
    /// Makes a client. Sends nothing and starts nothing.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) that names the vault URL or the option and the rule it breaks.
    pub fn new(vault_url: &str, options: ClientOptions) -> Result<Self> {
        let config = Config::new(options)?;
        let transport = Arc::new(HttpTransport::new(&config)?);
        Self::with_transport(vault_url, config, transport)
    }

    pub(crate) fn with_transport(
        vault_url: &str,
        config: Config,
        transport: Arc<dyn Transport>,
    ) -> Result<Self> {
        let vault = VaultUrl::parse(vault_url, config.allow_http)?;
        Ok(Self { pipeline: Arc::new(Pipeline::new(vault, config, transport)?) })
    }

    /// Returns the vault's URL, without a trailing slash.
    pub fn vault_url(&self) -> &str {
        self.pipeline.vault.as_str()
    }

    /// Returns what this client and its clones have done so far.
    pub fn stats(&self) -> Stats {
        self.pipeline.counters.read()
    }

    /// Makes a new version of a secret, and the secret if there is none. Gives the version with its value.
    ///
    /// Nothing is inherited from the version before. A soft-deleted secret of that name fails the call with
    /// [`SoftDeleted`](crate::ErrorKind::SoftDeleted), a certificate's with [`ManagedSecret`](crate::ErrorKind::ManagedSecret).
    pub fn set_secret(&self, name: impl Into<String>, value: impl Into<SecretValue>) -> Request<SetSecret> {
        Request::new(&self.pipeline, SetSecret::new(name.into(), value.into()))
    }

    /// Reads a secret: the newest version, or the one that [`version`](Request::version) names.
    ///
    /// A disabled version fails with [`SecretDisabled`](crate::ErrorKind::SecretDisabled), also where older ones are enabled.
    pub fn get_secret(&self, name: impl Into<String>) -> Request<GetSecret> {
        Request::new(&self.pipeline, GetSecret::new(name.into()))
    }

    /// Changes the properties of a version, the newest unless [`version`](Request::version) names one.
    /// What is not given stays; tags are replaced as a whole; the value cannot change.
    pub fn update_secret_properties(&self, name: impl Into<String>) -> Request<UpdateSecretProperties> {
        Request::new(&self.pipeline, UpdateSecretProperties::new(name.into()))
    }

    /// Lists the vault's secrets without their values, by upper-cased name; one page, or [`pages`](Request::pages).
    pub fn list_properties_of_secrets(&self) -> Request<ListSecrets> {
        Request::new(&self.pipeline, ListSecrets::default())
    }

    /// Lists the versions of a secret without their values, by their hexadecimal ids; an unknown name has none.
    pub fn list_properties_of_secret_versions(&self, name: impl Into<String>) -> Request<ListSecretVersions> {
        Request::new(&self.pipeline, ListSecretVersions::new(name.into()))
    }

    /// Deletes a secret with all its versions, and gives a [`Poller`](crate::Poller) that waits until the vault has finished.
    /// Until the scheduled purge date the secret can be recovered, and its name cannot be used.
    pub fn begin_delete_secret(&self, name: impl Into<String>) -> Request<BeginDeleteSecret> {
        Request::new(&self.pipeline, BeginDeleteSecret::new(name.into()))
    }

    /// Reads a deleted secret, without its value.
    pub fn get_deleted_secret(&self, name: impl Into<String>) -> Request<GetDeletedSecret> {
        Request::new(&self.pipeline, GetDeletedSecret::new(name.into()))
    }

    /// Lists the vault's deleted secrets; one page, or [`pages`](Request::pages).
    pub fn list_deleted_secrets(&self) -> Request<ListDeletedSecrets> {
        Request::new(&self.pipeline, ListDeletedSecrets::default())
    }

    /// Brings a deleted secret back with all its versions, and gives a [`Poller`](crate::Poller) that waits until it can be used.
    pub fn begin_recover_deleted_secret(
        &self,
        name: impl Into<String>,
    ) -> Request<BeginRecoverDeletedSecret> {
        Request::new(&self.pipeline, BeginRecoverDeletedSecret::new(name.into()))
    }

    /// Removes a deleted secret for good. Needs the purge permission and a vault without purge protection.
    pub fn purge_deleted_secret(&self, name: impl Into<String>) -> Request<PurgeDeletedSecret> {
        Request::new(&self.pipeline, PurgeDeletedSecret::new(name.into()))
    }

    /// Backs up a secret with all its versions into a blob that only Azure can read.
    pub fn backup_secret(&self, name: impl Into<String>) -> Request<BackupSecret> {
        Request::new(&self.pipeline, BackupSecret::new(name.into()))
    }

    /// Restores a backup, into a vault of the same subscription and geography. Gives the newest version's properties.
    ///
    /// A name in use, soft-deleted included, fails with [`AlreadyExists`](crate::ErrorKind::AlreadyExists).
    pub fn restore_secret_backup(&self, backup: impl Into<Vec<u8>>) -> Request<RestoreSecretBackup> {
        Request::new(&self.pipeline, RestoreSecretBackup::new(backup.into()))
    }
}
