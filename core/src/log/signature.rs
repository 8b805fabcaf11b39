//! Ed25519 signatures in the three forms that other people's tools check: raw with an SPKI key
//! (openssl), SSHSIG (ssh-keygen), and a signed note (tlog tools).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

use super::checkpoint::{Checkpoint, Origin};

/// SSHSIG namespace for checkpoints.
pub(crate) const CHECKPOINT_NAMESPACE: &str = "checkpoint@incident-diary.v1";
/// SSHSIG namespace for the text that binds a bundle's files.
pub(crate) const BUNDLE_NAMESPACE: &str = "bundle@incident-diary.v1";

/// The log's signing key. It identifies the installation, not a person.
pub(crate) struct LogKey(SigningKey);

/// The public half of a log's key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct LogPublicKey(VerifyingKey);

impl LogKey {
    /// Derived from the seed alone (RFC 8032 section 5.1.5); wiped on drop.
    pub(crate) fn from_seed(seed: &Zeroizing<[u8; 32]>) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    pub(crate) fn public(&self) -> LogPublicKey {
        LogPublicKey(self.0.verifying_key())
    }

    /// 64 bytes over the message itself.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    /// An armored SSHSIG (OpenSSH PROTOCOL.sshsig) over the SHA-512 of the message.
    pub(crate) fn sign_ssh(&self, namespace: &str, message: &[u8]) -> String {
        let signature = self.sign(&ssh_signed_data(namespace, message));
        let mut blob = ssh_prefix(&self.public(), namespace);
        blob.extend_from_slice(&signature);
        armor(&blob)
    }

    /// A checkpoint as a signed note (C2SP signed-note).
    pub(crate) fn sign_note(&self, checkpoint: &Checkpoint) -> String {
        note(
            checkpoint,
            &self.public(),
            &self.sign(checkpoint.text().as_bytes()),
        )
    }
}

impl LogPublicKey {
    /// A key from its 32 bytes; `None` for what is no point of the curve.
    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        VerifyingKey::from_bytes(bytes)
            .ok()
            .filter(|key| !key.is_weak())
            .map(Self)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    pub(crate) fn origin(&self) -> Origin {
        Origin::of_key(self.as_bytes())
    }

    /// The key as SubjectPublicKeyInfo (RFC 8410) in PEM (RFC 7468).
    pub(crate) fn to_pem(self) -> String {
        let mut der = SPKI_PREFIX.to_vec();
        der.extend_from_slice(self.as_bytes());
        format!("{PEM_BEGIN}{}{PEM_END}", STANDARD.encode(der))
    }

    /// Reads exactly the form that [`LogPublicKey::to_pem`] writes.
    pub(crate) fn from_pem(pem: &str) -> Option<Self> {
        let body = pem.strip_prefix(PEM_BEGIN)?.strip_suffix(PEM_END)?;
        let der = STANDARD.decode(body).ok()?;
        Self::from_bytes(der.strip_prefix(&SPKI_PREFIX)?.try_into().ok()?)
    }

    /// A line for `ssh-keygen -Y verify -f allowed_signers -I log`.
    pub(crate) fn to_allowed_signers(self) -> String {
        let key = STANDARD.encode(ssh_key(&self));
        format!("log namespaces=\"{CHECKPOINT_NAMESPACE},{BUNDLE_NAMESPACE}\" ssh-ed25519 {key}\n")
    }

    /// Checks a raw signature, strictly (no malleable forms).
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }

    /// Checks an armored SSHSIG of exactly the form that [`LogKey::sign_ssh`] writes.
    pub(crate) fn verify_ssh(&self, namespace: &str, message: &[u8], armored: &str) -> bool {
        let prefix = ssh_prefix(self, namespace);
        dearmor(armored)
            .as_deref()
            .and_then(|blob| blob.strip_prefix(prefix.as_slice()))
            .is_some_and(|signature| self.verify(&ssh_signed_data(namespace, message), signature))
    }

    /// Checks that a note is the checkpoint with this raw signature, byte for byte.
    pub(crate) fn is_note(&self, note_text: &str, checkpoint: &Checkpoint, raw: &[u8]) -> bool {
        <[u8; 64]>::try_from(raw).is_ok_and(|raw| note(checkpoint, self, &raw) == note_text)
    }
}

/// SubjectPublicKeyInfo of Ed25519 up to the key (RFC 8410 section 4).
const SPKI_PREFIX: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];
const PEM_BEGIN: &str = "-----BEGIN PUBLIC KEY-----\n";
const PEM_END: &str = "\n-----END PUBLIC KEY-----\n";
const SSH_BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
const SSH_END: &str = "-----END SSH SIGNATURE-----\n";
/// Columns of ssh-keygen's own armor.
const SSH_COLUMNS: usize = 70;

/// The signature algorithm byte of Ed25519 in a note's key id.
const NOTE_ED25519: u8 = 1;

