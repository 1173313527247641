use std::ffi::c_char;

/// The newest set of functions and fields that this header knows. It grows with every addition.
///
/// A library serves a program when `libkv_abi_version() >= LIBKV_ABI_VERSION`.
pub const LIBKV_ABI_VERSION: u32 = 1;

/// Returns the newest set of functions and fields that the loaded library knows.
///
/// Threads: any.
#[unsafe(no_mangle)]
pub extern "C" fn libkv_abi_version() -> u32 {
    LIBKV_ABI_VERSION
}

/// Returns the loaded library's version, such as "0.1.0".
///
/// Ownership: the text is the library's and lives as long as the program.
/// Threads: any.
#[unsafe(no_mangle)]
pub extern "C" fn libkv_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}
