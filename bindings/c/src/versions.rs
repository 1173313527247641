use std::ffi::c_void;

use libkv::{SecretProperties, SecretVersion};

use crate::{
    error::libkv_error,
    memory::{Store, View, take_back},
    secret::libkv_secret_properties,
};

/// A version of a secret, as its history shows it; freed with the history.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_secret_version {
    /// The version without its value.
    pub properties: *const libkv_secret_properties,
    /// Whether it is the version that a read without a version means.
    pub current: bool,
}

/// A secret's versions, from the newest to the oldest.
///
/// Functions: `libkv_get_secret_history`, `libkv_secret_history_free`.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_secret_history {
    /// The versions; freed with the history.
    pub items: *const *const libkv_secret_version,
    /// The number of versions.
    pub count: usize,
}

/// A whole list of versions without their values.
///
/// Functions: `libkv_prune_secret_versions`, `libkv_properties_list_free`.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_properties_list {
    /// The list's items; freed with the list.
    pub items: *const *const libkv_secret_properties,
    /// The number of items.
    pub count: usize,
}

/// Is told a history or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
pub type libkv_secret_history_callback = Option<
    unsafe extern "C" fn(data: *mut c_void, history: *mut libkv_secret_history, error: *mut libkv_error),
>;

/// Is told a list of versions or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
pub type libkv_properties_list_callback = Option<
    unsafe extern "C" fn(data: *mut c_void, list: *mut libkv_properties_list, error: *mut libkv_error),
>;

impl View for libkv_secret_version {
    type Source = SecretVersion;

    fn new(version: &SecretVersion, store: &mut Store) -> Self {
        Self { properties: store.part(&version.properties), current: version.current }
    }
}

impl View for libkv_secret_history {
    type Source = Vec<SecretVersion>;

    fn new(versions: &Vec<SecretVersion>, store: &mut Store) -> Self {
        Self { items: store.parts(versions), count: versions.len() }
    }
}

impl View for libkv_properties_list {
    type Source = Vec<SecretProperties>;

    fn new(versions: &Vec<SecretProperties>, store: &mut Store) -> Self {
        Self { items: store.parts(versions), count: versions.len() }
    }
}

/// Frees a history with its versions; NULL is allowed.
///
/// Threads: any, once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_secret_history_free(history: *mut libkv_secret_history) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { take_back(history) }
}

/// Frees a list with its items; NULL is allowed.
///
/// Threads: any, once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_properties_list_free(list: *mut libkv_properties_list) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { take_back(list) }
}