fn note(checkpoint: &Checkpoint, key: &LogPublicKey, raw: &[u8; 64]) -> String {
    let name = key.origin().to_string();
    let id: [u8; 32] = Sha256::new()
        .chain_update(&name)
        .chain_update([b'\n', NOTE_ED25519])
        .chain_update(key.as_bytes())
        .finalize()
        .into();
    let signature: Vec<u8> = id.iter().take(4).chain(raw).copied().collect();
    format!(
        "{}\n\u{2014} {name} {}\n",
        checkpoint.text(),
        STANDARD.encode(signature)
    )
}

fn ssh_string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}

fn ssh_key(key: &LogPublicKey) -> Vec<u8> {
    let mut blob = Vec::new();
    ssh_string(&mut blob, b"ssh-ed25519");
    ssh_string(&mut blob, key.as_bytes());
    blob
}

/// The bytes that are signed.
fn ssh_signed_data(namespace: &str, message: &[u8]) -> Vec<u8> {
    let mut data = b"SSHSIG".to_vec();
    ssh_string(&mut data, namespace.as_bytes());
    ssh_string(&mut data, b"");
    ssh_string(&mut data, b"sha512");
    ssh_string(&mut data, &Sha512::digest(message));
    data
}

/// The signature file up to the 64 bytes of the signature.
fn ssh_prefix(key: &LogPublicKey, namespace: &str) -> Vec<u8> {
    let mut blob = b"SSHSIG".to_vec();
    blob.extend_from_slice(&1u32.to_be_bytes());
    ssh_string(&mut blob, &ssh_key(key));
    ssh_string(&mut blob, namespace.as_bytes());
    ssh_string(&mut blob, b"");
    ssh_string(&mut blob, b"sha512");
    blob.extend_from_slice(&83u32.to_be_bytes());
    ssh_string(&mut blob, b"ssh-ed25519");
    blob.extend_from_slice(&64u32.to_be_bytes());
    blob
}

fn armor(blob: &[u8]) -> String {
    let base64 = STANDARD.encode(blob);
    let mut text = SSH_BEGIN.to_owned();
    for (at, character) in base64.chars().enumerate() {
        if at > 0 && at % SSH_COLUMNS == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push('\n');
    text.push_str(SSH_END);
    text
}

fn dearmor(text: &str) -> Option<Vec<u8>> {
    let body = text.strip_prefix(SSH_BEGIN)?.strip_suffix(SSH_END)?;
    let blob = STANDARD.decode(body.replace('\n', "")).ok()?;
    (armor(&blob) == text).then_some(blob)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;

    fn key() -> LogKey {
        LogKey::from_seed(&Zeroizing::new([7; 32]))
    }

    /// RFC 8032 section 7.1, test 2.
    #[test]
    fn raw_signatures_are_those_of_rfc_8032() {
        let seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
        let key = LogKey::from_seed(&Zeroizing::new(hex::decode(seed).unwrap()));
        let public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        assert_eq!(hex::encode(key.public().as_bytes()), public);
        let signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
        assert_eq!(hex::encode(&key.sign(&[0x72])), signature);
    }

    #[test]
    fn section_11_every_form_verifies_and_no_altered_one_does() {
        let (key, public) = (key(), key().public());
        let raw = key.sign(b"text");
        assert!(public.verify(b"text", &raw));
        assert!(!public.verify(b"texT", &raw));
        assert!(!public.verify(b"text", &raw[..63]));

        let ssh = key.sign_ssh(BUNDLE_NAMESPACE, b"text");
        assert!(public.verify_ssh(BUNDLE_NAMESPACE, b"text", &ssh));
        assert!(!public.verify_ssh(CHECKPOINT_NAMESPACE, b"text", &ssh));
        assert!(!public.verify_ssh(BUNDLE_NAMESPACE, b"texT", &ssh));
        for at in 0..ssh.len() {
            let mut altered = ssh.clone().into_bytes();
            altered[at] ^= 1;
            if let Ok(altered) = String::from_utf8(altered) {
                assert!(
                    !public.verify_ssh(BUNDLE_NAMESPACE, b"text", &altered),
                    "{at}"
                );
            }
        }

        assert_eq!(LogPublicKey::from_pem(&public.to_pem()), Some(public));
        assert_eq!(
            LogPublicKey::from_pem(&public.to_pem().replace('\n', "\r\n")),
            None
        );
    }

    #[test]
    fn section_11_a_note_carries_the_same_64_bytes() {
        let (key, public) = (key(), key().public());
        let checkpoint = Checkpoint {
            origin: public.origin(),
            size: 3,
            root: [1; 32],
        };
        let raw = key.sign(checkpoint.text().as_bytes());
        let note = key.sign_note(&checkpoint);
        assert!(public.is_note(&note, &checkpoint, &raw));
        assert!(!public.is_note(
            &note,
            &Checkpoint {
                size: 4,
                ..checkpoint
            },
            &raw
        ));
        assert!(!public.is_note(&format!("{note}\n"), &checkpoint, &raw));
    }
}
