//! Files that only their owner can read, and that appear complete or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a file, under another name first.
pub(crate) fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let draft = draft_of(path);
    make(&draft)?.write_all(text)?;
    fs::rename(&draft, path)
}

/// Fails where [`replace`] would for want of a folder or of the right to write into it.
pub(crate) fn check(path: &Path) -> io::Result<()> {
    let draft = draft_of(path);
    make(&draft)?;
    fs::remove_file(draft)
}

fn draft_of(path: &Path) -> PathBuf {
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}", std::process::id()));
    PathBuf::from(draft)
}

fn make(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
