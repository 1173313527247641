use std::ffi::c_char;

use crate::{
    call_options::{libkv_call_options, run},
    caller::{Caller, guard},
    client::libkv_client,
    error::{libkv_error, libkv_status},
    secret::libkv_secret,
    versions::{libkv_properties_list, libkv_secret_history},
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
        let request = caller.client(client)?.get_secret_history(caller.text("name", name)?);
        history.lend(&run(request, caller.options(options)?.timeout_ms)?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
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
        let (name, version) = (caller.text("name", name)?, caller.text("version", version)?);
        let request = caller.client(client)?.rollback_secret(name, version);
        secret.lend(&run(request, caller.options(options)?.timeout_ms)?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
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
        let request = caller.client(client)?.prune_secret_versions(caller.text("name", name)?, keep);
        disabled.lend(&run(request, caller.options(options)?.timeout_ms)?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}
