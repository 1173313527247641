use std::ffi::c_char;

use libkv::Result;

use crate::{
    call::Call,
    caller::{Caller, guard},
    client::libkv_client,
    error::{libkv_error, libkv_status},
    many_options::{libkv_get_secrets_options, libkv_set_secrets_options},
    memory::Gift,
    results::{OnProgress, libkv_secret_results},
    text::libkv_str,
};

/// A secret to set; `libkv_set_secrets` takes them.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct libkv_named_value {
    /// The name, which ends with a NUL.
    pub name: *const c_char,
    /// The value; it needs no NUL behind it.
    pub value: libkv_str,
}

/// Reads many secrets with their values: all that the vault lists, or those that `options` name or describe.
///
/// `options` may be NULL. `results` gives one result for each secret, in the order of the names or of the list; a secret that fails,
/// such as a disabled one, has its own error. Nothing is sent before the first result is asked for.
///
/// Ownership: free the results with `libkv_secret_results_free`. The arguments are copied.
/// Threads: any.
/// Errors: `LIBKV_ERROR_INVALID_ARGUMENT`, `LIBKV_ERROR_INVALID_STATE`, `LIBKV_ERROR_UNSUPPORTED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_get_secrets(
    client: *const libkv_client,
    options: *const libkv_get_secrets_options,
    results: *mut *mut libkv_secret_results,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let results = caller.out("results", results)?;
        let options = caller.options(options)?;
        let request = options.apply(caller, caller.client(client)?.get_secrets())?;
        let progress = OnProgress::new(options.on_progress, options.progress_data);
        let begin = |begun| Gift::handle(libkv_secret_results::new(begun, progress));
        results.give(Call::new(request, options.timeout_ms, begin).at_once()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Makes a new version of each of these secrets, as `libkv_set_secret` does.
///
/// `values` has `value_count` secrets, each of another name; letter case makes no difference between names. `options` may be
/// NULL. `results` gives one result for each, in their order; a secret that fails has its own error. Nothing is sent before the
/// first result is asked for.
///
/// Ownership: free the results with `libkv_secret_results_free`. The arguments are copied; the copies of the values are zeroed.
/// Threads: any.
/// Errors: `LIBKV_ERROR_INVALID_ARGUMENT`, `LIBKV_ERROR_INVALID_STATE`, `LIBKV_ERROR_UNSUPPORTED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_set_secrets(
    client: *const libkv_client,
    values: *const libkv_named_value,
    value_count: usize,
    options: *const libkv_set_secrets_options,
    results: *mut *mut libkv_secret_results,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let results = caller.out("results", results)?;
        let options = caller.options(options)?;
        let pair = |(number, pair): (usize, &libkv_named_value)| {
            let name = caller.text(&format!("values[{number}].name"), pair.name)?;
            Ok((name, caller.sized_text(&format!("values[{number}].value"), pair.value)?))
        };
        let pairs = caller.list("values", values, value_count)?.iter().enumerate().map(pair);
        let request = caller.client(client)?.set_secrets(pairs.collect::<Result<Vec<_>>>()?);
        let request = options.apply(caller, request)?;
        let progress = OnProgress::new(options.on_progress, options.progress_data);
        let begin = |begun| Gift::handle(libkv_secret_results::new(begun, progress));
        results.give(Call::new(request, options.timeout_ms, begin).at_once()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}
