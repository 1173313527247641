//! What a vault holds: its settings and its secrets. Every change goes through here, so that none misses the store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::clock::Millis;
use crate::store::data_file::StoredVault;
use crate::store::{Change, Store};
use crate::vault::life::{Life, Pace};
use crate::vault::secret::{Head, Secret, Version, key, version_id};
use crate::vault::settings::Settings;

pub(crate) struct Contents {
    vault: Arc<str>,
    settings: Settings,
    secrets: BTreeMap<String, Secret>,
    /// When the states end that end by themselves, and whose they are, so that nobody walks all names to find them.
    ends: BTreeSet<(Millis, String)>,
    store: Arc<Store>,
}

impl Contents {
    /// Makes an empty vault.
    pub fn new(vault: Arc<str>, settings: Settings, store: Arc<Store>) -> Self {
        store.record(|| {
            let gone = Change::VaultGone { vault: vault.clone() };
            vec![gone, Change::Vault { vault: vault.clone(), settings: settings.clone() }]
        });
        Self { vault, settings, secrets: BTreeMap::new(), ends: BTreeSet::new(), store }
    }

    /// Takes over what a data file holds, without writing it again.
    pub fn stored(vault: StoredVault, store: Arc<Store>) -> Self {
        let secrets = vault.secrets.into_iter().collect();
        let ends = ends(&secrets, &vault.settings.pace());
        Self { vault: vault.name.into(), settings: vault.settings, secrets, ends, store }
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Changes the settings. States that have ended under the former ones stay ended.
    pub fn configure(&mut self, settings: Settings, now: Millis) {
        self.settle_all(now);
        self.settings = settings;
        self.ends = ends(&self.secrets, &self.settings.pace());
        self.store
            .record(|| vec![Change::Vault { vault: self.vault.clone(), settings: self.settings.clone() }]);
    }

    /// Forgets everything, on disk too.
    pub fn forget(&mut self) {
        self.secrets.clear();
        self.ends.clear();
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
        self.enter(&key, life);
        self.settle_key(&key, now);
    }

    /// Puts a whole secret in place, instead of what had its name.
    pub fn put(&mut self, secret: Secret) {
        let key = key(&secret.head.name);
        self.remove_key(&key);
        self.secrets.insert(key.clone(), secret);
        self.ends.extend(self.end(&key));
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
        while self.ends.first().is_some_and(|(end, _)| *end <= now) {
            if let Some((_, key)) = self.ends.pop_first() {
                self.settle_key(&key, now);
            }
        }
    }

    fn settle_key(&mut self, key: &str, now: Millis) {
        let Some(life) = self.secrets.get(key).map(|secret| secret.head.life) else { return };
        match life.at(now, &self.settings.pace()) {
            None => self.remove_key(key),
            Some(next) if next != life => self.enter(key, next),
            Some(_) => {}
        }
    }

    fn enter(&mut self, key: &str, life: Life) {
        let former = self.end(key);
        if let Some(secret) = self.secrets.get_mut(key) {
            secret.head.life = life;
            self.move_end(key, former);
            self.store.record(|| self.head_change(key).into_iter().collect());
        }
    }

    fn remove_key(&mut self, key: &str) {
        let former = self.end(key);
        if self.secrets.remove(key).is_some() {
            self.move_end(key, former);
            self.store.record(|| vec![Change::SecretGone { vault: self.vault.clone(), key: key.to_owned() }]);
        }
    }

    fn end(&self, key: &str) -> Option<(Millis, String)> {
        let end = self.secrets.get(key)?.head.life.ends(&self.settings.pace())?;
        Some((end, key.to_owned()))
    }

    fn move_end(&mut self, key: &str, former: Option<(Millis, String)>) {
        if let Some(former) = former {
            self.ends.remove(&former);
        }
        self.ends.extend(self.end(key));
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

fn ends(secrets: &BTreeMap<String, Secret>, pace: &Pace) -> BTreeSet<(Millis, String)> {
    secrets.iter().filter_map(|(key, secret)| Some((secret.head.life.ends(pace)?, key.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::settings::Delays;

    const NAMES: usize = 20;

    fn vault(delays: Delays) -> Contents {
        Contents::new("team".into(), Settings::new(delays), Arc::new(Store::Memory))
    }

    fn lives(contents: &Contents) -> BTreeMap<String, Life> {
        contents.walk("").map(|(key, secret)| (key.to_owned(), secret.head.life)).collect()
    }

    /// What all names come to when each is looked at by itself.
    fn later(contents: &Contents, now: Millis) -> BTreeMap<String, Life> {
        let pace = contents.settings().pace();
        lives(contents).into_iter().filter_map(|(key, life)| Some((key, life.at(now, &pace)?))).collect()
    }

    #[test]
    fn every_state_ends_in_its_time_whatever_was_done_before() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut contents = vault(Delays { delete: 5, recover: 10, purge: -1 });
        let mut now = 0;
        for step in 0..20_000 {
            let name = format!("name-{}", random.usize(..NAMES));
            match random.u8(..8) {
                0 | 1 => _ = contents.add_version(&name, false, Version::new(String::new(), now)),
                2 => contents.move_to(&name, Life::Deleting(now), now),
                3 => contents.move_to(&name, Life::Recovering(now), now),
                4 => contents.move_to(&name, Life::Purging(now), now),
                5 => contents.remove(&name),
                6 => contents.settle(&name, now),
                _ => {
                    let mut settings = contents.settings().clone();
                    settings.purge_delay_ms = random.i64(-1..20);
                    settings.recoverable_days = random.u32(0..2);
                    contents.configure(settings, now);
                }
            }
            now += random.i64(0..4);
            let expected = later(&contents, now);
            contents.settle_all(now);
            assert_eq!(lives(&contents), expected, "step {step}");
            assert_eq!(contents.ends, ends(&contents.secrets, &contents.settings.pace()), "step {step}");
        }
    }

    #[test]
    fn only_names_whose_state_ends_are_looked_at() {
        let mut contents = vault(Delays { delete: 5, recover: 5, purge: 5 });
        for number in 0..1_000 {
            contents.add_version(&format!("name-{number}"), false, Version::new(String::new(), 0));
        }
        contents.move_to("name-1", Life::Deleting(0), 0);
        assert_eq!(contents.ends, BTreeSet::from([(5, "NAME-1".to_owned())]));
        contents.move_to("name-1", Life::Recovering(1), 1);
        contents.settle_all(6);
        assert_eq!((contents.walk("").count(), contents.ends.len()), (1_000, 0));
    }
}
