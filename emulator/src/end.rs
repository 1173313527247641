//! When the program ends.

use std::io;
#[cfg(unix)]
use std::os::unix::process::parent_id;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// How often the parent is looked for.
const LOOK: Duration = Duration::from_millis(100);

/// Whatever ends the program: SIGTERM, SIGINT, or the end of its parent.
pub struct End {
    terminate: Signal,
    interrupt: Signal,
    /// The parent whose end is ours.
    parent: Option<u32>,
}

impl End {
    /// Catches the signals from here on, and notes who the parent is.
    pub fn armed(with_parent: bool) -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            parent: with_parent.then(parent_id),
        })
    }

    /// Waits for the end.
    pub async fn reached(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            () = orphaned(self.parent) => {}
        }
    }
}

/// Waits until the parent is gone. The system then gives the process another parent, however the first one ended and
/// whoever else holds its pipes.
async fn orphaned(parent: Option<u32>) {
    let Some(parent) = parent else { return std::future::pending().await };
    while parent_id() == parent {
        tokio::time::sleep(LOOK).await;
    }
}
