use std::sync::Arc;

use crate::{
    error::Result,
    operations::{
        BackupSecret, BeginDeleteSecret, BeginRecoverDeletedSecret, Diagnose, GetDeletedSecret, GetSecret,
        GetSecretHistory, GetSecrets, ListDeletedSecrets, ListSecretVersions, ListSecrets,
        PruneSecretVersions, PurgeDeletedSecret, RestoreSecretBackup, RollbackSecret, SetSecret, SetSecrets,
        TryGetSecret, UpdateSecretProperties,
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
        let vault = VaultUrl::parse(vault_url, config.allow_http)?.for_api_version(&config.api_version);
        Ok(Self { pipeline: Arc::new(Pipeline::new(vault, config, transport)?) })
    }

    #[cfg(test)]
    pub(crate) fn pipeline(&self) -> &Arc<Pipeline> {
        &self.pipeline
    }

    /// Returns the vault's URL, without a trailing slash.
    pub fn vault_url(&self) -> &str {
        self.pipeline.vault.as_str()
    }

    /// Tells whether reads may be answered from memory, because `cache.ttl_ms` is not 0.
    pub fn caches_values(&self) -> bool {
        !self.pipeline.config.cache.ttl.is_zero()
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

    /// Reads a secret as [`get_secret`](Self::get_secret) does, but gives none where the vault has no such secret or version. A soft-deleted
    /// secret is none; a disabled one fails.
    pub fn try_get_secret(&self, name: impl Into<String>) -> Request<TryGetSecret> {
        Request::new(&self.pipeline, TryGetSecret::new(name.into()))
    }

    /// Reads many secrets: all that the vault lists, those of a [`prefix`](Request::prefix) or with
    /// `tags`, or those that [`names`](Request::names) gives. Gives [`Results`](crate::Results), in the order of the names
    /// or of the list; a secret that fails, such as a disabled one, has its own error.
    ///
    /// A [`timeout`](Request::timeout) holds for each secret, and for each page of the list.
    pub fn get_secrets(&self) -> Request<GetSecrets> {
        Request::new(&self.pipeline, GetSecrets::default())
    }

    /// Makes a new version of each of these secrets, as [`set_secret`](Self::set_secret) does, with the same optional arguments for all. Gives
    /// [`Results`](crate::Results) in the order of the names, each of which may occur once; a secret that fails has its own error.
    ///
    /// A [`timeout`](Request::timeout) holds for each secret.
    pub fn set_secrets<N, V>(&self, values: impl IntoIterator<Item = (N, V)>) -> Request<SetSecrets>
    where
        N: Into<String>,
        V: Into<SecretValue>,
    {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into()));
        Request::new(&self.pipeline, SetSecrets::new(values.collect()))
    }

    /// Reads a secret's versions without their values, from the newest to the oldest, the current one marked.
    ///
    /// The service tells times in whole seconds only. Of several versions made in one second, the newest comes first and the others stand by
    /// their ids. Needs the permissions to list and to get; a disabled current version is told by its time.
    pub fn get_secret_history(&self, name: impl Into<String>) -> Request<GetSecretHistory> {
        Request::new(&self.pipeline, GetSecretHistory::new(name.into()))
    }

    /// Makes a new version with the value, content type and tags of an older one. Gives the new version with its value.
    ///
    /// Dates are not brought back, and the new version is enabled. A disabled version cannot be read, and fails with
    /// [`SecretDisabled`](crate::ErrorKind::SecretDisabled).
    pub fn rollback_secret(
        &self,
        name: impl Into<String>,
        version: impl Into<String>,
    ) -> Request<RollbackSecret> {
        Request::new(&self.pipeline, RollbackSecret::new(name.into(), version.into()))
    }

    /// Disables a secret's enabled versions except the newest `keep` of them, at least 1. Gives those it disabled.
    ///
    /// The service cannot remove a version. The order is that of [`get_secret_history`](Self::get_secret_history). A failure midway
    /// leaves disabled what has been; the same call again goes on.
    pub fn prune_secret_versions(&self, name: impl Into<String>, keep: u32) -> Request<PruneSecretVersions> {
        Request::new(&self.pipeline, PruneSecretVersions::new(name.into(), keep))
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
    ///
    /// With a [`continuation_token`](Request::continuation_token) it goes on with a deletion that has begun before, and looks once.
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
    ///
    /// With a [`continuation_token`](Request::continuation_token) it goes on with a recovery that has begun before, and looks once.
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

    /// Goes the way to the vault step by step, and gives each step with its verdict, time, and what to do where it failed: DNS, TCP, TLS, the
    /// vault's challenge, the machine's clock, the token, and one harmless call, a list of one secret.
    ///
    /// A step that fails is no error of the call. The token's claims are shown, the token is not.
    pub fn diagnose(&self) -> Request<Diagnose> {
        Request::new(&self.pipeline, Diagnose)
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
