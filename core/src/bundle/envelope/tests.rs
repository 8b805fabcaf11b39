//! Against the age vectors of C2SP's CCTV, and read back.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::Aead as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _};
use curve25519_dalek::montgomery::MontgomeryPoint;
use flate2::read::ZlibDecoder;
use sha2::{Digest as _, Sha256};

use super::*;

/// A file of `tests/vectors/age`.
struct Vector {
    name: String,
    keys: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Vector {
    fn read(path: &Path) -> Self {
        let file = fs::read(path).unwrap();
        let end = file.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let head = std::str::from_utf8(&file[..end]).unwrap();
        let keys = head.lines().filter_map(|line| line.split_once(": "));
        let mut vector = Self {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            keys: keys.map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
            body: file[end + 2..].to_vec(),
        };
        if vector.key("compressed") == Some("zlib") {
            let mut body = Vec::new();
            let mut packed = ZlibDecoder::new(vector.body.as_slice());
            packed.read_to_end(&mut body).unwrap();
            vector.body = body;
        }
        vector
    }

    fn key(&self, key: &str) -> Option<&str> {
        let mut keys = self.keys.iter();
        keys.find(|(known, _)| known == key)
            .map(|(_, value)| value.as_str())
    }

    fn file_key(&self) -> age::FileKey {
        Zeroizing::new(crate::hex::decode(self.key("file key").unwrap()).unwrap())
    }

    /// Where the header ends: behind the line of the MAC.
    fn header(&self) -> &[u8] {
        let mac = self.body.windows(5).position(|part| part == b"\n--- ");
        let line = self.body[mac.unwrap() + 1..].iter();
        let end = line.take_while(|byte| **byte != b'\n').count();
        &self.body[..mac.unwrap() + 1 + end + 1]
    }

    fn lines(&self) -> Vec<&str> {
        std::str::from_utf8(self.header())
            .unwrap()
            .lines()
            .collect()
    }

    fn open(&self) -> io::Result<Vec<u8>> {
        let start = self.header().len();
        let nonce: [u8; 16] = self.body[start..start + 16].try_into().unwrap();
        let key = age::payload_key(&self.file_key(), &nonce);
        let input = Cursor::new(self.body.clone());
        let mut plain = Vec::new();
        stream::Reader::new(input, &key, start as u64 + 16)?.read_to_end(&mut plain)?;
        Ok(plain)
    }
}

fn vectors() -> Vec<Vector> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/age");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 32);
    paths.iter().map(|path| Vector::read(path)).collect()
}

/// What comes out has the hash of the vector, and sealed again it is the same bytes; what must not open
/// does not.
#[test]
fn section_18_7_payloads_are_those_of_age() {
    let (mut opened, mut refused) = (0, 0);
    for vector in vectors() {
        let (name, expect) = (&vector.name, vector.key("expect").unwrap());
        if expect == "header failure" {
            continue; // cut within the nonce, which stands after the header
        }
        match vector.open() {
            Ok(plain) => {
                assert_eq!(expect, "success", "{name}");
                let hash = crate::hex::encode(&Sha256::digest(&plain));
                assert_eq!(vector.key("payload"), Some(hash.as_str()), "{name}");
                let start = vector.header().len() + 16;
                let nonce = vector.body[start - 16..start].try_into().unwrap();
                let key = age::payload_key(&vector.file_key(), &nonce);
                let mut writer = stream::Writer::new(Vec::new(), &key);
                for piece in plain.chunks(40_000) {
                    writer.write_all(piece).unwrap();
                }
                assert!(writer.finish().unwrap() == vector.body[start..], "{name}");
                opened += 1;
            }
            Err(_) => {
                assert_eq!(expect, "payload failure", "{name}");
                refused += 1;
            }
        }
    }
    assert_eq!((opened, refused), (12, 18));
}

