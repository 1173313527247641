//! What can be set about a vault.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::clock::Millis;
use crate::vault::authorization::Authorization;
use crate::vault::fault::Fault;
use crate::vault::life::Pace;
use crate::vault::network::{NetworkAcls, PublicNetworkAccess};
use crate::vault::seed::Seed;
use crate::vault::throttle::Quota;

/// How long the in-between states of a soft delete last, in milliseconds; -1 until the setting is changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delays {
    /// From a delete's answer until the secret is in the deleted set.
    pub delete: i64,
    /// From a recover's answer until the secret is back.
    pub recover: i64,
    /// From a purge's answer until the name is free.
    pub purge: i64,
}

/// The settings of one vault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub recoverable_days: u32,
    pub purge_protection: bool,
    /// Without it, as in vaults of old, a delete is final.
    #[serde(default = "enabled")]
    pub soft_delete: bool,
    /// Says whether the vault is in failover, where it refuses writes.
    #[serde(default)]
    pub read_only: bool,
    /// Where backups can be restored that were made there.
    #[serde(default = "home")]
    pub geography: String,
    pub delete_delay_ms: i64,
    pub recover_delay_ms: i64,
    pub purge_delay_ms: i64,
    pub page_size: usize,
    pub throttle: Option<Quota>,
    /// Everyone may do everything if none.
    pub authorization: Option<Authorization>,
    #[serde(default)]
    pub public_network_access: PublicNetworkAccess,
    pub network_acls: Option<NetworkAcls>,
    /// The claims that a token must have been asked for with.
    pub claims_challenge: Option<Value>,
}

fn enabled() -> bool {
    true
}

fn home() -> String {
    "local".to_owned()
}

/// What is asked to change about a vault: only the members given, secrets and faults added to what is there.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct VaultPatch {
    recoverable_days: Option<u32>,
    purge_protection: Option<bool>,
    soft_delete: Option<bool>,
    read_only: Option<bool>,
    geography: Option<String>,
    delete_delay_ms: Option<i64>,
    recover_delay_ms: Option<i64>,
    purge_delay_ms: Option<i64>,
    page_size: Option<usize>,
    // The outer level says whether the member is there, the inner one whether it is null.
    #[serde(deserialize_with = "given")]
    throttle: Option<Option<Quota>>,
    #[serde(deserialize_with = "given")]
    authorization: Option<Option<Authorization>>,
    public_network_access: Option<PublicNetworkAccess>,
    #[serde(deserialize_with = "given")]
    network_acls: Option<Option<NetworkAcls>>,
    #[serde(deserialize_with = "given")]
    claims_challenge: Option<Option<Value>>,
    pub secrets: Vec<Seed>,
    pub faults: Vec<Fault>,
}

fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl Settings {
    /// Returns the settings of a vault that nobody configured.
    pub fn new(delays: Delays) -> Self {
        Self {
            recoverable_days: 90,
            purge_protection: false,
            soft_delete: enabled(),
            read_only: false,
            geography: home(),
            delete_delay_ms: delays.delete,
            recover_delay_ms: delays.recover,
            purge_delay_ms: delays.purge,
            page_size: MAX_PAGE_SIZE,
            throttle: None,
            authorization: None,
            public_network_access: PublicNetworkAccess::Enabled,
            network_acls: None,
            claims_challenge: None,
        }
    }

    /// Returns these settings with a change applied, or which member is wrong and why.
    pub fn changed(&self, patch: &VaultPatch) -> Result<Self, String> {
        let next = Self {
            recoverable_days: patch.recoverable_days.unwrap_or(self.recoverable_days),
            purge_protection: patch.purge_protection.unwrap_or(self.purge_protection),
            soft_delete: patch.soft_delete.unwrap_or(self.soft_delete),
            read_only: patch.read_only.unwrap_or(self.read_only),
            geography: patch.geography.clone().unwrap_or_else(|| self.geography.clone()),
            delete_delay_ms: patch.delete_delay_ms.unwrap_or(self.delete_delay_ms),
            recover_delay_ms: patch.recover_delay_ms.unwrap_or(self.recover_delay_ms),
            purge_delay_ms: patch.purge_delay_ms.unwrap_or(self.purge_delay_ms),
            page_size: patch.page_size.unwrap_or(self.page_size),
            throttle: patch.throttle.clone().unwrap_or_else(|| self.throttle.clone()),
            authorization: patch.authorization.clone().unwrap_or_else(|| self.authorization.clone()),
            public_network_access: patch.public_network_access.unwrap_or(self.public_network_access),
            network_acls: patch.network_acls.unwrap_or(self.network_acls),
            claims_challenge: patch.claims_challenge.clone().unwrap_or_else(|| self.claims_challenge.clone()),
        };
        next.check()?;
        Ok(next)
    }

    fn check(&self) -> Result<(), String> {
        if !(7..=90).contains(&self.recoverable_days) {
            return Err("recoverable_days must be 7 to 90".to_owned());
        }
        if !(1..=MAX_PAGE_SIZE).contains(&self.page_size) {
            return Err(format!("page_size must be 1 to {MAX_PAGE_SIZE}"));
        }
        let delays = [
            ("delete_delay_ms", self.delete_delay_ms),
            ("recover_delay_ms", self.recover_delay_ms),
            ("purge_delay_ms", self.purge_delay_ms),
        ];
        if let Some((member, _)) = delays.iter().find(|(_, delay)| *delay < -1) {
            return Err(format!("{member} must be -1 or more"));
        }
        if self.claims_challenge.as_ref().is_some_and(|claims| !claims.is_object()) {
            return Err("claims_challenge must be an object".to_owned());
        }
        self.authorization.as_ref().map_or(Ok(()), Authorization::check)?;
        self.throttle.as_ref().map_or(Ok(()), Quota::check)
    }

    /// Says whether roles let callers in.
    pub fn has_roles(&self) -> bool {
        matches!(self.authorization, Some(Authorization::RoleAssignments(_)))
    }

    /// Returns how long the states of a name last in this vault.
    pub fn pace(&self) -> Pace {
        let lasts = |delay: i64| (delay >= 0).then_some(delay as Millis);
        Pace {
            delete: lasts(self.delete_delay_ms),
            recover: lasts(self.recover_delay_ms),
            purge: lasts(self.purge_delay_ms),
            recoverable_days: self.recoverable_days,
        }
    }

    /// Returns for how many days the vault keeps a deleted secret.
    pub fn retention(&self) -> u32 {
        if self.soft_delete { self.recoverable_days } else { 0 }
    }

    /// Returns what the vault says about how well it protects a deleted secret.
    pub fn recovery_level(&self) -> &'static str {
        if !self.soft_delete {
            return "Purgeable";
        }
        match (self.recoverable_days < 90, self.purge_protection) {
            (false, false) => "Recoverable+Purgeable",
            (false, true) => "Recoverable",
            (true, false) => "CustomizedRecoverable+Purgeable",
            (true, true) => "CustomizedRecoverable",
        }
    }
}

