//! The optional arguments of calls: structures that state their size, so that later versions can append members.

use std::{
    ffi::c_char,
    ptr::{self, null},
    time::Duration,
};

use libkv::{
    Error, ErrorKind, List, OnConflict, Operation, Properties, Request, Result, SetSecret, Tags, Timestamp,
};

use libkv_bridge::wait;

use crate::{
    caller::Caller,
    text::{libkv_str, libkv_tag},
};

/// The value of a number or a time that is not given: 1901-12-13T20:45:52Z, for a time.
pub const LIBKV_UNSET: i32 = i32::MIN;

const UNSET: i64 = LIBKV_UNSET as i64;

/// The optional arguments of a call that has no others. Start from `LIBKV_CALL_OPTIONS_INIT`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct libkv_call_options {
    /// `sizeof` this structure.
    pub size: usize,
    /// The call's deadline in milliseconds from its begin, more than 0. Default: the client's `timeout_ms`.
    pub timeout_ms: i64,
}

/// The optional arguments of `libkv_set_secret`. Start from `LIBKV_SET_SECRET_OPTIONS_INIT`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct libkv_set_secret_options {
    /// `sizeof` this structure.
    pub size: usize,
    /// The call's deadline in milliseconds from its begin, more than 0. Default: the client's `timeout_ms`.
    pub timeout_ms: i64,
    /// What the value is, such as "application/json"; at most 255 characters. Default: NULL, none.
    pub content_type: *const c_char,
    /// The version's tags, at most 15. Default: NULL, none.
    pub tags: *const libkv_tag,
    /// The number of tags.
    pub tag_count: usize,
    /// 1 if the value can be read, 0 if not. Default: 1.
    pub enabled: i32,
    /// The Unix time in seconds before which the secret is not to be used; the service does not enforce it. Default: none.
    pub not_before: i64,
    /// The Unix time in seconds after which the secret is not to be used; the service does not enforce it. Default: none.
    pub expires_on: i64,
    /// What to do about a soft-deleted secret of the name: "fail", "recover" or "purge". Recovering brings it back with its
    /// versions and writes on top. Purging removes it for good and writes the first version of a new one; it needs the purge
    /// permission and a vault without purge protection. Both wait, within the deadline, for a deletion, recovery or purge
    /// under way. Default: NULL, which fails.
    pub on_conflict: *const c_char,
}

/// The optional arguments of `libkv_update_secret_properties`, which keeps what is not given.
/// Start from `LIBKV_UPDATE_SECRET_PROPERTIES_OPTIONS_INIT`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct libkv_update_secret_properties_options {
    /// `sizeof` this structure.
    pub size: usize,
    /// The call's deadline in milliseconds from its begin, more than 0. Default: the client's `timeout_ms`.
    pub timeout_ms: i64,
    /// What the value is, such as "application/json"; at most 255 characters.
    pub content_type: *const c_char,
    /// The version's tags, all of them, at most 15. NULL keeps the tags; any other pointer with a count of 0 removes them.
    pub tags: *const libkv_tag,
    /// The number of tags.
    pub tag_count: usize,
    /// 1 if the value can be read, 0 if not.
    pub enabled: i32,
    /// The Unix time in seconds before which the secret is not to be used; the service does not enforce it.
    pub not_before: i64,
    /// The Unix time in seconds after which the secret is not to be used; the service does not enforce it.
    pub expires_on: i64,
}

/// The optional arguments of lists. Start from `LIBKV_LIST_OPTIONS_INIT`.
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
/// # Safety
/// The type is `repr(C)`, begins with `size: usize` and `timeout_ms: i64`, and any bytes make a valid one.
pub(crate) unsafe trait CallOptions: Copy {
    /// Nothing given; the header's `_INIT` macro.
    const INIT: Self;
}

// SAFETY: a size, a deadline and nothing else.
unsafe impl CallOptions for libkv_call_options {
    const INIT: Self = Self { size: size_of::<Self>(), timeout_ms: UNSET };
}

