use std::{error::Error as _, time::Duration};

use libkv::{Error, Result};
use napi::Either;
use napi_derive::napi;

use crate::model::Record;

/// Reads a timeout or an interval. What a duration cannot hold is as good as none.
pub fn duration(milliseconds: Option<f64>) -> Option<Duration> {
    milliseconds.map(|ms| Duration::try_from_secs_f64(ms / 1000.0).unwrap_or(Duration::MAX))
}

/// An error on its way to JavaScript. It travels as a result, because only what JavaScript itself throws has its classes and
/// its stack.
#[napi(object, object_from_js = false)]
pub struct Failure {
    pub error: Record,
    /// What JavaScript itself threw, where that is the reason.
    pub thrown: Option<napi::Error>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let thrown = error.source().and_then(|source| source.downcast_ref::<napi::Error>());
        let thrown = thrown.and_then(|thrown| thrown.try_clone().ok());
        Self { error: error.fields().into(), thrown }
    }
}

/// What a call comes to.
pub type Outcome<T> = Either<Failure, T>;

pub fn outcome<T>(result: Result<T>) -> Outcome<T> {
    match result {
        Ok(value) => Either::B(value),
        Err(error) => Either::A(error.into()),
    }
}
