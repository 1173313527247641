//! What a password locks: the schemes by which keys and certificates are encrypted (RFC 8018, and RFC 7292 for older files).

use std::num::NonZeroU32;

use aes::{Aes128, Aes256};
use cbc::{
    Decryptor,
    cipher::{BlockCipherDecrypt, BlockModeDecrypt, InnerIvInit, KeyInit, block_padding::Pkcs7},
};
use der::{
    Choice, DecodeValue, Sequence,
    asn1::{AnyRef, ObjectIdentifier, OctetStringRef},
};
use des::TdesEde3;
use rc2::Rc2;
use ring::{digest, pbkdf2};
use zeroize::Zeroizing;

/// How often a file may have its password hashed, in all: it is the file that says, and the reader who waits.
const MAX_ITERATIONS: u32 = 4_000_000;

const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const HMAC_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.7");
const HMAC_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.9");
const HMAC_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.10");
const HMAC_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.11");
const AES_128_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.2");
const AES_256_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");
const DES_EDE3_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.3.7");
const PBE_SHA1_3DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const PBE_SHA1_RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");

/// What the schemes are called that are met and not supported.
const NAMES: &[(&str, &str)] = &[
    ("1.2.840.113549.1.5.3", "PBE-MD5-DES"),
    ("1.2.840.113549.1.5.14", "PBMAC1"),
    ("1.2.840.113549.1.12.1.1", "PBE-SHA1-RC4-128"),
    ("1.2.840.113549.1.12.1.2", "PBE-SHA1-RC4-40"),
    ("1.2.840.113549.1.12.1.4", "PBE-SHA1-2DES"),
    ("1.2.840.113549.1.12.1.5", "PBE-SHA1-RC2-128"),
    ("1.3.6.1.4.1.11591.4.11", "scrypt"),
    ("2.16.840.1.101.3.4.1.22", "AES-192-CBC"),
];

/// An algorithm with its parameters.
#[derive(Clone, Copy, Sequence)]
pub(super) struct Algorithm<'a> {
    pub(super) oid: ObjectIdentifier,
    parameters: Option<AnyRef<'a>>,
}

impl<'a> Algorithm<'a> {
    fn parameters<T: Choice<'a> + DecodeValue<'a>>(&self) -> Result<T, String> {
        part(self.parameters.ok_or_else(damaged)?)
    }
}

/// A private key that is locked on its own (`EncryptedPrivateKeyInfo`).
#[derive(Sequence)]
pub(super) struct LockedKey<'a> {
    scheme: Algorithm<'a>,
    encrypted: &'a OctetStringRef,
}

#[derive(Sequence)]
struct Pbes2<'a> {
    derivation: Algorithm<'a>,
    cipher: Algorithm<'a>,
}

#[derive(Sequence)]
struct Pbkdf2<'a> {
    salt: &'a OctetStringRef,
    iterations: u32,
    key_length: Option<u16>,
    hash: Option<Algorithm<'a>>,
}

#[derive(Sequence)]
struct PfxScheme<'a> {
    salt: &'a OctetStringRef,
    iterations: u32,
}

/// What a key is for that a PFX file has derived from a password.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Key = 1,
    InitialVector = 2,
    Mac = 3,
}

#[derive(Clone, Copy)]
enum Cipher {
    Aes128,
    Aes256,
    TripleDes,
    Rc2,
}

/// A cipher ready for use.
struct Keyed {
    cipher: Cipher,
    key: Zeroizing<Vec<u8>>,
    initial_vector: Zeroizing<Vec<u8>>,
}

/// A password, and how much work it may still make.
pub(super) struct Password<'a> {
    text: &'a str,
    /// As PFX files have it: UTF-16 that a zero ends. For an empty password, some programs leave out the zero too.
    wide: Zeroizing<Vec<u8>>,
    iterations_left: u32,
}

