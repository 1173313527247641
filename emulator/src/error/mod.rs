//! What the service answers when it refuses: status, code, inner code and text of each refusal.

mod forbidden;

use http::StatusCode;
use serde::Serialize;

/// A refusal in the service's shape.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ServiceError {
    pub status: StatusCode,
    pub code: &'static str,
    pub inner: Option<&'static str>,
    pub message: String,
}

#[derive(Serialize)]
struct Body<'a> {
    error: Outer<'a>,
}

#[derive(Serialize)]
struct Outer<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    innererror: Option<Inner<'a>>,
}

#[derive(Serialize)]
struct Inner<'a> {
    code: &'a str,
}

impl ServiceError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, inner: None, message: message.into() }
    }

    fn within(mut self, inner: &'static str) -> Self {
        self.inner = Some(inner);
        self
    }

    fn bad_parameter(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadParameter", message)
    }

    fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "Conflict", message)
    }

    /// Returns the refusal as the service writes it.
    pub fn body(&self) -> Vec<u8> {
        let innererror = self.inner.map(|code| Inner { code });
        let body = Body { error: Outer { code: self.code, message: &self.message, innererror } };
        // Strings alone cannot fail to serialize.
        serde_json::to_vec(&body).unwrap_or_default()
    }

    pub fn invalid_host(host: &str, rule: &str) -> Self {
        Self::bad_parameter(format!("The host '{host}' names no vault: {rule}."))
    }

    pub fn missing_api_version() -> Self {
        Self::bad_parameter("The query parameter api-version is required.")
    }

    pub fn unknown_api_version(version: &str, latest: &str) -> Self {
        Self::bad_parameter(format!(
            "The specified version ({version}) is not recognized. Consider using the latest supported version ({latest})."
        ))
    }

    pub fn invalid_name(name: &str) -> Self {
        Self::bad_parameter(format!("The request URI contains an invalid name: {name}"))
    }

    pub fn invalid_property() -> Self {
        Self::bad_parameter("Property  has invalid value\r\n")
    }

    pub fn invalid_query(name: &str, rule: &str) -> Self {
        Self::bad_parameter(format!("The query parameter {name} has an invalid value: {rule}."))
    }

    pub fn secret_too_large(limit: usize) -> Self {
        Self::bad_parameter(format!("Secret is beyond the maximum permitted length of {limit} characters."))
            .within("SecretTooLarge")
    }

    pub fn body_too_large(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            format!("The request body is larger than {limit} bytes."),
        )
    }

    pub fn body_not_received() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "RequestTimeout", "The request body did not arrive.")
    }

    pub fn malformed_backup(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Malformed backup blob", message)
    }

    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", message)
    }

    /// Refuses a certificate the name of a secret that belongs to no certificate.
    pub fn name_of_a_secret(name: &str) -> Self {
        Self::conflict(format!("A secret with the name {name} exists and belongs to no certificate."))
    }

    /// Refuses a name, or a `name/version`, that the vault holds no certificate of.
    pub fn certificate_not_found(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "CertificateNotFound", not_found("certificate", id))
    }

    pub fn pending_certificate_not_found(name: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "PendingCertificateNotFound",
            format!("Pending certificate not found: {name}"),
        )
    }

    /// Refuses a name, or a `name/version`, that the vault does not hold.
    pub fn secret_not_found(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "SecretNotFound", not_found("secret", id))
    }

    pub fn deleted_secret_not_found(name: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "SecretNotFound", format!("Deleted Secret not found: {name}"))
    }

    pub fn method_not_allowed(method: &str) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", format!("HTTP {method} not allowed"))
    }

    pub fn deleted_but_recoverable(name: &str) -> Self {
        Self::conflict(format!(
            "Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this \
             state, the secret can only be recovered or purged."
        ))
        .within("ObjectIsDeletedButRecoverable")
    }

    pub fn being_deleted(name: &str) -> Self {
        Self::conflict(format!(
            "Secret {name} is currently being deleted and cannot be re-created; retry later."
        ))
        .within("ObjectIsBeingDeleted")
    }

    pub fn being_recovered(name: &str) -> Self {
        Self::conflict(format!(
            "Secret {name} is currently being recovered and cannot be re-created; retry later."
        ))
        .within("ObjectIsBeingRecovered")
    }

    pub fn deletion_in_flight() -> Self {
        Self::conflict("Secret is currently being deleted.").within("ObjectIsBeingDeleted")
    }

    pub fn recovery_in_flight() -> Self {
        Self::conflict("Secret is currently being recovered.").within("ObjectIsBeingRecovered")
    }

    pub fn recovery_conflict(recovery_id: &str) -> Self {
        Self::conflict(format!(
            "There was a conflict while recovering the soft-deleted secret '{recovery_id}'. This can happen when \
             multiple operations are performed in parallel against the soft-deleted secret. To avoid this error, \
             perform operations against the soft-deleted secret in a sequential manner."
        ))
    }

    pub fn restore_conflict(id: &str) -> Self {
        Self::conflict(format!(
            "There was a conflict restoring the secret '{id}'. This can happen if either: a second secret with the \
             same name was created after the first secret was deleted; thus trying to restore a secret whose name is \
             already in use. To fix this, rename the second secret to something else so that the restore works. The \
             second probable cause of this exception is when multiple operations are performed in parallel against \
             the secret. To avoid this error, perform operations against a secret in a sequential manner."
        ))
    }

    pub fn throttled() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "Throttled",
            "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached",
        )
    }

    /// Refuses what only soft delete makes possible.
    pub fn not_supported(verb: &str) -> Self {
        let message = format!("Operation \"{verb}\" is not enabled for this vault.");
        Self::new(StatusCode::BAD_REQUEST, "NotSupported", message)
    }

    pub fn read_only(operation: &str) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "ServiceUnavailable",
            format!(
                "Operation \"{operation}\" is unavailable: the service is currently in a read-only state."
            ),
        )
    }

    pub fn no_certificate() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "The certificate could not be made.")
    }

    pub fn not_stored() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "The data file could not be written.")
    }
}

fn not_found(kind: &str, id: &str) -> String {
    format!(
        "A {kind} with (name/id) {id} was not found in this key vault. If you recently deleted this {kind} you may be \
         able to recover it using the correct recovery command. For help resolving this issue, please see \
         https://go.microsoft.com/fwlink/?linkid=2125182"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lengths are those of the service's own answers.
    #[test]
    fn bodies_have_the_length_the_service_sends() {
        let unauthorized = ServiceError::unauthorized("AKV10000: Request is missing a Bearer or PoP token.");
        assert_eq!(unauthorized.body().len(), 97);
        assert_eq!(ServiceError::secret_disabled().body().len(), 132);
        assert_eq!(ServiceError::managed("delete").body().len(), 177);
        assert_eq!(ServiceError::throttled().body().len(), 146);
    }

    #[test]
    fn line_breaks_and_quotes_are_escaped() {
        let body = String::from_utf8(ServiceError::invalid_property().body()).unwrap();
        assert_eq!(body, r#"{"error":{"code":"BadParameter","message":"Property  has invalid value\r\n"}}"#);
    }
}
