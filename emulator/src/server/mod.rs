//! TLS, ports and connections.

pub(crate) mod authority;
mod connection;
pub(crate) mod listener;
