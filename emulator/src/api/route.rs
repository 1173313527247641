//! Which operation a method and a path mean.

use std::borrow::Cow;

use http::request::Parts;
use http::{HeaderName, Method};
use percent_encoding::percent_decode_str;

use crate::auth::discovery::Document;
use crate::operation::Operation;

/// Where a client that cannot send every method names the one it means.
const SUBSTITUTES: [HeaderName; 2] =
    [HeaderName::from_static("x-http-request"), HeaderName::from_static("x-http-method")];

/// Lets a POST stand for the method that a header of it names.
pub(super) fn substitute(parts: &mut Parts) {
    let named = || SUBSTITUTES.iter().find_map(|name| parts.headers.get(name));
    if parts.method == Method::POST
        && let Some(method) = named().and_then(|method| method.to_str().ok()?.parse().ok())
    {
        parts.method = method;
    }
}

/// What a request is after.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target<'a> {
    Operation {
        operation: Operation,
        /// Empty where the operation has none.
        name: Cow<'a, str>,
        /// Empty for the newest version.
        version: Cow<'a, str>,
    },
    /// One of the documents by which a client finds a tenant's token endpoint and its keys.
    Discovery { document: Document, tenant: &'a str },
    /// A path of the service with a method that it does not take there.
    MethodNotAllowed,
    /// Not a path of the service.
    Outside,
}

impl<'a> Target<'a> {
    pub fn of(method: &Method, path: &'a str) -> Self {
        let mut segments = path.strip_prefix('/').unwrap_or(path).split('/');
        let collection = segments.next().unwrap_or_default();
        let rest: Vec<&str> = segments.collect();
        match collection {
            "secrets" => Self::secrets(method, &rest),
            "certificates" => Self::certificates(method, &rest),
            "deletedsecrets" => Self::deleted_secrets(method, &rest),
            _ if rest == ["oauth2", "v2.0", "token"] => Self::token(method),
            tenant if method == Method::GET => Self::discovery(tenant, &rest),
            _ => Self::Outside,
        }
    }

