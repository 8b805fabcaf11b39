//! An authority for tests: it signs with ECDSA over P-256 and a key that everybody knows.

use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest, Sha256};

use super::Request;

/// Who it says it is.
pub(crate) const SIGNER: &str = "Test authority";

/// The answer to a request, with this time (`20261121050000Z`).
pub(crate) fn answer(request: &Request, time: &str) -> Vec<u8> {
    answer_with(&request.imprint, &request.nonce, time)
}

/// The answer to what was not asked for.
pub(crate) fn answer_with(imprint: &[u8; 32], nonce: &[u8], time: &str) -> Vec<u8> {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let sha256 = tlv(0x30, &[tlv(6, &[hex("608648016503040201")]), tlv(5, &[])]);
    let info = tlv(
        0x30,
        &[
            tlv(2, &[vec![1]]),
            tlv(6, &[vec![0x2a, 3, 4]]),
            tlv(0x30, &[sha256.clone(), tlv(4, &[imprint.to_vec()])]),
            tlv(2, &[vec![9]]),
            tlv(0x18, &[time.as_bytes().to_vec()]),
            tlv(2, &[nonce.to_vec()]),
        ],
    );
    let attribute = |oid: &str, value| tlv(0x30, &[tlv(6, &[hex(oid)]), tlv(0x31, &[value])]);
    let tst_info = tlv(6, &[hex("2a864886f70d0109100104")]);
    let attributes = [
        attribute("2a864886f70d010903", tst_info.clone()),
        attribute(
            "2a864886f70d010904",
            tlv(4, &[Sha256::digest(&info).to_vec()]),
        ),
    ];
    let digest = Sha256::digest(tlv(0x31, &attributes));
    let signature: Signature = key.sign_prehash(&digest).unwrap();
    let name = name();
    let signer = tlv(
        0x30,
        &[
            tlv(2, &[vec![1]]),
            tlv(0x30, &[name.clone(), tlv(2, &[vec![5]])]),
            sha256.clone(),
            tlv(0xa0, &attributes),
            tlv(0x30, &[tlv(6, &[hex("2a8648ce3d040302")])]),
            tlv(4, &[signature.to_der().as_bytes().to_vec()]),
        ],
    );
    let data = tlv(
        0x30,
        &[
            tlv(2, &[vec![3]]),
            tlv(0x31, &[sha256]),
            tlv(0x30, &[tst_info, tlv(0xa0, &[tlv(4, &[info])])]),
            tlv(0xa0, &[certificate(&key, name)]),
            tlv(0x31, &[signer]),
        ],
    );
    let token = tlv(
        0x30,
        &[tlv(6, &[hex("2a864886f70d010702")]), tlv(0xa0, &[data])],
    );
    tlv(0x30, &[tlv(0x30, &[tlv(2, &[vec![0]])]), token])
}

/// Signed by nobody: who checks a certificate needs the root from elsewhere.
fn certificate(key: &SigningKey, name: Vec<u8>) -> Vec<u8> {
    let point = key.verifying_key().to_sec1_point(false);
    let kind = [hex("2a8648ce3d0201"), hex("2a8648ce3d030107")].map(|oid| tlv(6, &[oid]));
    let body = tlv(
        0x30,
        &[
            tlv(2, &[vec![5]]),
            tlv(0x30, &[]),
            name.clone(),
            tlv(0x30, &[]),
            name,
            tlv(
                0x30,
                &[
                    tlv(0x30, &kind),
                    tlv(3, &[vec![0], point.as_bytes().to_vec()]),
                ],
            ),
        ],
    );
    tlv(0x30, &[body, tlv(0x30, &[]), tlv(3, &[vec![0]])])
}

fn name() -> Vec<u8> {
    let pair = [tlv(6, &[hex("550403")]), tlv(12, &[SIGNER.into()])];
    tlv(0x30, &[tlv(0x31, &[tlv(0x30, &pair)])])
}

fn hex(digits: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(byte).collect()
}

fn tlv(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let content = parts.concat();
    let mut bytes = vec![tag];
    match content.len() {
        short @ ..128 => bytes.push(u8::try_from(short).unwrap()),
        long => {
            let long = u16::try_from(long).unwrap();
            bytes.push(if long < 256 { 0x81 } else { 0x82 });
            let digits = long.to_be_bytes();
            bytes.extend(&digits[usize::from(long < 256)..]);
        }
    }
    bytes.extend(content);
    bytes
}
