//! The optional arguments of calls: structures that state their size, so that later versions can append members.

use std::{
    ffi::c_char,
    ptr::{self, null},
    time::Duration,
};

use libkv::{Begin, Error, ErrorKind, List, Request, Result};

use crate::caller::Caller;

/// The value of a number or a time that is not given: 1901-12-13T20:45:52Z, for a time.
pub const LIBKV_UNSET: i32 = i32::MIN;

pub(crate) const UNSET: i64 = LIBKV_UNSET as i64;

/// The optional arguments of a call that has no others. Start from `LIBKV_CALL_OPTIONS_INIT`.
///
/// Functions: `libkv_get_secret`, `libkv_try_get_secret`, `libkv_get_deleted_secret`, `libkv_backup_secret`,
/// `libkv_restore_secret_backup`, `libkv_get_secret_history`, `libkv_rollback_secret`, `libkv_prune_secret_versions`,
/// `libkv_poller_poll`, `libkv_poller_wait`, `libkv_diagnose`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct libkv_call_options {
    /// `sizeof` this structure.
    pub size: usize,
    /// The call's deadline in milliseconds from its begin, more than 0. Default: the client's `timeout_ms`.
    pub timeout_ms: i64,
}

/// The optional arguments of what gives pollers. Start from `LIBKV_POLLER_OPTIONS_INIT`.
///
/// Functions: `libkv_begin_delete_secret`, `libkv_begin_recover_deleted_secret`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct libkv_poller_options {
    /// `sizeof` this structure.
    pub size: usize,
    /// The deadline of the call that begins the work, in milliseconds, more than 0. Default: the client's `timeout_ms`.
    pub timeout_ms: i64,
    /// How long the poller's waits pause between two looks, in milliseconds, 1 to 3600000. Default: the second look follows the
    /// first after 50 ms, and each further pause is twice as long, up to the client's `poll_interval_ms`.
    pub polling_interval_ms: i64,
    /// What `libkv_poller_continuation_token` of another poller gave, for the same secret and operation: the call begins nothing
    /// anew, but looks once. Default: NULL, to begin.
    pub continuation_token: *const c_char,
}

/// The optional arguments of `libkv_purge_deleted_secret`. Start from `LIBKV_PURGE_DELETED_SECRET_OPTIONS_INIT`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct libkv_purge_deleted_secret_options {
    /// `sizeof` this structure.
    pub size: usize,
    /// The call's deadline in milliseconds from its begin, more than 0. Default: the client's `timeout_ms`.
    pub timeout_ms: i64,
    /// 1 to wait, within the deadline, for a deletion under way before the purge, and for the deleted secret to be gone after
    /// it. The service can hold the name back for some seconds more, which only a set with `on_conflict` "purge" waits out.
    /// Default: 0.
    pub wait: i32,
    /// Left as the macro sets it.
    pub reserved: i32,
}

/// The optional arguments of lists. Start from `LIBKV_LIST_OPTIONS_INIT`.
///
/// Functions: `libkv_list_properties_of_secrets`, `libkv_list_properties_of_secret_versions`, `libkv_list_deleted_secrets`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct libkv_list_options {
    /// `sizeof` this structure.
    pub size: usize,
    /// The call's deadline in milliseconds from its begin, more than 0. Default: the client's `timeout_ms`.
    pub timeout_ms: i64,
    /// How many items a page has at most, 1 to 25. Default: 25.
    pub max_page_size: i32,
    /// The `continuation_token` of the page before. Default: NULL, from the beginning.
    pub continuation_token: *const c_char,
}

/// A structure of optional arguments.
///
/// It has no padding at its end: a member appended there would be covered by the size of an older program, which sets nothing there.
///
/// # Safety
/// The type is `repr(C)`, begins with `size: usize` and `timeout_ms: i64`, and any bytes make a valid one.
pub(crate) unsafe trait CallOptions: Copy {
    /// Nothing given; the header's `_INIT` macro.
    const INIT: Self;
    /// Where its last member ends.
    const END: usize;
}

/// Computes where the last member of `Self` ends.
macro_rules! end_of {
    ($member:ident: $type:ty) => {
        std::mem::offset_of!(Self, $member) + size_of::<$type>()
    };
}
pub(crate) use end_of;