    fn secrets(method: &Method, rest: &[&'a str]) -> Self {
        use Operation::*;
        match (method.as_str(), rest) {
            ("GET", [] | [""]) => Self::found(ListPropertiesOfSecrets, "", ""),
            ("POST", ["restore"]) => Self::found(RestoreSecretBackup, "", ""),
            ("POST", [name, "backup"]) => Self::found(BackupSecret, name, ""),
            ("GET", [name, "versions"]) => Self::found(ListPropertiesOfSecretVersions, name, ""),
            ("PUT", [name]) if !name.is_empty() => Self::found(SetSecret, name, ""),
            ("DELETE", [name]) if !name.is_empty() => Self::found(BeginDeleteSecret, name, ""),
            ("GET", [name]) => Self::found(GetSecret, name, ""),
            ("GET", [name, version]) => Self::found(GetSecret, name, version),
            ("PATCH", [name]) if !name.is_empty() => Self::found(UpdateSecretProperties, name, ""),
            ("PATCH", [name, version]) => Self::found(UpdateSecretProperties, name, version),
            (_, [] | [_] | [_, _]) => Self::MethodNotAllowed,
            _ => Self::Outside,
        }
    }

    fn deleted_secrets(method: &Method, rest: &[&'a str]) -> Self {
        use Operation::*;
        match (method.as_str(), rest) {
            ("GET", [] | [""]) => Self::found(ListDeletedSecrets, "", ""),
            ("GET", [name]) => Self::found(GetDeletedSecret, name, ""),
            ("DELETE", [name]) if !name.is_empty() => Self::found(PurgeDeletedSecret, name, ""),
            ("POST", [name, "recover"]) => Self::found(BeginRecoverDeletedSecret, name, ""),
            (_, [] | [_] | [_, "recover"]) => Self::MethodNotAllowed,
            _ => Self::Outside,
        }
    }

    fn certificates(method: &Method, rest: &[&'a str]) -> Self {
        use Operation::*;
        match (method.as_str(), rest) {
            ("POST", [name, "create"]) => Self::found(BeginCreateCertificate, name, ""),
            ("GET", [name, "pending"]) => Self::found(GetCertificateOperation, name, ""),
            ("GET", [name]) if !name.is_empty() => Self::found(GetCertificate, name, ""),
            ("GET", [name, version]) if !name.is_empty() => Self::found(GetCertificate, name, version),
            _ => Self::Outside,
        }
    }

    fn token(method: &Method) -> Self {
        if method == Method::POST { Self::found(Operation::Token, "", "") } else { Self::MethodNotAllowed }
    }

    fn discovery(tenant: &'a str, rest: &[&str]) -> Self {
        let document = match rest {
            ["v2.0", ".well-known", "openid-configuration"] => Document::OpenIdConfiguration,
            ["discovery", "v2.0", "keys"] => Document::Keys,
            ["discovery", "instance"] => Document::Instance,
            _ => return Self::Outside,
        };
        Self::Discovery { document, tenant }
    }

    fn found(operation: Operation, name: &'a str, version: &'a str) -> Self {
        let decode = |segment: &'a str| percent_decode_str(segment).decode_utf8_lossy();
        Self::Operation { operation, name: decode(name), version: decode(version) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(method: Method, path: &str) -> (Operation, String, String) {
        match Target::of(&method, path) {
            Target::Operation { operation, name, version } => {
                (operation, name.into_owned(), version.into_owned())
            }
            other => panic!("{method} {path}: {other:?}"),
        }
    }

    #[test]
    fn every_operation_has_its_path() {
        use Operation::*;
        let rows = [
            (Method::PUT, "/secrets/n", SetSecret, "n", ""),
            (Method::POST, "/certificates/n/create", BeginCreateCertificate, "n", ""),
            (Method::GET, "/certificates/n/pending", GetCertificateOperation, "n", ""),
            (Method::GET, "/certificates/n/", GetCertificate, "n", ""),
            (Method::GET, "/certificates/n/v", GetCertificate, "n", "v"),
            (Method::GET, "/secrets/n", GetSecret, "n", ""),
            (Method::GET, "/secrets/n/", GetSecret, "n", ""),
            (Method::GET, "/secrets/n/v", GetSecret, "n", "v"),
            (Method::GET, "/secrets/restore", GetSecret, "restore", ""),
            (Method::PATCH, "/secrets/n", UpdateSecretProperties, "n", ""),
            (Method::PATCH, "/secrets/n/", UpdateSecretProperties, "n", ""),
            (Method::PATCH, "/secrets/n/v", UpdateSecretProperties, "n", "v"),
            (Method::DELETE, "/secrets/n", BeginDeleteSecret, "n", ""),
            (Method::GET, "/secrets", ListPropertiesOfSecrets, "", ""),
            (Method::GET, "/secrets/n/versions", ListPropertiesOfSecretVersions, "n", ""),
            (Method::GET, "/deletedsecrets", ListDeletedSecrets, "", ""),
            (Method::GET, "/deletedsecrets/n", GetDeletedSecret, "n", ""),
            (Method::DELETE, "/deletedsecrets/n", PurgeDeletedSecret, "n", ""),
            (Method::POST, "/deletedsecrets/n/recover", BeginRecoverDeletedSecret, "n", ""),
            (Method::POST, "/secrets/n/backup", BackupSecret, "n", ""),
            (Method::POST, "/secrets/restore", RestoreSecretBackup, "", ""),
            (Method::POST, "/tenant/oauth2/v2.0/token", Token, "", ""),
            (Method::GET, "/secrets/a%20b%2Fc", GetSecret, "a b/c", ""),
        ];
        for (method, path, operation, name, version) in rows {
            let expected = (operation, name.to_owned(), version.to_owned());
            assert_eq!(found(method.clone(), path), expected, "{method} {path}");
        }
    }

    #[test]
    fn other_methods_and_paths_are_told_apart() {
        let rows = [
            (Method::PUT, "/secrets/", Target::MethodNotAllowed),
            (Method::POST, "/secrets/n", Target::MethodNotAllowed),
            (Method::DELETE, "/secrets", Target::MethodNotAllowed),
            (Method::PUT, "/secrets/n/v", Target::MethodNotAllowed),
            (Method::DELETE, "/deletedsecrets/", Target::MethodNotAllowed),
            (Method::GET, "/deletedsecrets/n/recover", Target::MethodNotAllowed),
            (
                Method::GET,
                "/t/v2.0/.well-known/openid-configuration",
                Target::Discovery { document: Document::OpenIdConfiguration, tenant: "t" },
            ),
            (
                Method::GET,
                "/common/discovery/instance",
                Target::Discovery { document: Document::Instance, tenant: "common" },
            ),
            (Method::POST, "/t/discovery/v2.0/keys", Target::Outside),
            (Method::GET, "/", Target::Outside),
            (Method::GET, "/keys/n", Target::Outside),
            (Method::GET, "/certificates", Target::Outside),
            (Method::GET, "/secrets/n/v/w", Target::Outside),
            (Method::GET, "//secrets/n", Target::Outside),
        ];
        for (method, path, target) in rows {
            assert_eq!(Target::of(&method, path), target, "{method} {path}");
        }
    }
}
