use std::{error::Error as _, ffi::c_void, ptr::null};

use libkv::Error;

use crate::{
    call_options::LIBKV_UNSET,
    memory::{Store, View, take_back},
    text::libkv_str,
    token::Cause,
};

/// What a function comes to: `LIBKV_OK`, or the number of an error kind such as `LIBKV_ERROR_NOT_FOUND`.
/// Numbers never change their meaning; later libraries may return more of them.
pub type libkv_status = i32;

/// The call did what it says.
pub const LIBKV_OK: libkv_status = 0;

/// Why a call failed. It never holds a secret's value or a token.
///
/// Functions: `libkv_error_free`, only for one that a function gave by itself: one that is part of a result is freed with that.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_error {
    /// What to branch on; what the function returned.
    pub kind: libkv_status,
    /// The kind's name, such as "not_found".
    pub kind_name: libkv_str,
    /// What happened, for a person.
    pub message: libkv_str,
    /// The HTTP status of the vault's answer, or `LIBKV_UNSET`.
    pub status: i32,
    /// The service's own code, such as "Forbidden", if it sent one.
    pub code: libkv_str,
    /// The service's finer code, such as "ForbiddenByRbac", if it sent one.
    pub inner_code: libkv_str,
    /// The service's id of the request, for a support case, if it sent one.
    pub request_id: libkv_str,
    /// How long to wait before another try, in seconds, or `LIBKV_UNSET`.
    pub retry_after: f64,
    /// How often the request was tried, throttled tries included; 0 when nothing was sent.
    pub attempts: u32,
    /// How long the call took, in seconds.
    pub elapsed: f64,
    /// The next step for a person, if libkv knows one.
    pub advice: libkv_str,
    /// What the token callback gave as the cause of its failure, or NULL; it lives until the error is freed.
    pub cause: *const c_void,
}

impl View for libkv_error {
    type Source = Error;

    fn new(error: &Error, store: &mut Store) -> Self {
        let fields = error.fields();
        let cause = error.source().and_then(|source| source.downcast_ref::<Cause>());
        Self {
            kind: error.kind().code(),
            kind_name: store.text(fields.kind),
            message: store.text(&fields.message),
            status: fields.status.map_or(LIBKV_UNSET, i32::from),
            code: store.optional_text(fields.code.as_deref()),
            inner_code: store.optional_text(fields.inner_code.as_deref()),
            request_id: store.optional_text(fields.request_id.as_deref()),
            retry_after: fields.retry_after.unwrap_or(f64::from(LIBKV_UNSET)),
            attempts: fields.attempts,
            elapsed: fields.elapsed,
            advice: store.optional_text(fields.advice.as_deref()),
            cause: cause.map_or(null(), |cause| {
                store.list(vec![cause.clone()]);
                cause.pointer()
            }),
        }
    }
}

/// Frees an error; NULL is allowed.
///
/// Threads: any, once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_error_free(error: *mut libkv_error) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { take_back(error) }
}
