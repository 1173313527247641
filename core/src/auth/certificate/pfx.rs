//! PFX files (PKCS #12, RFC 7292): keys and certificates behind a password.

use der::{
    Decode, Encode, Sequence,
    asn1::{AnyRef, ObjectIdentifier, OctetStringRef},
};
use ring::hmac;
use zeroize::Zeroizing;

use super::{
    encryption::{Algorithm, Password, Purpose, damaged, part, unsupported},
    file::Contents,
};

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const LOCKED_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

#[derive(Sequence)]
struct Pfx<'a> {
    version: u8,
    content: Content<'a>,
    mac: Option<Mac<'a>>,
}

#[derive(Sequence)]
struct Content<'a> {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    value: AnyRef<'a>,
}

#[derive(Sequence)]
struct Mac<'a> {
    digest: Digest<'a>,
    salt: &'a OctetStringRef,
    #[asn1(default = "once")]
    iterations: u32,
}

#[derive(Sequence)]
struct Digest<'a> {
    algorithm: Algorithm<'a>,
    digest: &'a OctetStringRef,
}

#[derive(Sequence)]
struct EncryptedData<'a> {
    version: u8,
    content: EncryptedContent<'a>,
}

#[derive(Sequence)]
struct EncryptedContent<'a> {
    kind: ObjectIdentifier,
    scheme: Algorithm<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    encrypted: &'a OctetStringRef,
}

#[derive(Sequence)]
struct Bag<'a> {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    value: AnyRef<'a>,
    attributes: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
struct CertificateBag<'a> {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    certificate: &'a OctetStringRef,
}

const fn once() -> u32 {
    1
}

/// Reads a file's first key and all its certificates, once its MAC has shown that the password is right and the file is whole.
///
/// # Errors
/// A reason, without anything of the file's contents.
pub(super) fn open(file: &[u8], password: &mut Password<'_>) -> Result<Contents, String> {
    let Pfx { content, mac, .. } = read(file)?;
    let safe: &OctetStringRef = part(content.value)?;
    let mac = mac.ok_or("has no MAC, without which a wrong password is not told from a right one")?;
    check(&mac, safe.as_bytes(), password)?;
    let mut contents = Contents::default();
    for content in read::<Vec<Content<'_>>>(safe.as_bytes())? {
        match content.kind {
            DATA => {
                let bags: &OctetStringRef = part(content.value)?;
                take(bags.as_bytes(), password, &mut contents)?;
            }
            ENCRYPTED_DATA => {
                let EncryptedData { content, .. } = part(content.value)?;
                let bags = password.decrypt(&content.scheme, content.encrypted.as_bytes())?;
                take(&bags, password, &mut contents)?;
            }
            other => return Err(unsupported(other)),
        }
    }
    Ok(contents)
}

fn check(mac: &Mac<'_>, safe: &[u8], password: &mut Password<'_>) -> Result<(), String> {
    let algorithm = match mac.digest.algorithm.oid {
        SHA1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        SHA256 => hmac::HMAC_SHA256,
        SHA384 => hmac::HMAC_SHA384,
        SHA512 => hmac::HMAC_SHA512,
        other => return Err(unsupported(other)),
    };
    let hash = algorithm.digest_algorithm();
    loop {
        let salt = mac.salt.as_bytes();
        let key = password.derive(hash, Purpose::Mac, salt, mac.iterations, hash.output_len())?;
        let key = hmac::Key::new(algorithm, &key);
        if hmac::verify(&key, safe, mac.digest.digest.as_bytes()).is_ok() {
            return Ok(());
        }
        if !password.become_absent() {
            return Err("its password is wrong or missing, or it is damaged".to_owned());
        }
    }
}

/// Takes what is of use out of bags.
fn take(bags: &[u8], password: &mut Password<'_>, contents: &mut Contents) -> Result<(), String> {
    for bag in read::<Vec<Bag<'_>>>(bags)? {
        match bag.kind {
            KEY => contents.take_key(Zeroizing::new(bag.value.to_der().map_err(|_| damaged())?)),
            LOCKED_KEY => contents.take_key(password.unlock(&part(bag.value)?)?),
            CERTIFICATE => {
                let CertificateBag { certificate, .. } = part(bag.value)?;
                contents.certificates.push(certificate.as_bytes().to_vec().into());
            }
            // Lists of revoked certificates, and what programs keep for themselves.
            _ => {}
        }
    }
    Ok(())
}

fn read<'a, T: Decode<'a>>(bytes: &'a [u8]) -> Result<T, String> {
    T::from_der(bytes).map_err(|_| damaged())
}
