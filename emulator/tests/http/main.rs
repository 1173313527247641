//! Speaks HTTP to a running emulator, operation by operation.
#![allow(clippy::panic, clippy::unwrap_used, reason = "this is how a test fails")]

mod applications;
mod auth;
mod authorization;
mod backup;
mod bad_input;
mod certificates;
mod clock;
mod conflicts;
mod control;
mod description;
mod faults;
mod lab;
mod lists;
mod network;
mod operations;
mod page;
mod random_requests;
mod refusals;
mod requests;
mod slow_clients;
mod soft_delete;
mod state;
mod throttling;
mod tokens;
mod transport;
