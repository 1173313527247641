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
#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "a descriptor that the standard library does not make")]
mod turns;
mod wait;

pub use per_process::PerProcess;
pub use process_static::ProcessStatic;
pub use roster::Attendance;
pub use runtime::{Lease, attend, lease, shutdown};
pub use same_process::SameProcess;
pub use session::Session;
pub use task::{Batch, Begun, Task, UnderWay};
pub use threads::spawn;
#[cfg(target_os = "linux")]
pub use turns::Turns;
pub use wait::wait;
