//! Files that hold a private key and certificates.

use std::{fs::File, io::Read, mem, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use der::Decode;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject};
use zeroize::Zeroizing;

use super::{
    encryption::{LockedKey, Password, damaged},
    pfx,
};

/// The largest file that is read, in bytes.
const MAX_FILE: usize = 1 << 20;

const PEM: &[u8] = b"-----BEGIN ";
const LOCKED_KEY: &[u8] = b"-----BEGIN ENCRYPTED PRIVATE KEY-----";
const OLD_LOCKED_KEY: &[u8] = b"Proc-Type: 4,ENCRYPTED";

/// What a file holds: its first key, and all certificates.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) key: Option<Zeroizing<PrivateKeyDer<'static>>>,
    pub(super) certificates: Vec<CertificateDer<'static>>,
}

impl Contents {
    /// Reads PEM or PFX.
    ///
    /// # Errors
    /// A reason, without anything of the bytes in it.
    pub(super) fn of(bytes: &[u8], password: &str) -> Result<Self, String> {
        let mut password = Password::new(password);
        match find(bytes, PEM) {
            Some(_) => Self::of_pem(bytes, &mut password),
            None => pfx::open(bytes, &mut password),
        }
    }

    fn of_pem(text: &[u8], password: &mut Password<'_>) -> Result<Self, String> {
        if find(text, OLD_LOCKED_KEY).is_some() {
            return Err("its key is locked in OpenSSL's old form, which libkv does not support".to_owned());
        }
        let certificates: Result<_, _> = CertificateDer::pem_slice_iter(text).collect();
        let mut contents = Self { key: None, certificates: certificates.map_err(|_| damaged())? };
        if let Some(at) = find(text, LOCKED_KEY) {
            let rest = text[at + LOCKED_KEY.len()..].iter().copied();
            let base64: Vec<u8> =
                rest.take_while(|c| *c != b'-').filter(|c| !c.is_ascii_whitespace()).collect();
            let der = STANDARD.decode(base64).map_err(|_| damaged())?;
            let locked = LockedKey::from_der(&der).map_err(|_| damaged())?;
            contents.take_key(password.unlock(&locked)?);
        } else if let Ok(key) = PrivateKeyDer::from_pem_slice(text) {
            contents.key = Some(Zeroizing::new(key));
        }
        Ok(contents)
    }

    /// Takes a key in PKCS #8 form, if it is the first.
    pub(super) fn take_key(&mut self, mut key: Zeroizing<Vec<u8>>) {
        let key = Zeroizing::new(PrivatePkcs8KeyDer::from(mem::take(&mut *key)).into());
        self.key.get_or_insert(key);
    }
}

/// Reads a whole file, if it is not too large to hold a certificate.
pub(super) fn load(file: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    // Room for all of it, so that growing leaves no copy of a key behind; and for the end to be met.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_FILE + 64));
    let read = File::open(file).and_then(|file| file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes));
    match read.map_err(|e| e.to_string())? {
        length if length > MAX_FILE => Err(format!("is larger than {MAX_FILE} bytes")),
        _ => Ok(bytes),
    }
}

/// Returns where a part begins.
pub(super) fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
