use std::ffi::c_void;

use libkv::{DeletedSecret, Secret, SecretProperties, Timestamp};

use crate::{
    call_options::LIBKV_UNSET,
    error::libkv_error,
    memory::{Store, View, take_back},
    text::{libkv_str, libkv_tag},
};

/// A secret version without its value.
///
/// Functions: `libkv_update_secret_properties`, `libkv_restore_secret_backup`, `libkv_poller_properties`;
/// `libkv_secret_properties_free`, only for one that a function gave by itself: one that is part of another result or of a poller
/// is freed with that.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_secret_properties {
    /// The identifier, "https://VAULT/secrets/NAME/VERSION"; without the version in lists of secrets.
    pub id: libkv_str,
    /// The secret's name.
    pub name: libkv_str,
    /// The version, 32 hexadecimal digits; none in lists of secrets.
    pub version: libkv_str,
    /// The vault's URL.
    pub vault_url: libkv_str,
    /// What the value is, such as "application/json", if it was said.
    pub content_type: libkv_str,
    /// Whether the value can be read.
    pub enabled: bool,
    /// The Unix time in seconds before which the secret is not to be used, or `LIBKV_UNSET`.
    pub not_before: i64,
    /// The Unix time in seconds after which the secret is not to be used, or `LIBKV_UNSET`.
    pub expires_on: i64,
    /// When the version was made, in Unix seconds, or `LIBKV_UNSET`.
    pub created_on: i64,
    /// When the version's properties last changed, in Unix seconds, or `LIBKV_UNSET`.
    pub updated_on: i64,
    /// How many days a deleted secret can be recovered, 7 to 90, or `LIBKV_UNSET`; 0 without soft delete.
    pub recoverable_days: i32,
    /// What happens to a deleted secret, such as "Recoverable+Purgeable", if the service said it.
    pub recovery_level: libkv_str,
    /// The version's tags, by key.
    pub tags: *const libkv_tag,
    /// The number of tags.
    pub tag_count: usize,
    /// Whether the secret belongs to a certificate.
    pub managed: bool,
    /// The identifier of the key behind a certificate's secret.
    pub key_id: libkv_str,
    /// The version of the previous certificate, of a certificate's secret.
    pub previous_version: libkv_str,
}

/// A secret version with its value.
///
/// Functions: `libkv_get_secret`, `libkv_try_get_secret`, `libkv_set_secret`, `libkv_rollback_secret`; `libkv_secret_free`, only
/// for one that a function gave by itself: one that is part of another result is freed with that.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_secret {
    /// The value, at most 25,600 characters; may be empty, and may hold NULs.
    pub value: libkv_str,
    /// Everything else about the version; freed with the secret.
    pub properties: *const libkv_secret_properties,
    /// Whether the value comes from the cache although its time is over, because the vault throttles or cannot be reached.
    pub stale: bool,
}

/// A secret in the soft-deleted state.
///
/// Functions: `libkv_get_deleted_secret`, `libkv_poller_deleted_secret`; `libkv_deleted_secret_free`, only for one that a
/// function gave by itself: one that is part of another result or of a poller is freed with that.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_deleted_secret {
    /// The properties of its newest version; freed with it.
    pub properties: *const libkv_secret_properties,
    /// The identifier under which it can be recovered or purged; none in a vault without soft delete.
    pub recovery_id: libkv_str,
    /// When it was deleted, in Unix seconds, or `LIBKV_UNSET`.
    pub deleted_date: i64,
    /// When the service purges it for good, in Unix seconds, or `LIBKV_UNSET`.
    pub scheduled_purge_date: i64,
}

/// Is told properties or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
pub type libkv_secret_properties_callback = Option<
    unsafe extern "C" fn(
        data: *mut c_void,
        properties: *mut libkv_secret_properties,
        error: *mut libkv_error,
    ),
>;

/// Is told a secret or an error, or neither where a call found none; see "Asynchronous calls". Both are the callback's.
pub type libkv_secret_callback =
    Option<unsafe extern "C" fn(data: *mut c_void, secret: *mut libkv_secret, error: *mut libkv_error)>;

/// Is told a deleted secret or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
pub type libkv_deleted_secret_callback = Option<
    unsafe extern "C" fn(data: *mut c_void, deleted: *mut libkv_deleted_secret, error: *mut libkv_error),
>;

impl View for libkv_secret_properties {
    type Source = SecretProperties;

    fn new(properties: &SecretProperties, store: &mut Store) -> Self {
        let tag = |(key, value): (&String, &String), store: &mut Store| libkv_tag {
            key: store.text(key),
            value: store.text(value),
        };
        let tags: Vec<_> = properties.tags.iter().map(|pair| tag(pair, store)).collect();
        Self {
            id: store.text(&properties.id),
            name: store.text(&properties.name),
            version: store.optional_text(properties.version.as_deref()),
            vault_url: store.text(&properties.vault_url),
            content_type: store.optional_text(properties.content_type.as_deref()),
            enabled: properties.enabled,
            not_before: seconds(properties.not_before),
            expires_on: seconds(properties.expires_on),
            created_on: seconds(properties.created_on),
            updated_on: seconds(properties.updated_on),
            recoverable_days: properties.recoverable_days.unwrap_or(LIBKV_UNSET),
            recovery_level: store.optional_text(properties.recovery_level.as_deref()),
            tag_count: tags.len(),
            tags: store.list(tags),
            managed: properties.managed,
            key_id: store.optional_text(properties.key_id.as_deref()),
            previous_version: store.optional_text(properties.previous_version.as_deref()),
        }
    }
}

impl View for libkv_secret {
    type Source = Secret;

    fn new(secret: &Secret, store: &mut Store) -> Self {
        Self {
            value: store.text(secret.value.expose()),
            properties: store.part(&secret.properties),
            stale: secret.stale,
        }
    }
}

impl View for libkv_deleted_secret {
    type Source = DeletedSecret;

    fn new(deleted: &DeletedSecret, store: &mut Store) -> Self {
        Self {
            properties: store.part(&deleted.properties),
            recovery_id: store.optional_text(deleted.recovery_id.as_deref()),
            deleted_date: seconds(deleted.deleted_date),
            scheduled_purge_date: seconds(deleted.scheduled_purge_date),
        }
    }
}

fn seconds(moment: Option<Timestamp>) -> i64 {
    moment.map_or(LIBKV_UNSET.into(), Timestamp::as_unix_seconds)
}

/// Frees properties; NULL is allowed.
///
/// Threads: any, once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_secret_properties_free(properties: *mut libkv_secret_properties) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { take_back(properties) }
}

/// Zeroes and frees a secret; NULL is allowed.
///
/// Threads: any, once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_secret_free(secret: *mut libkv_secret) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { take_back(secret) }
}

/// Frees a deleted secret; NULL is allowed.
///
/// Threads: any, once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_deleted_secret_free(deleted: *mut libkv_deleted_secret) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { take_back(deleted) }
}
