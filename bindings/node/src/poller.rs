use libkv::{Poll, Request, Wait};
use napi::Env;
use napi_derive::napi;
use serde::Serialize;

use crate::{
    call::{Call, Reply, reply},
    model::Record,
};

/// A deletion or a recovery under way: napi's classes are not generic, so what differs is a record here.
#[napi]
pub struct Poller {
    begun: Record,
    watched: Box<dyn Watched>,
}

trait Watched: Send + Sync {
    fn is_done(&self) -> bool;
    fn poll(&self) -> Request<Poll>;
    fn wait(&self) -> Request<Wait>;
}

impl<T: Send + Sync> Watched for libkv::Poller<T> {
    fn is_done(&self) -> bool {
        self.is_done()
    }

    fn poll(&self) -> Request<Poll> {
        self.poll()
    }

    fn wait(&self) -> Request<Wait> {
        self.wait()
    }
}

impl<T: Serialize + Send + Sync + 'static> From<libkv::Poller<T>> for Poller {
    fn from(poller: libkv::Poller<T>) -> Self {
        Self { begun: poller.result().into(), watched: Box::new(poller) }
    }
}

#[napi]
impl Poller {
    #[napi(getter)]
    pub fn result(&self) -> Record {
        self.begun.clone()
    }

    #[napi(getter)]
    pub fn is_done(&self) -> bool {
        self.watched.is_done()
    }

    #[napi]
    pub fn poll(&self, env: &Env, call: Option<&Call>) -> Reply<bool> {
        reply(env, Ok(self.watched.poll()), call)
    }

    #[napi]
    pub fn wait(&self, env: &Env, call: Option<&Call>) -> Reply<()> {
        reply(env, Ok(self.watched.wait()), call)
    }
}