// SAFETY: a size, a deadline, then numbers and pointers.
unsafe impl CallOptions for libkv_set_secret_options {
    const INIT: Self = Self {
        size: size_of::<Self>(),
        timeout_ms: UNSET,
        content_type: null(),
        tags: null(),
        tag_count: 0,
        enabled: LIBKV_UNSET,
        not_before: UNSET,
        expires_on: UNSET,
        on_conflict: null(),
    };
}

// SAFETY: a size, a deadline, then numbers and pointers.
unsafe impl CallOptions for libkv_update_secret_properties_options {
    const INIT: Self = Self {
        size: size_of::<Self>(),
        timeout_ms: UNSET,
        content_type: null(),
        tags: null(),
        tag_count: 0,
        enabled: LIBKV_UNSET,
        not_before: UNSET,
        expires_on: UNSET,
    };
}

// SAFETY: a size, a deadline, then a number and a pointer.
unsafe impl CallOptions for libkv_list_options {
    const INIT: Self = Self {
        size: size_of::<Self>(),
        timeout_ms: UNSET,
        max_page_size: LIBKV_UNSET,
        continuation_token: null(),
    };
}

impl Caller {
    /// Reads optional arguments; what a program built against an older header does not know stays at its default.
    pub(crate) fn options<O: CallOptions>(&self, given: *const O) -> Result<O> {
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

/// What set and update can say about a version, as C gives it.
struct Written {
    content_type: *const c_char,
    tags: *const libkv_tag,
    tag_count: usize,
    enabled: i32,
    not_before: i64,
    expires_on: i64,
}

impl libkv_set_secret_options {
    pub(crate) fn apply(&self, caller: &Caller, request: Request<SetSecret>) -> Result<Request<SetSecret>> {
        let Self { content_type, tags, tag_count, enabled, not_before, expires_on, on_conflict, .. } = *self;
        let policy = caller.optional_text("on_conflict", on_conflict)?;
        let request = request.on_conflict(policy.map(OnConflict::from_name).transpose()?);
        Written { content_type, tags, tag_count, enabled, not_before, expires_on }.apply(caller, request)
    }
}

impl libkv_update_secret_properties_options {
    pub(crate) fn apply<O: Properties>(&self, caller: &Caller, request: Request<O>) -> Result<Request<O>> {
        let Self { content_type, tags, tag_count, enabled, not_before, expires_on, .. } = *self;
        Written { content_type, tags, tag_count, enabled, not_before, expires_on }.apply(caller, request)
    }
}

impl Written {
    fn apply<O: Properties>(&self, caller: &Caller, request: Request<O>) -> Result<Request<O>> {
        let enabled = match given(self.enabled) {
            None => None,
            Some(0) => Some(false),
            Some(1) => Some(true),
            Some(_) => return Err(Error::invalid_argument("enabled", "must be 0, 1 or LIBKV_UNSET")),
        };
        let tags = (!self.tags.is_null() || self.tag_count > 0).then(|| self.tags(caller)).transpose()?;
        Ok(request
            .content_type(caller.optional_text("content_type", self.content_type)?)
            .tags(tags)
            .enabled(enabled)
            .not_before(given(self.not_before).map(Timestamp::from_unix_seconds))
            .expires_on(given(self.expires_on).map(Timestamp::from_unix_seconds)))
    }

    fn tags(&self, caller: &Caller) -> Result<Tags> {
        let text = |part: &str, number: usize, text: libkv_str| {
            Ok(caller.sized_text(&format!("tags[{number}].{part}"), text)?.to_owned())
        };
        let tags = caller.list("tags", self.tags, self.tag_count)?.iter().enumerate();
        tags.map(|(n, tag)| Ok((text("key", n, tag.key)?, text("value", n, tag.value)?))).collect()
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

/// Makes a `timeout_ms` the deadline of a request and waits for its end.
pub(crate) fn run<O: Operation>(request: Request<O>, timeout_ms: i64) -> Result<O::Output> {
    // A negative timeout becomes 0, which the core refuses by the same rule.
    let timeout = given(timeout_ms).map(|ms| Duration::from_millis(u64::try_from(ms).unwrap_or(0)));
    wait(request.timeout(timeout), || false, |wait| wait())
}

fn given<T: PartialEq + From<i32>>(value: T) -> Option<T> {
    (value != T::from(LIBKV_UNSET)).then_some(value)
}
