//! The operations of the vault as the methods of its client.

mod backup;
mod deleted;
mod diagnose;
mod list;
mod many;
mod secret;
mod versions;
