//! An AES-256 ZIP in the form AE-2 of WinZip: one entry, `bundle.zip`, stored. Names in a ZIP are never
//! encrypted, so the bundle's own lie inside; AE-2, because AE-1 shows a checksum of the plain text.

use std::io::{self, Read, Seek, SeekFrom, Write};

use aes::Aes256;
use aes::cipher::BlockCipherEncrypt;
use hmac::{Hmac, KeyInit as _, Mac};
use sha1::Sha1;
use zeroize::Zeroizing;

use super::{Frame, Inside};
use crate::bundle::zip::aes::Outer;
use crate::random;

/// Rounds of PBKDF2, fixed by the form.
const ROUNDS: u32 = 1_000;
const SALT: usize = 16;
const CHECK: usize = 2;
const MAC: usize = 10;

/// Encrypts what it is given, of a length that is known.
pub(crate) struct Writer<W> {
    out: W,
    keystream: Keystream,
    mac: Hmac<Sha1>,
    outer: Outer,
    missing: u64,
    /// Local header, salt and check.
    head: Vec<u8>,
    key: Zeroizing<[u8; 32]>,
    buffer: Zeroizing<Vec<u8>>,
}

/// What opens it again.
pub(crate) struct Opener {
    key: Zeroizing<[u8; 32]>,
    size: u64,
}

impl<W: Write> Writer<W> {
    pub(super) fn begin(mut out: W, passphrase: &[u8], size: u64) -> io::Result<Self> {
        let salt = random::bytes::<SALT>().map_err(|_| io::Error::other("no randomness"))?;
        let (key, mac_key, check) = derive(passphrase, &salt);
        let outer = Outer {
            packed: size + (SALT + CHECK + MAC) as u64,
            size,
        };
        let head = [outer.local_bytes().as_slice(), &salt, &check].concat();
        out.write_all(&head)?;
        Ok(Self {
            out,
            keystream: Keystream::new(&key),
            mac: <Hmac<Sha1>>::new_from_slice(mac_key.as_ref()).map_err(io::Error::other)?,
            outer,
            missing: size,
            head,
            key,
            buffer: Zeroizing::new(Vec::new()),
        })
    }

    pub(super) fn finish(mut self) -> io::Result<(W, super::Opener)> {
        if self.missing > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mac = self.mac.finalize().into_bytes();
        let mac = mac.get(..MAC).unwrap_or_default();
        let tail = [mac, &self.outer.end_bytes()].concat();
        self.out.write_all(&tail)?;
        self.out.flush()?;
        let opener = super::Opener {
            frame: Frame {
                head: self.head,
                tail,
            },
            inside: Inside::Zip(Opener {
                key: self.key,
                size: self.outer.size,
            }),
        };
        Ok((self.out, opener))
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let bytes = bytes.get(..bytes.len().min(1 << 16)).unwrap_or(bytes);
        self.missing = self
            .missing
            .checked_sub(bytes.len() as u64)
            .ok_or(io::ErrorKind::InvalidInput)?;
        self.buffer.clear();
        self.buffer.extend_from_slice(bytes);
        self.keystream.apply(&mut self.buffer);
        self.mac.update(&self.buffer);
        self.out.write_all(&self.buffer)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Opener {
    pub(super) fn open<R: Read + Seek>(&self, input: R, start: u64) -> Reader<R> {
        Reader {
            input,
            start,
            size: self.size,
            keystream: Keystream::new(&self.key),
            position: 0,
        }
    }
}

/// Decrypts as it is asked. The MAC was compared with the one that was made; that it fits what was
/// read, the verifier shows, which compares every byte of the bundle with its own hashes.
pub(super) struct Reader<R> {
    input: R,
    start: u64,
    size: u64,
    keystream: Keystream,
    position: u64,
}

impl<R: Read + Seek> Read for Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.size.saturating_sub(self.position);
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(out.len());
        let out = out.get_mut(..most).unwrap_or_default();
        self.input
            .seek(SeekFrom::Start(self.start + self.position))?;
        let count = self.input.read(out)?;
        let out = out.get_mut(..count).unwrap_or_default();
        self.keystream.position = self.position;
        self.keystream.apply(out);
        self.position += count as u64;
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for Reader<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = super::position(self.position, self.size, to)?;
        Ok(self.position)
    }
}

/// AES-256 in counter mode as WinZip has it: little-endian, from 1.
struct Keystream {
    aes: Aes256,
    position: u64,
}

impl Keystream {
    fn new(key: &Zeroizing<[u8; 32]>) -> Self {
        Self {
            aes: Aes256::new((&**key).into()),
            position: 0,
        }
    }

    fn apply(&mut self, bytes: &mut [u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let inside = usize::try_from(self.position % 16).unwrap_or_default();
            let mut block = [0; 16];
            let counter = self.position / 16 + 1;
            crate::bytes::put(&mut block, 0, &counter.to_le_bytes());
            let mut block = block.into();
            self.aes.encrypt_block(&mut block);
            let count = rest.len().min(16 - inside);
            let (now, later) = rest.split_at_mut(count);
            for (byte, key) in now.iter_mut().zip(block.iter().skip(inside)) {
                *byte ^= key;
            }
            self.position += count as u64;
            rest = later;
        }
    }
}

/// Key, key of the MAC, and two bytes by which a program tells a wrong passphrase.
fn derive(
    passphrase: &[u8],
    salt: &[u8; SALT],
) -> (Zeroizing<[u8; 32]>, Zeroizing<[u8; 32]>, [u8; CHECK]) {
    let mut all = Zeroizing::new([0; 66]);
    pbkdf2::pbkdf2_hmac::<Sha1>(passphrase, salt, ROUNDS, all.as_mut());
    let (mut key, mut mac, mut check) = (Zeroizing::new([0; 32]), Zeroizing::new([0; 32]), [0; 2]);
    let (first, rest) = all.split_at(32);
    let (second, last) = rest.split_at(32);
    key.copy_from_slice(first);
    mac.copy_from_slice(second);
    check.copy_from_slice(last);
    (key, mac, check)
}
