use crate::{
    call_options::{libkv_call_options, run},
    caller::{Caller, guard},
    client::libkv_client,
    diagnosis::libkv_diagnosis,
    error::{libkv_error, libkv_status},
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
        let request = caller.client(client)?.diagnose();
        diagnosis.lend(&run(request, caller.options(options)?.timeout_ms)?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}