impl<'a> Password<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut wide = Zeroizing::new(Vec::with_capacity(2 * (text.len() + 1)));
        text.encode_utf16().chain([0]).for_each(|unit| wide.extend(unit.to_be_bytes()));
        Self { text, wide, iterations_left: MAX_ITERATIONS }
    }

    /// Takes the other form of an empty password; false if there is none to take.
    pub(super) fn become_absent(&mut self) -> bool {
        let is_there = self.text.is_empty() && !self.wide.is_empty();
        if is_there {
            self.wide.clear();
        }
        is_there
    }

    /// Unlocks a private key, and gives it in PKCS #8 form.
    ///
    /// # Errors
    /// Those of [`decrypt`](Self::decrypt).
    pub(super) fn unlock(&mut self, key: &LockedKey<'_>) -> Result<Zeroizing<Vec<u8>>, String> {
        self.decrypt(&key.scheme, key.encrypted.as_bytes())
    }

    /// Decrypts what a scheme has encrypted.
    ///
    /// # Errors
    /// A reason: the scheme is not supported, the password is wrong, or what is there is neither.
    pub(super) fn decrypt(
        &mut self,
        scheme: &Algorithm<'_>,
        encrypted: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, String> {
        let keyed = match scheme.oid {
            PBES2 => self.pbes2(scheme)?,
            PBE_SHA1_3DES => self.pfx_scheme(scheme, Cipher::TripleDes)?,
            PBE_SHA1_RC2_40 => self.pfx_scheme(scheme, Cipher::Rc2)?,
            other => return Err(unsupported(other)),
        };
        let mut data = Zeroizing::new(encrypted.to_vec());
        let length = keyed.decrypt(&mut data).ok_or("its password is wrong or missing")?;
        data.truncate(length);
        Ok(data)
    }

    fn pbes2(&mut self, scheme: &Algorithm<'_>) -> Result<Keyed, String> {
        let Pbes2 { derivation, cipher: scheme } = scheme.parameters()?;
        if derivation.oid != PBKDF2 {
            return Err(unsupported(derivation.oid));
        }
        let cipher = Cipher::of(scheme.oid).ok_or_else(|| unsupported(scheme.oid))?;
        let Pbkdf2 { salt, iterations, key_length, hash } = derivation.parameters()?;
        let hash = match hash.map_or(HMAC_SHA1, |hash| hash.oid) {
            HMAC_SHA1 => pbkdf2::PBKDF2_HMAC_SHA1,
            HMAC_SHA256 => pbkdf2::PBKDF2_HMAC_SHA256,
            HMAC_SHA384 => pbkdf2::PBKDF2_HMAC_SHA384,
            HMAC_SHA512 => pbkdf2::PBKDF2_HMAC_SHA512,
            other => return Err(unsupported(other)),
        };
        if key_length.is_some_and(|length| usize::from(length) != cipher.key_length()) {
            return Err(damaged());
        }
        let initial_vector: &OctetStringRef = scheme.parameters()?;
        let initial_vector = Zeroizing::new(initial_vector.as_bytes().to_vec());
        let mut key = Zeroizing::new(vec![0; cipher.key_length()]);
        pbkdf2::derive(hash, self.work(iterations)?, salt.as_bytes(), self.text.as_bytes(), &mut key);
        Ok(Keyed { cipher, key, initial_vector })
    }

    fn pfx_scheme(&mut self, scheme: &Algorithm<'_>, cipher: Cipher) -> Result<Keyed, String> {
        let PfxScheme { salt, iterations } = scheme.parameters()?;
        let mut derive = |purpose, length| {
            self.derive(&digest::SHA1_FOR_LEGACY_USE_ONLY, purpose, salt.as_bytes(), iterations, length)
        };
        let key = derive(Purpose::Key, cipher.key_length())?;
        Ok(Keyed { cipher, key, initial_vector: derive(Purpose::InitialVector, 8)? })
    }

    /// Derives a key as PFX files do (RFC 7292, appendix B).
    pub(super) fn derive(
        &mut self,
        hash: &'static digest::Algorithm,
        purpose: Purpose,
        salt: &[u8],
        iterations: u32,
        length: usize,
    ) -> Result<Zeroizing<Vec<u8>>, String> {
        let iterations = self.work(iterations)?.get();
        let block = hash.block_len();
        let filled = |text: &[u8]| text.len().next_multiple_of(block);
        let mut input = Zeroizing::new(Vec::with_capacity(filled(salt) + filled(&self.wide)));
        for text in [salt, &self.wide] {
            input.extend(text.iter().cycle().take(filled(text)));
        }
        let mut derived = Zeroizing::new(Vec::with_capacity(length + hash.output_len()));
        while derived.len() < length {
            let mut context = digest::Context::new(hash);
            context.update(&vec![purpose as u8; block]);
            context.update(&input);
            let hashed =
                (1..iterations).fold(context.finish(), |hashed, _| digest::digest(hash, hashed.as_ref()));
            derived.extend(hashed.as_ref());
            let addend: Vec<u8> = hashed.as_ref().iter().copied().cycle().take(block).collect();
            input.chunks_mut(block).for_each(|chunk| add_with_one(chunk, &addend));
        }
        derived.truncate(length);
        Ok(derived)
    }

    /// Allows work to be done, while it is not too much.
    fn work(&mut self, iterations: u32) -> Result<NonZeroU32, String> {
        let left = self.iterations_left.checked_sub(iterations);
        self.iterations_left = left.ok_or_else(|| {
            format!("its password would have to be hashed more than {MAX_ITERATIONS} times")
        })?;
        NonZeroU32::new(iterations).ok_or_else(damaged)
    }
}

