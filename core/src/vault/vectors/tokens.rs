//! Vectors of tokens against rollback.

use super::*;
use crate::vault::Token;
use crate::vault::token::TokenSeal;

/// The token of the worked examples: the log of three entries in half 0, its nonce 24 bytes `f0`; the
/// other part is 80 bytes `ef`.
pub(super) fn token(half: Half) -> [u8; 160] {
    let seal = TokenSeal::new(&slot_keys().half, counting(CONTAINER_ID), half);
    let part = seal.seal(3, &tree::root(&log::leaves()), [0xf0; 24]);
    let mut token = [0xef; 160];
    put(&mut token, 80 * usize::from(half.byte()), &part.unwrap());
    token
}

#[test]
fn section_16_vectors_of_tokens() {
    let good = token(Half::Zero);
    let vector = |name: &str, expect: &str, comment: &str, body: &[u8], half: u8| {
        Vector::new(name, expect, comment, body)
            .key("half", half)
            .key("half-key", hex::encode(&counting::<32>(HALF_KEY)))
            .key("container-id", hex::encode(&counting::<16>(CONTAINER_ID)))
    };
    let opens = |vector: Vector| {
        let root = hex::encode(&tree::root(&log::leaves()));
        vector.key("size", 3).key("root", root)
    };
    let unknown = |name: &str, comment: &str, body: &[u8], half: u8| {
        vector(name, "nothing is known", comment, body, half)
    };
    let moved = [&good[80..], &good[..80]].concat();
    let made = [
        opens(vector(
            "half-0",
            "success",
            "the token of the worked examples",
            &good,
            0,
        )),
        opens(vector(
            "half-1",
            "success",
            "of a diary in the other half",
            &token(Half::One),
            1,
        )),
        unknown(
            "other-half",
            "the part of the half that is filler",
            &good,
            1,
        ),
        unknown(
            "moved",
            "the part of half 0 in the place of half 1",
            &moved,
            1,
        ),
        unknown("nonce", "a bit of the nonce", &with(&good, 0, &[0xf1]), 0),
        unknown(
            "ciphertext",
            "a bit of the size",
            &with(&good, 31, &[good[31] ^ 1]),
            0,
        ),
        unknown(
            "tag",
            "a bit of the tag",
            &with(&good, 79, &[good[79] ^ 1]),
            0,
        ),
        vector(
            "short",
            "not a token",
            "the last byte is missing",
            &good[..159],
            0,
        ),
        vector(
            "long",
            "not a token",
            "a byte follows",
            &[good.as_slice(), &[0]].concat(),
            0,
        ),
    ];
    vectors::settle("token", &made);
    vectors::check("token", |keys, body| {
        let half = [Half::Zero, Half::One][keys.number::<usize>("half")];
        let key = Key::from_bytes(Zeroizing::new(keys.hex("half-key")));
        let seal = TokenSeal::new(&key, keys.hex("container-id"), half);
        let Some(token) = Token::from_bytes(body) else {
            return "not a token";
        };
        match seal.open(token.part(half)) {
            None => "nothing is known",
            Some((size, root)) => {
                keys.same("size", size);
                keys.same("root", hex::encode(&root));
                "success"
            }
        }
    });
}
