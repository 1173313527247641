//! The operations, one file per group: what each takes, sends and gives.

mod backup;
mod delete;
mod get;
mod list;
mod purge;
mod recover;
mod set;
mod update;

pub use self::{
    backup::{BackupSecret, RestoreSecretBackup},
    delete::{BeginDeleteSecret, GetDeletedSecret},
    get::{GetSecret, Versioned},
    list::{List, ListDeletedSecrets, ListSecretVersions, ListSecrets},
    purge::PurgeDeletedSecret,
    recover::BeginRecoverDeletedSecret,
    set::{Properties, SetSecret},
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
        &["name", "value", "content_type", "tags", "enabled", "not_before", "expires_on", "on_conflict"],
    )
};
pub(crate) static GET_SECRET: About = about("get_secret", &["name", "version"]);
pub(crate) static UPDATE_SECRET_PROPERTIES: About = about(
    "update_secret_properties",
    &["name", "version", "content_type", "tags", "enabled", "not_before", "expires_on"],
);
pub(crate) static LIST_PROPERTIES_OF_SECRETS: About =
    about("list_properties_of_secrets", &["max_page_size", "continuation_token"]);
pub(crate) static LIST_PROPERTIES_OF_SECRET_VERSIONS: About =
    about("list_properties_of_secret_versions", &["name", "max_page_size", "continuation_token"]);
pub(crate) static BEGIN_DELETE_SECRET: About = about("begin_delete_secret", &["name"]);
pub(crate) static GET_DELETED_SECRET: About = about("get_deleted_secret", &["name"]);
pub(crate) static LIST_DELETED_SECRETS: About =
    about("list_deleted_secrets", &["max_page_size", "continuation_token"]);
pub(crate) static BEGIN_RECOVER_DELETED_SECRET: About = about("begin_recover_deleted_secret", &["name"]);
pub(crate) static PURGE_DELETED_SECRET: About = about("purge_deleted_secret", &["name"]);
pub(crate) static BACKUP_SECRET: About = about("backup_secret", &["name"]);
pub(crate) static RESTORE_SECRET_BACKUP: About = about("restore_secret_backup", &["backup"]);

/// Every operation of the service. Each takes a `timeout` besides its own parameters.
pub(crate) static ALL: &[&About] = &[
    &SET_SECRET,
    &GET_SECRET,
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
];
