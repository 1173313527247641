//! When the program ends: at SIGTERM or SIGINT, or, if asked, with its parent.

#[cfg(not(unix))]
pub use elsewhere::End;
#[cfg(unix)]
pub use unix::End;

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::unix::process::parent_id;
    use std::time::Duration;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// How often the parent is looked for.
    const LOOK: Duration = Duration::from_millis(100);

    /// What ends the program.
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

    /// Waits until the parent is gone. The system then gives the process another parent, however the first one ended
    /// and whoever else holds its pipes.
    async fn orphaned(parent: Option<u32>) {
        let Some(parent) = parent else { return std::future::pending().await };
        while parent_id() == parent {
            tokio::time::sleep(LOOK).await;
        }
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::io;

    /// What ends the program.
    pub struct End;

    impl End {
        /// Refuses to watch the parent, which this system's standard library cannot name.
        pub fn armed(with_parent: bool) -> io::Result<Self> {
            if with_parent {
                return Err(io::Error::new(io::ErrorKind::Unsupported, "--with-parent works on Unix alone"));
            }
            Ok(Self)
        }

        /// Waits for Ctrl-C.
        pub async fn reached(self) {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}
