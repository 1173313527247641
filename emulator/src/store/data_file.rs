//! The SQLite file behind `--data`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::Change;
use crate::vault::secret::{Head, Secret};
use crate::vault::settings::Settings;

/// Marks the file as the emulator's, in SQLite's `application_id`: "libk".
const APPLICATION: i32 = 0x6c69_626b;
/// The layout below, in SQLite's `user_version`.
const SCHEMA: i32 = 1;

/// How long another process has to let go of the file.
const PATIENCE: Duration = Duration::from_millis(500);

const TABLES: &str = "
    CREATE TABLE vaults (vault TEXT PRIMARY KEY, settings TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE secrets (vault TEXT, key TEXT, head TEXT NOT NULL, PRIMARY KEY (vault, key)) WITHOUT ROWID;
    CREATE TABLE versions (vault TEXT, key TEXT, id TEXT, version TEXT NOT NULL, PRIMARY KEY (vault, key, id));
";

/// Says why a data file cannot be used.
#[derive(Debug)]
pub enum DataFileError {
    /// The file cannot be opened, is not a database, or is used by another process.
    Unusable(PathBuf, rusqlite::Error),
    /// The file is a database of some other program.
    Foreign(PathBuf),
    /// A newer emulator wrote the file, in this layout.
    Newer(PathBuf, i32),
    /// A row holds what no emulator writes.
    Corrupt(PathBuf, String),
    /// The file cannot be made.
    NotMade(PathBuf, std::io::Error),
    /// The thread that writes cannot be started.
    Thread(std::io::Error),
}

impl fmt::Display for DataFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable(path, error) => {
                write!(f, "the data file {} cannot be used: {error}", path.display())?;
                match error.sqlite_error() {
                    Some(cause) => write!(f, " (SQLite code {})", cause.extended_code),
                    None => Ok(()),
                }
            }
            Self::Foreign(path) => {
                write!(f, "the data file {} is a database of another program", path.display())
            }
            Self::Newer(path, schema) => write!(
                f,
                "the data file {} has layout {schema}, written by a newer kv-emulator; this one knows layout {SCHEMA}",
                path.display()
            ),
            Self::Corrupt(path, what) => write!(f, "the data file {} is damaged: {what}", path.display()),
            Self::NotMade(path, error) => {
                write!(f, "the data file {} cannot be made: {error}", path.display())
            }
            Self::Thread(error) => {
                write!(f, "the thread that writes the data file cannot be started: {error}")
            }
        }
    }
}

impl std::error::Error for DataFileError {}

/// A vault as the file holds it.
pub(crate) struct StoredVault {
    pub name: String,
    pub settings: Settings,
    pub secrets: Vec<(String, Secret)>,
}

pub(crate) struct DataFile {
    path: PathBuf,
    connection: Connection,
}

impl DataFile {
    /// Opens the file for this process alone, making it if it is missing.
    pub fn open(path: &Path) -> Result<Self, DataFileError> {
        make_private(path).map_err(|error| DataFileError::NotMade(path.to_owned(), error))?;
        let unusable = |error| DataFileError::Unusable(path.to_owned(), error);
        let connection = Connection::open(path).map_err(unusable)?;
        connection.busy_timeout(PATIENCE).map_err(unusable)?;
        let mut file = Self { path: path.to_owned(), connection };
        file.identify()?;
        Ok(file)
    }

    fn identify(&mut self) -> Result<(), DataFileError> {
        let unusable = |error| DataFileError::Unusable(self.path.clone(), error);
        let read = |pragma| self.connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
        let application = read("application_id").map_err(unusable)?;
        let schema = read("user_version").map_err(unusable)?;
        let objects: i64 = self
            .connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .map_err(unusable)?;
        let fresh = application == 0 && schema == 0 && objects == 0;
        if !fresh && application != APPLICATION {
            return Err(DataFileError::Foreign(self.path.clone()));
        }
        if schema > SCHEMA {
            return Err(DataFileError::Newer(self.path.clone(), schema));
        }
        self.prepare(fresh).map_err(unusable)
    }

