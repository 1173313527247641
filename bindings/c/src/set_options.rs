//! The optional arguments of what makes versions or changes them.

use std::{ffi::c_char, ptr::null};

use libkv::{OnConflict, Properties, Request, Result, Set, Timestamp};

use crate::{
    call_options::{CallOptions, LIBKV_UNSET, UNSET, end_of, given, given_flag},
    caller::Caller,
    text::libkv_tag,
};

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
    /// 1 to write only what differs from the newest version in value, content type, tags or another property; a set that
    /// changes nothing gives that version. Reads the secret first, which needs the permission. Default: 0.
    pub if_changed: i32,
    /// 1 to write only where no secret has the name; one that has it, disabled or not, fails with
    /// `LIBKV_ERROR_ALREADY_EXISTS`. Reads the secret first, which needs the permission. The service has no such condition
    /// of its own: two callers that read before either writes make two versions. Default: 0.
    pub if_absent: i32,
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
        if_changed: LIBKV_UNSET,
        if_absent: LIBKV_UNSET,
    };
    const END: usize = end_of!(if_absent: i32);
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
    const END: usize = end_of!(expires_on: i64);
}

impl libkv_set_secret_options {
    pub(crate) fn apply<O: Set + Properties>(
        &self,
        caller: &Caller,
        request: Request<O>,
    ) -> Result<Request<O>> {
        let Self { content_type, tags, tag_count, enabled, not_before, expires_on, .. } = *self;
        let policy = caller.optional_text("on_conflict", self.on_conflict)?;
        let request = request
            .on_conflict(policy.map(OnConflict::from_name).transpose()?)
            .if_changed(given_flag("if_changed", self.if_changed)?)
            .if_absent(given_flag("if_absent", self.if_absent)?);
        Written { content_type, tags, tag_count, enabled, not_before, expires_on }.apply(caller, request)
    }
}

impl libkv_update_secret_properties_options {
    pub(crate) fn apply<O: Properties>(&self, caller: &Caller, request: Request<O>) -> Result<Request<O>> {
        let Self { content_type, tags, tag_count, enabled, not_before, expires_on, .. } = *self;
        Written { content_type, tags, tag_count, enabled, not_before, expires_on }.apply(caller, request)
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

impl Written {
    fn apply<O: Properties>(&self, caller: &Caller, request: Request<O>) -> Result<Request<O>> {
        Ok(request
            .content_type(caller.optional_text("content_type", self.content_type)?)
            .tags(caller.optional_tags(self.tags, self.tag_count)?)
            .enabled(given_flag("enabled", self.enabled)?)
            .not_before(given(self.not_before).map(Timestamp::from_unix_seconds))
            .expires_on(given(self.expires_on).map(Timestamp::from_unix_seconds)))
    }
}
