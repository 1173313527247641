use std::ffi::{c_char, c_void};

use libkv::Result;

use crate::{
    call::{Call, libkv_call},
    call_options::libkv_call_options,
    caller::{Caller, guard},
    client::libkv_client,
    error::{libkv_error, libkv_status},
    memory::Gift,
    secret::{
        libkv_secret, libkv_secret_callback, libkv_secret_properties, libkv_secret_properties_callback,
    },
    set_options::{libkv_set_secret_options, libkv_update_secret_properties_options},
    text::libkv_str,
};

/// Makes a new version of a secret, and the secret if there is none. Nothing is inherited from the version before.
///
/// `name` has 1 to 127 of `0-9 a-z A-Z -`. `value` has `value_len` bytes of UTF-8 and at most 25,600 characters; it may be
/// empty and may hold NULs, but it is not NULL. `options` may be NULL. `secret` gets the version with its value, and may be
/// NULL.
///
/// Ownership: free the secret with `libkv_secret_free`. The arguments are copied; the copy of the value is zeroed.
/// Threads: any; blocks until the call is done or its deadline comes.
/// Errors: `LIBKV_ERROR_SOFT_DELETED`, `LIBKV_ERROR_BEING_DELETED` and `LIBKV_ERROR_BEING_RECOVERED` for a name that is held;
/// `LIBKV_ERROR_FORBIDDEN` also for a recovery or purge that `on_conflict` asks for and that is refused;
/// `LIBKV_ERROR_ALREADY_EXISTS` for a name in use when `if_absent` is 1;
/// `LIBKV_ERROR_MANAGED_SECRET` for a certificate's; `LIBKV_ERROR_OUTCOME_UNKNOWN` when the vault's answer was lost and
/// reading it up was not possible; and those of every call, which the introduction lists.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_set_secret(
    client: *const libkv_client,
    name: *const c_char,
    value: *const c_char,
    value_len: usize,
    options: *const libkv_set_secret_options,
    secret: *mut *mut libkv_secret,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let secret = caller.optional_out(secret);
        secret.give(set_secret(caller, client, name, value, value_len, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_set_secret`, and has `callback` told the version with its value.
///
/// Arguments, ownership and errors are those of `libkv_set_secret`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_set_secret_async(
    client: *const libkv_client,
    name: *const c_char,
    value: *const c_char,
    value_len: usize,
    options: *const libkv_set_secret_options,
    callback: libkv_secret_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        set_secret(caller, client, name, value, value_len, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn set_secret(
    caller: &Caller,
    client: *const libkv_client,
    name: *const c_char,
    value: *const c_char,
    value_len: usize,
    options: *const libkv_set_secret_options,
) -> Result<Call<libkv_secret>> {
    let options = caller.options(options)?;
    let value = caller.sized_text("value", libkv_str { data: value, len: value_len })?;
    let request = caller.client(client)?.set_secret(caller.text("name", name)?, value);
    Ok(Call::new(options.apply(caller, request)?, options.timeout_ms, |secret| Gift::view(&secret)))
}

/// Reads a secret with its value.
///
/// `version` names the version; NULL or an empty text means the newest. `options` may be NULL.
///
/// Ownership: free the secret with `libkv_secret_free`.
/// Threads: any; blocks until the call is done or its deadline comes.
/// Errors: `LIBKV_ERROR_NOT_FOUND`; `LIBKV_ERROR_SECRET_DISABLED` for a disabled version, also where older ones are enabled;
/// and those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_get_secret(
    client: *const libkv_client,
    name: *const c_char,
    version: *const c_char,
    options: *const libkv_call_options,
    secret: *mut *mut libkv_secret,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let secret = caller.out("secret", secret)?;
        secret.give(get_secret(caller, client, name, version, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_get_secret`, and has `callback` told the secret.
///
/// Arguments, ownership and errors are those of `libkv_get_secret`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_get_secret_async(
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
        get_secret(caller, client, name, version, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn get_secret(
    caller: &Caller,
    client: *const libkv_client,
    name: *const c_char,
    version: *const c_char,
    options: *const libkv_call_options,
) -> Result<Call<libkv_secret>> {
    let request = caller.client(client)?.get_secret(caller.text("name", name)?);
    let request = request.version(caller.optional_text("version", version)?);
    Ok(Call::new(request, caller.options(options)?.timeout_ms, |secret| Gift::view(&secret)))
}

/// Reads a secret as `libkv_get_secret` does, but gives none where the vault has no such secret or version.
///
/// `version` names the version; NULL or an empty text means the newest. `options` may be NULL. `secret` gets NULL where there is
/// none, which is a success; a soft-deleted secret is none.
///
/// Ownership: free the secret with `libkv_secret_free`.
/// Threads: any; blocks until the call is done or its deadline comes.
/// Errors: `LIBKV_ERROR_SECRET_DISABLED` for a disabled version, also where older ones are enabled; and those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_try_get_secret(
    client: *const libkv_client,
    name: *const c_char,
    version: *const c_char,
    options: *const libkv_call_options,
    secret: *mut *mut libkv_secret,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let secret = caller.out("secret", secret)?;
        secret.give(try_get_secret(caller, client, name, version, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_try_get_secret`, and has `callback` told the secret, or NULL and NULL where there is none.
///
/// Arguments, ownership and errors are those of `libkv_try_get_secret`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_try_get_secret_async(
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
        try_get_secret(caller, client, name, version, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn try_get_secret(
    caller: &Caller,
    client: *const libkv_client,
    name: *const c_char,
    version: *const c_char,
    options: *const libkv_call_options,
) -> Result<Call<libkv_secret>> {
    let request = caller.client(client)?.try_get_secret(caller.text("name", name)?);
    let request = request.version(caller.optional_text("version", version)?);
    Ok(Call::new(request, caller.options(options)?.timeout_ms, |found| {
        found.map_or_else(Gift::none, |secret| Gift::view(&secret))
    }))
}

/// Changes the properties of a version; the value cannot change.
///
/// `version` names the version; NULL or an empty text means the newest. What `options` do not give stays as it is; tags are
/// replaced as a whole. `options` may be NULL. `properties` gets what the version has then, and may be NULL.
///
/// Ownership: free the properties with `libkv_secret_properties_free`. The arguments are copied.
/// Threads: any; blocks until the call is done or its deadline comes.
/// Errors: `LIBKV_ERROR_NOT_FOUND`, `LIBKV_ERROR_MANAGED_SECRET`, and those of every call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_update_secret_properties(
    client: *const libkv_client,
    name: *const c_char,
    version: *const c_char,
    options: *const libkv_update_secret_properties_options,
    properties: *mut *mut libkv_secret_properties,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let properties = caller.optional_out(properties);
        properties.give(update_secret_properties(caller, client, name, version, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_update_secret_properties`, and has `callback` told what the version has then.
///
/// Arguments, ownership and errors are those of `libkv_update_secret_properties`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_update_secret_properties_async(
    client: *const libkv_client,
    name: *const c_char,
    version: *const c_char,
    options: *const libkv_update_secret_properties_options,
    callback: libkv_secret_properties_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        update_secret_properties(caller, client, name, version, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn update_secret_properties(
    caller: &Caller,
    client: *const libkv_client,
    name: *const c_char,
    version: *const c_char,
    options: *const libkv_update_secret_properties_options,
) -> Result<Call<libkv_secret_properties>> {
    let options = caller.options(options)?;
    let request = caller.client(client)?.update_secret_properties(caller.text("name", name)?);
    let request = request.version(caller.optional_text("version", version)?);
    Ok(Call::new(options.apply(caller, request)?, options.timeout_ms, |properties| Gift::view(&properties)))
}
