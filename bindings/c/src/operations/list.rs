use std::ffi::{c_char, c_void};

use libkv::Result;

use crate::{
    call::{Call, libkv_call},
    call_options::libkv_list_options,
    caller::{Caller, guard},
    client::libkv_client,
    error::{libkv_error, libkv_status},
    memory::Gift,
    page::{
        libkv_deleted_page, libkv_deleted_page_callback, libkv_properties_page,
        libkv_properties_page_callback,
    },
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
        page.give(list_properties_of_secrets(caller, client, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_list_properties_of_secrets`, and has `callback` told the page.
///
/// Arguments, ownership and errors are those of `libkv_list_properties_of_secrets`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_list_properties_of_secrets_async(
    client: *const libkv_client,
    options: *const libkv_list_options,
    callback: libkv_properties_page_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        list_properties_of_secrets(caller, client, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn list_properties_of_secrets(
    caller: &Caller,
    client: *const libkv_client,
    options: *const libkv_list_options,
) -> Result<Call<libkv_properties_page>> {
    let options = caller.options(options)?;
    let request = caller.client(client)?.list_properties_of_secrets();
    Ok(Call::new(options.apply(caller, request)?, options.timeout_ms, |page| Gift::view(&page)))
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
        page.give(list_properties_of_secret_versions(caller, client, name, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_list_properties_of_secret_versions`, and has `callback` told the page.
///
/// Arguments, ownership and errors are those of `libkv_list_properties_of_secret_versions`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_list_properties_of_secret_versions_async(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_list_options,
    callback: libkv_properties_page_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        list_properties_of_secret_versions(caller, client, name, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn list_properties_of_secret_versions(
    caller: &Caller,
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_list_options,
) -> Result<Call<libkv_properties_page>> {
    let options = caller.options(options)?;
    let request = caller.client(client)?.list_properties_of_secret_versions(caller.text("name", name)?);
    Ok(Call::new(options.apply(caller, request)?, options.timeout_ms, |page| Gift::view(&page)))
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
        page.give(list_deleted_secrets(caller, client, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_list_deleted_secrets`, and has `callback` told the page.
///
/// Arguments, ownership and errors are those of `libkv_list_deleted_secrets`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_list_deleted_secrets_async(
    client: *const libkv_client,
    options: *const libkv_list_options,
    callback: libkv_deleted_page_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        list_deleted_secrets(caller, client, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn list_deleted_secrets(
    caller: &Caller,
    client: *const libkv_client,
    options: *const libkv_list_options,
) -> Result<Call<libkv_deleted_page>> {
    let options = caller.options(options)?;
    let request = caller.client(client)?.list_deleted_secrets();
    Ok(Call::new(options.apply(caller, request)?, options.timeout_ms, |page| Gift::view(&page)))
}
