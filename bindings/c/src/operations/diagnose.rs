use std::ffi::c_void;

use libkv::Result;

use crate::{
    call::{Call, libkv_call},
    call_options::libkv_call_options,
    caller::{Caller, guard},
    client::libkv_client,
    diagnosis::{libkv_diagnosis, libkv_diagnosis_callback},
    error::{libkv_error, libkv_status},
    memory::Gift,
};

/// Goes the way to the vault step by step: name, connection, TLS, what token the vault asks for, the clock, the token, and one
/// harmless call, which lists at most one secret without its value.
///
/// `options` may be NULL. A step that fails, or that the deadline cuts short, is no failure of the call: the diagnosis says so. The
/// claims of the token are shown, the token is not.
///
/// Ownership: free the diagnosis with `libkv_diagnosis_free`.
/// Threads: any; blocks until the last step is done or its deadline comes.
/// Errors: `LIBKV_ERROR_INVALID_ARGUMENT`, `LIBKV_ERROR_INVALID_STATE`, `LIBKV_ERROR_UNSUPPORTED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_diagnose(
    client: *const libkv_client,
    options: *const libkv_call_options,
    diagnosis: *mut *mut libkv_diagnosis,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let diagnosis = caller.out("diagnosis", diagnosis)?;
        diagnosis.give(diagnose(caller, client, options)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_diagnose`, and has `callback` told the diagnosis.
///
/// Arguments, ownership and errors are those of `libkv_diagnose`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_diagnose_async(
    client: *const libkv_client,
    options: *const libkv_call_options,
    callback: libkv_diagnosis_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        diagnose(caller, client, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn diagnose(
    caller: &Caller,
    client: *const libkv_client,
    options: *const libkv_call_options,
) -> Result<Call<libkv_diagnosis>> {
    let request = caller.client(client)?.diagnose();
    Ok(Call::new(request, caller.options(options)?.timeout_ms, |steps| Gift::view(&steps)))
}
