use std::ffi::c_char;

use crate::{
    bytes::libkv_bytes,
    call_options::{libkv_call_options, run},
    caller::{Caller, guard},
    client::libkv_client,
    error::{libkv_error, libkv_status},
    secret::libkv_secret_properties,
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
        let request = caller.client(client)?.backup_secret(caller.text("name", name)?);
        backup.lend(&run(request, caller.options(options)?.timeout_ms)?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
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
        let backup = caller.list("backup", backup, backup_len)?;
        let request = caller.client(client)?.restore_secret_backup(backup);
        properties.lend(&run(request, caller.options(options)?.timeout_ms)?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}
