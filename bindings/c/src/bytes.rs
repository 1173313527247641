use std::ffi::c_void;

use crate::{
    error::libkv_error,
    memory::{Store, View, take_back},
};

/// A backup, which only Azure can read.
///
/// Functions: `libkv_backup_secret`, `libkv_bytes_free`.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_bytes {
    /// The first byte.
    pub data: *const u8,
    /// The number of bytes.
    pub len: usize,
}

/// Is told a backup or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
pub type libkv_bytes_callback =
    Option<unsafe extern "C" fn(data: *mut c_void, backup: *mut libkv_bytes, error: *mut libkv_error)>;

impl View for libkv_bytes {
    type Source = Vec<u8>;

    fn new(bytes: &Vec<u8>, store: &mut Store) -> Self {
        Self { data: store.list(bytes.clone()), len: bytes.len() }
    }
}

/// Frees bytes; NULL is allowed.
///
/// Threads: any, once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_bytes_free(bytes: *mut libkv_bytes) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { take_back(bytes) }
}
