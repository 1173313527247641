//! Where changes go so that they outlive the process: nowhere, or into a SQLite file.
//!
//! The vaults live in memory. Changes are recorded in the order they are made, under the lock of their vault; a thread
//! of its own writes what has gathered in one transaction, and an answer waits until everything before it is on disk.

#[cfg(test)]
mod damage;
pub(crate) mod data_file;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

use crate::store::data_file::{DataFile, DataFileError, StoredVault};
use crate::vault::secret::{Head, Version};
use crate::vault::settings::Settings;

/// How soon a write that failed is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// One step that the data file must repeat.
pub(crate) enum Change {
    Vault { vault: Arc<str>, settings: Settings },
    VaultGone { vault: Arc<str> },
    Head { vault: Arc<str>, key: String, head: Head },
    Version { vault: Arc<str>, key: String, id: String, version: Version },
    SecretGone { vault: Arc<str>, key: String },
}

/// Takes changes on in order.
pub(crate) enum Store {
    Memory,
    File(Journal),
}

/// Says that a change could not be written to the data file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotStored;

/// The writer thread and how far it has come.
pub(crate) struct Journal {
    changes: Option<Sender<Vec<Change>>>,
    recorded: AtomicU64,
    written: watch::Receiver<Result<u64, NotStored>>,
    writer: Option<JoinHandle<()>>,
}

impl Store {
    /// Opens a data file, making it if it is missing, and returns what it holds.
    pub fn open(path: &Path) -> Result<(Self, Vec<StoredVault>), DataFileError> {
        let mut file = DataFile::open(path)?;
        let vaults = file.load()?;
        Ok((Self::File(Journal::over(file)?), vaults))
    }

    /// Takes on changes that reach the disk together or not at all. Building them costs nothing where nothing is kept.
    pub fn record(&self, changes: impl FnOnce() -> Vec<Change>) {
        if let Self::File(Journal { changes: Some(sender), recorded, .. }) = self {
            // Counted before it is sent, so that whoever reads the count waits for it.
            recorded.fetch_add(1, Ordering::SeqCst);
            // The writer outlives the sender.
            let _ = sender.send(changes());
        }
    }

    /// Waits until everything recorded so far is on disk.
    pub async fn settled(&self) -> Result<(), NotStored> {
        let Self::File(journal) = self else { return Ok(()) };
        let target = journal.recorded.load(Ordering::SeqCst);
        let mut written = journal.written.clone();
        let reached = |progress: &Result<u64, NotStored>| progress.map_or(true, |count| count >= target);
        match written.wait_for(reached).await {
            Ok(progress) => progress.map(|_| ()),
            Err(_) => Err(NotStored),
        }
    }
}

impl Journal {
    fn over(mut file: DataFile) -> Result<Self, DataFileError> {
        let (changes, inbox) = channel();
        let (progress, written) = watch::channel(Ok(0));
        let writer = std::thread::Builder::new()
            .name("data-file".to_owned())
            .spawn(move || write(&mut file, &inbox, &progress))
            .map_err(DataFileError::Thread)?;
        Ok(Self { changes: Some(changes), recorded: AtomicU64::new(0), written, writer: Some(writer) })
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.changes = None;
        if let Some(writer) = self.writer.take() {
            // The writer returns when the channel is closed and empty.
            let _ = writer.join();
        }
    }
}

fn write(
    file: &mut DataFile,
    inbox: &Receiver<Vec<Change>>,
    progress: &watch::Sender<Result<u64, NotStored>>,
) {
    let (mut pending, mut count) = (Vec::new(), 0);
    loop {
        // What could not be written is tried again by itself, lest nothing is answered any more when there is room.
        let patience = if pending.is_empty() { Duration::MAX } else { RETRY };
        let next = inbox.recv_timeout(patience);
        let last = matches!(next, Err(RecvTimeoutError::Disconnected));
        pending.extend(next.into_iter().chain(inbox.try_iter()));
        // Until then memory is ahead of the file, and nothing may be answered.
        let written = file.write(pending.iter().flatten()).map_err(|_| NotStored);
        if written.is_ok() {
            count += pending.len() as u64;
            pending.clear();
        }
        let _ = progress.send_replace(written.map(|()| count));
        if last {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::settings::Delays;

    fn vault(name: &str) -> Vec<Change> {
        vec![Change::Vault { vault: name.into(), settings: Settings::new(Delays::default()) }]
    }

    #[tokio::test]
    async fn what_has_settled_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vaults.db");
        let (store, stored) = Store::open(&path).unwrap();
        assert!(stored.is_empty());
        assert_eq!(store.settled().await, Ok(()), "nothing is waited for");
        for number in 0..100 {
            store.record(|| vault(&format!("vault-{number}")));
        }
        assert_eq!(store.settled().await, Ok(()));
        drop(store);
        assert_eq!(Store::open(&path).unwrap().1.len(), 100);
    }

    #[tokio::test]
    async fn nothing_settles_after_a_failed_write() {
        let folder = tempfile::tempdir().unwrap();
        let file = DataFile::open(&folder.path().join("vaults.db")).unwrap();
        file.refuse_writes();
        let store = Store::File(Journal::over(file).unwrap());
        store.record(|| vault("first"));
        assert_eq!(store.settled().await, Err(NotStored));
        store.record(|| vault("second"));
        assert_eq!(store.settled().await, Err(NotStored));
    }
}
