//! Signatures of authorities: RSA (RFC 8017, PKCS #1 v1.5) and ECDSA over P-256 and P-384, with SHA-2.
//!
//! RSA is verified with the big numbers that ECDSA brings along: crate `rsa` has no release on them, and
//! to verify with a public key is one power and one comparison.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::StampError;
use super::der::{BIT_STRING, Der, INTEGER, OID, SEQUENCE, dotted};

/// Bits of an RSA key.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=8_192;

/// Most bits of its exponent; in use is 65,537.
const EXPONENT_BITS: u32 = 33;

/// A hash that signatures use.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum HashKind {
    Sha256,
    Sha384,
    Sha512,
}

impl HashKind {
    /// By the object identifier of the hash, or of a signature with it.
    pub(super) fn by_oid(oid: &str) -> Option<Self> {
        match oid {
            "2.16.840.1.101.3.4.2.1" | "1.2.840.113549.1.1.11" | "1.2.840.10045.4.3.2" => {
                Some(Self::Sha256)
            }
            "2.16.840.1.101.3.4.2.2" | "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" => {
                Some(Self::Sha384)
            }
            "2.16.840.1.101.3.4.2.3" | "1.2.840.113549.1.1.13" | "1.2.840.10045.4.3.4" => {
                Some(Self::Sha512)
            }
            _ => None,
        }
    }

    pub(super) fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    /// `DigestInfo` up to the hash (RFC 8017 section 9.2, note 1).
    fn digest_info(self) -> Vec<u8> {
        let (last, length) = match self {
            Self::Sha256 => (1, 32),
            Self::Sha384 => (2, 48),
            Self::Sha512 => (3, 64),
        };
        let mut bytes = vec![0x30, 17 + length, 0x30, 13, 0x06, 9];
        bytes.extend([0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last]);
        bytes.extend([0x05, 0x00, 0x04, length]);
        bytes
    }
}

/// Checks a signature over `signed` with the key of a certificate.
///
/// `key` is `SubjectPublicKeyInfo`; `algorithm` and `hash` are object identifiers of the signer.
pub(super) fn verify(
    key: Der<'_>,
    algorithm: &str,
    hash: HashKind,
    signed: &[u8],
    signature: &[u8],
) -> Result<(), StampError> {
    const RSA: &str = "1.2.840.113549.1.1.1";
    const EC: &str = "1.2.840.10045.2.1";
    let mut key = key;
    let mut kind = key.enter(SEQUENCE).ok_or(StampError::Form)?;
    let kind_oid = oid(&mut kind).ok_or(StampError::Form)?;
    let bits = key.take(BIT_STRING).ok_or(StampError::Form)?.content;
    let (unused, bits) = bits.split_first().ok_or(StampError::Form)?;
    if *unused != 0 {
        return Err(StampError::Form);
    }
    let is_rsa = algorithm == RSA || algorithm.starts_with("1.2.840.113549.1.1.1");
    let is_ecdsa = algorithm.starts_with("1.2.840.10045.4.3.");
    if algorithm != RSA {
        match HashKind::by_oid(algorithm) {
            Some(own) if own == hash => {}
            Some(_) => return Err(StampError::UnknownAlgorithm("two different hashes")),
            None => return Err(unknown(algorithm)),
        }
    }
    let digest = hash.of(signed);
    let fits = match kind_oid.as_str() {
        RSA if is_rsa => rsa(bits, hash, &digest, signature)?,
        EC if is_ecdsa => match oid(&mut kind).unwrap_or_default().as_str() {
            "1.2.840.10045.3.1.7" => p256(bits, &digest, signature).ok_or(StampError::Signature)?,
            "1.3.132.0.34" => p384(bits, &digest, signature).ok_or(StampError::Signature)?,
            "" => return Err(StampError::UnknownAlgorithm("a curve without a name")),
            other => return Err(unknown(other)),
        },
        other => return Err(unknown(other)),
    };
    fits.then_some(()).ok_or(StampError::Signature)
}

