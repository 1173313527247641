//! Data files that were damaged, at random and on purpose: each is taken or refused in words, and none ends in a panic.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fastrand::Rng;
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::clock::ManualClock;
use crate::vault::Vaults;
use crate::vault::settings::Delays;

/// `LIBKV_SEED` takes the place of this one, to try others or to see a failure again.
const SEED: u64 = 20_260_401;
const FILES: usize = 300;

/// Writes a vault with secrets in several states into a new data file.
async fn sound() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vaults.db");
    let (store, stored) = Store::open(&path).unwrap();
    let vaults = vaults(stored, store);
    let secrets: Vec<_> = ["active", "deleting", "deleted", "recovering", "purging"]
        .iter()
        .map(|state| json!({"name": state, "state": state, "versions": ["v".repeat(3000), "w"], "tags": {"a": "b"}}))
        .collect();
    let patch = json!({"secrets": secrets, "delete_delay_ms": 9, "recover_delay_ms": 9, "purge_delay_ms": 9});
    vaults.replace("team", serde_json::from_value(patch).unwrap()).unwrap();
    vaults.store().settled().await.unwrap();
    (folder, path)
}

fn vaults(stored: Vec<StoredVault>, store: Store) -> Vaults {
    Vaults::new(stored, Arc::new(store), Settings::new(Delays::default()), Arc::new(ManualClock::new(0)))
}

/// Opens a file and uses all that is in it; returns why it is refused if it is.
fn examine(path: &Path) -> Result<(), String> {
    let (store, stored) = Store::open(path).map_err(|error| error.to_string())?;
    let names: Vec<String> = stored.iter().map(|vault| vault.name.clone()).collect();
    let vaults = vaults(stored, store);
    for vault in names.iter().filter_map(|name| vaults.find(name)) {
        for now in [0, 100, i64::MAX] {
            vault.contents().settle_all(now);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_file_damaged_at_random_is_taken_or_refused_in_words() {
    let seed = std::env::var("LIBKV_SEED").map_or(SEED, |seed| seed.parse().unwrap());
    let mut random = Rng::with_seed(seed);
    let (_folder, path) = sound().await;
    let sound = fs::read(&path).unwrap();
    let mut refused = 0;
    for number in 0..FILES {
        let mut damaged = sound.clone();
        for _ in 0..random.usize(0..20) {
            let place = random.usize(..damaged.len());
            damaged[place] = random.u8(..);
        }
        if random.u8(..3) == 0 {
            damaged.truncate(random.usize(..damaged.len()));
        }
        fs::write(&path, damaged).unwrap();
        if let Err(said) = examine(&path) {
            assert!(said.contains(path.to_str().unwrap()), "seed {seed}, file {number}: {said}");
            refused += 1;
        }
        for extension in ["db-wal", "db-journal"] {
            let _ = fs::remove_file(path.with_extension(extension));
        }
    }
    assert!((1..FILES).contains(&refused), "{refused}");
}

#[tokio::test]
async fn what_no_emulator_writes_is_refused_by_the_name_of_its_place() {
    for (change, named) in [
        ("UPDATE versions SET version = 'x'", "table versions"),
        ("UPDATE versions SET version = '{}'", "table versions"),
        ("UPDATE versions SET version = x'ff'", "Invalid column type Blob"),
        ("UPDATE secrets SET head = '[]'", "table secrets"),
        ("UPDATE vaults SET settings = '{\"recoverable_days\": -1}'", "table vaults"),
        ("DELETE FROM versions", "lacks its newest version"),
        ("DROP TABLE versions", "no such table"),
        ("PRAGMA application_id = 1", "another program"),
        ("PRAGMA user_version = 2", "layout 2, written by a newer kv-emulator"),
    ] {
        let (_folder, path) = sound().await;
        Connection::open(&path).unwrap().execute_batch(change).unwrap();
        let said = examine(&path).unwrap_err();
        assert!(said.contains(named) && said.contains(path.to_str().unwrap()), "{change}: {said}");
        assert!(!said.contains("vvv"), "no value is shown: {said}");
    }
}

#[tokio::test]
async fn a_state_that_began_at_the_end_of_time_harms_nothing() {
    for since in [i64::MIN, i64::MAX] {
        let (_folder, path) = sound().await;
        let change = format!(
            "UPDATE secrets SET head = json_set(head, '$.life.since', {since}) WHERE key <> 'ACTIVE'"
        );
        Connection::open(&path).unwrap().execute_batch(&change).unwrap();
        examine(&path).unwrap();
    }
}

#[test]
fn a_folder_is_no_data_file() {
    let folder = tempfile::tempdir().unwrap();
    let said = Store::open(folder.path()).err().unwrap().to_string();
    assert!(said.contains("cannot be made"), "{said}");
}
