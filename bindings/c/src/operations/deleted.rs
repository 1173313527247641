use std::ffi::c_char;

use crate::{
    call_options::{given_flag, libkv_call_options, libkv_purge_deleted_secret_options, run},
    caller::{Caller, guard},
    client::libkv_client,
    error::{libkv_error, libkv_status},
    poller::libkv_poller,
    secret::libkv_deleted_secret,
};

/// Begins to delete a secret with all its versions. Until its scheduled purge date it can be recovered, and its name is held.
///
/// `options` may be NULL. `poller` waits until the vault has finished, and may be NULL: the vault goes on all the same.
///
/// Ownership: free the poller with `libkv_poller_free`.
/// Threads: any; blocks until the deletion has begun or the deadline comes.
/// Errors: `LIBKV_ERROR_NOT_FOUND`, `LIBKV_ERROR_MANAGED_SECRET`, `LIBKV_ERROR_BEING_DELETED`,
/// `LIBKV_ERROR_BEING_RECOVERED`, `LIBKV_ERROR_OUTCOME_UNKNOWN`, and those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_begin_delete_secret(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_call_options,
    poller: *mut *mut libkv_poller,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let poller = caller.optional_out(poller);
        let request = caller.client(client)?.begin_delete_secret(caller.text("name", name)?);
        poller.give(run(request, caller.options(options)?.timeout_ms)?.into());
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Reads a deleted secret, without its value.
///
/// `options` may be NULL.
///
/// Ownership: free the deleted secret with `libkv_deleted_secret_free`.
/// Threads: any; blocks until the call is done or its deadline comes.
/// Errors: `LIBKV_ERROR_NOT_FOUND`, and those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_get_deleted_secret(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_call_options,
    deleted: *mut *mut libkv_deleted_secret,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let deleted = caller.out("deleted", deleted)?;
        let request = caller.client(client)?.get_deleted_secret(caller.text("name", name)?);
        deleted.lend(&run(request, caller.options(options)?.timeout_ms)?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Begins to bring a deleted secret back with all its versions.
///
/// `options` may be NULL. `poller` waits until the secret can be used, and may be NULL: the vault goes on all the same.
///
/// Ownership: free the poller with `libkv_poller_free`.
/// Threads: any; blocks until the recovery has begun or the deadline comes.
/// Errors: `LIBKV_ERROR_NOT_FOUND`, `LIBKV_ERROR_BEING_DELETED`, `LIBKV_ERROR_CONFLICT`, `LIBKV_ERROR_OUTCOME_UNKNOWN`,
/// and those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_begin_recover_deleted_secret(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_call_options,
    poller: *mut *mut libkv_poller,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let poller = caller.optional_out(poller);
        let request = caller.client(client)?.begin_recover_deleted_secret(caller.text("name", name)?);
        poller.give(run(request, caller.options(options)?.timeout_ms)?.into());
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Removes a deleted secret for good. Needs the purge permission and a vault without purge protection.
///
/// `options` may be NULL, and say whether to wait until the secret is gone.
///
/// Threads: any; blocks until the call is done or its deadline comes.
/// Errors: `LIBKV_ERROR_NOT_FOUND`, `LIBKV_ERROR_FORBIDDEN`, `LIBKV_ERROR_BEING_DELETED`,
/// `LIBKV_ERROR_OUTCOME_UNKNOWN`, and those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_purge_deleted_secret(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_purge_deleted_secret_options,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let options = caller.options(options)?;
        let request = caller.client(client)?.purge_deleted_secret(caller.text("name", name)?);
        run(request.wait(given_flag("wait", options.wait)?), options.timeout_ms)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}