#[test]
fn section_18_7_headers_are_those_of_age() {
    for name in ["scrypt", "x25519", "x25519_multiple_recipients"] {
        let all = vectors();
        let vector = all.iter().find(|vector| vector.name == name).unwrap();
        let lines = vector.lines();
        let file_key = vector.file_key();
        let stanzas = lines[1..lines.len() - 1].join("\n") + "\n";
        let made = age::header(&stanzas, &file_key);
        assert_eq!(made.as_bytes(), vector.header(), "{name}");
    }
    let all = vectors();
    let vector = |name: &str| all.iter().find(|vector| vector.name == name).unwrap();
    let unwrap = |key: &Zeroizing<[u8; 32]>, body: &str| {
        let aead = ChaCha20Poly1305::new((&**key).into());
        let body = STANDARD_NO_PAD.decode(body).unwrap();
        aead.decrypt(&[0; 12].into(), body.as_slice()).unwrap()
    };
    let decode = |text: &str| STANDARD_NO_PAD.decode(text).unwrap();

    let scrypt = vector("scrypt");
    let lines = scrypt.lines();
    let words: Vec<&str> = lines[1].split(' ').collect();
    let salt = decode(words[2]).try_into().unwrap();
    let passphrase = scrypt.key("passphrase").unwrap().as_bytes();
    let key = age::scrypt_key(passphrase, &salt, words[3].parse().unwrap());
    assert_eq!(unwrap(&key, lines[2]), scrypt.file_key().as_ref());

    let x25519 = vector("x25519");
    let lines = x25519.lines();
    let share: [u8; 32] = decode(lines[1].split(' ').nth(2).unwrap())
        .try_into()
        .unwrap();
    let secret = identity(x25519.key("identity").unwrap());
    let shared = Zeroizing::new(MontgomeryPoint(share).mul_clamped(secret).to_bytes());
    let public = MontgomeryPoint::mul_base_clamped(secret).to_bytes();
    let key = age::x25519_key(&shared, &share, &public);
    assert_eq!(unwrap(&key, lines[2]), x25519.file_key().as_ref());
}

/// The secret key of the vectors, `AGE-SECRET-KEY-1...`.
fn identity(text: &str) -> [u8; 32] {
    let letters = text.strip_prefix("AGE-SECRET-KEY-1").unwrap();
    let alphabet = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
    let mut bits = Vec::new();
    for letter in letters.chars().take(52) {
        let value = alphabet.find(letter).unwrap();
        bits.extend(
            (0..5)
                .rev()
                .map(|bit| u8::try_from(value >> bit & 1).unwrap()),
        );
    }
    let byte = |bits: &[u8]| bits.iter().fold(0, |byte, bit| byte << 1 | bit);
    let bytes: Vec<u8> = bits.chunks(8).take(32).map(byte).collect();
    bytes.try_into().unwrap()
}

const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

#[test]
fn a_recipient_is_copied_whole_or_refused() {
    assert!(RECIPIENT.parse::<Recipient>().is_ok());
    for at in 0..RECIPIENT.len() {
        let mut bytes = RECIPIENT.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'q' { b'p' } else { b'q' };
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.parse::<Recipient>(), Err(InvalidRecipient), "{text}");
    }
    for text in [
        "",
        "age1",
        &RECIPIENT[..61],
        &RECIPIENT.to_uppercase(),
        &format!(" {RECIPIENT}"),
        &format!("{RECIPIENT}q"),
        "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN",
    ] {
        assert_eq!(text.parse::<Recipient>(), Err(InvalidRecipient), "{text}");
    }
}

/// Sealed in pieces, opened anywhere, and not with a byte changed.
#[test]
fn section_18_7_what_is_sealed_opens_again() {
    let recipient: Recipient = RECIPIENT.parse().unwrap();
    let zip = || Envelope::Zip(ZipPassphrase::make().unwrap());
    let to = || Envelope::Recipients(vec![recipient, recipient]);
    for size in [0usize, 1, 65_535, 65_536, 65_537, 200_000] {
        let plain: Vec<u8> = (0..size)
            .map(|at| (at * 7 % 251).try_into().unwrap())
            .collect();
        for envelope in [zip(), to()] {
            let mut sealer = envelope.seal(Vec::new(), size as u64).unwrap();
            for piece in plain.chunks(9_999) {
                sealer.write_all(piece).unwrap();
            }
            let (sealed, opener) = sealer.finish().unwrap();
            assert!(plain.len() < 64 || !sealed.windows(64).any(|part| part == &plain[..64]));
            let mut opened = opener.open(Cursor::new(sealed)).unwrap();
            let mut all = Vec::new();
            opened.read_to_end(&mut all).unwrap();
            assert!(all == plain, "{size}");
            assert_eq!(opened.seek(SeekFrom::End(0)).unwrap(), size as u64);
            if size > 70_000 {
                opened.seek(SeekFrom::Start(65_500)).unwrap();
                let mut part = [0; 100];
                opened.read_exact(&mut part).unwrap();
                assert_eq!(part, plain[65_500..65_600]);
                opened.seek(SeekFrom::Current(-65_600)).unwrap();
                opened.read_exact(&mut part).unwrap();
                assert_eq!(part, plain[..100]);
            }
        }
    }
}