/// Adds to a number of the same length, both with their highest byte first, and one more; what overflows is lost.
fn add_with_one(number: &mut [u8], addend: &[u8]) {
    let mut carry = 1;
    for (byte, added) in number.iter_mut().rev().zip(addend.iter().rev()) {
        let sum = u16::from(*byte) + u16::from(*added) + carry;
        (*byte, carry) = ((sum & 0xff) as u8, sum >> 8);
    }
}

impl Cipher {
    fn of(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            AES_128_CBC => Some(Self::Aes128),
            AES_256_CBC => Some(Self::Aes256),
            DES_EDE3_CBC => Some(Self::TripleDes),
            _ => None,
        }
    }

    const fn key_length(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes256 => 32,
            Self::TripleDes => 24,
            Self::Rc2 => 5,
        }
    }
}

impl Keyed {
    /// Decrypts in place, and returns how much is left without the padding; none where that is wrong.
    fn decrypt(&self, data: &mut [u8]) -> Option<usize> {
        match self.cipher {
            Cipher::Aes128 => self.chain(Aes128::new_from_slice(&self.key).ok()?, data),
            Cipher::Aes256 => self.chain(Aes256::new_from_slice(&self.key).ok()?, data),
            Cipher::TripleDes => self.chain(TdesEde3::new_from_slice(&self.key).ok()?, data),
            Cipher::Rc2 => self.chain(Rc2::new_with_eff_key_len(&self.key, 40), data),
        }
    }

    fn chain<C: BlockCipherDecrypt>(&self, cipher: C, data: &mut [u8]) -> Option<usize> {
        let initial_vector = self.initial_vector.as_slice().try_into().ok()?;
        let decryptor = Decryptor::inner_iv_init(cipher, initial_vector);
        decryptor.decrypt_padded::<Pkcs7>(data).ok().map(<[u8]>::len)
    }
}

/// Reads what is known to be there by what stands before it.
pub(super) fn part<'a, T>(part: AnyRef<'a>) -> Result<T, String>
where
    T: Choice<'a> + DecodeValue<'a>,
{
    part.decode_as().map_err(|_| damaged())
}

pub(super) fn damaged() -> String {
    "is damaged, or not in DER form".to_owned()
}

pub(super) fn unsupported(oid: ObjectIdentifier) -> String {
    let oid = oid.to_string();
    let name = NAMES.iter().find(|(known, _)| *known == oid).map_or(oid.as_str(), |(_, name)| name);
    format!("is locked with {name}, which libkv does not support")
}
