//! Answers, with the headers that the service puts on each of them.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, EXPIRES, HeaderName, PRAGMA, STRICT_TRANSPORT_SECURITY};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde::Serialize;

use crate::error::ServiceError;

pub(crate) type Reply = Response<Bytes>;

/// What becomes of a request.
pub(crate) enum Outcome {
    Answer(Reply),
    /// Half of the answer's body goes out, then the connection ends.
    Truncated(Reply),
    /// The connection ends without an answer.
    Dropped,
}

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-client-request-id");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-request-id");

const ALWAYS: [(HeaderName, HeaderValue); 8] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    (PRAGMA, HeaderValue::from_static("no-cache")),
    (EXPIRES, HeaderValue::from_static("-1")),
    (HeaderName::from_static("x-ms-keyvault-region"), HeaderValue::from_static("local")),
    (HeaderName::from_static("x-ms-keyvault-service-version"), HeaderValue::from_static("1.9.0.0")),
    (
        HeaderName::from_static("x-ms-keyvault-network-info"),
        HeaderValue::from_static("conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;"),
    ),
    (STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000;includeSubDomains")),
    (http::header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

/// What an answer tells of the role that let its request in.
const OF_ROLES: [(HeaderName, HeaderValue); 2] = [
    (
        HeaderName::from_static("x-ms-keyvault-rbac-assignment-id"),
        HeaderValue::from_static("6c69626b-7600-5000-8000-726f6c650000"),
    ),
    (
        HeaderName::from_static("x-ms-keyvault-rbac-cache"),
        HeaderValue::from_static("ra_age=0;da_age=0;rd_age=0;brd_age=0;ra_notif_age=0;dec_lev=1;"),
    ),
];

/// The page that stands where the service has no path.
const NOT_FOUND: &str = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \
\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\r\n\
<html xmlns=\"http://www.w3.org/1999/xhtml\">\r\n<head>\r\n<title>404 - File or directory not found.</title>\r\n\
</head>\r\n<body>\r\n<h1>Server Error</h1>\r\n<h2>404 - File or directory not found.</h2>\r\n\
<h3>The resource you are looking for might have been removed, had its name changed, or is temporarily unavailable.\
</h3>\r\n</body>\r\n</html>\r\n";

/// Answers with JSON that is already text.
pub(crate) fn json_text(status: StatusCode, text: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(text.into());
    *reply.status_mut() = status;
    reply.headers_mut().reserve(1 + ALWAYS.len() + 2);
    reply.headers_mut().insert(CONTENT_TYPE, JSON);
    reply
}

/// Answers with a document as JSON.
pub(crate) fn json(status: StatusCode, document: &impl Serialize) -> Reply {
    match serde_json::to_vec(document) {
        Ok(text) => json_text(status, text),
        Err(_) => bare(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// Answers without a body.
pub(crate) fn bare(status: StatusCode) -> Reply {
    let mut reply = Response::new(Bytes::new());
    *reply.status_mut() = status;
    reply
}

/// Answers a path that is not the service's.
pub(crate) fn not_found_page() -> Reply {
    let mut reply = Response::new(Bytes::from_static(NOT_FOUND.as_bytes()));
    *reply.status_mut() = StatusCode::NOT_FOUND;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    reply
}

impl From<ServiceError> for Reply {
    fn from(error: ServiceError) -> Self {
        json_text(error.status, error.body())
    }
}

/// Adds the headers of an answer to a request that a role let in.
pub(crate) fn tell_role(reply: &mut Reply) {
    reply.headers_mut().extend(OF_ROLES);
}

/// Adds the headers every answer of the service carries, where the answer has none of its own.
pub(crate) fn dress(reply: &mut Reply, request: &HeaderMap) {
    let headers = reply.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(value);
    }
    if let Ok(mut id) = HeaderValue::try_from(guid(fastrand::u128(..))) {
        // Keeps HTTP/2 from remembering, in place of the other headers, what never comes again.
        id.set_sensitive(true);
        headers.entry(REQUEST_ID).or_insert(id);
    }
    if let Some(id) = request.get(CLIENT_REQUEST_ID) {
        headers.insert(CLIENT_REQUEST_ID, id.clone());
    }
}

/// Writes a number as the service writes its identifiers.
pub(crate) fn guid(bits: u128) -> String {
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
