use std::{ffi::c_char, ptr::null};

/// A text, or no text when `data` is NULL: `len` bytes of UTF-8, and a NUL behind them that `len` does not count.
///
/// In a result it lives until the result is freed. A secret's value may hold NULs of its own: go by `len` there.
/// `LIBKV_STR("text")` makes one from a literal.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct libkv_str {
    /// The first byte; NULL where there is no text.
    pub data: *const c_char,
    /// The number of bytes.
    pub len: usize,
}

impl libkv_str {
    pub(crate) const NONE: Self = Self { data: null(), len: 0 };
}

/// A tag of a secret. As an argument its texts need no NUL behind them, so that the tags of a result can be passed on.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct libkv_tag {
    /// The key, at most 512 characters.
    pub key: libkv_str,
    /// The value, at most 512 characters.
    pub value: libkv_str,
}
