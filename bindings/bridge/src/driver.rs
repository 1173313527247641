use std::{future::Future, io, pin::Pin, sync::Arc, time::Duration};

use tokio::{
    runtime::{Builder, Runtime},
    select,
    time::sleep,
};

use crate::{
    log::{mark_runtime_thread, undisturbed},
    roster::{Attendance, Place, Roster},
};

/// A runtime that is driven by whichever thread the roster names.
#[derive(Debug)]
pub(crate) struct Driver {
    runtime: Runtime,
    roster: Arc<Roster>,
}

impl Driver {
    /// Makes a runtime, with what `configure` adds to it.
    pub(crate) fn with(configure: impl FnOnce(&mut Builder)) -> io::Result<Self> {
        // Its own threads are those for what blocks, such as resolving a name.
        let mut builder = Builder::new_current_thread();
        builder.on_thread_start(mark_runtime_thread).thread_name("libkv").enable_io().enable_time();
        configure(&mut builder);
        Ok(Self { runtime: builder.build()?, roster: Arc::new(Roster::new()) })
    }

    /// Ends the runtime without waiting for what blocks.
    pub(crate) fn end(self) {
        self.runtime.shutdown_background();
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    pub(crate) fn roster(&self) -> &Arc<Roster> {
        &self.roster
    }

    /// Waits for a future on the calling thread, which drives if it can. Gives none when it is time to look around: after `pause`,
    /// or when something changed.
    pub(crate) fn wait<F: Future>(&self, mut future: Pin<&mut F>, pause: Duration) -> Option<F::Output> {
        match self.roster.call() {
            Place::Driving(turn) => undisturbed(|| {
                let turn = turn;
                self.runtime.block_on(async {
                    select! {
                        biased;
                        outcome = future.as_mut() => Some(outcome),
                        () = turn.recalled() => None,
                        () = sleep(pause) => None,
                    }
                })
            }),
            Place::Beside(offered, _beside) => self.runtime.handle().block_on(async {
                select! {
                    biased;
                    outcome = future.as_mut() => Some(outcome),
                    () = offered => None,
                    () = sleep(pause) => None,
                }
            }),
        }
    }

    /// Has the own thread drive, for as long as this is kept.
    pub(crate) fn attend(&self) -> Attendance {
        self.roster.attend()
    }

    /// Drives on the own thread whenever it is its turn, until there are no more turns.
    pub(crate) fn serve(&self) {
        mark_runtime_thread();
        while let Some(turn) = self.roster.own_turn() {
            self.runtime.block_on(turn.recalled());
        }
    }
}
