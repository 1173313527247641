//! What two or more of libkv's bindings need and its core must not know: a runtime, waiting, tasks, logging, and clients that survive a fork.

#[allow(unsafe_code, reason = "the masks of signals")]
mod broken_pipe;
mod driver;
pub mod log;
#[allow(unsafe_code, reason = "a value published without a lock, which a fork could leave held")]
mod per_process;
#[allow(unsafe_code, reason = "a handler for forks")]
mod process;
mod process_static;
mod roster;
mod runtime;
mod same_process;
mod session;
mod task;
mod threads;
mod wait;

pub use per_process::PerProcess;
pub use process_static::ProcessStatic;
pub use roster::Attendance;
pub use runtime::{attend, shutdown};
pub use same_process::SameProcess;
pub use session::Session;
pub use task::{Batch, Begun, Task, UnderWay};
pub use threads::spawn;
pub use wait::wait;