    fn prepare(&self, fresh: bool) -> rusqlite::Result<()> {
        // Two emulators on one file would each answer from their own memory.
        self.connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        self.connection.pragma_update(None, "journal_mode", "WAL")?;
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        if fresh {
            self.connection.execute_batch(&format!(
                "BEGIN; {TABLES} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {SCHEMA}; COMMIT;"
            ))?;
        }
        Ok(())
    }

    /// Reads everything the file holds.
    pub fn load(&mut self) -> Result<Vec<StoredVault>, DataFileError> {
        let mut vaults = Vec::new();
        for (name, settings) in self.rows("SELECT vault, settings FROM vaults", &[])? {
            let secrets = self.load_secrets(&name)?;
            vaults.push(StoredVault { settings: self.parse("vaults", &settings)?, name, secrets });
        }
        Ok(vaults)
    }

    fn load_secrets(&self, vault: &str) -> Result<Vec<(String, Secret)>, DataFileError> {
        let mut secrets = Vec::new();
        for (key, head) in self.rows("SELECT key, head FROM secrets WHERE vault = ?1", &[vault])? {
            let head: Head = self.parse("secrets", &head)?;
            let mut secret = Secret { head, versions: Default::default() };
            let rows =
                self.rows("SELECT id, version FROM versions WHERE vault = ?1 AND key = ?2", &[vault, &key])?;
            for (id, version) in rows {
                secret.versions.insert(id, self.parse("versions", &version)?);
            }
            if secret.newest().is_none() {
                return Err(DataFileError::Corrupt(
                    self.path.clone(),
                    format!("secret '{key}' lacks its newest version"),
                ));
            }
            secrets.push((key, secret));
        }
        Ok(secrets)
    }

    fn rows(&self, query: &str, arguments: &[&str]) -> Result<Vec<(String, String)>, DataFileError> {
        let read = || -> rusqlite::Result<Vec<(String, String)>> {
            let mut statement = self.connection.prepare(query)?;
            let rows = statement
                .query_map(rusqlite::params_from_iter(arguments), |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        read().map_err(|error| DataFileError::Unusable(self.path.clone(), error))
    }

    fn parse<T: DeserializeOwned>(&self, table: &str, json: &str) -> Result<T, DataFileError> {
        // The parser's own message may quote a value.
        serde_json::from_str(json).map_err(|_| {
            DataFileError::Corrupt(self.path.clone(), format!("a row of table {table} cannot be read"))
        })
    }

    /// Makes every later write fail.
    #[cfg(test)]
    pub fn refuse_writes(&self) {
        self.connection.pragma_update(None, "query_only", true).unwrap();
    }

    /// Writes changes in one transaction; when this returns they are on disk.
    pub fn write<'a>(&mut self, changes: impl Iterator<Item = &'a Change>) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        for change in changes {
            apply(&transaction, change)?;
        }
        transaction.commit()
    }
}

fn apply(transaction: &Transaction<'_>, change: &Change) -> rusqlite::Result<()> {
    let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
        transaction.prepare_cached(sql)?.execute(values).map(|_| ())
    };
    match change {
        Change::Vault { vault, settings } => {
            run("REPLACE INTO vaults VALUES (?1, ?2)", params![vault, json(settings)?])
        }
        Change::VaultGone { vault } => {
            run("DELETE FROM versions WHERE vault = ?1", params![vault])?;
            run("DELETE FROM secrets WHERE vault = ?1", params![vault])?;
            run("DELETE FROM vaults WHERE vault = ?1", params![vault])
        }
        Change::Head { vault, key, head } => {
            run("REPLACE INTO secrets VALUES (?1, ?2, ?3)", params![vault, key, json(head)?])
        }
        Change::Version { vault, key, id, version } => {
            run("REPLACE INTO versions VALUES (?1, ?2, ?3, ?4)", params![vault, key, id, json(version)?])
        }
        Change::SecretGone { vault, key } => {
            run("DELETE FROM versions WHERE vault = ?1 AND key = ?2", params![vault, key])?;
            run("DELETE FROM secrets WHERE vault = ?1 AND key = ?2", params![vault, key])
        }
    }
}

fn json(document: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(document).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// Makes the file readable by its owner alone before SQLite writes secrets into it.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}
