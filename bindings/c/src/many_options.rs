//! The optional arguments of operations on many secrets.

use std::{
    ffi::{c_char, c_void},
    ptr::{null, null_mut},
};

use libkv::{GetSecrets, Many, Request, Result, SetSecrets};

use crate::{
    call_options::{CallOptions, LIBKV_UNSET, UNSET, end_of, given},
    caller::Caller,
    results::libkv_on_progress,
    set_options::libkv_set_secret_options,
    text::libkv_tag,
};

/// The optional arguments of `libkv_get_secrets`. Start from `LIBKV_GET_SECRETS_OPTIONS_INIT`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct libkv_get_secrets_options {
    /// `sizeof` this structure.
    pub size: usize,
    /// The deadline of each secret, and of each page of the list, in milliseconds from its begin, more than 0. Default: the
    /// client's `timeout_ms`.
    pub timeout_ms: i64,
    /// The names of the secrets to read, in this order. NULL reads all that the vault lists; any other pointer with a count of
    /// 0 reads none.
    pub names: *const *const c_char,
    /// The number of names.
    pub name_count: usize,
    /// How the names of the secrets to read begin, of those that the vault lists; letter case makes no difference. Not
    /// together with `names`. Default: NULL, any.
    pub prefix: *const c_char,
    /// The tags that the newest version of a secret to read has, all of them, of those that the vault lists. Not together
    /// with `names`. Default: NULL, any.
    pub tags: *const libkv_tag,
    /// The number of tags.
    pub tag_count: usize,
    /// How many secrets are under way at a time, 1 to 256. Default: 64.
    pub concurrency: i32,
    /// Called after each result that is taken, as long as the results live. Default: NULL, none.
    pub on_progress: libkv_on_progress,
    /// What `on_progress` gets as its `data`.
    pub progress_data: *mut c_void,
}

/// The optional arguments of `libkv_set_secrets`, the same for all secrets. Start from `LIBKV_SET_SECRETS_OPTIONS_INIT`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct libkv_set_secrets_options {
    /// `sizeof` this structure.
    pub size: usize,
    /// The deadline of each secret in milliseconds from its begin, more than 0. Default: the client's `timeout_ms`.
    pub timeout_ms: i64,
    /// What the values are, as in `libkv_set_secret_options`. Default: NULL, none.
    pub content_type: *const c_char,
    /// Each version's tags, at most 15. Default: NULL, none.
    pub tags: *const libkv_tag,
    /// The number of tags.
    pub tag_count: usize,
    /// 1 if the values can be read, 0 if not. Default: 1.
    pub enabled: i32,
    /// The Unix time in seconds before which the secrets are not to be used. Default: none.
    pub not_before: i64,
    /// The Unix time in seconds after which the secrets are not to be used. Default: none.
    pub expires_on: i64,
    /// What to do about soft-deleted secrets of the names, as in `libkv_set_secret_options`. Default: NULL, which fails.
    pub on_conflict: *const c_char,
    /// 1 to write only what changes something, as in `libkv_set_secret_options`. Default: 0.
    pub if_changed: i32,
    /// 1 to write only where no secret has the name, as in `libkv_set_secret_options`. Default: 0.
    pub if_absent: i32,
    /// How many secrets are under way at a time, 1 to 256. Default: 64.
    pub concurrency: i32,
    /// Called after each result that is taken, as long as the results live. Default: NULL, none.
    pub on_progress: libkv_on_progress,
    /// What `on_progress` gets as its `data`.
    pub progress_data: *mut c_void,
}

// SAFETY: a size, a deadline, then numbers and pointers.
unsafe impl CallOptions for libkv_get_secrets_options {
    const INIT: Self = Self {
        size: size_of::<Self>(),
        timeout_ms: UNSET,
        names: null(),
        name_count: 0,
        prefix: null(),
        tags: null(),
        tag_count: 0,
        concurrency: LIBKV_UNSET,
        on_progress: None,
        progress_data: null_mut(),
    };
    const END: usize = end_of!(progress_data: *mut c_void);
}

// SAFETY: a size, a deadline, then numbers and pointers.
unsafe impl CallOptions for libkv_set_secrets_options {
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
        if_changed: LIBKV_UNSET,
        if_absent: LIBKV_UNSET,
        concurrency: LIBKV_UNSET,
        on_progress: None,
        progress_data: null_mut(),
    };
    const END: usize = end_of!(progress_data: *mut c_void);
}

impl libkv_get_secrets_options {
    pub(crate) fn apply(&self, caller: &Caller, request: Request<GetSecrets>) -> Result<Request<GetSecrets>> {
        let prefix = caller.optional_text("prefix", self.prefix)?;
        let request = request.prefix(prefix).tags(caller.optional_tags(self.tags, self.tag_count)?);
        let request = at_a_time(self.concurrency, request);
        if self.names.is_null() && self.name_count == 0 {
            return Ok(request);
        }
        let names = caller.list("names", self.names, self.name_count)?.iter().enumerate();
        let names = names.map(|(number, name)| caller.text(&format!("names[{number}]"), *name));
        Ok(request.names(names.collect::<Result<Vec<_>>>()?))
    }
}

impl libkv_set_secrets_options {
    pub(crate) fn apply(&self, caller: &Caller, request: Request<SetSecrets>) -> Result<Request<SetSecrets>> {
        Ok(at_a_time(self.concurrency, self.each().apply(caller, request)?))
    }

    /// What is said of each secret, as the set of one says it.
    fn each(&self) -> libkv_set_secret_options {
        let Self { content_type, tags, tag_count, enabled, not_before, expires_on, .. } = *self;
        let Self { on_conflict, if_changed, if_absent, .. } = *self;
        libkv_set_secret_options {
            content_type,
            tags,
            tag_count,
            enabled,
            not_before,
            expires_on,
            on_conflict,
            if_changed,
            if_absent,
            ..libkv_set_secret_options::INIT
        }
    }
}

fn at_a_time<O: Many>(concurrency: i32, request: Request<O>) -> Request<O> {
    // A negative number becomes 0, which the core refuses by the same rule.
    request.concurrency(given(concurrency).map(|secrets| u32::try_from(secrets).unwrap_or(0)))
}
