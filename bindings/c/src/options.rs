use std::{
    ffi::c_char,
    mem,
    sync::{Mutex, PoisonError},
};

use libkv::{ClientOptions, Result};

use crate::{
    caller::{Caller, guard},
    error::{libkv_error, libkv_status},
    memory::end,
};

/// The options of a client, as pairs of key and text. Nothing is checked before `libkv_client_new`.
///
/// Functions: `libkv_options_new`, `libkv_options_set`, `libkv_options_free`.
#[derive(Debug, Default)]
pub struct libkv_options(Mutex<ClientOptions>);

impl libkv_options {
    pub(crate) fn pairs(&self) -> ClientOptions {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, key: &str, value: &str) {
        let mut options = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *options = mem::take(&mut *options).set(key, value);
    }
}

/// Makes options that leave everything at its default.
///
/// Ownership: free the options with `libkv_options_free`.
/// Threads: any.
/// Errors: `LIBKV_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_options_new(
    options: *mut *mut libkv_options,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        caller.out("options", options)?.give(libkv_options::default());
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Sets an option, such as "retry.max_attempts" to "8". A later value for the same key wins; `.` and `_` in keys are alike.
///
/// Ownership: key and value are copied; the copy of the value is zeroed when it is freed.
/// Threads: any.
/// Errors: `LIBKV_ERROR_INVALID_ARGUMENT`. What the option may be is checked by `libkv_client_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_options_set(
    options: *mut libkv_options,
    key: *const c_char,
    value: *const c_char,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| -> Result<()> {
        let options = caller.read("options", options)?;
        options.set(caller.text("key", key)?, caller.text("value", value)?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Frees options; NULL is allowed. Clients made with them stay as they are.
///
/// Threads: any, once, when no other function uses them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_options_free(options: *mut libkv_options) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { end(options) }
}
