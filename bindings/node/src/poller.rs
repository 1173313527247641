use napi::Env;
use napi_derive::napi;
use serde::Serialize;

use crate::{
    call::{Call, Reply, reply},
    model::Record,
};

#[napi]
pub struct Poller(libkv::Poller<Record>);

impl<T: Serialize> From<libkv::Poller<T>> for Poller {
    fn from(poller: libkv::Poller<T>) -> Self {
        Self(poller.map(Record::from))
    }
}

#[napi]
impl Poller {
    #[napi(getter)]
    pub fn result(&self) -> Record {
        self.0.result().clone()
    }

    #[napi(getter)]
    pub fn is_done(&self) -> bool {
        self.0.is_done()
    }

    #[napi]
    pub fn poll(&self, env: &Env, call: Option<&Call>) -> Reply<bool> {
        reply(env, Ok(self.0.poll()), call)
    }
}
