use std::ffi::c_char;

use crate::{
    call_options::{libkv_list_options, run},
    caller::{Caller, guard},
    client::libkv_client,
    error::{libkv_error, libkv_status},
    page::{libkv_deleted_page, libkv_properties_page},
};

/// Reads one page of the vault's secrets, without values, by upper-cased name.
///
/// `options` may be NULL. While a page has a `continuation_token`, another page follows.
///
/// Ownership: free the page with `libkv_properties_page_free`.
/// Threads: any; blocks until the call is done or its deadline comes.
/// Errors: those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_list_properties_of_secrets(
    client: *const libkv_client,
    options: *const libkv_list_options,
    page: *mut *mut libkv_properties_page,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let page = caller.out("page", page)?;
        let options = caller.options(options)?;
        let request = caller.client(client)?.list_properties_of_secrets();
        page.lend(&run(options.apply(caller, request)?, options.timeout_ms)?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Reads one page of a secret's versions, without values, by version id; an unknown name has none.
///
/// `options` may be NULL. While a page has a `continuation_token`, another page follows.
///
/// Ownership: free the page with `libkv_properties_page_free`.
/// Threads: any; blocks until the call is done or its deadline comes.
/// Errors: those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_list_properties_of_secret_versions(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_list_options,
    page: *mut *mut libkv_properties_page,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let page = caller.out("page", page)?;
        let options = caller.options(options)?;
        let request = caller.client(client)?.list_properties_of_secret_versions(caller.text("name", name)?);
        page.lend(&run(options.apply(caller, request)?, options.timeout_ms)?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Reads one page of the vault's deleted secrets.
///
/// `options` may be NULL. While a page has a `continuation_token`, another page follows.
///
/// Ownership: free the page with `libkv_deleted_page_free`.
/// Threads: any; blocks until the call is done or its deadline comes.
/// Errors: those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_list_deleted_secrets(
    client: *const libkv_client,
    options: *const libkv_list_options,
    page: *mut *mut libkv_deleted_page,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let page = caller.out("page", page)?;
        let options = caller.options(options)?;
        let request = caller.client(client)?.list_deleted_secrets();
        page.lend(&run(options.apply(caller, request)?, options.timeout_ms)?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}
