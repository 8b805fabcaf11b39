//! The answer of an authority: `TimeStampResp` with a token in CMS `SignedData` (RFC 3161, RFC 5652).

use std::borrow::Cow;

use chrono::{NaiveDateTime, Timelike};

use super::der::{
    CONTEXT_0, CONTEXT_0_PLAIN, CONTEXT_3, Der, Element, GENERALIZED_TIME, INTEGER, OCTET_STRING,
    SEQUENCE, SET,
};
use super::signature::{self, HashKind, oid, unknown};
use super::{MAX_ANSWER, Request, StampError};

/// An answer whose signature is right for the certificate in it. Who that is, is not known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    imprint: Vec<u8>,
    nonce: Option<Vec<u8>>,
    time: String,
    signer: String,
}

/// Name of a signer in characters, at most.
const MAX_NAME: usize = 200;

const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
const KEY_IDENTIFIER: &str = "2.5.29.14";
/// Common name, organisation: the first that is there names a signer.
const NAMES: [&str; 2] = ["2.5.4.3", "2.5.4.10"];

impl Answer {
    /// Reads an answer, and checks its status and its own signature.
    ///
    /// # Errors
    /// Any of [`StampError`] but those of the request; [`StampError::OtherImprint`] if what it puts a
    /// time to is no SHA-256.
    pub fn parse(bytes: &[u8]) -> Result<Self, StampError> {
        if bytes.len() > MAX_ANSWER {
            return Err(StampError::TooLarge);
        }
        let mut outer = Der::new(bytes);
        let mut response = outer.enter(SEQUENCE).ok_or(StampError::Form)?;
        if !outer.is_empty() {
            return Err(StampError::Form);
        }
        let status = response
            .enter(SEQUENCE)
            .and_then(|mut info| info.take(INTEGER));
        match status.map(|status| status.content) {
            Some([0 | 1]) => {}
            Some([status @ 2..=5]) => return Err(StampError::Refused { status: *status }),
            _ => return Err(StampError::Form),
        }
        let token = response.enter(SEQUENCE).ok_or(StampError::Form)?;
        if !response.is_empty() {
            return Err(StampError::Form);
        }
        Self::from_token(token)
    }

    /// Whether it is the answer to this request.
    ///
    /// # Errors
    /// [`StampError::OtherImprint`], [`StampError::OtherNonce`].
    pub fn answers(&self, request: &Request) -> Result<(), StampError> {
        if self.imprint != request.imprint {
            return Err(StampError::OtherImprint);
        }
        if self.nonce.as_deref() != Some(&request.nonce[..]) {
            return Err(StampError::OtherNonce);
        }
        Ok(())
    }

    /// The hash that it puts a time to.
    #[must_use]
    pub fn imprint(&self) -> &[u8] {
        &self.imprint
    }

    /// The time it says, `2026-11-21T05:00:00Z`; a fraction of a second is left out.
    #[must_use]
    pub fn time(&self) -> &str {
        &self.time
    }

    /// What the certificate in it calls the signer: any text, by anybody.
    #[must_use]
    pub fn signer(&self) -> &str {
        &self.signer
    }

    fn from_token(mut token: Der<'_>) -> Result<Self, StampError> {
        if oid(&mut token).as_deref() != Some(SIGNED_DATA) {
            return Err(StampError::Form);
        }
        let parts = SignedData::read(&mut token).ok_or(StampError::Form)?;
        let signer = parts.signer.ok_or(StampError::NoCertificate)?;
        let hash = HashKind::by_oid(&parts.hash).ok_or_else(|| unknown(&parts.hash))?;
        // What is signed are the attributes as a SET; they hold the hash of the content.
        let attributes = Attributes::read(parts.attributes.inside()).ok_or(StampError::Form)?;
        if attributes.content_type != TST_INFO || attributes.digest != hash.of(parts.content) {
            return Err(StampError::Signature);
        }
        let mut signed = parts.attributes.whole.to_vec();
        if let Some(tag) = signed.first_mut() {
            *tag = SET;
        }
        let (key, algorithm) = (signer.key, &parts.algorithm);
        signature::verify(key, algorithm, hash, &signed, parts.signature)?;
        let read = Self::from_info(parts.content, name(signer.subject));
        let (answer, hash) = read.ok_or(StampError::Form)?;
        match hash.as_str() {
            SHA_256 => Ok(answer),
            // No request of this diary has another hash; the authority answered what it was asked.
            _ => Err(StampError::OtherImprint),
        }
    }

