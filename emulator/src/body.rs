//! Request bodies, bounded in size and time.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use serde::de::{DeserializeOwned, Error};

use crate::error::ServiceError;

/// Holds a restore of some hundred versions of the largest size.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// How much of a body that nobody reads is received all the same.
const MAX_DRAINED: usize = 1024 * 1024;

const PATIENCE: Duration = Duration::from_secs(30);

/// The body of a request.
///
/// Left unread, it is received and thrown away behind the answer: a client that is still sending would otherwise see
/// its stream reset, on HTTP/2, or its connection closed, and might miss the answer.
pub(crate) struct RequestBody(Option<Incoming>);

impl RequestBody {
    pub fn new(body: Incoming) -> Self {
        Self(Some(body))
    }

    /// Reads the whole body.
    pub async fn read(mut self) -> Result<Bytes, ServiceError> {
        let Some(body) = self.0.take() else { return Ok(Bytes::new()) };
        match tokio::time::timeout(PATIENCE, Limited::new(body, MAX_BYTES).collect()).await {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(ServiceError::body_too_large(MAX_BYTES)),
            Ok(Err(_)) | Err(_) => Err(ServiceError::body_not_received()),
        }
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        if let Some(body) = self.0.take().filter(|body| !body.is_end_stream()) {
            tokio::spawn(drain(body));
        }
    }
}

async fn drain(body: Incoming) {
    let mut body = Limited::new(body, MAX_DRAINED);
    let rest = async { while let Some(Ok(_)) = body.frame().await {} };
    // What has not come by then is not worth an open stream.
    let _ = tokio::time::timeout(PATIENCE, rest).await;
}

/// Parses a body that must be a JSON object.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    // A struct would be read from an array as well, member by member.
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(Error::custom("invalid type: an array where an object is expected"));
    }
    let document = serde_json::from_slice(body)?;
    // The parser does not look into texts that nobody reads.
    str::from_utf8(body).map_err(Error::custom)?;
    Ok(document)
}
