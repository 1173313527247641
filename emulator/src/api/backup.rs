//! Backup and restore.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::wire::BackupBody;
use crate::error::ServiceError;
use crate::rules;
use crate::vault::contents::Contents;
use crate::vault::life::Life;
use crate::vault::secret::{Head, Secret, Version, is_version_id};

use super::{Answer, Call, text};

/// What the service's own blobs begin with: the length of the text, and the text.
const MAGIC: &[u8] = b"\x29AzureKeyVaultSecretBackupV1.microsoft.com";

/// A secret with all its versions, as it lies in a blob.
#[derive(Serialize, Deserialize)]
struct Blob {
    geography: String,
    name: String,
    newest: String,
    versions: BTreeMap<String, Version>,
}

pub(super) fn backup(call: &Call<'_>, contents: &Contents) -> Answer {
    let secret = contents.active(call.name).ok_or_else(|| ServiceError::secret_not_found(call.name))?;
    if secret.head.managed {
        return Err(ServiceError::managed("backup"));
    }
    let geography = contents.settings().geography.clone();
    let Head { name, newest, .. } = secret.head.clone();
    let mut bytes = MAGIC.to_vec();
    bytes.extend(text(&Blob { geography, name, newest, versions: secret.versions.clone() })?);
    text(&BackupBody { value: URL_SAFE_NO_PAD.encode(bytes) })
}

pub(super) fn restore(call: &Call<'_>, contents: &mut Contents, body: BackupBody) -> Answer {
    let blob = read(&body.value)?;
    if blob.geography != contents.settings().geography {
        return Err(ServiceError::malformed_backup("Cannot decrypt backup blob."));
    }
    let name = blob.name.clone();
    if contents.secret(&name).is_some() {
        let id = call.frame(contents).version_id(&name, &blob.newest);
        return Err(ServiceError::restore_conflict(&id));
    }
    let head = Head { name: blob.name, managed: false, life: Life::Active, newest: blob.newest };
    contents.put(Secret { head, versions: blob.versions });
    let restored = contents.secret(&name).and_then(|secret| secret.newest().map(|newest| (secret, newest)));
    let (secret, (id, version)) = restored.ok_or_else(|| ServiceError::secret_not_found(&name))?;
    text(&call.frame(contents).bundle(secret, id, version))
}

fn read(value: &str) -> Result<Blob, ServiceError> {
    let corrupt = || ServiceError::malformed_backup("Backup blob is corrupt.");
    let bytes = URL_SAFE_NO_PAD.decode(value.trim_end_matches('=')).map_err(|_| corrupt())?;
    let json = bytes.strip_prefix(MAGIC).ok_or_else(corrupt)?;
    let blob: Blob = serde_json::from_slice(json).map_err(|_| corrupt())?;
    if !blob.versions.contains_key(&blob.newest) || !blob.versions.keys().all(|id| is_version_id(id)) {
        return Err(ServiceError::malformed_backup("Backup blob contains invalid or corrupt version."));
    }
    rules::check_name(&blob.name).map_err(|_| corrupt())?;
    Ok(blob)
}
