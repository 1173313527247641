use std::{
    ffi::{c_char, c_void},
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use libkv::{ClientOptions, Result};

use crate::{
    caller::{Caller, guard},
    error::{libkv_error, libkv_status},
    memory::{Gift, end},
    token::{TokenCallback, libkv_token_callback},
    user_data::{UserData, libkv_release},
};

/// The options of a client, as pairs of key and text, which "Options of a client" in the introduction lists. Nothing is checked
/// before `libkv_client_new`.
///
/// Functions: `libkv_options_new`, `libkv_options_set`, `libkv_options_set_token_callback`, `libkv_options_free`.
#[derive(Debug, Default)]
pub struct libkv_options(Mutex<ClientOptions>);

impl libkv_options {
    pub(crate) fn pairs(&self) -> ClientOptions {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(ClientOptions) -> ClientOptions) {
        let mut options = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *options = change(mem::take(&mut *options));
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
        caller.out("options", options)?.give(Gift::handle(libkv_options::default()));
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
        let (key, value) = (caller.text("key", key)?, caller.text("value", value)?);
        options.change(|options| options.set(key, value));
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Has `callback` asked for tokens, instead of what the option `credential` says. A later callback replaces it.
///
/// `callback` is called when a client has no token or wants another, once for however many calls wait; it need not cache. It
/// answers through its `reply`, at once or later. `data` is handed to it as it is, and may be NULL.
///
/// A call waits for the answer within its deadline, and fails with `LIBKV_ERROR_AUTHENTICATION` when it is a failure or the reply is
/// freed without one. An answer that comes too late is dropped, and the next call asks again.
///
/// Ownership: `data` is handed over in any case. `release`, which may be NULL, is called with it once: when these options, the last
/// client made with them and what is under way are gone; not in the child of a fork for a client made before it.
/// Threads: `callback` is called by threads that libkv starts for it, several at a time where several clients want a token. It may
/// block, and may use other clients; the one that waits for its answer would wait until the deadline. In the child of a fork it is
/// called there. It may still be under way when the program ends.
/// Errors: `LIBKV_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_options_set_token_callback(
    options: *mut libkv_options,
    callback: libkv_token_callback,
    data: *mut c_void,
    release: libkv_release,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| -> Result<()> {
        let callback = TokenCallback::new(caller, callback, UserData::new(data, release));
        let (options, callback) = (caller.read("options", options)?, Arc::new(callback?));
        options.change(|options| options.token_source(callback));
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
