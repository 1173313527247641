use std::ptr::null;

use libkv::{DeletedSecret, Poll, Poller, Request, SecretProperties, Wait};

use crate::{
    call_options::{libkv_call_options, run},
    caller::{Caller, guard, guard_value},
    error::{libkv_error, libkv_status},
    memory::{Store, end},
    secret::{libkv_deleted_secret, libkv_secret_properties},
};

/// A deletion or recovery that has begun, and that the vault goes on with whether or not somebody waits for it.
///
/// Functions: `libkv_begin_delete_secret`, `libkv_begin_recover_deleted_secret`; `libkv_poller_properties`,
/// `libkv_poller_deleted_secret`, `libkv_poller_is_done`, `libkv_poller_poll`, `libkv_poller_wait`, `libkv_poller_free`.
pub struct libkv_poller {
    work: Box<dyn Work>,
    properties: *const libkv_secret_properties,
    deleted: *const libkv_deleted_secret,
    /// Owns what the two views point to.
    _store: Store,
}

/// What pollers of every result can do.
trait Work {
    fn is_done(&self) -> bool;
    fn poll(&self) -> Request<Poll>;
    fn wait(&self) -> Request<Wait>;
}

impl<T> Work for Poller<T> {
    fn is_done(&self) -> bool {
        self.is_done()
    }

    fn poll(&self) -> Request<Poll> {
        self.poll()
    }

    fn wait(&self) -> Request<Wait> {
        self.wait()
    }
}

impl From<Poller<DeletedSecret>> for libkv_poller {
    fn from(poller: Poller<DeletedSecret>) -> Self {
        let mut store = Store::default();
        let deleted = store.part::<libkv_deleted_secret>(poller.result());
        let properties = store.part(&poller.result().properties);
        Self { work: Box::new(poller), properties, deleted, _store: store }
    }
}

impl From<Poller<SecretProperties>> for libkv_poller {
    fn from(poller: Poller<SecretProperties>) -> Self {
        let mut store = Store::default();
        let properties = store.part(poller.result());
        Self { work: Box::new(poller), properties, deleted: null(), _store: store }
    }
}

/// Returns the properties of the secret that is being deleted or recovered; NULL for NULL.
///
/// Ownership: the properties are the poller's and end with it.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_poller_properties(
    poller: *const libkv_poller,
) -> *const libkv_secret_properties {
    let call = |caller: &Caller| Ok(caller.read("poller", poller)?.properties);
    // SAFETY: these are the C program's pointers.
    unsafe { guard_value(null(), call) }
}

/// Returns the secret that is being deleted, as the vault answered when the deletion began; NULL for a recovery and for NULL.
///
/// Ownership: the deleted secret is the poller's and ends with it.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_poller_deleted_secret(
    poller: *const libkv_poller,
) -> *const libkv_deleted_secret {
    let call = |caller: &Caller| Ok(caller.read("poller", poller)?.deleted);
    // SAFETY: these are the C program's pointers.
    unsafe { guard_value(null(), call) }
}

/// Tells what the last look found, without looking; false for NULL.
///
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_poller_is_done(poller: *const libkv_poller) -> bool {
    let call = |caller: &Caller| Ok(caller.read("poller", poller)?.work.is_done());
    // SAFETY: these are the C program's pointers.
    unsafe { guard_value(false, call) }
}

/// Looks once and tells whether the vault has finished. `done` may be NULL.
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
        let request = caller.read("poller", poller)?.work.poll();
        done.put(run(request, caller.options(options)?.timeout_ms)?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Waits until the vault has finished.
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
        let request = caller.read("poller", poller)?.work.wait();
        run(request, caller.options(options)?.timeout_ms)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Frees a poller; NULL is allowed. The vault goes on all the same.
///
/// Threads: any, once, when no other function uses the poller.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_poller_free(poller: *mut libkv_poller) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { end(poller) }
}
