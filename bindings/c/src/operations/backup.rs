use std::ffi::{c_char, c_void};

use libkv::Result;

use crate::{
    bytes::{libkv_bytes, libkv_bytes_callback},
    call::{Call, libkv_call},
    call_options::libkv_call_options,
    caller::{Caller, guard},
    client::libkv_client,
    error::{libkv_error, libkv_status},
    memory::Gift,
    secret::{libkv_secret_properties, libkv_secret_properties_callback},
};

/// Backs up a secret with all its versions into a blob that only Azure can read.
///
/// `options` may be NULL.
///
/// Ownership: free the backup with `libkv_bytes_free`.
/// Threads: any; blocks until the call is done or its deadline comes.
/// Errors: `LIBKV_ERROR_NOT_FOUND`, and those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_backup_secret(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_call_options,
    backup: *mut *mut libkv_bytes,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let backup = caller.out("backup", backup)?;
        backup.give(backup_secret(caller, client, name, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_backup_secret`, and has `callback` told the backup.
///
/// Arguments, ownership and errors are those of `libkv_backup_secret`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_backup_secret_async(
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_call_options,
    callback: libkv_bytes_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        backup_secret(caller, client, name, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn backup_secret(
    caller: &Caller,
    client: *const libkv_client,
    name: *const c_char,
    options: *const libkv_call_options,
) -> Result<Call<libkv_bytes>> {
    let request = caller.client(client)?.backup_secret(caller.text("name", name)?);
    Ok(Call::new(request, caller.options(options)?.timeout_ms, |backup| Gift::view(&backup)))
}

/// Restores a backup, into a vault of the same subscription and geography.
///
/// `backup` has `backup_len` bytes. `options` may be NULL. `properties` gets those of the newest version, and may be NULL.
///
/// Ownership: free the properties with `libkv_secret_properties_free`. The backup is copied.
/// Threads: any; blocks until the call is done or its deadline comes.
/// Errors: `LIBKV_ERROR_ALREADY_EXISTS` for a name in use, soft-deleted included; `LIBKV_ERROR_OUTCOME_UNKNOWN`; and those of
/// every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_restore_secret_backup(
    client: *const libkv_client,
    backup: *const u8,
    backup_len: usize,
    options: *const libkv_call_options,
    properties: *mut *mut libkv_secret_properties,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let properties = caller.optional_out(properties);
        properties.give(restore_secret_backup(caller, client, backup, backup_len, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_restore_secret_backup`, and has `callback` told the properties of the newest version.
///
/// Arguments, ownership and errors are those of `libkv_restore_secret_backup`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_restore_secret_backup_async(
    client: *const libkv_client,
    backup: *const u8,
    backup_len: usize,
    options: *const libkv_call_options,
    callback: libkv_secret_properties_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        restore_secret_backup(caller, client, backup, backup_len, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn restore_secret_backup(
    caller: &Caller,
    client: *const libkv_client,
    backup: *const u8,
    backup_len: usize,
    options: *const libkv_call_options,
) -> Result<Call<libkv_secret_properties>> {
    let request = caller.client(client)?.restore_secret_backup(caller.list("backup", backup, backup_len)?);
    Ok(Call::new(request, caller.options(options)?.timeout_ms, |properties| Gift::view(&properties)))
}
