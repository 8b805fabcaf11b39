//! Encryption for the way: a bundle goes through it while it is written, so that nothing of it lies on
//! the disk in clear. To one or several age recipients, with a passphrase (age), or into an AES ZIP that
//! 7-Zip and WinZip open (FORMAT.md 18.8).
//!
//! Written by hand over the crates that seal the vault: crate `age` brings an older family of all of them,
//! and some hundred crates more. Read back here only to verify what was written.

mod aes_zip;
mod age;
mod recipient;
mod stream;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use zeroize::Zeroizing;

use crate::crockford;
use crate::random::{self, NoRandomness};
use crate::vault::VaultError;

pub use self::recipient::{InvalidRecipient, Recipient};

/// Bit 0 of the flags of an entry of a ZIP file.
const ENCRYPTED: u8 = 1;

/// The method of an entry that is not compressed.
const STORED: [u8; 2] = [0, 0];

/// Recipients of one file, at most.
pub const MAX_RECIPIENTS: usize = 64;

/// How a bundle is encrypted for the way.
pub enum Envelope {
    /// age to these recipients, of which each can open it alone.
    Recipients(Vec<Recipient>),
    /// age with a passphrase (scrypt).
    Passphrase(Zeroizing<Vec<u8>>),
    /// An AES-256 ZIP around `bundle.zip`, with a passphrase that was made for it.
    Zip(ZipPassphrase),
}

/// Whether this is a bundle that is encrypted for its way, by how the file begins. What cannot be read is told by
/// whoever reads it.
pub(crate) fn is_around(path: &Path) -> bool {
    let mut start = Vec::new();
    // To open a pipe is to wait for whoever writes into it.
    if path.is_file()
        && let Ok(file) = File::open(path)
    {
        let _ = file.take(64).read_to_end(&mut start);
    }
    let age: [&[u8]; 2] = [
        b"age-encryption.org/",
        b"-----BEGIN AGE ENCRYPTED FILE-----",
    ];
    begins_encrypted_zip(&start) || age.iter().any(|first| start.starts_with(first))
}

/// Of the first entry: a bundle in clear in which a later one is encrypted was tampered with. So was one in clear whose
/// first entry has nothing but the flag of an encrypted one: what is encrypted is longer, or compressed (APPNOTE 4.4.4,
/// 6.1.3).
fn begins_encrypted_zip(start: &[u8]) -> bool {
    let Some(header) = start.first_chunk::<26>() else {
        return false;
    };
    let [packed, size] = [&header[18..22], &header[22..26]];
    let in_clear = header[8..10] == STORED && packed == size && packed != [0; 4];
    header.starts_with(b"PK\x03\x04") && header[6] & ENCRYPTED != 0 && !in_clear
}

/// A passphrase for an AES ZIP: 16 random characters, 80 bits. The ZIP costs 1,000 rounds a guess, so
/// nobody chooses one; ASCII, because 7-Zip takes nothing else everywhere. Wiped on drop.
pub struct ZipPassphrase(Zeroizing<String>);

impl ZipPassphrase {
    /// A new one.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn make() -> Result<Self, VaultError> {
        let bytes = Zeroizing::new(random::bytes::<10>().map_err(VaultError::from)?);
        let code = Zeroizing::new(crockford::encode(bytes.as_ref()));
        let mut text = Zeroizing::new(String::with_capacity(19));
        for (at, letter) in code.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        Ok(Self(text))
    }

    /// EXPOSE: it is printed once, to travel by another way than the file.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// What was written can be opened with this; it never leaves the program.
pub(crate) struct Opener {
    frame: Frame,
    inside: Inside,
}

/// The bytes of a file before and behind what is sealed in it, as they were given to be written.
struct Frame {
    head: Vec<u8>,
    tail: Vec<u8>,
}

/// Wiped on drop.
enum Inside {
    Age(Zeroizing<[u8; 32]>),
    Zip(aes_zip::Opener),
}

