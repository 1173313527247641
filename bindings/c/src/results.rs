use std::{
    ffi::c_void,
    ptr::null,
    sync::{Mutex, PoisonError},
};

use libkv::{Progress, Result, Results, SecretResult};
use libkv_bridge::{SameProcess, wait};

use crate::{
    caller::{Caller, guard},
    error::{libkv_error, libkv_status},
    memory::{Store, View, end, take_back},
    secret::libkv_secret,
    text::libkv_str,
};

/// Is told how many results have been taken, and how many there are in all: `SIZE_MAX` while the vault's list is still being
/// read. `data` is the `progress_data` beside it. It may call libkv, but frees none of these results.
pub type libkv_on_progress = Option<unsafe extern "C" fn(data: *mut c_void, done: usize, total: usize)>;

/// The results of an operation on many secrets, in order, while others are under way. In the child of a fork they are refused.
///
/// Functions: `libkv_get_secrets`, `libkv_set_secrets`; `libkv_secret_results_next`, `libkv_secret_results_free`.
pub struct libkv_secret_results {
    results: SameProcess<Mutex<Results>>,
    on_progress: libkv_on_progress,
    progress_data: *mut c_void,
}

/// What became of one secret among many.
///
/// Functions: `libkv_secret_result_free`.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_secret_result {
    /// The secret's name.
    pub name: libkv_str,
    /// The secret, NULL if it failed; freed with the result.
    pub secret: *const libkv_secret,
    /// Why it failed, NULL if it did not; freed with the result.
    pub error: *const libkv_error,
}

impl libkv_secret_results {
    pub(crate) fn new(results: Results, on_progress: libkv_on_progress, progress_data: *mut c_void) -> Self {
        Self { results: SameProcess::new(Mutex::new(results)), on_progress, progress_data }
    }

    fn next(&self) -> Result<Option<(SecretResult, Progress)>> {
        let mut results = self.results.get()?.lock().unwrap_or_else(PoisonError::into_inner);
        let next = wait(results.next(), || false, |wait| wait())?;
        Ok(next.map(|result| (result, results.progress())))
    }

    fn tell(&self, progress: Progress) {
        if let Some(on_progress) = self.on_progress {
            // SAFETY: the C program keeps the function and its data valid as long as the results.
            unsafe { on_progress(self.progress_data, progress.done, progress.total.unwrap_or(usize::MAX)) }
        }
    }
}

impl View for libkv_secret_result {
    type Source = SecretResult;

    fn new(result: &SecretResult, store: &mut Store) -> Self {
        let (secret, error) = match &result.outcome {
            Ok(secret) => (store.part(secret), null()),
            Err(error) => (null(), store.part(error)),
        };
        Self { name: store.text(&result.name), secret, error }
    }
}

/// Waits for the next result, while up to `concurrency` others go on. `result` gets NULL behind the last one.
///
/// The first call begins the work; what is under way goes on between two calls. A secret that fails has its error in its result,
/// and the call succeeds. The options' `on_progress` is called before this returns, on the same thread.
///
/// Ownership: free the result with `libkv_secret_result_free`.
/// Threads: any; several take turns. Blocks until the result is there, or that secret's deadline comes.
/// Errors: those of listing the vault's secrets, after the results of those listed before; `LIBKV_ERROR_INVALID_STATE` in the
/// child of a fork; `LIBKV_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_secret_results_next(
    results: *const libkv_secret_results,
    result: *mut *mut libkv_secret_result,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let result = caller.out("result", result)?;
        let results = caller.read("results", results)?;
        if let Some((next, progress)) = results.next()? {
            result.lend(&next);
            results.tell(progress);
        }
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Cancels what is under way and frees the results; NULL is allowed. Whether a set that was under way has been applied is left
/// open.
///
/// Threads: any, once, when no other function uses the results.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_secret_results_free(results: *mut libkv_secret_results) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { end(results) }
}

/// Zeroes and frees a result with its secret or error; NULL is allowed.
///
/// Threads: any, once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_secret_result_free(result: *mut libkv_secret_result) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { take_back(result) }
}
