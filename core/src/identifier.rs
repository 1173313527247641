//! Names, versions and identifiers of secrets, checked before they become part of a URL.

use url::{Position, Url};

use crate::error::{Error, Result};

/// The longest secret name the service accepts.
const MAX_NAME: usize = 127;

/// A secret name that is safe to put into a path: 1 to 127 of `0-9 a-z A-Z -`.
#[derive(Clone, Debug)]
pub(crate) struct SecretName(String);

impl SecretName {
    pub(crate) fn new(name: impl Into<String>) -> Result<Self> {
        let name = name.into();
        check_characters("name", &name, "0-9, a-z, A-Z and -", |c| c.is_ascii_alphanumeric() || c == '-')?;
        check_length("name", &name)?;
        Ok(Self(name))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks a version; an empty one means the newest, as the official clients have it.
///
/// The service makes versions of 32 hexadecimal digits. Other text could name another resource, such as `versions`.
pub(crate) fn check_version(version: Option<&str>) -> Result<Option<&str>> {
    let version = version.filter(|version| !version.is_empty());
    if let Some(version) = version {
        check_characters("version", version, "0-9, a-f and A-F", |c| c.is_ascii_hexdigit())?;
        check_length("version", version)?;
    }
    Ok(version)
}

fn check_characters(argument: &str, text: &str, allowed: &str, is_allowed: fn(char) -> bool) -> Result<()> {
    match text.chars().find(|c| !is_allowed(*c)) {
        Some(wrong) => {
            Err(Error::invalid_argument(argument, format!("may hold only {allowed}, got {wrong:?}")))
        }
        None => Ok(()),
    }
}

fn check_length(argument: &str, text: &str) -> Result<()> {
    let length = text.len();
    match length {
        1..=MAX_NAME => Ok(()),
        _ => {
            let rule = format!("must have 1 to {MAX_NAME} characters, got {length}");
            Err(Error::invalid_argument(argument, rule))
        }
    }
}

/// The parts of a secret's identifier, `https://{vault}/{secrets|deletedsecrets}/{name}[/{version}]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretId {
    pub(crate) source_id: String,
    pub(crate) vault_url: String,
    pub(crate) name: String,
    pub(crate) version: Option<String>,
}

impl SecretId {
    /// Reads an identifier.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) when it is not the identifier of a secret.
    pub fn parse(id: impl Into<String>) -> Result<Self> {
        let source_id = id.into();
        let parts = match split_normal(&source_id) {
            Some((vault_url, path)) => parts_of(vault_url, path.split('/')),
            None => Url::parse(&source_id)
                .ok()
                .and_then(|url| parts_of(&url[..Position::BeforePath], url.path_segments()?)),
        };
        let rule = "must look like https://VAULT/secrets/NAME or https://VAULT/secrets/NAME/VERSION";
        let (vault_url, name, version) = parts.ok_or_else(|| Error::invalid_argument("id", rule))?;
        Ok(Self { source_id, vault_url, name, version })
    }

    /// Returns the identifier as it was given.
    pub fn source_id(&self) -> &str {
        &self.source_id
    }

    /// Returns the vault's URL, without a trailing slash.
    pub fn vault_url(&self) -> &str {
        &self.vault_url
    }

    /// Returns the secret's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the version, if the identifier has one.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }
}

/// Returns the vault's URL, the name and the version, unless the path is that of something else.
fn parts_of<'a>(
    vault_url: &str,
    mut segments: impl Iterator<Item = &'a str>,
) -> Option<(String, String, Option<String>)> {
    let (collection, name, version) = (segments.next(), segments.next(), segments.next());
    let name = name.filter(|name| !name.is_empty())?;
    if !matches!(collection, Some("secrets" | "deletedsecrets")) || segments.next().is_some() {
        return None;
    }
    let version = version.filter(|version| !version.is_empty());
    Some((vault_url.to_owned(), name.to_owned(), version.map(str::to_owned)))
}

