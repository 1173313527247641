//! The proof that a program on an Arc-enabled server is one of its administrators: it can read a file.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use http::header::WWW_AUTHENTICATE;

use crate::{transport::Response, value::SecretValue};

/// The largest key file, in bytes.
const MAX_KEY: u64 = 4_096;

/// Reads the key that an endpoint's challenge names.
///
/// # Errors
/// A reason, for a challenge that names no file, or one that is not where the agent keeps its keys.
pub(super) fn key(answer: &Response, folder: &Path) -> Result<SecretValue, String> {
    let challenge = answer.headers().get(WWW_AUTHENTICATE).and_then(|header| header.to_str().ok());
    let file = challenge.and_then(|challenge| challenge.split_once("realm=")).map(|(_, file)| file);
    read(Path::new(file.ok_or("the endpoint's challenge names no file")?.trim_matches('"')), folder)
}

/// Returns where the agent keeps its keys.
pub(super) fn folder() -> PathBuf {
    if cfg!(windows) {
        let data = env::var_os("ProgramData").unwrap_or_else(|| "C:\\ProgramData".into());
        PathBuf::from(data).join("AzureConnectedMachineAgent").join("Tokens")
    } else {
        PathBuf::from("/var/opt/azcmagent/tokens")
    }
}

/// The name comes over plain HTTP: a file elsewhere would leave the machine by it.
fn read(file: &Path, folder: &Path) -> Result<SecretValue, String> {
    if file.parent() != Some(folder) || file.extension().is_none_or(|extension| extension != "key") {
        return Err("the endpoint's challenge names a file that is not a key of the Arc agent".to_owned());
    }
    let unreadable = |e| format!("{} cannot be read: {e}", file.display());
    if fs::symlink_metadata(file).map_err(unreadable)?.len() > MAX_KEY {
        return Err(format!("{} is larger than {MAX_KEY} bytes", file.display()));
    }
    fs::read_to_string(file).map(SecretValue::from).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_agent_s_keys_are_read() {
        let folder = env::temp_dir().join(format!("libkv-arc-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in
            [("a.key", "k".to_owned()), ("a.txt", "k".to_owned()), ("b.key", "x".repeat(4_097))]
        {
            fs::write(folder.join(name), text).unwrap();
        }
        let at = |name: &str| read(&folder.join(name), &folder).map(|key| key.expose().to_owned());
        assert_eq!(at("a.key"), Ok("k".to_owned()));
        assert!(at("a.txt").unwrap_err().contains("not a key"));
        assert!(at("../a.key").unwrap_err().contains("not a key"));
        assert!(at("b.key").unwrap_err().contains("larger than 4096"));
        assert!(at("c.key").unwrap_err().contains("cannot be read"));
        assert!(read(Path::new("/etc/passwd"), &folder).unwrap_err().contains("not a key"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
