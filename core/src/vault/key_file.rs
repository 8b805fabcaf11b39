//! Reading the key file, `header`: two blocks, of which one is enough (FORMAT.md 3, 24).

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::error::VaultError;
use super::folder::leads_nowhere;
use super::header::{BLOCK, HEADER, Header, ReadHeader};
use super::kdf::KdfFloor;

/// The two blocks, each read by itself.
pub(super) struct Blocks {
    pub(super) blocks: [io::Result<Vec<u8>>; 2],
    /// Nothing follows them.
    pub(super) end_the_file: bool,
}

/// Makes sure that a folder has one.
pub(super) fn find(folder: &Path) -> Result<(), VaultError> {
    match fs::metadata(folder.join("header")) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(none_of_ours(folder)),
        Err(error) if leads_nowhere(&error) => Err(none_of_ours(folder)),
        Err(error) => Err(VaultError::from_io(error)),
    }
}

/// Reads it, and no more of it than a header has and a byte. One block is enough where the other was cut off, or
/// the disk does not give it.
pub(super) fn read(folder: &Path, floor: KdfFloor) -> Result<ReadHeader, VaultError> {
    let (bytes, unread) = bytes(folder)?;
    match (Header::parse(&bytes, floor), unread) {
        // What the disk does not give now it may give later.
        (Err(VaultError::DamagedHeader | VaultError::NotAVault), Some(error)) => {
            Err(VaultError::from_io(error))
        }
        (Err(VaultError::NotAVault), None) => Err(none_of_ours(folder)),
        (read, _) => read,
    }
}

/// The same for salvage: two damaged blocks may be a whole one together.
pub(super) fn read_remains(folder: &Path, floor: KdfFloor) -> Result<ReadHeader, VaultError> {
    let (bytes, unread) = bytes(folder)?;
    match (Header::parse_remains(&bytes, floor), unread) {
        (Err(VaultError::NotAVault), Some(_)) => Err(VaultError::DamagedHeader),
        (Err(VaultError::NotAVault), None) => Err(none_of_ours(folder)),
        (read, _) => read,
    }
}

/// The blocks as they lie; one that was cut off is an error.
pub(super) fn blocks(folder: &Path) -> io::Result<Blocks> {
    let mut file = File::open(folder.join("header"))?;
    let end_the_file = usize::try_from(file.metadata()?.len()) == Ok(HEADER);
    let blocks = [0, BLOCK].map(|at| {
        let mut block = vec![0; BLOCK];
        file.seek(SeekFrom::Start(u64::try_from(at).unwrap_or(u64::MAX)))?;
        file.read_exact(&mut block)?;
        Ok(block)
    });
    Ok(Blocks {
        blocks,
        end_the_file,
    })
}

/// The file and, if the disk does not give all of it, why; then zeros stand for a block.
fn bytes(folder: &Path) -> Result<(Vec<u8>, Option<io::Error>), VaultError> {
    // Once more: a block that can be read is never replaced by the other.
    let unread = match all(folder).or_else(|_| all(folder)) {
        Ok(bytes) => return Ok((bytes, None)),
        Err(error) => error,
    };
    let Blocks { blocks, .. } = blocks(folder).map_err(VaultError::from_io)?;
    let blocks = blocks.map(|block| block.unwrap_or_else(|_| vec![0; BLOCK]));
    Ok((blocks.concat(), Some(unread)))
}

/// The file, and a byte more if it has more.
fn all(folder: &Path) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(HEADER + 1).unwrap_or(u64::MAX);
    let mut bytes = Vec::with_capacity(HEADER + 1);
    let file = File::open(folder.join("header"))?;
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Where the log lies, a key file that is not there, or is none, was lost: "no vault" would send her away, or have a
/// new one made.
fn none_of_ours(folder: &Path) -> VaultError {
    match fs::symlink_metadata(folder.join("log.db")) {
        Ok(_) => VaultError::DamagedHeader,
        Err(error) if leads_nowhere(&error) => VaultError::NotAVault,
        Err(error) => VaultError::from_io(error),
    }
}
