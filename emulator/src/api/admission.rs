//! What a request passes before its operation, in the service's order: version, token, method, quota; then the faults.

use std::borrow::Cow;
use std::sync::Arc;

use http::request::Parts;
use http::{HeaderValue, header::RETRY_AFTER};

use super::query::{Query, check_api_version};
use super::route::Target;
use crate::app::App;
use crate::auth::caller::Caller;
use crate::auth::challenge::Unauthorized;
use crate::auth::discovery;
use crate::error::ServiceError;
use crate::host::Address;
use crate::operation::Operation;
use crate::reply::{Reply, not_found_page};
use crate::rules;
use crate::vault::Vault;
use crate::vault::fault::{Deed, Fault, Stage};
use crate::vault::network;
use crate::vault::request_log::Entry;

/// A request that reaches its operation.
pub(super) struct Admitted<'a> {
    pub operation: Operation,
    pub name: Cow<'a, str>,
    pub version: Cow<'a, str>,
    pub query: Query<'a>,
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
    let caller = identify(app, vault, parts);
    let mut entry = entry(parts, &target, caller.is_ok());
    let door = Door { app, vault, address, method: parts.method.as_str(), caller, query: &query };
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

fn identify(app: &App, vault: &Vault, parts: &Parts) -> Result<Arc<Caller>, Unauthorized> {
    let caller = app.tokens.check(&parts.headers, &app.resource())?;
    match &vault.contents().settings().claims_challenge {
        Some(claims) if !caller.unrestricted && !caller.meets(claims) => {
            Err(Unauthorized::Claims(claims.clone()))
        }
        _ => Ok(caller),
    }
}

fn entry(parts: &Parts, target: &Target<'_>, authenticated: bool) -> Entry {
    let (operation, name) = match target {
        Target::Operation { operation, name, .. } => {
            (Some(*operation), (!name.is_empty()).then(|| name.to_string()))
        }
        Target::Discovery { .. } | Target::MethodNotAllowed | Target::Outside => (None, None),
    };
    Entry {
        method: parts.method.clone(),
        path: parts.uri.path_and_query().map_or_else(String::new, |path| path.as_str().to_owned()),
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
    caller: Result<Arc<Caller>, Unauthorized>,
    query: &'a Query<'a>,
}

impl Door<'_> {
    /// Returns the answer to a request that gets no further, and the fault that hits the request.
    fn pass(&self, target: &Target<'_>, entry: &Entry) -> (Option<Reply>, Option<Fault>) {
        let hit = |stage| self.vault.gate().faults.hit(stage, entry.operation, entry.name.as_deref());
        match target {
            Target::Outside => return (Some(not_found_page()), None),
            Target::Discovery { document, tenant } => {
                return (Some(discovery::answer(self.app, *document, &self.address.host, tenant)), None);
            }
            Target::Operation { operation: Operation::Token, .. } => return (None, hit(Stage::Request)),
            _ => {}
        }
        if let Err(error) = check_api_version(self.query.api_version.as_deref()) {
            return (Some(error.into()), None);
        }
        let caller = match &self.caller {
            Ok(caller) => caller,
            Err(unauthorized) => {
                let fault = if *unauthorized == Unauthorized::Missing { hit(Stage::Probe) } else { None };
                let authority = self.app.authority(&self.address.host);
                return (Some(unauthorized.challenge(&authority, &self.app.resource())), fault);
            }
        };
        let Target::Operation { operation, name, .. } = target else {
            return (Some(ServiceError::method_not_allowed(self.method).into()), None);
        };
        match self.permit(caller, *operation, name) {
            Ok(()) => match self.quota(*operation) {
                Some(refusal) => (Some(refusal), None),
                None => (None, hit(Stage::Request)),
            },
            Err(refusal) => (Some(refusal.into()), None),
        }
    }

    fn permit(&self, caller: &Caller, operation: Operation, name: &str) -> Result<(), ServiceError> {
        let contents = self.vault.contents();
        let settings = contents.settings();
        let vault = &self.address.vault;
        network::admit(settings.public_network_access, settings.network_acls, caller, vault)?;
        if operation.is_named() {
            rules::check_name(name)?;
        }
        match &settings.authorization {
            Some(authorization) => authorization.admit(caller, operation, vault, name),
            None => Ok(()),
        }
    }

    fn quota(&self, operation: Operation) -> Option<Reply> {
        let now = self.app.vaults.clock().now();
        let retry_after =
            self.vault.gate().throttle.as_mut()?.take(operation, now, &mut self.app.vaults.usage()).err()?;
        self.vault.requests().throttled();
        let mut reply = Reply::from(ServiceError::throttled());
        if let Some(seconds) = retry_after {
            reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        Some(reply)
    }
}