/// Takes a bundle of a known length and writes it encrypted.
pub(crate) enum Sealer<W: Write> {
    Age {
        stream: stream::Writer<W>,
        opener: Opener,
    },
    Zip(Box<aes_zip::Writer<W>>),
}

impl Envelope {
    /// Begins a file; the bundle that follows has `size` bytes.
    pub(crate) fn seal<W: Write>(&self, mut out: W, size: u64) -> io::Result<Sealer<W>> {
        let no_randomness = |_: NoRandomness| io::Error::other("no randomness");
        let file_key = Zeroizing::new(random::bytes::<16>().map_err(no_randomness)?);
        let stanzas = match self {
            Self::Recipients(recipients) => age::to_recipients(recipients, &file_key),
            Self::Passphrase(passphrase) => age::to_passphrase(passphrase, &file_key),
            Self::Zip(passphrase) => {
                let bytes = passphrase.0.as_bytes();
                let writer = aes_zip::Writer::begin(out, bytes, size)?;
                return Ok(Sealer::Zip(Box::new(writer)));
            }
        };
        let stanzas = stanzas.map_err(no_randomness)?;
        let header = age::header(&stanzas, &file_key);
        let nonce = random::bytes::<16>().map_err(no_randomness)?;
        out.write_all(header.as_bytes())?;
        out.write_all(&nonce)?;
        let key = age::payload_key(&file_key, &nonce);
        let frame = Frame {
            head: [header.as_bytes(), &nonce].concat(),
            tail: Vec::new(),
        };
        Ok(Sealer::Age {
            stream: stream::Writer::new(out, &key),
            opener: Opener {
                frame,
                inside: Inside::Age(key),
            },
        })
    }
}

impl<W: Write> Sealer<W> {
    /// Ends the file; without it nobody can open it.
    pub(crate) fn finish(self) -> io::Result<(W, Opener)> {
        match self {
            Self::Age { stream, opener } => Ok((stream.finish()?, opener)),
            Self::Zip(writer) => writer.finish(),
        }
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Age { stream, .. } => stream.write(bytes),
            Self::Zip(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Age { stream, .. } => stream.flush(),
            Self::Zip(writer) => writer.flush(),
        }
    }
}

/// For the writer of the bundle, which goes back only where it does not know a checksum beforehand.
impl<W: Write> Seek for Sealer<W> {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl Opener {
    /// The bundle in the file that was written. What stands around it is compared byte for byte:
    /// damaged, nobody could open the file, and what is sealed would not tell.
    pub(crate) fn open<R: Read + Seek + Send + 'static>(
        &self,
        mut input: R,
    ) -> io::Result<Box<dyn Opened>> {
        self.frame.compare(&mut input)?;
        let start = self.frame.head.len() as u64;
        match &self.inside {
            Inside::Age(key) => Ok(Box::new(stream::Reader::new(input, key, start)?)),
            Inside::Zip(opener) => Ok(Box::new(opener.open(input, start))),
        }
    }
}

impl Frame {
    fn compare<R: Read + Seek>(&self, input: &mut R) -> io::Result<()> {
        let end = input.seek(SeekFrom::End(0))?;
        let tail = end
            .checked_sub(self.tail.len() as u64)
            .ok_or_else(damaged)?;
        for (at, written) in [(0, &self.head), (tail, &self.tail)] {
            let mut stored = vec![0; written.len()];
            input.seek(SeekFrom::Start(at))?;
            input.read_exact(&mut stored)?;
            if stored != *written {
                return Err(damaged());
            }
        }
        Ok(())
    }
}

/// Bytes in clear that lie nowhere in clear.
pub(crate) trait Opened: Read + Seek + Send {}

impl<T: Read + Seek + Send> Opened for T {}

/// Where a seek leads; the end is that of the plain text.
fn position(now: u64, size: u64, to: SeekFrom) -> io::Result<u64> {
    let place = match to {
        SeekFrom::Start(at) => Some(at),
        SeekFrom::End(by) => size.checked_add_signed(by),
        SeekFrom::Current(by) => now.checked_add_signed(by),
    };
    place.ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not what was written")
}
