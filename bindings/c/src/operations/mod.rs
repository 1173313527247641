//! The operations of the vault, each one expression between its arguments and its result.

mod backup;
mod deleted;
mod diagnose;
mod list;
mod many;
mod secret;
mod versions;
