use std::ffi::c_void;

use libkv::{DeletedSecret, Page, SecretProperties};

use crate::{
    error::libkv_error,
    memory::{Store, View, take_back},
    secret::{libkv_deleted_secret, libkv_secret_properties},
    text::libkv_str,
};

/// One page of a list of secrets or of versions. A page may be empty although others follow.
///
/// Functions: `libkv_list_properties_of_secrets`, `libkv_list_properties_of_secret_versions`, `libkv_properties_page_free`.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_properties_page {
    /// The page's items; freed with the page.
    pub items: *const *const libkv_secret_properties,
    /// The number of items.
    pub count: usize,
    /// What the next call takes to go on behind this page; none on the last one.
    pub continuation_token: libkv_str,
}

/// One page of a list of deleted secrets. A page may be empty although others follow.
///
/// Functions: `libkv_list_deleted_secrets`, `libkv_deleted_page_free`.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_deleted_page {
    /// The page's items; freed with the page.
    pub items: *const *const libkv_deleted_secret,
    /// The number of items.
    pub count: usize,
    /// What the next call takes to go on behind this page; none on the last one.
    pub continuation_token: libkv_str,
}

/// Is told a page of secrets or of versions or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
pub type libkv_properties_page_callback = Option<
    unsafe extern "C" fn(data: *mut c_void, page: *mut libkv_properties_page, error: *mut libkv_error),
>;

/// Is told a page of deleted secrets or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
pub type libkv_deleted_page_callback =
    Option<unsafe extern "C" fn(data: *mut c_void, page: *mut libkv_deleted_page, error: *mut libkv_error)>;

impl View for libkv_properties_page {
    type Source = Page<SecretProperties>;

    fn new(page: &Page<SecretProperties>, store: &mut Store) -> Self {
        Self {
            items: store.parts(&page.items),
            count: page.items.len(),
            continuation_token: store.optional_text(page.continuation_token.as_deref()),
        }
    }
}

impl View for libkv_deleted_page {
    type Source = Page<DeletedSecret>;

    fn new(page: &Page<DeletedSecret>, store: &mut Store) -> Self {
        Self {
            items: store.parts(&page.items),
            count: page.items.len(),
            continuation_token: store.optional_text(page.continuation_token.as_deref()),
        }
    }
}

/// Frees a page with its items; NULL is allowed.
///
/// Threads: any, once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_properties_page_free(page: *mut libkv_properties_page) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { take_back(page) }
}

/// Frees a page with its items; NULL is allowed.
///
/// Threads: any, once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_deleted_page_free(page: *mut libkv_deleted_page) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { take_back(page) }
}