/// A byte that the disk changed anywhere, also where nothing is sealed, is seen when it is read back.
#[test]
fn section_18_7_a_changed_byte_is_seen() {
    let recipient: Recipient = RECIPIENT.parse().unwrap();
    let zip = Envelope::Zip(ZipPassphrase::make().unwrap());
    for envelope in [zip, Envelope::Recipients(vec![recipient])] {
        let mut sealer = envelope.seal(Vec::new(), 3).unwrap();
        sealer.write_all(b"abc").unwrap();
        let (sealed, opener) = sealer.finish().unwrap();
        let reads = |sealed: &[u8]| {
            let mut opened = opener.open(Cursor::new(sealed.to_vec())).ok()?;
            let mut all = Vec::new();
            opened.read_to_end(&mut all).ok()?;
            Some(all)
        };
        assert_eq!(reads(&sealed).unwrap(), b"abc");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_ne!(reads(&changed).as_deref(), Some(&b"abc"[..]), "{at}");
            assert_ne!(reads(&sealed[..at]).as_deref(), Some(&b"abc"[..]), "{at}");
        }
        let longer = [sealed.as_slice(), b"x"].concat();
        assert_ne!(reads(&longer).as_deref(), Some(&b"abc"[..]));
    }
}

/// One flipped bit gives a bundle in clear the flag of an encrypted file, and nothing else of one.
#[test]
fn what_is_encrypted_for_the_way_is_told_by_more_than_a_flag() {
    const STORED: &[u8] = &[0, 0];
    let begins = |flags: u8, method: &[u8], packed: u32, size: u32| {
        let [packed, size] = [packed.to_le_bytes(), size.to_le_bytes()];
        let flags = [flags, 0];
        let header: [&[u8]; 6] = [b"PK\x03\x04\x14\0", &flags, method, &[0; 8], &packed, &size];
        begins_encrypted_zip(&header.concat())
    };
    for (flags, method, packed, size, encrypted) in [
        (1, &[99, 0][..], 3, 3, true), // AES
        (1, STORED, 15, 3, true),      // PKWARE, 12 bytes before the file
        (9, STORED, 0, 0, true),       // its size behind it
        (1, &[8, 0], 3, 3, true),      // compressed
        (1, STORED, 3, 3, false),
        (0, STORED, 3, 3, false),
        (0, &[8, 0], 3, 5, false),
    ] {
        assert_eq!(
            begins(flags, method, packed, size),
            encrypted,
            "{flags} {method:?} {packed}"
        );
    }
    assert!(!begins_encrypted_zip(b"PK\x03\x04"));
}

#[test]
fn a_zip_has_exactly_the_announced_size() {
    let envelope = Envelope::Zip(ZipPassphrase::make().unwrap());
    let mut sealer = envelope.seal(Vec::new(), 3).unwrap();
    assert!(sealer.write_all(b"four").is_err());
    let sealer = envelope.seal(Vec::new(), 3).unwrap();
    assert!(sealer.finish().is_err());
}

#[test]
fn a_passphrase_for_a_zip_has_80_bits_in_ascii() {
    let one = ZipPassphrase::make().unwrap();
    let groups: Vec<&str> = one.expose().split('-').collect();
    assert_eq!(groups.len(), 4);
    assert!(groups.iter().all(|group| group.len() == 4));
    assert!(one.expose().is_ascii());
    assert_ne!(one.expose(), ZipPassphrase::make().unwrap().expose());
}