/// Splits an identifier behind its host, if it is written so that a URL parser would change nothing.
///
/// That is how the service writes them, one in each answer and 25 on a page, and a URL parser takes ten times as long.
fn split_normal(id: &str) -> Option<(&str, &str)> {
    let rest = id.strip_prefix("https://")?;
    let (authority, path) = rest.split_once('/')?;
    let (host, port) = authority.split_once(':').unwrap_or((authority, "1"));
    let is_plain_host = host.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-'))
        // A host whose last label is a number is an address, and `xn--` begins a name that is not ASCII.
        && host.rsplit('.').next().is_some_and(|label| label.starts_with(|c: char| c.is_ascii_lowercase()))
        && !host.contains("xn--");
    let is_plain_port = !port.starts_with(['0', '+']) && port != "443" && port.parse::<u16>().is_ok();
    let is_plain_path = path.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/'));
    let vault_url = &id[..id.len() - path.len() - 1];
    (is_plain_host && is_plain_port && is_plain_path).then_some((vault_url, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_held_to_the_service_rule() {
        assert!(SecretName::new("x".repeat(127)).is_ok());
        for (name, said) in [("", "got 0"), ("a/b", "'/'"), ("ä", "'ä'"), (&"x".repeat(128), "got 128")] {
            let error = SecretName::new(name).unwrap_err();
            assert!(error.message().starts_with("name: ") && error.message().contains(said), "{error}");
        }
    }

    #[test]
    fn an_empty_version_means_the_newest() {
        assert_eq!(check_version(Some("")).unwrap(), None);
    }

    #[test]
    fn a_version_cannot_name_another_resource() {
        for version in ["../x", "versions", "backup", &"0".repeat(128)] {
            assert!(check_version(Some(version)).is_err(), "{version}");
        }
    }

    #[test]
    fn what_is_split_comes_apart_as_a_url_does() {
        let hosts = ["kv.vault.azure.net", "a--b.example", "default.localhost:8443", "x:65535", "a..b"];
        let odd = [
            "KV.example",
            "127.0.0.1",
            "kv.1",
            "0x7f",
            "x:443",
            "x:0",
            "x:065",
            "x:65536",
            "x:+1",
            "xn--a",
            "u@x",
            "x:",
            "",
        ];
        let paths = [
            "secrets/db",
            "secrets/db/0f",
            "secrets/db/",
            "secrets//db",
            "secrets/Db-1/0F",
            "keys/db",
            "",
            "/",
        ];
        let odd_paths = [
            "secrets/../x",
            "secrets/%41",
            "secrets/a?b",
            "secrets/a#b",
            "secrets/ä",
            "secrets/a b",
            "secrets\\a",
        ];
        let mut split = 0;
        for host in hosts.iter().chain(&odd) {
            for path in paths.iter().chain(&odd_paths) {
                let id = format!("https://{host}/{path}");
                let Some((vault_url, path)) = split_normal(&id) else { continue };
                let url = Url::parse(&id).unwrap();
                assert_eq!((vault_url, path), (&url[..Position::BeforePath], &url.path()[1..]), "{id}");
                split += 1;
            }
        }
        assert!(split >= 5 * paths.len(), "{split}");
    }

    #[test]
    fn identifiers_come_apart() {
        let id = SecretId::parse("https://kv.vault.azure.net:443/secrets/db/0123").unwrap();
        assert_eq!(
            (id.name(), id.version(), id.vault_url()),
            ("db", Some("0123"), "https://kv.vault.azure.net")
        );
        assert_eq!(SecretId::parse("https://kv.example/deletedsecrets/db").unwrap().version(), None);
        for wrong in [
            "",
            "db",
            "https://kv.example/keys/db",
            "https://kv.example/secrets/",
            "https://kv.example/secrets/a/b/c",
        ] {
            assert!(SecretId::parse(wrong).is_err(), "{wrong}");
        }
    }
}
