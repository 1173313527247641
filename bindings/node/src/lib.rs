//! The Node.js addon of libkv: what JavaScript cannot do itself. The package in `node/` checks arguments, shapes results
//! and throws errors; here calls become promises.

// The macros of napi make items without docs, and users read `node/index.d.ts`.
#![allow(missing_docs, reason = "nothing here is visible to users but through node/index.d.ts")]

mod call;
mod client;
mod credential;
#[cfg_attr(target_os = "linux", allow(unsafe_code, reason = "callbacks of a library of C"))]
#[cfg_attr(not(target_os = "linux"), path = "no_event_loop.rs")]
mod event_loop;
mod identifier;
mod log;
mod mailbox;
mod model;
mod options;
mod poller;
mod results;
#[allow(
    unsafe_code,
    reason = "napi calls no function with any number of values, and ends its references after their environment"
)]
mod shaper;
#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "functions of a library of C")]
mod uv;
