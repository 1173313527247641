use libkv::{Error, ErrorKind, Result};
use tokio::runtime::{Builder, Runtime};

use crate::per_process::PerProcess;

/// How many threads serve the network. Secrets are small and seldom; the host program needs the processors.
const WORKERS: usize = 2;

static RUNTIME: PerProcess<Runtime> = PerProcess::new();

/// Returns the runtime of the loaded library, which starts at the first operation of a process.
pub(crate) fn runtime() -> Result<&'static Runtime> {
    RUNTIME.get_or_try_init(|| {
        Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("libkv")
            .enable_io()
            .enable_time()
            .build()
            .map_err(|e| Error::new(ErrorKind::Internal, format!("no runtime could be started: {e}")))
    })
}
