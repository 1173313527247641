use std::{
    ffi::{CString, c_char, c_void},
    ptr::null,
    sync::OnceLock,
};

use libkv::{DeletedSecret, Poller, Result, SecretProperties};

use crate::{
    call::{Call, libkv_call, libkv_done_callback},
    call_options::libkv_call_options,
    caller::{Caller, guard, guard_value},
    error::{libkv_error, libkv_status},
    memory::{Gift, Store, end},
    secret::{libkv_deleted_secret, libkv_secret_properties},
};

/// A deletion or recovery that has begun, and that the vault goes on with whether or not somebody waits for it.
///
/// Functions: `libkv_begin_delete_secret`, `libkv_begin_recover_deleted_secret`; `libkv_poller_properties`,
/// `libkv_poller_deleted_secret`, `libkv_poller_is_done`, `libkv_poller_look_count`, `libkv_poller_continuation_token`,
/// `libkv_poller_poll`, `libkv_poller_wait`, the last two also with `_async`; `libkv_poller_free`.
pub struct libkv_poller {
    poller: Poller<Views>,
    /// The result as C reads it, once it is known.
    result: OnceLock<Views>,
    token: CString,
}

/// Is told a poller or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
pub type libkv_poller_callback =
    Option<unsafe extern "C" fn(data: *mut c_void, poller: *mut libkv_poller, error: *mut libkv_error)>;

/// What C reads of a result.
struct Views {
    properties: *const libkv_secret_properties,
    deleted: *const libkv_deleted_secret,
    /// Owns what the two point to.
    _store: Store,
}

// SAFETY: it owns what it points to, and any thread may free that.
unsafe impl Send for Views {}

impl From<DeletedSecret> for Views {
    fn from(secret: DeletedSecret) -> Self {
        let mut store = Store::default();
        let deleted = store.part::<libkv_deleted_secret>(&secret);
        Self { properties: store.part(&secret.properties), deleted, _store: store }
    }
}

impl From<SecretProperties> for Views {
    fn from(properties: SecretProperties) -> Self {
        let mut store = Store::default();
        Self { properties: store.part(&properties), deleted: null(), _store: store }
    }
}

impl<T: Into<Views> + 'static> From<Poller<T>> for libkv_poller {
    fn from(poller: Poller<T>) -> Self {
        // JSON holds no NUL.
        let token = CString::new(poller.continuation_token()).unwrap_or_default();
        Self { poller: poller.map(T::into), result: OnceLock::new(), token }
    }
}

impl libkv_poller {
    fn result(&self) -> Option<&Views> {
        if self.result.get().is_none() {
            let result = self.poller.result()?;
            self.result.get_or_init(|| result);
        }
        self.result.get()
    }
}

/// Returns the properties of the secret that is being deleted or recovered, as the vault answered when that began; NULL for NULL.
///
/// A poller made from a continuation token has them once it has seen that the vault has finished, and not where this caller may
/// not read them; it gives NULL otherwise.
///
/// Ownership: the properties are the poller's and end with it.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_poller_properties(
    poller: *const libkv_poller,
) -> *const libkv_secret_properties {
    let call = |caller: &Caller| {
        let result = caller.read("poller", poller)?.result();
        Ok(result.map_or(null(), |result| result.properties))
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard_value(null(), call) }
}

/// Returns the secret that is being deleted, when `libkv_poller_properties` returns its properties; NULL for a recovery and for
/// NULL.
///
/// Ownership: the deleted secret is the poller's and ends with it.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_poller_deleted_secret(
    poller: *const libkv_poller,
) -> *const libkv_deleted_secret {
    let call = |caller: &Caller| {
        let result = caller.read("poller", poller)?.result();
        Ok(result.map_or(null(), |result| result.deleted))
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard_value(null(), call) }
}

/// Tells what the last look found, without looking; false for NULL.
///
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_poller_is_done(poller: *const libkv_poller) -> bool {
    let call = |caller: &Caller| Ok(caller.read("poller", poller)?.poller.is_done());
    // SAFETY: these are the C program's pointers.
    unsafe { guard_value(false, call) }
}

/// Returns how many looks have told whether the vault has finished; 0 for NULL.
///
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_poller_look_count(poller: *const libkv_poller) -> u64 {
    let call = |caller: &Caller| Ok(caller.read("poller", poller)?.poller.look_count());
    // SAFETY: these are the C program's pointers.
    unsafe { guard_value(0, call) }
}

/// Returns what `continuation_token` of `libkv_poller_options` takes, in any language and process, to go on with this work; NULL
/// for NULL. It holds the vault's URL and the secret's name.
///
/// Ownership: the text is the poller's and ends with it.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_poller_continuation_token(poller: *const libkv_poller) -> *const c_char {
    let call = |caller: &Caller| Ok(caller.read("poller", poller)?.token.as_ptr());
    // SAFETY: these are the C program's pointers.
    unsafe { guard_value(null(), call) }
}

/// Looks once and tells whether the vault has finished. `options` may be NULL. `done` may be NULL.
///
/// Threads: any; blocks until the vault has answered.
/// Errors: those of reading a secret, but for `LIBKV_ERROR_NOT_FOUND`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_poller_poll(
    poller: *const libkv_poller,
    options: *const libkv_call_options,
    done: *mut bool,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let done = caller.optional_out(done);
        poller_poll(caller, poller, options)?.wait()?;
        done.put(caller.read("poller", poller)?.poller.is_done());
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_poller_poll`, and has `callback` told when it has looked; `libkv_poller_is_done` says what it found.
///
/// Arguments, ownership and errors are those of `libkv_poller_poll`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_poller_poll_async(
    poller: *const libkv_poller,
    options: *const libkv_call_options,
    callback: libkv_done_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then_done(callback, data, call)?;
        poller_poll(caller, poller, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn poller_poll(
    caller: &Caller,
    poller: *const libkv_poller,
    options: *const libkv_call_options,
) -> Result<Call<()>> {
    let request = caller.read("poller", poller)?.poller.poll();
    Ok(Call::new(request, caller.options(options)?.timeout_ms, |_| Gift::none()))
}

/// Waits until the vault has finished. `options` may be NULL.
///
/// Threads: any; blocks until then.
/// Errors: `LIBKV_ERROR_TIMEOUT` when the deadline comes first, and those of reading a secret. The vault goes on all the same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_poller_wait(
    poller: *const libkv_poller,
    options: *const libkv_call_options,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        poller_wait(caller, poller, options)?.wait()?;
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_poller_wait`, and has `callback` told when the vault has finished.
///
/// Arguments, ownership and errors are those of `libkv_poller_wait`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_poller_wait_async(
    poller: *const libkv_poller,
    options: *const libkv_call_options,
    callback: libkv_done_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then_done(callback, data, call)?;
        poller_wait(caller, poller, options)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn poller_wait(
    caller: &Caller,
    poller: *const libkv_poller,
    options: *const libkv_call_options,
) -> Result<Call<()>> {
    let request = caller.read("poller", poller)?.poller.wait();
    Ok(Call::new(request, caller.options(options)?.timeout_ms, |()| Gift::none()))
}

/// Frees a poller; NULL is allowed. The vault goes on all the same.
///
/// Threads: any, once, when no other function uses the poller.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_poller_free(poller: *mut libkv_poller) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { end(poller) }
}
