//! The operations, one file per group: what each takes, sends and gives.

mod backup;
mod begin;
mod delete;
mod diagnose;
mod get;
mod history;
mod list;
mod many;
mod prune;
mod purge;
mod recover;
mod rollback;
mod set;
mod update;

#[cfg(any(test, fuzzing))]
pub(crate) use self::diagnose::claims;
pub use self::{
    backup::{BackupSecret, RestoreSecretBackup},
    begin::Begin,
    delete::{BeginDeleteSecret, GetDeletedSecret},
    diagnose::Diagnose,
    get::{GetSecret, TryGetSecret, Versioned},
    history::GetSecretHistory,
    list::{List, ListDeletedSecrets, ListSecretVersions, ListSecrets},
    many::{GetSecrets, Many, SetSecrets},
    prune::PruneSecretVersions,
    purge::PurgeDeletedSecret,
    recover::BeginRecoverDeletedSecret,
    rollback::RollbackSecret,
    set::{Properties, Set, SetSecret},
    update::UpdateSecretProperties,
};
use crate::{governor::Quota, request::About};

pub(crate) const fn about(name: &'static str, parameters: &'static [&'static str]) -> About {
    About { name, parameters, quota: Quota::Other }
}

pub(crate) static SET_SECRET: About = About {
    quota: Quota::Create,
    ..about(
        "set_secret",
        &[
            "name",
            "value",
            "content_type",
            "tags",
            "enabled",
            "not_before",
            "expires_on",
            "on_conflict",
            "if_changed",
            "if_absent",
        ],
    )
};
pub(crate) static SET_SECRETS: About = about(
    "set_secrets",
    &[
        "values",
        "content_type",
        "tags",
        "enabled",
        "not_before",
        "expires_on",
        "on_conflict",
        "if_changed",
        "if_absent",
        "concurrency",
        "on_progress",
    ],
);
pub(crate) static GET_SECRET: About = about("get_secret", &["name", "version"]);
pub(crate) static TRY_GET_SECRET: About = about("try_get_secret", &["name", "version"]);
pub(crate) static GET_SECRETS: About =
    about("get_secrets", &["names", "prefix", "tags", "concurrency", "on_progress"]);
pub(crate) static GET_SECRET_HISTORY: About = about("get_secret_history", &["name"]);
pub(crate) static ROLLBACK_SECRET: About = about("rollback_secret", &["name", "version"]);
pub(crate) static PRUNE_SECRET_VERSIONS: About = about("prune_secret_versions", &["name", "keep"]);
pub(crate) static UPDATE_SECRET_PROPERTIES: About = about(
    "update_secret_properties",
    &["name", "version", "content_type", "tags", "enabled", "not_before", "expires_on"],
);
pub(crate) static LIST_PROPERTIES_OF_SECRETS: About =
    about("list_properties_of_secrets", &["max_page_size", "continuation_token"]);
pub(crate) static LIST_PROPERTIES_OF_SECRET_VERSIONS: About =
    about("list_properties_of_secret_versions", &["name", "max_page_size", "continuation_token"]);
pub(crate) static BEGIN_DELETE_SECRET: About =
    about("begin_delete_secret", &["name", "polling_interval", "continuation_token"]);
pub(crate) static GET_DELETED_SECRET: About = about("get_deleted_secret", &["name"]);
pub(crate) static LIST_DELETED_SECRETS: About =
    about("list_deleted_secrets", &["max_page_size", "continuation_token"]);
pub(crate) static BEGIN_RECOVER_DELETED_SECRET: About =
    about("begin_recover_deleted_secret", &["name", "polling_interval", "continuation_token"]);
pub(crate) static PURGE_DELETED_SECRET: About = about("purge_deleted_secret", &["name", "wait"]);
pub(crate) static BACKUP_SECRET: About = about("backup_secret", &["name"]);
pub(crate) static RESTORE_SECRET_BACKUP: About = about("restore_secret_backup", &["backup"]);
pub(crate) static DIAGNOSE: About = about("diagnose", &[]);

/// Every operation: the service's own, and what libkv makes of them. Each takes a `timeout` besides its own parameters.
pub(crate) static ALL: &[&About] = &[
    &SET_SECRET,
    &SET_SECRETS,
    &GET_SECRET,
    &TRY_GET_SECRET,
    &GET_SECRETS,
    &GET_SECRET_HISTORY,
    &ROLLBACK_SECRET,
    &PRUNE_SECRET_VERSIONS,
    &UPDATE_SECRET_PROPERTIES,
    &LIST_PROPERTIES_OF_SECRETS,
    &LIST_PROPERTIES_OF_SECRET_VERSIONS,
    &BEGIN_DELETE_SECRET,
    &GET_DELETED_SECRET,
    &LIST_DELETED_SECRETS,
    &BEGIN_RECOVER_DELETED_SECRET,
    &PURGE_DELETED_SECRET,
    &BACKUP_SECRET,
    &RESTORE_SECRET_BACKUP,
    &DIAGNOSE,
];
