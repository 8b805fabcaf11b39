//! Argon2id and XChaCha20-Poly1305 against answers that others published.

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use diary_aead::Aead;
use serde_json::Value as Json;

use super::kdf::KdfParams;
use super::secret::SecretBytes;
use super::vectors::{passphrase, recovery_code};
use crate::hex;
use crate::vectors::{counting, unhex};

/// RFC 9106 section 5.3: with a secret and associated data, which the vault does not use.
#[test]
fn argon2id_gives_the_answer_of_rfc_9106() {
    let params = ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(AssociatedData::new(&[4; 12]).unwrap())
        .build()
        .unwrap();
    let secret = [3; 8];
    let argon2 =
        Argon2::new_with_secret(&secret, Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let mut tag = [0; 32];
    argon2
        .hash_password_into(&[1; 32], &[2; 16], &mut tag)
        .unwrap();
    let expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
    assert_eq!(hex::encode(&tag), expected);
}

/// Computed once by the reference implementation (Debian package argon2, 0~20171227), with the secret's
/// bytes, its first one included, on its standard input and the salt's 32 bytes, which are printable,
/// as its argument: `argon2 SALT -id -v 13 -t 3 -k 65536 -p 4 -l 32 -r`.
#[test]
fn section_4_argon2id_gives_the_answer_of_the_reference_implementation() {
    let (code, passphrase) = (SecretBytes::from(&recovery_code()), passphrase());
    let secret = counting::<16>(0x90);
    assert_eq!(code.expose(), [&[1], secret.as_slice()].concat());
    assert_eq!(passphrase.expose(), b"\0correct horse battery staple");
    for (secret, memory_kib, passes, expected) in [
        (
            &passphrase,
            65_536,
            3,
            "2542a27115dd63a583a9583abce4ce76237c5e52b9be9042543df0dff9c8d35c",
        ),
        (
            &code,
            65_536,
            3,
            "6373a69e4030cd8ed8c851bf1d042eae08fd23c4f888946ac38dc73e8d073c06",
        ),
        (
            &code,
            32,
            1,
            "68d0a51bf50e2f1d1f4cef3a3dd1cf8900f3a70161dbcff6eb3b6654e9e6f1e3",
        ),
    ] {
        let params = KdfParams { memory_kib, passes };
        let stretched = params.stretch(secret, &counting(0x20)).unwrap();
        assert_eq!(hex::encode(stretched.expose()), expected);
    }
}

/// draft-irtf-cfrg-xchacha-03 appendix A.3.1 is the first test of the file; the others are a
/// selection of Wycheproof, <https://github.com/C2SP/wycheproof>; the file names commit and licence.
#[test]
fn xchacha20_poly1305_gives_the_answers_of_the_draft_and_of_wycheproof() {
    let file: Json = serde_json::from_str(include_str!(
        "../../../tests/vectors/wycheproof/xchacha20_poly1305.json"
    ))
    .unwrap();
    let (mut good, mut bad) = (0, 0);
    for test in file["tests"].as_array().unwrap() {
        let text = |name: &str| unhex(test[name].as_str().unwrap());
        let key: [u8; 32] = text("key").try_into().unwrap();
        let nonce: [u8; 24] = text("iv").try_into().unwrap();
        let (msg, aad) = (text("msg"), text("aad"));
        let (sealed, tag) = (text("ct"), text("tag"));
        let aead = Aead::new(&key);
        let mut opened = sealed.clone();
        let genuine = <[u8; 16]>::try_from(tag.as_slice())
            .is_ok_and(|tag| aead.open(&nonce, &aad, &mut opened, &tag).is_ok());
        assert_eq!(genuine, test["result"] == "valid", "{}", test["tcId"]);
        if genuine {
            assert_eq!(opened, msg, "{}", test["tcId"]);
            let mut made = msg.clone();
            let made_tag = aead.seal(&nonce, &aad, &mut made).unwrap();
            assert_eq!((made, made_tag.to_vec()), (sealed, tag), "{}", test["tcId"]);
            good += 1;
        } else {
            bad += 1;
        }
    }
    assert!(good >= 15 && bad >= 20, "{good} valid, {bad} invalid");
}
