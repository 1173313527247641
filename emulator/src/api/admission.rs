//! What a request passes before its operation, in the service's order: version, token, method, quota; then the faults.

use std::borrow::Cow;

use http::request::Parts;
use http::{HeaderValue, header::RETRY_AFTER};

use super::query::{Query, check_api_version};
use super::route::Target;
use crate::app::App;
use crate::auth::{Unauthorized, endpoints};
use crate::error::ServiceError;
use crate::host::Address;
use crate::operation::Operation;
use crate::reply::{Reply, not_found_page};
use crate::vault::Vault;
use crate::vault::fault::{Deed, Fault, Stage};
use crate::vault::request_log::Entry;

/// A request that reaches its operation.
pub(super) struct Admitted<'a> {
    pub operation: Operation,
    pub name: Cow<'a, str>,
    pub version: Cow<'a, str>,
    pub query: Query,
}

impl<'a> Admitted<'a> {
    /// Makes the request that another caller's deed amounts to.
    pub fn of(deed: &'a Deed) -> Self {
        Self {
            operation: deed.operation,
            name: deed.name.as_str().into(),
            version: "".into(),
            query: Query::default(),
        }
    }
}

/// What has been decided about a request without waiting for anything.
pub(super) struct Admission<'a> {
    pub entry: Entry,
    pub admitted: Result<Admitted<'a>, Reply>,
    pub fault: Option<Fault>,
}

pub(super) fn admit<'a>(app: &App, vault: &Vault, address: &Address, parts: &'a Parts) -> Admission<'a> {
    let target = Target::of(&parts.method, parts.uri.path());
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let token = app.tokens.check(&parts.headers);
    let mut entry = entry(parts, &target, token.is_ok());
    let door = Door { app, vault, address, method: parts.method.as_str(), token, query: &query };
    let (answered, fault) = door.pass(&target, &entry);
    entry.fault = fault.as_ref().map(|fault| fault.action().name());
    let admitted = match (answered, target) {
        (None, Target::Operation { operation, name, version }) => {
            Ok(Admitted { operation, name, version, query })
        }
        (answered, _) => Err(answered.unwrap_or_else(not_found_page)),
    };
    Admission { entry, admitted, fault }
}

fn entry(parts: &Parts, target: &Target<'_>, authenticated: bool) -> Entry {
    let (operation, name) = match target {
        Target::Operation { operation, name, .. } => {
            (Some(*operation), (!name.is_empty()).then(|| name.to_string()))
        }
        Target::Discovery { .. } | Target::MethodNotAllowed | Target::Outside => (None, None),
    };
    Entry {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        operation,
        name,
        status: None,
        authenticated,
        fault: None,
    }
}

struct Door<'a> {
    app: &'a App,
    vault: &'a Vault,
    address: &'a Address,
    method: &'a str,
    token: Result<(), Unauthorized>,
    query: &'a Query,
}

impl Door<'_> {
    /// Returns the answer to a request that gets no further, and the fault that hits the request.
    fn pass(&self, target: &Target<'_>, entry: &Entry) -> (Option<Reply>, Option<Fault>) {
        let hit = |stage| self.vault.gate().faults.hit(stage, entry.operation, entry.name.as_deref());
        match target {
            Target::Outside => return (Some(not_found_page()), None),
            Target::Discovery { tenant } => {
                let authority = self.app.authority(&self.address.host);
                return (Some(endpoints::discovery(&authority, tenant)), None);
            }
            Target::Operation { operation: Operation::Token, .. } => return (None, hit(Stage::Request)),
            _ => {}
        }
        if let Err(error) = check_api_version(self.query.api_version.as_deref()) {
            return (Some(error.into()), None);
        }
        if let Err(unauthorized) = self.token {
            let fault = if unauthorized == Unauthorized::Missing { hit(Stage::Probe) } else { None };
            let authority = self.app.authority(&self.address.host);
            return (Some(unauthorized.challenge(&authority, &self.app.resource())), fault);
        }
        if *target == Target::MethodNotAllowed {
            return (Some(ServiceError::method_not_allowed(self.method).into()), None);
        }
        match self.quota() {
            Some(refusal) => (Some(refusal), None),
            None => (None, hit(Stage::Request)),
        }
    }

    fn quota(&self) -> Option<Reply> {
        let now = self.app.vaults.clock().now();
        let retry_after = self.vault.gate().throttle.as_mut()?.take(now).err()?;
        self.vault.requests().throttled();
        let mut reply = Reply::from(ServiceError::throttled());
        if let Some(seconds) = retry_after {
            reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        Some(reply)
    }
}