    /// `TSTInfo`, and the hash algorithm of its imprint.
    fn from_info(content: &[u8], signer: String) -> Option<(Self, String)> {
        let mut outer = Der::new(content);
        let mut info = outer.enter(SEQUENCE)?;
        if !outer.is_empty() || info.take(INTEGER)?.content != [1] {
            return None;
        }
        oid(&mut info)?; // the authority's policy
        let mut imprint = info.enter(SEQUENCE)?;
        let hash = oid(&mut imprint.enter(SEQUENCE)?)?;
        let imprint = imprint.take(OCTET_STRING)?.content;
        info.take(INTEGER)?; // its serial number
        let time = time(info.take(GENERALIZED_TIME)?.content)?;
        let mut nonce = None;
        while !info.is_empty() {
            // Accuracy, ordering, nonce, name, extensions: the number is the only integer.
            let element = info.next()?;
            if element.tag == INTEGER {
                nonce = Some(element.content.to_vec());
            }
        }
        let answer = Self {
            imprint: imprint.to_vec(),
            nonce,
            time,
            signer,
        };
        Some((answer, hash))
    }
}

/// The token in an answer, byte for byte.
pub(crate) fn token(answer: &[u8]) -> Option<&[u8]> {
    let mut response = Der::new(answer).enter(SEQUENCE)?;
    response.take(SEQUENCE)?; // its status
    response.take(SEQUENCE).map(|token| token.whole)
}

/// An answer as it is; a token alone as the answer that says "granted" and nothing else, so that every
/// program reads it in the same way. No byte of the token changes.
pub(crate) fn with_status(bytes: &[u8]) -> Cow<'_, [u8]> {
    const GRANTED: [u8; 5] = [0x30, 3, 2, 1, 0];
    let content = Der::new(bytes).enter(SEQUENCE);
    let first = content.and_then(|mut content| oid(&mut content));
    let Ok(length) = u16::try_from(GRANTED.len() + bytes.len()) else {
        return Cow::Borrowed(bytes);
    };
    if first.as_deref() != Some(SIGNED_DATA) {
        return Cow::Borrowed(bytes);
    }
    let head = match length.to_be_bytes() {
        [0, short @ ..0x80] => vec![SEQUENCE, short],
        [0, long] => vec![SEQUENCE, 0x81, long],
        [high, low] => vec![SEQUENCE, 0x82, high, low],
    };
    Cow::Owned([&head[..], &GRANTED, bytes].concat())
}

/// The parts of `SignedData` that count.
struct SignedData<'a> {
    content: &'a [u8],
    hash: String,
    algorithm: String,
    attributes: Element<'a>,
    signature: &'a [u8],
    signer: Option<Certificate<'a>>,
}

#[derive(Clone, Copy)]
struct Certificate<'a> {
    issuer: &'a [u8],
    serial: &'a [u8],
    subject: Der<'a>,
    key: Der<'a>,
    key_identifier: Option<&'a [u8]>,
}

impl<'a> SignedData<'a> {
    fn read(token: &mut Der<'a>) -> Option<Self> {
        let mut data = token.enter(CONTEXT_0)?.enter(SEQUENCE)?;
        if !token.is_empty() {
            return None;
        }
        data.take(INTEGER)?;
        data.take(SET)?;
        let mut encapsulated = data.enter(SEQUENCE)?;
        if oid(&mut encapsulated)? != TST_INFO {
            return None;
        }
        let content = encapsulated.enter(CONTEXT_0)?.take(OCTET_STRING)?.content;
        let certificates = data.optional(CONTEXT_0);
        data.optional(0xa1); // lists of revoked certificates
        let mut signers = data.enter(SET)?;
        let mut signer = signers.enter(SEQUENCE)?;
        if !signers.is_empty() || !data.is_empty() {
            return None; // a token has one signer
        }
        signer.take(INTEGER)?;
        let identifier = signer.next()?;
        let hash = oid(&mut signer.enter(SEQUENCE)?)?;
        let attributes = signer.take(CONTEXT_0)?;
        let algorithm = oid(&mut signer.enter(SEQUENCE)?)?;
        let signature = signer.take(OCTET_STRING)?.content;
        let mut found = None;
        let mut certificates = certificates.map_or(Der::new(&[]), Element::inside);
        while !certificates.is_empty() {
            let element = certificates.next()?;
            if element.tag == SEQUENCE {
                let certificate = Certificate::read(element)?;
                found = found.or(certificate.is_named_by(identifier).then_some(certificate));
            }
        }
        Some(Self {
            content,
            hash,
            algorithm,
            attributes,
            signature,
            signer: found,
        })
    }
}

