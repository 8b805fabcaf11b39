//! Trusted time (RFC 3161): the request for a token over a checkpoint, and the answer, kept byte for
//! byte. Nobody here is trusted: an answer is held against its request and against its own
//! certificate; whether to trust that certificate is for whoever reads the bundle to check.

mod answer;
#[cfg(test)]
pub(crate) mod authority;
mod der;
mod signature;
#[cfg(test)]
mod tests;

use std::fmt;

pub use self::answer::Answer;
pub(crate) use self::answer::{token, with_status};

/// Largest answer that is kept, in bytes; they have 2 to 8 kB.
pub const MAX_ANSWER: usize = 64_000;

/// Largest chain of certificates that is kept, in bytes.
pub const MAX_CHAIN: usize = 64_000;

/// Size of every request in bytes.
pub const REQUEST_BYTES: usize = 69;

/// What an authority is asked to put a time to: a hash, and a number that comes back in the answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Request {
    imprint: [u8; 32],
    nonce: [u8; 8],
}

/// `TimeStampReq` version 1 up to the hash: SHA-256, without a policy.
const BEFORE_IMPRINT: [u8; 24] = [
    0x30, 0x43, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
    0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
];
const BEFORE_NONCE: [u8; 2] = [0x02, 0x08];
/// `certReq` is true: without the certificate the answer could not be checked here.
const AFTER_NONCE: [u8; 3] = [0x01, 0x01, 0xff];

impl Request {
    /// Asks for a time of the text with this SHA-256. Two bits of the number are set, so that it has
    /// one length.
    pub(crate) fn new(imprint: [u8; 32], mut nonce: [u8; 8]) -> Self {
        let [first, ..] = &mut nonce;
        *first = *first & 0x3f | 0x40;
        Self { imprint, nonce }
    }

    /// The bytes of a `.tsq` file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [
            &BEFORE_IMPRINT[..],
            &self.imprint,
            &BEFORE_NONCE,
            &self.nonce,
            &AFTER_NONCE,
        ]
        .concat()
    }

    /// Reads exactly those bytes.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let imprint = bytes.get(24..56)?.try_into().ok()?;
        let nonce = bytes.get(58..66)?.try_into().ok()?;
        let request = Self { imprint, nonce };
        (request.to_bytes() == bytes && request == Self::new(imprint, nonce)).then_some(request)
    }

    /// SHA-256 of what is stamped.
    #[must_use]
    pub fn imprint(&self) -> &[u8; 32] {
        &self.imprint
    }
}

/// Why the answer of an authority is not kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StampError {
    /// Over [`MAX_ANSWER`].
    TooLarge,
    /// Neither a `TimeStampResp` nor a token in DER.
    Form,
    /// The authority gave no token.
    Refused {
        /// Its status, 2 to 5 (RFC 3161 section 2.4.2).
        status: u8,
    },
    /// About another hash than was asked for.
    OtherImprint,
    /// With another number than was asked for, or none.
    OtherNonce,
    /// The certificate of the signer is not in it.
    NoCertificate,
    /// Made with this algorithm, which is too weak or cannot be checked here.
    UnknownAlgorithm(&'static str),
    /// Its signature is not of its content and its certificate.
    Signature,
    /// The certificates given with it are no PEM, or over [`MAX_CHAIN`].
    Chain,
    /// This answer is in the log already.
    KeptAlready,
    /// The time in it does not fit the device's clock.
    OffClock,
}

impl std::error::Error for StampError {}

impl fmt::Display for StampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "larger than any answer of a time-stamping authority: check the file",
            Self::Form => {
                "not an answer of a time-stamping authority (RFC 3161, DER): check the file"
            }
            Self::Refused { status } => {
                return write!(
                    f,
                    "the authority refused (status {status}): send the request again, or to another \
                     authority"
                );
            }
            Self::OtherImprint => {
                "the answer is not to a request of this diary: take the one to its latest request"
            }
            Self::OtherNonce => {
                "the answer does not carry the number of the request: send the request as it is"
            }
            Self::NoCertificate => {
                "the answer lacks the signer's certificate: ask an authority that sends it along"
            }
            Self::UnknownAlgorithm(name) => {
                return write!(
                    f,
                    "the answer uses {name}, which is too weak or cannot be checked here: ask an authority \
                     that signs with RSA (2048 bits or more, PKCS #1 v1.5) or ECDSA (P-256, P-384), and SHA-2"
                );
            }
            Self::Signature => {
                "the signature of the answer is wrong: it was changed on the way; ask again"
            }
            Self::Chain => {
                "the chain is no PEM file of certificates of at most 64 kB: check the file"
            }
            Self::OffClock => {
                "the time in the answer does not fit this device's clock, and it stays in the log for good: \
                 find out which is wrong; --despite-clock keeps it"
            }
            Self::KeptAlready => {
                "this answer is in the log already: nothing to do; with other certificates it can come again"
            }
        })
    }
}

/// Checks that a file holds certificates in PEM and nothing that is secret.
pub(crate) fn check_chain(bytes: &[u8]) -> Result<&str, StampError> {
    let text = std::str::from_utf8(bytes).map_err(|_| StampError::Chain)?;
    let begins = text.matches("-----BEGIN ").count();
    let certificates = text.matches("-----BEGIN CERTIFICATE-----").count();
    if bytes.len() > MAX_CHAIN || certificates == 0 || begins != certificates {
        return Err(StampError::Chain);
    }
    Ok(text)
}
