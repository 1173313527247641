//! The vaults, by name, and what stands before each: its quota, its faults and its request log.

pub(crate) mod authorization;
pub(crate) mod contents;
pub(crate) mod fault;
pub(crate) mod life;
pub(crate) mod network;
pub(crate) mod request_log;
pub(crate) mod secret;
pub(crate) mod seed;
pub(crate) mod settings;
pub(crate) mod throttle;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::clock::{Clock, Millis};
use crate::store::Store;
use crate::store::data_file::StoredVault;
use crate::vault::contents::Contents;
use crate::vault::fault::{Fault, Faults};
use crate::vault::request_log::RequestLog;
use crate::vault::secret::Secret;
use crate::vault::settings::{Settings, VaultPatch};
use crate::vault::throttle::{Throttle, Usage};

/// One vault. Its locks are held for a look or a change in memory, never across I/O.
pub(crate) struct Vault {
    contents: Mutex<Contents>,
    gate: Mutex<Gate>,
    requests: Mutex<RequestLog>,
}

/// What a request must pass before it reaches the contents.
#[derive(Default)]
pub(crate) struct Gate {
    pub throttle: Option<Throttle>,
    pub faults: Faults,
}

impl Vault {
    fn new(contents: Contents, now: Millis) -> Self {
        let throttle = contents.settings().throttle.clone().map(|quota| Throttle::new(quota, now));
        let gate = Gate { throttle, faults: Faults::default() };
        Self { contents: Mutex::new(contents), gate: Mutex::new(gate), requests: Mutex::default() }
    }

    // A panic while a lock was held would leave the vault usable at worst with one half-done change; a poisoned
    // lock would make it useless.

    pub fn contents(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn requests(&self) -> MutexGuard<'_, RequestLog> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn apply(&self, plan: Plan, now: Millis) {
        let mut contents = self.contents();
        let mut gate = self.gate();
        if plan.settings.throttle != contents.settings().throttle {
            gate.throttle = plan.settings.throttle.clone().map(|quota| Throttle::new(quota, now));
        }
        contents.configure(plan.settings, now);
        for secret in plan.secrets {
            contents.put(secret);
        }
        gate.faults.add(plan.faults);
    }
}

/// A change that has been found valid as a whole, before any of it is done.
struct Plan {
    settings: Settings,
    secrets: Vec<Secret>,
    faults: Vec<Fault>,
}

impl Plan {
    fn new(patch: VaultPatch, former: &Settings, now: Millis) -> Result<Self, String> {
        let settings = former.changed(&patch)?;
        let secrets = patch.secrets.into_iter().map(|seed| seed.grow(now)).collect::<Result<_, _>>()?;
        patch.faults.iter().try_for_each(Fault::check)?;
        Ok(Self { settings, secrets, faults: patch.faults })
    }
}

/// All vaults of an emulator.
pub(crate) struct Vaults {
    by_name: RwLock<HashMap<String, Arc<Vault>>>,
    /// Of vaults that nobody configured.
    defaults: Settings,
    usage: Mutex<Usage>,
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
}

impl Vaults {
    /// Starts with the vaults that a data file holds.
    pub fn new(
        stored: Vec<StoredVault>,
        store: Arc<Store>,
        defaults: Settings,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let now = clock.now();
        let revive = |vault: StoredVault| {
            let name = vault.name.clone();
            (name, Arc::new(Vault::new(Contents::stored(vault, store.clone()), now)))
        };
        let by_name = RwLock::new(stored.into_iter().map(revive).collect());
        Self { by_name, defaults, usage: Mutex::default(), store, clock }
    }

    /// Returns the vault of this name, which is made if it is missing.
    pub fn get(&self, name: &str) -> Arc<Vault> {
        if let Some(vault) = self.find(name) {
            return vault;
        }
        let mut by_name = self.by_name.write().unwrap_or_else(PoisonError::into_inner);
        by_name.entry(name.to_owned()).or_insert_with(|| Arc::new(self.make(name))).clone()
    }

    /// Returns the vault of this name if it was ever used.
    pub fn find(&self, name: &str) -> Option<Arc<Vault>> {
        self.by_name.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Makes a vault anew: settings not given have their defaults, and what it held is forgotten.
    pub fn replace(&self, name: &str, patch: VaultPatch) -> Result<Arc<Vault>, String> {
        let now = self.clock.now();
        let plan = Plan::new(patch, &self.defaults, now)?;
        let mut by_name = self.by_name.write().unwrap_or_else(PoisonError::into_inner);
        let vault = Arc::new(self.make(name));
        vault.apply(plan, now);
        by_name.insert(name.to_owned(), vault.clone());
        Ok(vault)
    }

    /// Changes only what is given.
    pub fn patch(&self, name: &str, patch: VaultPatch) -> Result<Arc<Vault>, String> {
        let now = self.clock.now();
        let vault = self.get(name);
        let plan = Plan::new(patch, vault.contents().settings(), now)?;
        vault.apply(plan, now);
        Ok(vault)
    }

    /// Forgets a vault.
    pub fn forget(&self, name: &str) {
        let vault = self.by_name.write().unwrap_or_else(PoisonError::into_inner).remove(name);
        if let Some(vault) = vault {
            vault.contents().forget();
        }
    }

    /// Puts these vaults in place of all there are, or says which of them is wrong and why.
    pub fn replace_all(&self, patches: BTreeMap<String, VaultPatch>) -> Result<(), String> {
        let now = self.clock.now();
        let mut plans = Vec::new();
        for (name, patch) in patches {
            let plan = Plan::new(patch, &self.defaults, now);
            plans.push((plan.map_err(|rule| format!("vault '{name}': {rule}"))?, name));
        }
        let mut by_name = self.by_name.write().unwrap_or_else(PoisonError::into_inner);
        for (_, vault) in by_name.drain() {
            vault.contents().forget();
        }
        for (plan, name) in plans {
            let vault = Arc::new(self.make(&name));
            vault.apply(plan, now);
            by_name.insert(name, vault);
        }
        Ok(())
    }

    /// Returns all vaults in the order of their names.
    pub fn all(&self) -> BTreeMap<String, Arc<Vault>> {
        let by_name = self.by_name.read().unwrap_or_else(PoisonError::into_inner);
        by_name.iter().map(|(name, vault)| (name.clone(), vault.clone())).collect()
    }

    fn make(&self, name: &str) -> Vault {
        let contents = Contents::new(name.into(), self.defaults.clone(), self.store.clone());
        Vault::new(contents, self.clock.now())
    }

    /// Returns what all vaults have taken together of the service's quotas.
    pub fn usage(&self) -> MutexGuard<'_, Usage> {
        self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }
}
