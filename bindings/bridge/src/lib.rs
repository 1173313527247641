//! What two or more of libkv's bindings need and its core must not know.
