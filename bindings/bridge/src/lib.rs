//! What two or more of libkv's bindings need and its core must not know: a runtime, waiting, tasks, logging, and clients that survive a fork.

pub mod log;
#[allow(unsafe_code, reason = "a value published without a lock, which a fork could leave held")]
mod per_process;
mod runtime;
mod same_process;
mod session;
mod task;
mod wait;

pub use per_process::PerProcess;
pub use runtime::new_runtime;
pub use same_process::SameProcess;
pub use session::Session;
pub use task::Task;
pub use wait::wait;
