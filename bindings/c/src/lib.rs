//! The C ABI of libkv.
