//! The C ABI of libkv.
//!
//! What is public here becomes `include/libkv.h`, docs included; that header is the manual. The items therefore have the
//! names they have in C, and their docs speak to a C programmer.

#![allow(non_camel_case_types, reason = "types are named as in the header")]
#![allow(unsafe_code, reason = "a C caller's pointers have to be trusted")]
#![allow(
    clippy::missing_safety_doc,
    reason = "the header's introduction states the rules for every function once"
)]

mod alive;
mod bytes;
mod call;
mod call_options;
mod caller;
mod client;
mod diagnosis;
mod error;
mod log;
mod many_options;
mod memory;
mod operations;
mod options;
mod page;
mod poller;
mod results;
mod secret;
mod set_options;
mod shutdown;
mod stats;
mod text;
mod token;
mod uncancelled;
mod user_data;
mod version;
mod versions;
