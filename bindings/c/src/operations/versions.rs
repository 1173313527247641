use std::ffi::{c_char, c_void};

use libkv::Result;

use crate::{
    call::{Call, libkv_call},
    call_options::libkv_call_options,
    caller::{Caller, guard},
    client::libkv_client,
    error::{libkv_error, libkv_status},
    memory::Gift,
    secret::{libkv_secret, libkv_secret_callback},
    versions::{
        libkv_properties_list, libkv_properties_list_callback, libkv_secret_history,
        libkv_secret_history_callback,
    },
};

/// Reads a secret's versions without their values, from the newest to the oldest, the current one marked.
///
/// `options` may be NULL. The service tells times in whole seconds only: of several versions made in one second, the newest
/// comes first and the others stand by their ids. Needs the permissions to list and to get.
///
/// Ownership: free the history with `libkv_secret_history_free`.
/// Threads: any; blocks until the call is done or its deadline comes.
/// Errors: `LIBKV_ERROR_NOT_FOUND`, and those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_get_secret_history(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_call_options,
    history: *mut *mut libkv_secret_history,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let history = caller.out("history", history)?;
        history.give(get_secret_history(caller, client, name, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_get_secret_history`, and has `callback` told the history.
///
/// Arguments, ownership and errors are those of `libkv_get_secret_history`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_get_secret_history_async(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_call_options,
    callback: libkv_secret_history_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        get_secret_history(caller, client, name, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn get_secret_history(
    caller: &Caller,
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_call_options,
) -> Result<Call<libkv_secret_history>> {
    let request = caller.client(client)?.get_secret_history(caller.text("name", name)?);
    Ok(Call::new(request, caller.options(options)?.timeout_ms, |versions| Gift::view(&versions)))
}

/// Makes a new version with the value, content type and tags of an older one. Dates are not brought back, and the new version
/// is enabled.
///
/// `version` names the older one. `options` may be NULL. `secret` gets the new version with its value, and may be NULL.
///
/// Ownership: free the secret with `libkv_secret_free`.
/// Threads: any; blocks until the call is done or its deadline comes.
/// Errors: `LIBKV_ERROR_NOT_FOUND`; `LIBKV_ERROR_SECRET_DISABLED` for a disabled version, which cannot be read;
/// `LIBKV_ERROR_MANAGED_SECRET`; `LIBKV_ERROR_OUTCOME_UNKNOWN`; and those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_rollback_secret(
    client: *const libkv_client,
    name: *const c_char,
    version: *const c_char,
    options: *const libkv_call_options,
    secret: *mut *mut libkv_secret,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let secret = caller.optional_out(secret);
        secret.give(rollback_secret(caller, client, name, version, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_rollback_secret`, and has `callback` told the new version with its value.
///
/// Arguments, ownership and errors are those of `libkv_rollback_secret`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_rollback_secret_async(
    client: *const libkv_client,
    name: *const c_char,
    version: *const c_char,
    options: *const libkv_call_options,
    callback: libkv_secret_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        rollback_secret(caller, client, name, version, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn rollback_secret(
    caller: &Caller,
    client: *const libkv_client,
    name: *const c_char,
    version: *const c_char,
    options: *const libkv_call_options,
) -> Result<Call<libkv_secret>> {
    let (name, version) = (caller.text("name", name)?, caller.text("version", version)?);
    let request = caller.client(client)?.rollback_secret(name, version);
    Ok(Call::new(request, caller.options(options)?.timeout_ms, |secret| Gift::view(&secret)))
}

/// Disables a secret's enabled versions except the newest `keep` of them. The service cannot remove a version.
///
/// `keep` is at least 1; the order is that of `libkv_get_secret_history`. `options` may be NULL. `disabled` gets the versions
/// that this call disabled, and may be NULL. A failure midway leaves disabled what has been; the same call again goes on.
///
/// Ownership: free the list with `libkv_properties_list_free`.
/// Threads: any; blocks until the call is done or its deadline comes.
/// Errors: `LIBKV_ERROR_NOT_FOUND`, `LIBKV_ERROR_MANAGED_SECRET`, and those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_prune_secret_versions(
    client: *const libkv_client,
    name: *const c_char,
    keep: u32,
    options: *const libkv_call_options,
    disabled: *mut *mut libkv_properties_list,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let disabled = caller.optional_out(disabled);
        disabled.give(prune_secret_versions(caller, client, name, keep, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_prune_secret_versions`, and has `callback` told the versions that it disabled.
///
/// Arguments, ownership and errors are those of `libkv_prune_secret_versions`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_prune_secret_versions_async(
    client: *const libkv_client,
    name: *const c_char,
    keep: u32,
    options: *const libkv_call_options,
    callback: libkv_properties_list_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        prune_secret_versions(caller, client, name, keep, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn prune_secret_versions(
    caller: &Caller,
    client: *const libkv_client,
    name: *const c_char,
    keep: u32,
    options: *const libkv_call_options,
) -> Result<Call<libkv_properties_list>> {
    let request = caller.client(client)?.prune_secret_versions(caller.text("name", name)?, keep);
    Ok(Call::new(request, caller.options(options)?.timeout_ms, |disabled| Gift::view(&disabled)))
}