/// The refusal of an algorithm, by the name under which an authority knows it.
pub(super) fn unknown(oid: &str) -> StampError {
    StampError::UnknownAlgorithm(match oid {
        "1.2.840.113549.2.5" | "1.2.840.113549.1.1.4" => "MD5",
        "1.3.14.3.2.26" | "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" => "SHA-1",
        "2.16.840.1.101.3.4.2.2" => "SHA-384",
        "2.16.840.1.101.3.4.2.3" => "SHA-512",
        "2.16.840.1.101.3.4.2.4" => "SHA-224",
        "1.2.840.113549.1.1.10" => "RSA-PSS",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        "1.3.132.0.10" => "secp256k1",
        "1.3.132.0.33" => "P-224",
        "1.3.132.0.35" => "P-521",
        _ => match oid {
            other if other.starts_with("2.16.840.1.101.3.4.2.") => "SHA-3",
            other if other.starts_with("1.3.36.3.3.2.8.1.1.") => "Brainpool",
            other if other.starts_with("1.2.840.10040.4.") => "DSA",
            // Of Russia, and of Kazakhstan.
            other if other.starts_with("1.2.643.") || other.starts_with("1.2.398.") => "GOST",
            _ => "an algorithm without a name here",
        },
    })
}

/// The object identifier that comes next.
pub(super) fn oid(der: &mut Der<'_>) -> Option<String> {
    dotted(der.take(OID)?.content)
}

fn p256(key: &[u8], digest: &[u8], signature: &[u8]) -> Option<bool> {
    use p256::ecdsa::{Signature, VerifyingKey};
    let key = VerifyingKey::from_sec1_bytes(key).ok()?;
    let signature = Signature::from_der(signature).ok()?;
    Some(key.verify_prehash(digest, &signature).is_ok())
}

fn p384(key: &[u8], digest: &[u8], signature: &[u8]) -> Option<bool> {
    use p384::ecdsa::{Signature, VerifyingKey};
    let key = VerifyingKey::from_sec1_bytes(key).ok()?;
    let signature = Signature::from_der(signature).ok()?;
    Some(key.verify_prehash(digest, &signature).is_ok())
}

/// RSASSA-PKCS1-v1_5: the signature to the power of e must be exactly the padded hash.
fn rsa(key: &[u8], hash: HashKind, digest: &[u8], signature: &[u8]) -> Result<bool, StampError> {
    let mut key = Der::new(key).enter(SEQUENCE).ok_or(StampError::Form)?;
    let n = unsigned(&mut key).ok_or(StampError::Form)?;
    let e = unsigned(&mut key).ok_or(StampError::Form)?;
    if !RSA_BITS.contains(&(n.len() * 8)) {
        return Err(StampError::UnknownAlgorithm(match n.len() * 8 {
            short if short < *RSA_BITS.start() => "RSA under 2048 bits",
            _ => "RSA over 8192 bits",
        }));
    }
    if signature.len() != n.len() {
        return Ok(false);
    }
    let info = hash.digest_info();
    let mut expected = vec![0xff; n.len()];
    let Some(padding) = n.len().checked_sub(3 + info.len() + digest.len()) else {
        return Ok(false);
    };
    expected.truncate(2 + padding);
    expected.splice(..2, [0, 1]);
    expected.push(0);
    expected.extend(info);
    expected.extend(digest);

    let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
    let (n, e) = (number(n), number(e));
    let power = number(signature);
    if e.bits() > EXPONENT_BITS || e.bits() < 2 || power >= n {
        return Ok(false);
    }
    let n: Odd<BoxedUint> = Option::from(Odd::new(n)).ok_or(StampError::Form)?;
    let params = BoxedMontyParams::new_vartime(n);
    let power = BoxedMontyForm::new(power, &params).pow_bounded_exp(&e, EXPONENT_BITS);
    let found = power.retrieve().to_be_bytes();
    // As wide as the machine's words: zeros may stand in front.
    let zeros = found.len().saturating_sub(expected.len());
    let (front, found) = found.split_at_checked(zeros).unwrap_or_default();
    Ok(front.iter().all(|byte| *byte == 0) && found == expected)
}

/// A positive integer without the zero in front.
fn unsigned<'a>(der: &mut Der<'a>) -> Option<&'a [u8]> {
    let content = der.take(INTEGER)?.content;
    match content.split_first()? {
        (0, rest) if !rest.is_empty() => Some(rest),
        (first, _) if *first < 0x80 => Some(content),
        _ => None,
    }
}
