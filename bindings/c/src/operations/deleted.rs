use std::ffi::{c_char, c_void};

use libkv::Result;

use crate::{
    call::{Call, libkv_call, libkv_done_callback},
    call_options::{
        given_flag, libkv_call_options, libkv_poller_options, libkv_purge_deleted_secret_options,
    },
    caller::{Caller, guard},
    client::libkv_client,
    error::{libkv_error, libkv_status},
    memory::Gift,
    poller::{libkv_poller, libkv_poller_callback},
    secret::{libkv_deleted_secret, libkv_deleted_secret_callback},
};

/// Begins to delete a secret with all its versions. Until its scheduled purge date it can be recovered, and its name is held.
///
/// `options` may be NULL, and say how the poller looks, or which deletion to go on with. `poller` waits until the vault has
/// finished, and may be NULL: the vault goes on all the same.
///
/// Ownership: free the poller with `libkv_poller_free`.
/// Threads: any; blocks until the deletion has begun or the deadline comes.
/// Errors: `LIBKV_ERROR_NOT_FOUND`, `LIBKV_ERROR_MANAGED_SECRET`, `LIBKV_ERROR_BEING_DELETED`,
/// `LIBKV_ERROR_BEING_RECOVERED`, `LIBKV_ERROR_OUTCOME_UNKNOWN`, and those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_begin_delete_secret(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_poller_options,
    poller: *mut *mut libkv_poller,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let poller = caller.optional_out(poller);
        poller.give(begin_delete_secret(caller, client, name, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_begin_delete_secret`, and has `callback` told the poller when the deletion has begun.
///
/// Arguments, ownership and errors are those of `libkv_begin_delete_secret`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_begin_delete_secret_async(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_poller_options,
    callback: libkv_poller_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        begin_delete_secret(caller, client, name, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn begin_delete_secret(
    caller: &Caller,
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_poller_options,
) -> Result<Call<libkv_poller>> {
    let options = caller.options(options)?;
    let request = caller.client(client)?.begin_delete_secret(caller.text("name", name)?);
    let request = options.apply(caller, request)?;
    Ok(Call::new(request, options.timeout_ms, |poller| Gift::handle(poller.into())))
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
        deleted.give(get_deleted_secret(caller, client, name, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_get_deleted_secret`, and has `callback` told the deleted secret.
///
/// Arguments, ownership and errors are those of `libkv_get_deleted_secret`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_get_deleted_secret_async(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_call_options,
    callback: libkv_deleted_secret_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        get_deleted_secret(caller, client, name, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn get_deleted_secret(
    caller: &Caller,
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_call_options,
) -> Result<Call<libkv_deleted_secret>> {
    let request = caller.client(client)?.get_deleted_secret(caller.text("name", name)?);
    Ok(Call::new(request, caller.options(options)?.timeout_ms, |deleted| Gift::view(&deleted)))
}

/// Begins to bring a deleted secret back with all its versions.
///
/// `options` may be NULL, and say how the poller looks, or which recovery to go on with. `poller` waits until the secret can be
/// used, and may be NULL: the vault goes on all the same.
///
/// Ownership: free the poller with `libkv_poller_free`.
/// Threads: any; blocks until the recovery has begun or the deadline comes.
/// Errors: `LIBKV_ERROR_NOT_FOUND`, `LIBKV_ERROR_BEING_DELETED`, `LIBKV_ERROR_CONFLICT`, `LIBKV_ERROR_OUTCOME_UNKNOWN`,
/// and those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_begin_recover_deleted_secret(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_poller_options,
    poller: *mut *mut libkv_poller,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let poller = caller.optional_out(poller);
        poller.give(begin_recover_deleted_secret(caller, client, name, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_begin_recover_deleted_secret`, and has `callback` told the poller when the recovery has begun.
///
/// Arguments, ownership and errors are those of `libkv_begin_recover_deleted_secret`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_begin_recover_deleted_secret_async(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_poller_options,
    callback: libkv_poller_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        begin_recover_deleted_secret(caller, client, name, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn begin_recover_deleted_secret(
    caller: &Caller,
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_poller_options,
) -> Result<Call<libkv_poller>> {
    let options = caller.options(options)?;
    let request = caller.client(client)?.begin_recover_deleted_secret(caller.text("name", name)?);
    let request = options.apply(caller, request)?;
    Ok(Call::new(request, options.timeout_ms, |poller| Gift::handle(poller.into())))
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
        purge_deleted_secret(caller, client, name, options)?.wait()?;
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_purge_deleted_secret`, and has `callback` told when it is done.
///
/// Arguments, ownership and errors are those of `libkv_purge_deleted_secret`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_purge_deleted_secret_async(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_purge_deleted_secret_options,
    callback: libkv_done_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then_done(callback, data, call)?;
        purge_deleted_secret(caller, client, name, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn purge_deleted_secret(
    caller: &Caller,
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_purge_deleted_secret_options,
) -> Result<Call<()>> {
    let options = caller.options(options)?;
    let request = caller.client(client)?.purge_deleted_secret(caller.text("name", name)?);
    let request = request.wait(given_flag("wait", options.wait)?);
    Ok(Call::new(request, options.timeout_ms, |()| Gift::none()))
}
