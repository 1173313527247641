//! Request bodies, bounded in size and time.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use serde::de::{DeserializeOwned, Error};

use crate::error::ServiceError;

/// Holds a restore of some hundred versions of the largest size.
const MAX_BYTES: usize = 32 * 1024 * 1024;

const PATIENCE: Duration = Duration::from_secs(30);

/// Reads a whole body.
pub(crate) async fn read(body: Incoming) -> Result<Bytes, ServiceError> {
    match tokio::time::timeout(PATIENCE, Limited::new(body, MAX_BYTES).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(ServiceError::body_too_large(MAX_BYTES)),
        Ok(Err(_)) | Err(_) => Err(ServiceError::body_not_received()),
    }
}

/// Parses a body that must be a JSON object.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    // A struct would be read from an array as well, member by member.
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(Error::custom("invalid type: an array where an object is expected"));
    }
    serde_json::from_slice(body)
}
