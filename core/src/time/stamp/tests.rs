//! Answers that openssl 3.0.19 made for one request, and what is wrong with others.

use super::authority;
use super::*;

const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const NONCE: [u8; 8] = [0x41, 2, 3, 4, 5, 6, 7, 8];

macro_rules! testdata {
    ($name:literal) => {
        include_bytes!(concat!("testdata/", $name)).as_slice()
    };
}

fn request() -> Request {
    Request::new(crate::hex::decode(HELLO).unwrap(), NONCE)
}

/// The bytes that `openssl ts -query -text` reads as version 1, SHA-256, this hash and number,
/// `Certificate required: yes`.
#[test]
fn section_9_a_request_has_69_bytes() {
    let bytes = request().to_bytes();
    let expected = format!(
        "30430201013031300d060960864801650304020105000420{HELLO}020841020304050607080101ff"
    );
    assert_eq!(crate::hex::encode(&bytes), expected);
    assert_eq!(bytes.len(), REQUEST_BYTES);
    assert_eq!(Request::parse(&bytes), Some(request()));
    for at in (0..24).chain([56, 57, 66, 67, 68]) {
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert_eq!(Request::parse(&other), None, "{at}");
    }
    assert_eq!(Request::parse(&bytes[..68]), None);
    // Whatever the number, the length is one.
    for first in [0, 0x7f, 0x80, 0xff] {
        let request = Request::new([0; 32], [first; 8]);
        assert_eq!(Request::parse(&request.to_bytes()), Some(request));
    }
}

#[test]
fn answers_of_openssl_are_read_and_their_signatures_checked() {
    for (bytes, signer) in [
        (testdata!("rsa2048-sha256.tsr"), "Test time stamps rsa2048"),
        (testdata!("rsa3072-sha512.tsr"), "Test time stamps rsa3072"),
        (testdata!("p256-sha256.tsr"), "Test time stamps p256"),
        (testdata!("p384-sha384.tsr"), "Test time stamps p384"),
    ] {
        let answer = Answer::parse(bytes).unwrap();
        assert_eq!(answer.answers(&request()), Ok(()), "{signer}");
        assert_eq!(answer.signer(), signer);
        assert!(
            answer.time().starts_with("2026-11-22T10:"),
            "{}",
            answer.time()
        );
    }
}

/// A changed byte anywhere is noticed, but where nothing is said: in what the certificate says of
/// times and issuers, in its own signature, and in the text beside the status.
#[test]
fn no_changed_byte_gives_another_time_hash_or_number() {
    for whole in [
        testdata!("rsa2048-sha256.tsr"),
        testdata!("p256-sha256.tsr"),
    ] {
        let genuine = Answer::parse(whole).unwrap();
        let mut refused = 0;
        for at in 0..whole.len() {
            let mut bytes = whole.to_vec();
            bytes[at] ^= 0x04;
            match Answer::parse(&bytes) {
                Err(_) => refused += 1,
                Ok(read) => {
                    assert_eq!(read.time(), genuine.time(), "{at}");
                    assert_eq!(read.answers(&request()), Ok(()), "{at}");
                }
            }
        }
        assert!(refused > whole.len() / 3, "{refused} of {}", whole.len());
    }
}

#[test]
fn what_is_no_answer_is_refused_by_name() {
    let whole = testdata!("rsa2048-sha256.tsr");
    let parse = |bytes: &[u8]| Answer::parse(bytes).unwrap_err();
    assert_eq!(parse(b""), StampError::Form);
    assert_eq!(parse(b"<html>502 Bad Gateway</html>\n"), StampError::Form);
    assert_eq!(parse(&request().to_bytes()), StampError::Form);
    assert_eq!(parse(&whole[..whole.len() - 1]), StampError::Form);
    assert_eq!(parse(&[whole, b"\n"].concat()), StampError::Form);
    assert_eq!(parse(&[0x30; MAX_ANSWER + 1]), StampError::TooLarge);
    assert_eq!(parse(testdata!("bare.der")), StampError::Form);
    assert_eq!(
        parse(testdata!("refused.tsr")),
        StampError::Refused { status: 2 }
    );
    assert_eq!(
        parse(testdata!("no-certificate.tsr")),
        StampError::NoCertificate
    );
    for (answer, name) in [
        (testdata!("p521-sha512.tsr"), "P-521"),
        (testdata!("secp256k1-sha256.tsr"), "secp256k1"),
        (testdata!("rsa1024-sha256.tsr"), "RSA under 2048 bits"),
        (testdata!("p256-sha1.tsr"), "SHA-1"),
    ] {
        assert_eq!(parse(answer), StampError::UnknownAlgorithm(name));
        assert!(parse(answer).to_string().contains(name));
    }
    // Right as such, over what nobody here asked for.
    for answer in [testdata!("sha1-imprint.tsr"), testdata!("md5-imprint.tsr")] {
        assert_eq!(parse(answer), StampError::OtherImprint);
    }
    for length in 0..whole.len() {
        assert!(Answer::parse(&whole[..length]).is_err());
    }
}

