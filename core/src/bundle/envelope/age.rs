//! The header of an age file (C2SP age.md, version 1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use curve25519_dalek::montgomery::MontgomeryPoint;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Recipient;
use crate::random::{self, NoRandomness};

/// The key from which all of a file follows.
pub(super) type FileKey = Zeroizing<[u8; 16]>;

/// log2 of scrypt's N: 256 MiB and about a second, as `age` itself takes.
const WORK_FACTOR: u8 = 18;

const VERSION: &str = "age-encryption.org/v1\n";
const X25519_INFO: &[u8] = b"age-encryption.org/v1/X25519";
const SCRYPT_SALT: &[u8] = b"age-encryption.org/v1/scrypt";

/// One stanza a recipient.
pub(super) fn to_recipients(
    recipients: &[Recipient],
    file_key: &FileKey,
) -> Result<String, NoRandomness> {
    let mut stanzas = String::new();
    for recipient in recipients {
        stanzas.push_str(&x25519(recipient, &random::key()?, file_key));
    }
    Ok(stanzas)
}

/// The one stanza of a passphrase.
pub(super) fn to_passphrase(passphrase: &[u8], file_key: &FileKey) -> Result<String, NoRandomness> {
    let salt = random::bytes::<16>()?;
    Ok(scrypt_stanza(passphrase, &salt, WORK_FACTOR, file_key))
}

/// The header with these stanzas, and its MAC.
pub(super) fn header(stanzas: &str, file_key: &FileKey) -> String {
    let mut header = format!("{VERSION}{stanzas}---");
    let mac = STANDARD_NO_PAD.encode(mac(header.as_bytes(), file_key));
    header.push(' ');
    header.push_str(&mac);
    header.push('\n');
    header
}

/// HMAC over the header up to and with `---`.
pub(super) fn mac(header: &[u8], file_key: &FileKey) -> [u8; 32] {
    let key = expand(&[], file_key.as_ref(), b"header");
    // EXPOSE: HMAC takes plain bytes, padded with zeros to its block.
    let mut block = Zeroizing::new([0; 64]);
    crate::bytes::put(block.as_mut(), 0, key.as_ref());
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    mac.update(header);
    mac.finalize().into_bytes().into()
}

/// The key of the chunks.
pub(super) fn payload_key(file_key: &FileKey, nonce: &[u8; 16]) -> Zeroizing<[u8; 32]> {
    expand(nonce, file_key.as_ref(), b"payload")
}

/// The key that wraps the file key, of whoever has both keys of one side and one of the other.
pub(super) fn x25519_key(
    shared: &Zeroizing<[u8; 32]>,
    share: &[u8; 32],
    recipient: &[u8; 32],
) -> Zeroizing<[u8; 32]> {
    expand(
        &[share.as_slice(), recipient].concat(),
        shared.as_ref(),
        X25519_INFO,
    )
}

/// The key that wraps the file key, of a passphrase.
pub(super) fn scrypt_key(passphrase: &[u8], salt: &[u8; 16], work: u8) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    let salt = [SCRYPT_SALT, salt].concat();
    // The parameters are constants that fit, and so is the length.
    if let Ok(params) = scrypt::Params::new(work, 8, 1) {
        let made = scrypt::scrypt(passphrase, &salt, &params, key.as_mut());
        debug_assert!(made.is_ok());
    }
    key
}

fn x25519(recipient: &Recipient, secret: &Zeroizing<[u8; 32]>, file_key: &FileKey) -> String {
    let share = MontgomeryPoint::mul_base_clamped(**secret).to_bytes();
    let shared = MontgomeryPoint(recipient.0).mul_clamped(**secret);
    let key = x25519_key(&Zeroizing::new(shared.to_bytes()), &share, &recipient.0);
    let share = STANDARD_NO_PAD.encode(share);
    format!("-> X25519 {share}\n{}\n", wrapped(&key, file_key))
}

fn scrypt_stanza(passphrase: &[u8], salt: &[u8; 16], work: u8, file_key: &FileKey) -> String {
    let key = scrypt_key(passphrase, salt, work);
    let salt = STANDARD_NO_PAD.encode(salt);
    format!("-> scrypt {salt} {work}\n{}\n", wrapped(&key, file_key))
}

/// The file key under a key that is used once: 32 bytes, which fit on one line.
fn wrapped(key: &Zeroizing<[u8; 32]>, file_key: &FileKey) -> String {
    let aead = ChaCha20Poly1305::new((&**key).into());
    let sealed = aead.encrypt(&[0; 12].into(), file_key.as_ref());
    STANDARD_NO_PAD.encode(sealed.unwrap_or_default())
}

fn expand(salt: &[u8], key: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    let expanded = Hkdf::<Sha256>::new(Some(salt), key).expand(info, out.as_mut());
    debug_assert!(expanded.is_ok(), "32 bytes are no more than HKDF gives");
    out
}
