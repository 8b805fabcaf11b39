//! The frame of a backup: what stands before the chunks, and how they are sealed.

use sha2::{Digest, Sha256};

use super::BackupError;
use crate::bytes::{Fields, put};
use crate::error::Error;
use crate::evidence::{PREFIX, Stream, TAG};
use crate::random;
use crate::vault::{Container, EXTRA, HEADER, Header, KdfFloor, Key, VaultError};

/// Bytes of plain text in a chunk.
pub(super) const CHUNK: usize = 65_536;
/// Bytes of a sealed chunk.
pub(super) const SEALED: usize = CHUNK + TAG;
/// Bytes before the first chunk.
pub(super) const HEAD: usize = HEADER + SALT + PREFIX + RESERVED;

const SALT: usize = 32;
const RESERVED: usize = 13;

/// What stands before the chunks.
pub(super) struct Head {
    pub(super) header: Header,
    salt: [u8; SALT],
    prefix: [u8; PREFIX],
}

impl Head {
    /// A head for a new backup, with fresh salt and prefix.
    pub(super) fn make(header: &Header) -> Result<Self, VaultError> {
        Ok(Self::new(header, random::bytes()?, random::bytes()?))
    }

    /// The same bytes every time, for test vectors.
    pub(super) fn new(header: &Header, salt: [u8; SALT], prefix: [u8; PREFIX]) -> Self {
        Self {
            header: header.clone(),
            salt,
            prefix,
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut opens = [0; EXTRA];
        put(&mut opens, 0, &self.salt);
        put(&mut opens, SALT, &self.prefix);
        let mut bytes = self.header.to_backup(&opens);
        bytes.extend_from_slice(&opens);
        bytes.resize(HEAD, 0);
        bytes
    }

    /// Reads a head, and says whether one copy of what is in it was damaged.
    pub(super) fn parse(bytes: &[u8; HEAD], floor: KdfFloor) -> Result<(Self, bool), Error> {
        let (header, rest) = bytes.split_at(HEADER);
        let read = Header::parse_backup(header, floor).map_err(|error| match error {
            VaultError::NotAVault => BackupError::NotABackup.into(),
            VaultError::NewerFormat => BackupError::NewerFormat.into(),
            VaultError::DamagedHeader => BackupError::DamagedHeader.into(),
            other => Error::Vault(other),
        })?;
        // A flipped bit in what no sum covers must not cost the whole backup.
        let (read, opens) = read;
        let mut fields = Fields::new(&opens);
        let malformed = || BackupError::Malformed;
        let head = Self {
            header: read.header,
            salt: fields.array().ok_or_else(malformed)?,
            prefix: fields.array().ok_or_else(malformed)?,
        };
        let copy = rest
            .split_at_checked(EXTRA)
            .is_some_and(|(copy, reserved)| {
                copy == opens && reserved.iter().all(|byte| *byte == 0)
            });
        Ok((head, read.one_block_damaged || !copy))
    }

    /// The chunks' cipher.
    pub(super) fn stream(&self, key: &Key<Container>) -> Stream {
        let associated = Sha256::digest(self.to_bytes()).into();
        // EXPOSE: the cipher takes plain bytes; its own copy is wiped on drop.
        let key = key.derive_backup_key(&self.salt);
        Stream::new(key.expose(), self.prefix, associated)
    }
}
