//! Vectors of codes as people type them.

use super::*;

#[test]
fn sections_4_and_11_vectors_of_codes() {
    let fingerprint = Fingerprint::of(&checkpoint(3)).to_string();
    let bits = hex::encode(&checkpoint(3).hash()[..15]);
    let secret: [u8; 16] = counting(0x90);
    let check: [u8; 32] = Sha256::new_with_prefix(b"idv1/code")
        .chain_update(secret)
        .finalize()
        .into();
    let recovery = crate::crockford::encode(&[secret.as_slice(), &check[..4]].concat());
    let grouped: Vec<&str> = (0..8).map(|i| &recovery[4 * i..4 * i + 4]).collect();
    let recovery = grouped.join("-");
    let vector = |name: &str, code: &str, expect: &str, comment: &str, text: String| {
        Vector::new(
            &format!("{code}-{name}"),
            expect,
            comment,
            format!("{text}\n"),
        )
        .key("code", code)
    };
    let swap = |text: &str| {
        // The first two characters, which differ.
        let (a, b) = (&text[..1], &text[1..2]);
        assert_ne!(a, b);
        format!("{b}{a}{}", &text[2..])
    };
    let fold = |text: &str| {
        text.to_lowercase()
            .replace('-', " ")
            .replace('0', "o")
            .replace('1', "l")
    };
    let mut made = Vec::new();
    for (code, text, value) in [
        ("fingerprint", &fingerprint, bits),
        ("recovery", &recovery, hex::encode(&secret)),
    ] {
        let shown = |vector: Vector| vector.key("value", &value).key("shown", text);
        made.extend([
            shown(vector(
                "as-shown",
                code,
                "success",
                "as it is printed",
                text.clone(),
            )),
            shown(vector(
                "as-typed",
                code,
                "success",
                "small letters, spaces, o for 0 and l for 1",
                fold(text),
            )),
            vector(
                "swapped",
                code,
                "mistyped",
                "the first two characters exchanged",
                swap(text),
            ),
            vector(
                "short",
                code,
                "not a code",
                "the last character is missing",
                text[..text.len() - 1].to_owned(),
            ),
            vector(
                "long",
                code,
                "not a code",
                "a character too many",
                format!("{text}0"),
            ),
            vector(
                "letter-u",
                code,
                "not a code",
                "U is not of the alphabet",
                format!("U{}", &text[1..]),
            ),
        ]);
    }
    vectors::settle("code", &made);
    vectors::check("code", |keys, body| {
        let (code, text) = (
            keys.text("code"),
            std::str::from_utf8(body).unwrap().trim_end(),
        );
        if code == "recovery" {
            return match RecoveryCode::parse(text.as_bytes()) {
                Ok(code) => {
                    keys.same("shown", code.reveal().as_str());
                    let secret = crate::vault::SecretBytes::from(&code);
                    keys.same("value", hex::encode(&secret.expose()[1..]));
                    "success"
                }
                Err(SecretError::Mistyped) => "mistyped",
                Err(_) => "not a code",
            };
        }
        use crate::log::fingerprint::InvalidFingerprint;
        match text.parse::<Fingerprint>() {
            Ok(code) => {
                keys.same("shown", code);
                assert_eq!(Fingerprint::of(&checkpoint(3)), code);
                keys.same("value", hex::encode(&checkpoint(3).hash()[..15]));
                "success"
            }
            Err(InvalidFingerprint::Mistyped) => "mistyped",
            Err(InvalidFingerprint::NotACode) => "not a code",
        }
    });
}
