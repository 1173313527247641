use std::io;

use libkv::{Error, ErrorKind, Result};
use tokio::runtime::{Builder, Runtime};

use crate::log::mark_runtime_thread;
use crate::per_process::PerProcess;

/// How many threads serve the network. Secrets are small and seldom; the host program needs the processors.
const WORKERS: usize = 2;

static RUNTIME: PerProcess<Runtime> = PerProcess::new();

/// Returns the runtime of the loaded library, which starts at the first operation of a process.
pub(crate) fn runtime() -> Result<&'static Runtime> {
    let failed = |e| Error::new(ErrorKind::Internal, format!("no runtime could be started: {e}"));
    RUNTIME.get_or_try_init(|| new_runtime().map_err(failed))
}

/// Starts a runtime as libkv wants it, for a host whose own machinery keeps it.
///
/// # Errors
/// Those of the operating system when it gives no threads.
pub fn new_runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name("libkv")
        .on_thread_start(mark_runtime_thread)
        .enable_io()
        .enable_time()
        .build()
}