/// Names of all that authorities are known to use, and one for the rest; never the empty one.
#[test]
fn section_9_1_what_is_not_checked_here_has_a_name() {
    for (oid, name) in [
        ("1.2.840.113549.1.1.4", "MD5"),
        ("1.2.840.10045.4.1", "SHA-1"),
        ("2.16.840.1.101.3.4.2.8", "SHA-3"),
        ("1.2.840.113549.1.1.10", "RSA-PSS"),
        ("1.3.101.112", "Ed25519"),
        ("1.2.398.3.10.1.1.2.3.2", "GOST"),
        ("1.2.643.7.1.1.3.2", "GOST"),
        ("1.2.3", "an algorithm without a name here"),
    ] {
        assert_eq!(
            signature::unknown(oid),
            StampError::UnknownAlgorithm(name),
            "{oid}"
        );
    }
}

#[test]
fn section_9_1_a_token_alone_becomes_the_answer_it_came_in() {
    let whole = testdata!("rsa2048-sha256.tsr");
    let bare = token(whole).unwrap();
    // `openssl ts -reply -token_out` gives the same of an answer.
    assert_eq!(
        &with_status(testdata!("bare.der"))[9..],
        testdata!("bare.der")
    );
    let again = with_status(bare);
    assert_eq!(token(&again), Some(bare));
    assert_eq!(Answer::parse(&again), Answer::parse(whole));
    for other in [whole, b"", b"<html>", &request().to_bytes()] {
        assert!(matches!(with_status(other), std::borrow::Cow::Borrowed(same) if same == other));
    }
    // At each length of a length; what holds no token is then refused as such.
    for length in [0, 100, 200, 300, 65_510, 70_000] {
        let token = [&[0x30, 0x82, 0, 0][..], &SIGNED_DATA_OID, &vec![0; length]].concat();
        let token = match u16::try_from(token.len() - 4) {
            Ok(inside) if inside >= 256 => {
                [&[0x30, 0x82], &inside.to_be_bytes()[..], &token[4..]].concat()
            }
            Ok(inside) if inside >= 128 => {
                [&[0x30, 0x81, inside.to_be_bytes()[1]], &token[4..]].concat()
            }
            Ok(inside) => [&[0x30, inside.to_be_bytes()[1]], &token[4..]].concat(),
            Err(_) => token,
        };
        assert!(Answer::parse(&with_status(&token)).is_err(), "{length}");
    }
}

/// `1.2.840.113549.1.7.2`
const SIGNED_DATA_OID: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];

#[test]
fn an_answer_to_something_else_is_refused() {
    let time = "20261121050000Z";
    let parse = |bytes: &[u8]| Answer::parse(bytes).unwrap();
    let fits = |bytes: &[u8]| parse(bytes).answers(&request());
    let request = request();
    assert_eq!(fits(&authority::answer(&request, time)), Ok(()));
    let imprint = *request.imprint();
    let other = authority::answer_with(&[1; 32], &NONCE, time);
    assert_eq!(fits(&other), Err(StampError::OtherImprint));
    for nonce in [&[0x41, 2, 3, 4, 5, 6, 7, 9][..], &NONCE[1..], &[1]] {
        let other = authority::answer_with(&imprint, nonce, time);
        assert_eq!(fits(&other), Err(StampError::OtherNonce));
    }
    let odd = authority::answer(&request, "20261121050000.123Z");
    assert_eq!(parse(&odd).time(), "2026-11-21T05:00:00Z");
    assert_eq!(parse(&odd).signer(), authority::SIGNER);
    for time in [
        "20261121050000",
        "20261321050000Z",
        "2611210500Z",
        "",
        "20261121050000.Z",
    ] {
        let odd = authority::answer(&request, time);
        assert_eq!(Answer::parse(&odd), Err(StampError::Form), "{time}");
    }
}

#[test]
fn a_chain_holds_certificates_and_no_key() {
    let certificate = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    assert_eq!(check_chain(certificate.as_bytes()), Ok(certificate));
    let with_key = format!("{certificate}-----BEGIN PRIVATE KEY-----\n");
    let large = certificate.repeat(1_500);
    for bytes in [
        b"".as_slice(),
        b"\xff",
        with_key.as_bytes(),
        large.as_bytes(),
    ] {
        assert_eq!(check_chain(bytes), Err(StampError::Chain));
    }
}
