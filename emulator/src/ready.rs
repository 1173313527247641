//! The files that tell others where the emulator is and whom to trust.

use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::emulator::Running;
use crate::host::DEFAULT_VAULT;
use crate::private_file;

/// What the ready file says.
#[derive(Serialize)]
pub struct Ready {
    vault_url: String,
    http_url: String,
    control_url: String,
    ca_file: PathBuf,
    authority_url: String,
    tenant: &'static str,
    identity_endpoint: String,
    token: String,
}

/// The files of a running emulator. They go when this is dropped.
pub struct Published {
    ready: Ready,
    files: Vec<PathBuf>,
}

/// Writes the authority's certificate and, if one is asked for, the ready file, which appears complete or not at all.
///
/// The certificate goes beside the ready file (`ready.json` and `ready.ca.pem`), or into the system's temporary folder.
pub fn publish(running: &Running, ready_file: Option<&Path>) -> io::Result<Published> {
    let ca_file = match ready_file {
        Some(path) => std::path::absolute(path.with_extension("ca.pem"))?,
        None => {
            std::env::temp_dir().join(format!("kv-emulator-{}-{}.ca.pem", std::process::id(), running.port()))
        }
    };
    private_file::replace(&ca_file, running.ca_pem().as_bytes())?;
    let ready = Ready {
        vault_url: running.vault_url(DEFAULT_VAULT),
        http_url: running.http_url(),
        control_url: running.control_url(),
        ca_file: ca_file.clone(),
        authority_url: running.authority_url(),
        tenant: running.tenant(),
        identity_endpoint: running.identity_endpoint(),
        token: running.token().to_owned(),
    };
    let mut published = Published { ready, files: vec![ca_file] };
    if let Some(path) = ready_file {
        let mut text = published.to_json()?;
        text.push(b'\n');
        private_file::replace(path, &text)?;
        published.files.push(path.to_owned());
    }
    Ok(published)
}

impl Published {
    /// Returns where the authority's certificate lies.
    pub fn ca_file(&self) -> &Path {
        &self.ready.ca_file
    }

    /// Returns what the ready file says, on one line.
    pub fn to_json(&self) -> io::Result<Vec<u8>> {
        serde_json::to_vec(&self.ready).map_err(io::Error::other)
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        for file in &self.files {
            // Someone else may have tidied up before.
            let _ = std::fs::remove_file(file);
        }
    }
}
