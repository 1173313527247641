//! Where a request goes: to the vaults, or, on the plain listener, to the control or the identity endpoint or the page.

use std::sync::Arc;

use http::Request;
use http::uri::Scheme;
use hyper::body::Incoming;

use crate::auth::applications::Applications;
use crate::auth::identity;
use crate::auth::tokens::Tokens;
use crate::clock::MovableClock;
use crate::reply::Outcome;
use crate::server::{Handler, Line};
use crate::vault::Vaults;
use crate::{api, control, page};

/// What all connections share.
pub(crate) struct App {
    pub vaults: Vaults,
    pub tokens: Tokens,
    pub applications: Applications,
    pub clock: Arc<MovableClock>,
    pub https_port: u16,
}

impl App {
    /// Returns the URL whose token endpoint serves the vault of a host.
    pub fn authority(&self, host: &str) -> String {
        format!("https://{host}:{}", self.https_port)
    }

    /// Returns the resource that challenges name: a parent of every vault's host, with the port, which some clients
    /// compare too.
    pub fn resource(&self) -> String {
        self.authority("localhost")
    }
}

impl Handler for App {
    async fn respond(&self, line: &Line, request: Request<Incoming>) -> Outcome {
        if line.scheme == Scheme::HTTP {
            match request.uri().path() {
                identity::IDENTITY_PATH => return Outcome::Answer(identity::answer(self, &request)),
                path if path.starts_with(control::PREFIX) => {
                    return Outcome::Answer(control::answer(self, line, request).await);
                }
                _ if page::is_asked_for(&request) => {
                    return Outcome::Answer(page::answer(self, line, &request.into_parts().0));
                }
                _ => {}
            }
        }
        api::answer(self, line, request).await
    }
}
