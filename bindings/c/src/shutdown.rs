use libkv_bridge::shutdown;

use crate::{
    caller::{Caller, guard},
    error::{libkv_error, libkv_status},
};

/// Ends what libkv does in this process, and waits until its threads are gone: before `dlclose`, or at the end of a program that
/// looks for leaks: it leaves no memory of libkv's own, but for some 100 bytes where a log callback has been set. A program that
/// just ends needs it not.
///
/// Calls under way fail with `LIBKV_ERROR_CANCELLED`: those that block return, and callbacks are told before this returns. Of a
/// write that was under way nobody knows whether it has been applied. It also waits for token callbacks to return. Handles and
/// results stay as they are and remain to be freed; the next call starts libkv anew.
///
/// Threads: any but those of callbacks. What other threads start meanwhile is refused with `LIBKV_ERROR_INVALID_STATE`; what they
/// start later starts libkv anew, so that a program stops them first.
/// Errors: `LIBKV_ERROR_INVALID_STATE` in a callback, and while another thread shuts libkv down.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_shutdown(error: *mut *mut libkv_error) -> libkv_status {
    let call = |_: &Caller| shutdown();
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}
