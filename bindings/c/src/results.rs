use std::{ffi::c_void, ptr::null, sync::Arc};

use libkv::{Progress, Result, Results, SecretResult};
use libkv_bridge::{Attendance, SameProcess, attend};
use tokio::sync::Mutex;

use crate::{
    call::{Call, libkv_call},
    caller::{Caller, guard},
    error::{libkv_error, libkv_status},
    memory::{Gift, Store, View, end, take_back},
    secret::libkv_secret,
    text::libkv_str,
    user_data::UserData,
};

/// Is told how many results have been taken, and how many there are in all: `SIZE_MAX` while the vault's list is still being
/// read. `data` is the `progress_data` beside it. It may call libkv, but frees none of these results. It is called by the thread that
/// waits for the result, or ahead of the callback by the one of libkv's own that tells it.
pub type libkv_on_progress = Option<unsafe extern "C" fn(data: *mut c_void, done: usize, total: usize)>;

/// The results of an operation on many secrets, in order, while others are under way. In the child of a fork they are refused.
///
/// Functions: `libkv_get_secrets`, `libkv_set_secrets`; `libkv_secret_results_next`, `libkv_secret_results_next_async`,
/// `libkv_secret_results_free`.
pub struct libkv_secret_results {
    results: SameProcess<Arc<Mutex<Results>>>,
    on_progress: Arc<OnProgress>,
    _attendance: Option<Attendance>,
}

/// What became of one secret among many.
///
/// Functions: `libkv_secret_results_next`, `libkv_secret_result_free`.
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

/// Is told a result or an error, or neither behind the last result; see "Asynchronous calls". Both are the callback's.
pub type libkv_secret_result_callback = Option<
    unsafe extern "C" fn(data: *mut c_void, result: *mut libkv_secret_result, error: *mut libkv_error),
>;

impl libkv_secret_results {
    pub(crate) fn new(results: Results, on_progress: OnProgress) -> Self {
        let results = SameProcess::new(Arc::new(Mutex::new(results)));
        // Without one, libkv is being shut down, and so are the calls.
        Self { results, on_progress: Arc::new(on_progress), _attendance: attend().ok() }
    }
}

/// Who is told of progress.
pub(crate) struct OnProgress {
    function: libkv_on_progress,
    data: UserData,
}

impl OnProgress {
    pub(crate) fn new(function: libkv_on_progress, data: *mut c_void) -> Self {
        Self { function, data: UserData::new(data, None) }
    }

    fn tell(&self, progress: Progress) {
        if let Some(function) = self.function {
            // SAFETY: the C program keeps the function and its data valid as long as the results.
            unsafe { function(self.data.pointer(), progress.done, progress.total.unwrap_or(usize::MAX)) }
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
        result.give(secret_results_next(caller, results)?.wait()?);
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Starts `libkv_secret_results_next`, and has `callback` told the next result, or NULL and NULL behind the last one.
///
/// Arguments, ownership and errors are those of `libkv_secret_results_next`; the rest is under "Asynchronous calls" in the introduction.
/// Threads: any; does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_secret_results_next_async(
    results: *const libkv_secret_results,
    callback: libkv_secret_result_callback,
    data: *mut c_void,
    call: *mut *mut libkv_call,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let start = |caller: &Caller| {
        let then = caller.then(callback, data, call)?;
        secret_results_next(caller, results)?.start(then)
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, start) }
}

fn secret_results_next(
    caller: &Caller,
    results: *const libkv_secret_results,
) -> Result<Call<libkv_secret_result>> {
    let results = caller.read("results", results)?;
    let (results, on_progress) = (results.results.get()?.clone(), results.on_progress.clone());
    Ok(Call::from_future(async move {
        let mut results = results.lock().await;
        let Some(result) = results.next().await? else { return Ok(Gift::none()) };
        let progress = results.progress();
        Ok(Gift::view(&result).with_notice(move || on_progress.tell(progress)))
    }))
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
