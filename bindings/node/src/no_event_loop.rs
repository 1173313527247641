//! Stands in where no event loop can drive the network: a thread does.

use std::sync::Arc;

use napi::{Env, bindgen_prelude::Function};

use crate::mailbox::{Answers, Calls};

pub enum EventLoop {}

impl EventLoop {
    pub fn new(_: &Env, _: &Function<'_, Answers, ()>, _: &Arc<Calls>) -> Option<Self> {
        None
    }

    pub fn depart(&self) {
        match *self {}
    }
}
