//! From the vault's refusal to an [`Error`]: status, code and inner code decide the kind; the text is for people only.

use http::StatusCode;
use serde::Deserialize;

use crate::{
    advice,
    error::{Error, ErrorKind},
    request::About,
    transport::Response,
};

/// The longest piece of the service's text that goes into an error.
const MAX_MESSAGE: usize = 2_000;

#[derive(Default, Deserialize)]
struct Envelope {
    #[serde(default)]
    error: Option<ServiceError>,
}

#[derive(Default, Deserialize)]
struct ServiceError {
    code: Option<String>,
    message: Option<String>,
    innererror: Option<InnerError>,
}

#[derive(Deserialize)]
struct InnerError {
    code: Option<String>,
}

/// Makes the error of an answer that is not a success.
pub(crate) fn refusal(about: &About, answer: &Response) -> Error {
    let status = answer.status();
    // A gateway or a path outside the API answers HTML; such a body says nothing that may be shown.
    let envelope: Envelope = serde_json::from_slice(answer.body()).unwrap_or_default();
    let service = envelope.error.unwrap_or_default();
    let inner_code = service.innererror.and_then(|inner| inner.code);
    let kind = kind_of(about, status, inner_code.as_deref());
    let reason = status.canonical_reason().unwrap_or("an unknown status");
    let message =
        service.message.unwrap_or_else(|| format!("the vault answered {} {reason}", status.as_u16()));
    let message: String = message.trim().chars().take(MAX_MESSAGE).collect();
    let advice = advice::on_refusal(kind, inner_code.as_deref(), &message);
    Error::new(kind, message)
        .with_service(status.as_u16(), service.code, inner_code)
        .with_request_id(request_id(answer))
        .with_advice(advice)
}

/// Returns the service's id of a request, for a support case.
pub(crate) fn request_id(answer: &Response) -> Option<String> {
    answer.headers().get("x-ms-request-id")?.to_str().ok().map(str::to_owned)
}

fn kind_of(about: &About, status: StatusCode, inner_code: Option<&str>) -> ErrorKind {
    match (status.as_u16(), inner_code) {
        (400 | 405 | 411 | 413 | 414 | 415 | 431, _) => ErrorKind::InvalidArgument,
        (401, _) => ErrorKind::Authentication,
        (403, Some("SecretDisabled")) => ErrorKind::SecretDisabled,
        (403, Some("SecretManagedByKeyVault")) => ErrorKind::ManagedSecret,
        (403, _) => ErrorKind::Forbidden,
        (404, _) => ErrorKind::NotFound,
        (409, Some("ObjectIsDeletedButRecoverable")) => ErrorKind::SoftDeleted,
        (409, Some("ObjectIsBeingDeleted")) => ErrorKind::BeingDeleted,
        (409, Some("ObjectIsBeingRecovered")) => ErrorKind::BeingRecovered,
        (409, _) if about.name == "restore_secret_backup" => ErrorKind::AlreadyExists,
        (409, _) => ErrorKind::Conflict,
        (429, _) => ErrorKind::Throttled,
        (408 | 500 | 502 | 503 | 504, _) => ErrorKind::Unavailable,
        (501, _) => ErrorKind::Unsupported,
        _ => ErrorKind::Protocol,
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::operations;

    fn answer(status: u16, body: &str) -> Response {
        let response = http::Response::builder().status(status).header("x-ms-request-id", "r-1");
        response.body(Zeroizing::new(body.as_bytes().to_vec())).unwrap()
    }

    fn refused(status: u16, inner: &str) -> Error {
        let body = format!(r#"{{"error":{{"code":"C","message":"m","innererror":{{"code":"{inner}"}}}}}}"#);
        refusal(&operations::SET_SECRET, &answer(status, &body))
    }

    #[test]
    fn the_inner_code_decides() {
        for (status, inner, kind) in [
            (403, "SecretDisabled", ErrorKind::SecretDisabled),
            (403, "SecretManagedByKeyVault", ErrorKind::ManagedSecret),
            (403, "ForbiddenByRbac", ErrorKind::Forbidden),
            (409, "ObjectIsDeletedButRecoverable", ErrorKind::SoftDeleted),
            (409, "ObjectIsBeingDeleted", ErrorKind::BeingDeleted),
            (409, "ObjectIsBeingRecovered", ErrorKind::BeingRecovered),
            (409, "Other", ErrorKind::Conflict),
        ] {
            let error = refused(status, inner);
            assert_eq!((error.kind(), error.inner_code(), error.code()), (kind, Some(inner), Some("C")));
            assert!(error.advice().is_some(), "{kind}");
        }
    }

    #[test]
    fn a_conflict_on_restore_means_the_name_is_used() {
        let body = r#"{"error":{"code":"Conflict","message":"m"}}"#;
        let error = refusal(&operations::RESTORE_SECRET_BACKUP, &answer(409, body));
        assert_eq!((error.kind(), error.status()), (ErrorKind::AlreadyExists, Some(409)));
    }

    #[test]
    fn a_body_that_is_not_the_service_s_is_survived() {
        for body in ["", "<html>hunter2</html>", "[]", "{\"error\":null}", "{\"error\":{}}"] {
            let error = refusal(&operations::GET_SECRET, &answer(503, body));
            assert_eq!(error.kind(), ErrorKind::Unavailable, "{body}");
            assert_eq!(error.message(), "the vault answered 503 Service Unavailable");
            assert_eq!(error.fields().request_id.as_deref(), Some("r-1"));
        }
    }
}
