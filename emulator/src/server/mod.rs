//! TLS, ports and connections.

pub(crate) mod authority;
mod connection;
pub(crate) mod listener;
#[cfg(test)]
mod speed;

use http::Request;
use http::uri::Scheme;
use hyper::body::Incoming;

use crate::reply::Outcome;

/// How a connection came in.
#[derive(Clone)]
pub(crate) struct Line {
    pub scheme: Scheme,
    pub port: u16,
}

/// Decides what becomes of each request.
pub(crate) trait Handler: Send + Sync + 'static {
    fn respond(&self, line: &Line, request: Request<Incoming>) -> impl Future<Output = Outcome> + Send;
}
