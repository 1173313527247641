use std::{
    ffi::{CString, c_char},
    ptr::null,
};

use libkv::{ClientOptions, Error, Result, SecretClient};
use libkv_bridge::Session;

use crate::{
    caller::{Caller, guard, guard_value},
    error::{libkv_error, libkv_status},
    memory::{Gift, end},
    options::libkv_options,
    stats::libkv_stats,
};

/// A client of one vault. Make one per vault and use it from all threads: they share connections, token and statistics. It
/// also works in the child of a fork.
///
/// Functions: `libkv_client_new`, `libkv_client_vault_url`, `libkv_client_stats`, `libkv_diagnose`, `libkv_client_close`,
/// `libkv_client_free`; for secrets `libkv_set_secret`, `libkv_get_secret`, `libkv_try_get_secret`,
/// `libkv_update_secret_properties`, `libkv_list_properties_of_secrets`, `libkv_begin_delete_secret`, `libkv_backup_secret`,
/// `libkv_restore_secret_backup`; for many secrets at once `libkv_get_secrets`, `libkv_set_secrets`; for a secret's versions
/// `libkv_list_properties_of_secret_versions`, `libkv_get_secret_history`, `libkv_rollback_secret`,
/// `libkv_prune_secret_versions`; for deleted secrets `libkv_get_deleted_secret`, `libkv_list_deleted_secrets`,
/// `libkv_begin_recover_deleted_secret`, `libkv_purge_deleted_secret`. Those that wait for the vault have a second form, whose
/// name ends in `_async`.
#[derive(Debug)]
pub struct libkv_client {
    session: Session,
    vault_url: CString,
}

impl libkv_client {
    fn new(vault_url: &str, options: ClientOptions) -> Result<Self> {
        let session = Session::new(vault_url, options)?;
        let vault_url = CString::new(session.client()?.vault_url())
            .map_err(|_| Error::invalid_config("vault_url", "must not hold a NUL"))?;
        Ok(Self { session, vault_url })
    }
}

impl Caller {
    /// Reads the client of an operation.
    pub(crate) fn client(&self, client: *const libkv_client) -> Result<&SecretClient> {
        self.read("client", client)?.session.client()
    }
}

/// Makes a client. Sends nothing and starts no thread.
///
/// `vault_url` is the vault's, such as "https://contoso.vault.azure.net". `options` may be NULL.
///
/// Ownership: free the client with `libkv_client_free`. The options are copied.
/// Threads: any.
/// Errors: `LIBKV_ERROR_INVALID_CONFIG`, which names the vault URL or the option and the rule it breaks;
/// `LIBKV_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_client_new(
    vault_url: *const c_char,
    options: *const libkv_options,
    client: *mut *mut libkv_client,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let client = caller.out("client", client)?;
        let options =
            if options.is_null() { ClientOptions::new() } else { caller.read("options", options)?.pairs() };
        client.give(Gift::handle(libkv_client::new(caller.text("vault_url", vault_url)?, options)?));
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Returns the vault's URL, without a trailing slash; NULL for NULL.
///
/// Ownership: the text is the client's and ends with it.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_client_vault_url(client: *const libkv_client) -> *const c_char {
    let call = |caller: &Caller| Ok(caller.read("client", client)?.vault_url.as_ptr());
    // SAFETY: these are the C program's pointers.
    unsafe { guard_value(null(), call) }
}

/// Says what the client has done since it was made.
///
/// Ownership: free the result with `libkv_stats_free`.
/// Threads: any.
/// Errors: `LIBKV_ERROR_INVALID_STATE` when the client is closed; `LIBKV_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_client_stats(
    client: *const libkv_client,
    stats: *mut *mut libkv_stats,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let stats = caller.out("stats", stats)?;
        stats.lend(&caller.client(client)?.stats());
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Refuses calls from here on, with `LIBKV_ERROR_INVALID_STATE`. Those under way go on, and so do pollers and the results of
/// many secrets. NULL is allowed.
///
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_client_close(client: *const libkv_client) {
    let call = |caller: &Caller| {
        caller.read("client", client)?.session.close();
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard_value((), call) }
}

/// Frees a client; NULL is allowed. Its results and pollers live on.
///
/// Threads: any, once, when no other function uses the client.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_client_free(client: *mut libkv_client) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { end(client) }
}
