//! The official Rust client against the local vault.

mod deleted;
mod errors;
mod lists;
mod secrets;
mod vault;
