//! Files as programs make them, and what is signed with their keys. The key is the same in all.

use std::{env, fs};

use super::{
    encryption::{Password, Purpose},
    *,
};

const PASSWORD: &str = "hunter2";
const PLAIN: &str = include_str!("testdata/plain.pem");
const ISSUER: &str = include_str!("testdata/issuer.pem");
const OPENSSL_3: &[u8] = include_bytes!("testdata/openssl-3.pfx");

fn certificate_alone() -> &'static str {
    PLAIN.split_at(PLAIN.find("-----BEGIN PRIVATE").unwrap()).0
}

fn read(bytes: impl AsRef<[u8]>, password: &str) -> Result<Certificate> {
    let file = env::temp_dir().join(format!("libkv-{}-{:x}", std::process::id(), fastrand::u64(..)));
    fs::write(&file, bytes).unwrap();
    let read = Certificate::read(&file, password);
    fs::remove_file(&file).unwrap();
    read
}

/// Why a file is not read. Shows nothing of the file or of the password.
fn refused(bytes: impl AsRef<[u8]>, password: &str) -> String {
    let error = read(bytes, password).unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(PASSWORD) && !shown.contains("MII"), "{shown}");
    assert!(error.advice().unwrap().contains("credential.certificate_password"), "{shown}");
    let message = error.message().strip_prefix("credential.certificate_path: ").unwrap();
    message.split_once(": ").unwrap().1.to_owned()
}

#[test]
fn what_programs_write_is_read() {
    let thumbprint = read(PLAIN, "").unwrap().thumbprint;
    let pem = |key: &str| [certificate_alone(), key].concat().into_bytes();
    for (name, file, password) in [
        ("AES-256 and a MAC with SHA-256", OPENSSL_3.to_vec(), PASSWORD),
        (
            "RC2-40, 3DES and SHA-1",
            include_bytes!("testdata/openssl-1.pfx").to_vec(),
            "h\u{fc}nter\u{1f511}2",
        ),
        ("an empty password", include_bytes!("testdata/empty-password.pfx").to_vec(), ""),
        ("no password", include_bytes!("testdata/absent-password.pfx").to_vec(), ""),
        ("a PEM key under AES-256", pem(include_str!("testdata/locked.pem")), PASSWORD),
        ("a PEM key under 3DES", pem(include_str!("testdata/locked-3des.pem")), PASSWORD),
        ("an issuer first", [ISSUER, PLAIN].concat().into_bytes(), ""),
        ("a password that nobody needs", PLAIN.into(), PASSWORD),
        ("bytes before it that are no text", [b"\xe4\n", PLAIN.as_bytes()].concat(), ""),
    ] {
        let certificate = read(file, password).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(certificate.thumbprint, thumbprint, "{name}");
    }
}

#[test]
fn a_password_that_is_wrong_or_missing_is_told() {
    for password in ["", "hunter3"] {
        assert_eq!(refused(OPENSSL_3, password), "its password is wrong or missing, or it is damaged");
        let pem = [certificate_alone(), include_str!("testdata/locked.pem")].concat();
        // One time in 256, rubbish ends as padding does; this key and these passwords are not that time.
        assert_eq!(refused(pem, password), "its password is wrong or missing");
    }
}

#[test]
fn what_is_not_supported_is_named() {
    let pem = |key: &str| [certificate_alone(), key].concat();
    let refused = |bytes: &[u8]| refused(bytes, PASSWORD);
    assert!(refused(include_bytes!("testdata/aes-192.pfx")).starts_with("is locked with AES-192-CBC"));
    assert!(refused(pem(include_str!("testdata/locked-scrypt.pem")).as_bytes()).contains("scrypt"));
    assert!(refused(pem(include_str!("testdata/locked-old.pem")).as_bytes()).contains("OpenSSL's old form"));
    assert!(refused(include_bytes!("testdata/no-mac.pfx")).starts_with("has no MAC"));
}

#[test]
fn a_file_that_lacks_something_is_told() {
    let (certificate, key) = (certificate_alone(), PLAIN.strip_prefix(certificate_alone()).unwrap());
    for (file, said) in [
        (String::new(), "is damaged, or not in DER form"),
        (certificate.to_owned(), "holds no private key"),
        (key.to_owned(), "holds no certificate of its key"),
        ([ISSUER, key].concat(), "holds no certificate of its key"),
        (PLAIN.replace("CAf", "C-f"), "is damaged, or not in DER form"),
        ("x".repeat((1 << 20) + 1), "is larger than 1048576 bytes"),
    ] {
        assert_eq!(refused(file, ""), said);
    }
    let missing = Certificate::read(Path::new("/nonexistent/c.pem"), "").unwrap_err();
    assert!(missing.message().contains("/nonexistent/c.pem"), "{missing}");
}

#[test]
fn a_damaged_file_is_refused_wherever_the_damage_is() {
    for at in (0..OPENSSL_3.len()).step_by(29) {
        let mut damaged = OPENSSL_3.to_vec();
        damaged[at] ^= 0x41;
        refused(damaged, PASSWORD);
    }
    for length in (0..OPENSSL_3.len()).step_by(151) {
        refused(&OPENSSL_3[..length], PASSWORD);
    }
}

#[test]
fn a_file_cannot_make_its_reader_work_for_ever() {
    let mut password = Password::new(PASSWORD);
    // Of a key without bytes, the work is allowed and not done.
    let mut allowed = |iterations| {
        password.derive(&digest::SHA256, Purpose::Mac, b"salt", iterations, 0).map(|key| key.len())
    };
    let too_much = "its password would have to be hashed more than 4000000 times";
    assert_eq!(allowed(u32::MAX).unwrap_err(), too_much);
    assert_eq!(allowed(0).unwrap_err(), "is damaged, or not in DER form");
    assert_eq!([allowed(3_000_000), allowed(1_000_000)], [Ok(0), Ok(0)]);
    assert_eq!(allowed(1).unwrap_err(), too_much);
}

#[test]
fn an_assertion_is_signed_by_the_certificate_s_key() {
    let certificate = read(PLAIN, "").unwrap();
    let now = Timestamp::from_unix_seconds(1_000);
    let assertion = certificate.assert("client", "https://login.example/t", now).unwrap();
    let parts: Vec<_> = assertion.split('.').collect();
    let json =
        |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
    assert_eq!(json(parts[0])["alg"], "PS256");
    let thumbprint =
        json(parts[0])["x5t#S256"].as_str().map(|text| URL_SAFE_NO_PAD.decode(text).unwrap().len());
    assert_eq!(thumbprint, Some(32));
    let claims = json(parts[1]);
    assert_eq!(
        (&claims["iss"], &claims["sub"], &claims["aud"]),
        (&json!("client"), &json!("client"), &json!("https://login.example/t"))
    );
    assert_eq!((&claims["nbf"], &claims["exp"]), (&json!(1_000), &json!(1_600)));
    let key =
        signature::UnparsedPublicKey::new(&signature::RSA_PSS_2048_8192_SHA256, certificate.key.public());
    let signed = assertion.rsplit_once('.').unwrap().0;
    key.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(parts[2]).unwrap()).unwrap();
}

#[test]
fn debug_hides_the_key() {
    let shown = format!("{:?}", read(PLAIN, "").unwrap());
    assert!(shown.starts_with("Certificate { thumbprint: \"") && !shown.contains("key"), "{shown}");
}
