//! What a vault holds: its settings and its secrets. Every change goes through here, so that none misses the store.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::clock::Millis;
use crate::store::data_file::StoredVault;
use crate::store::{Change, Store};
use crate::vault::life::Life;
use crate::vault::secret::{Head, Secret, Version, key, version_id};
use crate::vault::settings::Settings;

pub(crate) struct Contents {
    vault: Arc<str>,
    settings: Settings,
    secrets: BTreeMap<String, Secret>,
    store: Arc<Store>,
}

impl Contents {
    /// Makes an empty vault.
    pub fn new(vault: Arc<str>, settings: Settings, store: Arc<Store>) -> Self {
        store.record(|| {
            let gone = Change::VaultGone { vault: vault.clone() };
            vec![gone, Change::Vault { vault: vault.clone(), settings: settings.clone() }]
        });
        Self { vault, settings, secrets: BTreeMap::new(), store }
    }

    /// Takes over what a data file holds, without writing it again.
    pub fn stored(vault: StoredVault, store: Arc<Store>) -> Self {
        let secrets = vault.secrets.into_iter().collect();
        Self { vault: vault.name.into(), settings: vault.settings, secrets, store }
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Changes the settings. States that have ended under the former ones stay ended.
    pub fn configure(&mut self, settings: Settings, now: Millis) {
        self.settle_all(now);
        self.settings = settings;
        self.store
            .record(|| vec![Change::Vault { vault: self.vault.clone(), settings: self.settings.clone() }]);
    }

    /// Forgets everything, on disk too.
    pub fn forget(&mut self) {
        self.secrets.clear();
        self.store.record(|| vec![Change::VaultGone { vault: self.vault.clone() }]);
    }

    /// Returns a name as it stood when it was last settled; `None` when it is free.
    pub fn secret(&self, name: &str) -> Option<&Secret> {
        self.secrets.get(&key(name))
    }

    /// Returns a name that is neither deleted nor in between.
    pub fn active(&self, name: &str) -> Option<&Secret> {
        self.secret(name).filter(|secret| secret.head.life == Life::Active)
    }

    /// Returns all names in the service's order, upper-cased, from `first` on.
    pub fn walk(&self, first: &str) -> impl Iterator<Item = (&str, &Secret)> {
        self.secrets.range(first.to_owned()..).map(|(key, secret)| (key.as_str(), secret))
    }

    /// Adds a version and makes it the newest one; makes the name if it is free, owned by a certificate if `managed`.
    pub fn add_version(&mut self, name: &str, managed: bool, version: Version) -> String {
        let (key, id) = (key(name), version_id());
        let secret = self.secrets.entry(key.clone()).or_insert_with(|| Secret {
            head: Head { name: name.to_owned(), managed, life: Life::Active, newest: String::new() },
            versions: BTreeMap::new(),
        });
        secret.head.newest.clone_from(&id);
        secret.versions.insert(id.clone(), version);
        self.store
            .record(|| self.version_change(&key, &id).into_iter().chain(self.head_change(&key)).collect());
        id
    }

    /// Changes a version that is there.
    pub fn change_version(&mut self, name: &str, id: &str, change: impl FnOnce(&mut Version)) {
        let key = key(name);
        if let Some(version) = self.secrets.get_mut(&key).and_then(|secret| secret.versions.get_mut(id)) {
            change(version);
            self.store.record(|| self.version_change(&key, id).into_iter().collect());
        }
    }

    /// Moves a name to another state. A state whose delay is zero is over at once.
    pub fn move_to(&mut self, name: &str, life: Life, now: Millis) {
        let key = key(name);
        if let Some(secret) = self.secrets.get_mut(&key) {
            secret.head.life = life;
            self.record_head(&key);
            self.settle_key(&key, now);
        }
    }

    /// Puts a whole secret in place, instead of what had its name.
    pub fn put(&mut self, secret: Secret) {
        let key = key(&secret.head.name);
        self.remove_key(&key);
        self.secrets.insert(key.clone(), secret);
        self.store.record(|| {
            let ids = self.secrets.get(&key).into_iter().flat_map(|secret| secret.versions.keys());
            ids.filter_map(|id| self.version_change(&key, id)).chain(self.head_change(&key)).collect()
        });
    }

    /// Takes a whole secret away.
    pub fn remove(&mut self, name: &str) {
        self.remove_key(&key(name));
    }

    /// Lets the time that has passed take effect on a name.
    pub fn settle(&mut self, name: &str, now: Millis) {
        self.settle_key(&key(name), now);
    }

    /// Lets the time that has passed take effect on every name.
    pub fn settle_all(&mut self, now: Millis) {
        let pace = self.settings.pace();
        let moved = |secret: &Secret| secret.head.life.at(now, &pace) != Some(secret.head.life);
        let keys: Vec<String> =
            self.secrets.iter().filter(|(_, secret)| moved(secret)).map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.settle_key(&key, now);
        }
    }

    fn settle_key(&mut self, key: &str, now: Millis) {
        let Some(secret) = self.secrets.get_mut(key) else { return };
        match secret.head.life.at(now, &self.settings.pace()) {
            None => self.remove_key(key),
            Some(life) if life != secret.head.life => {
                secret.head.life = life;
                self.record_head(key);
            }
            Some(_) => {}
        }
    }

    fn remove_key(&mut self, key: &str) {
        if self.secrets.remove(key).is_some() {
            self.store.record(|| vec![Change::SecretGone { vault: self.vault.clone(), key: key.to_owned() }]);
        }
    }

    fn record_head(&self, key: &str) {
        self.store.record(|| self.head_change(key).into_iter().collect());
    }

    fn head_change(&self, key: &str) -> Option<Change> {
        let head = self.secrets.get(key)?.head.clone();
        Some(Change::Head { vault: self.vault.clone(), key: key.to_owned(), head })
    }

    fn version_change(&self, key: &str, id: &str) -> Option<Change> {
        let version = self.secrets.get(key)?.versions.get(id)?.clone();
        Some(Change::Version { vault: self.vault.clone(), key: key.to_owned(), id: id.to_owned(), version })
    }
}