impl<'a> Certificate<'a> {
    fn read(element: Element<'a>) -> Option<Self> {
        let mut body = element.inside().enter(SEQUENCE)?;
        body.optional(CONTEXT_0); // version
        let serial = body.take(INTEGER)?.content;
        body.take(SEQUENCE)?; // how it is signed
        let issuer = body.take(SEQUENCE)?.whole;
        body.take(SEQUENCE)?; // from when to when
        let subject = body.enter(SEQUENCE)?;
        let key = body.enter(SEQUENCE)?;
        let mut key_identifier = None;
        while !body.is_empty() {
            let part = body.next()?;
            if part.tag == CONTEXT_3 {
                key_identifier = identifier(part.inside().enter(SEQUENCE)?);
            }
        }
        Some(Self {
            issuer,
            serial,
            subject,
            key,
            key_identifier,
        })
    }

    /// By issuer and serial number, or by the identifier of its key.
    fn is_named_by(&self, identifier: Element<'_>) -> bool {
        match identifier.tag {
            SEQUENCE => {
                let mut parts = identifier.inside();
                let issuer = parts.take(SEQUENCE).map(|issuer| issuer.whole);
                let serial = parts.take(INTEGER).map(|serial| serial.content);
                issuer == Some(self.issuer) && serial == Some(self.serial)
            }
            CONTEXT_0_PLAIN => self.key_identifier == Some(identifier.content),
            _ => false,
        }
    }
}

/// `SubjectKeyIdentifier` among the extensions.
fn identifier(mut extensions: Der<'_>) -> Option<&[u8]> {
    while let Some(extension) = extensions.next() {
        let mut parts = extension.inside();
        if oid(&mut parts).as_deref() == Some(KEY_IDENTIFIER) {
            let value = parts.take(OCTET_STRING)?.inside().take(OCTET_STRING)?;
            return Some(value.content);
        }
    }
    None
}

/// The two signed attributes that every token has.
struct Attributes<'a> {
    content_type: String,
    digest: &'a [u8],
}

impl<'a> Attributes<'a> {
    fn read(mut set: Der<'a>) -> Option<Self> {
        let (mut content_type, mut digest) = (None, None);
        while !set.is_empty() {
            let mut attribute = set.enter(SEQUENCE)?;
            let kind = oid(&mut attribute)?;
            let mut values = attribute.enter(SET)?;
            match kind.as_str() {
                CONTENT_TYPE if content_type.is_none() => content_type = Some(oid(&mut values)?),
                MESSAGE_DIGEST if digest.is_none() => {
                    digest = Some(values.take(OCTET_STRING)?.content);
                }
                // Twice: two readers could take either.
                CONTENT_TYPE | MESSAGE_DIGEST => return None,
                _ => {}
            }
        }
        Some(Self {
            content_type: content_type?,
            digest: digest?,
        })
    }
}

/// What a distinguished name calls somebody; empty if it is in no form that is read here.
fn name(subject: Der<'_>) -> String {
    for wanted in NAMES {
        let mut sets = subject;
        while let Some(set) = sets.next() {
            let Some(mut pair) = set.inside().enter(SEQUENCE) else {
                continue;
            };
            if oid(&mut pair).as_deref() == Some(wanted)
                && let Some(value) = pair.next()
                && let Ok(text) = std::str::from_utf8(value.content)
                && !text.trim().is_empty()
            {
                return text.chars().take(MAX_NAME).collect();
            }
        }
    }
    "?".to_owned()
}

/// `20261121050000Z`, or with a fraction (RFC 3161 section 2.4.2).
fn time(content: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(content).ok()?.strip_suffix('Z')?;
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if seconds.len() != 14 || !are_digits(seconds) || !are_digits(fraction) {
        return None;
    }
    let time = NaiveDateTime::parse_from_str(seconds, "%Y%m%d%H%M%S").ok()?;
    let time = time.with_nanosecond(0)?;
    Some(time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}