/// The service's largest page, and its default one.
pub(crate) const MAX_PAGE_SIZE: usize = 25;

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(patch: &str) -> Result<Settings, String> {
        Settings::new(Delays::default()).changed(&serde_json::from_str(patch).unwrap())
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name() {
        let throttled = changed(r#"{"throttle": {"rate": 5, "burst": 2}}"#).unwrap();
        let longer = throttled.changed(&serde_json::from_str(r#"{"page_size": 3}"#).unwrap()).unwrap();
        assert_eq!((longer.page_size, longer.throttle.is_some()), (3, true));
        let open = longer.changed(&serde_json::from_str(r#"{"throttle": null}"#).unwrap()).unwrap();
        assert_eq!((open.page_size, open.throttle), (3, None));
    }

    #[test]
    fn settings_of_a_data_file_that_lacks_a_member_are_read() {
        let defaults = Settings::new(Delays::default());
        let mut stored = serde_json::to_value(&defaults).unwrap();
        for member in [
            "soft_delete",
            "read_only",
            "geography",
            "authorization",
            "public_network_access",
            "network_acls",
            "claims_challenge",
        ] {
            assert!(stored.as_object_mut().unwrap().remove(member).is_some(), "{member}");
        }
        assert_eq!(serde_json::from_value::<Settings>(stored).unwrap(), defaults);
    }

    #[test]
    fn values_out_of_range_are_named() {
        for (patch, member) in [
            (r#"{"recoverable_days": 6}"#, "recoverable_days"),
            (r#"{"recoverable_days": 91}"#, "recoverable_days"),
            (r#"{"page_size": 0}"#, "page_size"),
            (r#"{"page_size": 26}"#, "page_size"),
            (r#"{"purge_delay_ms": -2}"#, "purge_delay_ms"),
            (r#"{"throttle": {"rate": 0, "burst": 1}}"#, "throttle.rate"),
            (r#"{"throttle": {"rate": 1, "burst": 0}}"#, "throttle.burst"),
        ] {
            let error = changed(patch).unwrap_err();
            assert!(error.contains(member), "{patch}: {error}");
        }
    }

    #[test]
    fn the_recovery_level_tells_retention_and_protection() {
        let level = |patch| changed(patch).unwrap().recovery_level();
        assert_eq!(level("{}"), "Recoverable+Purgeable");
        assert_eq!(level(r#"{"purge_protection": true}"#), "Recoverable");
        assert_eq!(level(r#"{"recoverable_days": 7}"#), "CustomizedRecoverable+Purgeable");
        assert_eq!(level(r#"{"soft_delete": false}"#), "Purgeable");
        assert_eq!(level(r#"{"recoverable_days": 89, "purge_protection": true}"#), "CustomizedRecoverable");
    }
}