// SAFETY: a size, a deadline and nothing else.
unsafe impl CallOptions for libkv_call_options {
    const INIT: Self = Self { size: size_of::<Self>(), timeout_ms: UNSET };
    const END: usize = end_of!(timeout_ms: i64);
}

// SAFETY: a size, a deadline, then a number and a pointer.
unsafe impl CallOptions for libkv_poller_options {
    const INIT: Self = Self {
        size: size_of::<Self>(),
        timeout_ms: UNSET,
        polling_interval_ms: UNSET,
        continuation_token: null(),
    };
    const END: usize = end_of!(continuation_token: *const c_char);
}

// SAFETY: a size, a deadline, then numbers.
unsafe impl CallOptions for libkv_purge_deleted_secret_options {
    const INIT: Self =
        Self { size: size_of::<Self>(), timeout_ms: UNSET, wait: LIBKV_UNSET, reserved: LIBKV_UNSET };
    const END: usize = end_of!(reserved: i32);
}

// SAFETY: a size, a deadline, then a number and a pointer.
unsafe impl CallOptions for libkv_list_options {
    const INIT: Self = Self {
        size: size_of::<Self>(),
        timeout_ms: UNSET,
        max_page_size: LIBKV_UNSET,
        continuation_token: null(),
    };
    const END: usize = end_of!(continuation_token: *const c_char);
}

impl Caller {
    /// Reads optional arguments; what a program built against an older header does not know stays at its default.
    pub(crate) fn options<O: CallOptions>(&self, given: *const O) -> Result<O> {
        const { assert!(O::END == size_of::<O>(), "an options structure ends in padding") };
        let mut options = O::INIT;
        if given.is_null() {
            return Ok(options);
        }
        // SAFETY: by the trait's contract the structure begins with its size.
        let size = unsafe { given.cast::<usize>().read() };
        if size < size_of::<libkv_call_options>() {
            return Err(Error::invalid_argument(
                "options",
                "must start from its _INIT macro, and give its size",
            ));
        }
        if size > size_of::<O>() {
            let message = "options: the program was built for a newer libkv than the one that is loaded";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        // SAFETY: `size` bytes are there to read and fit in; by the trait's contract any bytes are valid.
        unsafe { ptr::copy_nonoverlapping(given.cast::<u8>(), (&raw mut options).cast(), size) };
        Ok(options)
    }
}

impl libkv_list_options {
    pub(crate) fn apply<O: List>(&self, caller: &Caller, request: Request<O>) -> Result<Request<O>> {
        // A negative size becomes 0, which the core refuses by the same rule.
        let size = given(self.max_page_size).map(|size| u32::try_from(size).unwrap_or(0));
        let token = caller.optional_text("continuation_token", self.continuation_token)?;
        Ok(request.max_page_size(size).continuation_token(token))
    }
}

impl libkv_poller_options {
    pub(crate) fn apply<O: Begin>(&self, caller: &Caller, request: Request<O>) -> Result<Request<O>> {
        let token = caller.optional_text("continuation_token", self.continuation_token)?;
        Ok(request.polling_interval(milliseconds(self.polling_interval_ms)).continuation_token(token))
    }
}

/// Reads a length of time that may not be given. A negative one becomes 0, which the core refuses by the same rule.
pub(crate) fn milliseconds(length: i64) -> Option<Duration> {
    given(length).map(|ms| Duration::from_millis(u64::try_from(ms).unwrap_or(0)))
}

/// Reads a number that may not be given.
pub(crate) fn given<T: PartialEq + From<i32>>(value: T) -> Option<T> {
    (value != T::from(LIBKV_UNSET)).then_some(value)
}

/// Reads a truth that may not be given.
pub(crate) fn given_flag(argument: &str, value: i32) -> Result<Option<bool>> {
    match given(value) {
        None => Ok(None),
        Some(0) => Ok(Some(false)),
        Some(1) => Ok(Some(true)),
        Some(_) => Err(Error::invalid_argument(argument, "must be 0, 1 or LIBKV_UNSET")),
    }
}
