//! Reading sealed evidence files for a backup.

use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::backup::BackupError;
use crate::error::Error;
use crate::files::{self, OpenError};

/// Bytes of an evidence file that are read together.
const PART: usize = 1 << 20;

/// How much of a file could be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Read {
    Whole,
    /// Zeros stand for the rest.
    Partly,
}

/// Reads a sealed file of which the length is known, in parts, and gives the SHA-256 of what was given
/// on. A disk that cannot read one file must not keep her from a backup of all others.
pub(super) fn read_sealed(
    path: &Path,
    bytes: u64,
    each: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<([u8; 32], Read), Error> {
    let opened = match files::open_regular(path) {
        Ok((file, metadata)) if metadata.len() == bytes => Ok(file),
        Ok(_) | Err(OpenError::NotAFile) => return Err(BackupError::FileChanged.into()),
        Err(OpenError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
            return Err(BackupError::FileChanged.into());
        }
        Err(OpenError::Io(error)) => Err(error),
    };
    read_parts(opened, bytes, each)
}

fn read_parts(
    mut source: io::Result<impl io::Read>,
    bytes: u64,
    mut each: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<([u8; 32], Read), Error> {
    let mut sha256 = Sha256::new();
    let mut part = vec![0; PART];
    let mut left = bytes;
    let mut so_far = Read::Whole;
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(PART).min(PART);
        let room = part.get_mut(..most).unwrap_or_default();
        let count = match source.as_mut().map(|source| source.read(room)) {
            Ok(Ok(0)) => return Err(BackupError::FileChanged.into()),
            Ok(Ok(count)) => count,
            Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => continue,
            Ok(Err(_)) | Err(_) => {
                so_far = Read::Partly;
                source = Err(io::ErrorKind::Other.into());
                room.fill(0);
                most
            }
        };
        let read = room.get(..count).unwrap_or_default();
        sha256.update(read);
        each(read)?;
        left -= read.len() as u64;
    }
    Ok((sha256.finalize().into(), so_far))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives some bytes, then fails as a disk does.
    struct Failing(Vec<u8>);

    impl io::Read for Failing {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::from_raw_os_error(5));
            }
            let count = self.0.len().min(out.len());
            out[..count].copy_from_slice(&self.0[..count]);
            self.0.drain(..count);
            Ok(count)
        }
    }

    #[test]
    fn section_22_zeros_stand_for_what_the_disk_cannot_read_and_are_counted() {
        let mut given = Vec::new();
        let bytes = PART + 10;
        let mut expected = vec![7; 1_000];
        let read = read_parts(Ok(Failing(expected.clone())), bytes as u64, |part| {
            given.extend_from_slice(part);
            Ok(())
        });
        expected.resize(bytes, 0);
        let sha256: [u8; 32] = Sha256::digest(&expected).into();
        assert_eq!(read.unwrap(), (sha256, Read::Partly));
        assert!(given == expected);
        let unopened: io::Result<&[u8]> = Err(io::ErrorKind::PermissionDenied.into());
        let read = read_parts(unopened, 3, |part| {
            assert_eq!(part, [0; 3]);
            Ok(())
        });
        assert_eq!(read.unwrap().1, Read::Partly);
        let read = read_parts(Ok(&b"abc"[..]), 3, |_| Ok(()));
        assert_eq!(read.unwrap().1, Read::Whole);
        let shorter = read_parts(Ok(&b"abc"[..]), 4, |_| Ok(()));
        assert!(matches!(
            shorter,
            Err(Error::Backup(BackupError::FileChanged))
        ));
    }
}
