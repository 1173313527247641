//! The Node.js addon of libkv: what JavaScript cannot do itself. The package in `node/` checks arguments, shapes results
//! and throws errors; here calls become promises.

// The macros of napi make items without docs, and users read `node/index.d.ts`.
#![allow(missing_docs, reason = "nothing here is visible to users but through node/index.d.ts")]

mod call;
mod client;
mod credential;
mod identifier;
mod log;
mod mailbox;
mod model;
mod options;
mod poller;
mod results;
