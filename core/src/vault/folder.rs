//! The files of a container: where they lie, the lock, and writing the header (FORMAT.md 2, 3).

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::VaultError;
use super::header::{BLOCK, Header, ReadHeader};
use super::kdf::KdfFloor;
use super::key_file;
use crate::files::{self, Unfinished, folder_of, sync_folder};
use crate::{hex, random};

/// A container's folder, with its lock held. Dropping it gives the lock back.
pub(crate) struct Folder {
    path: PathBuf,
    lock: File,
    /// It has no name yet: whatever fails, nothing of it stays.
    is_new: bool,
    #[cfg(test)]
    pub(super) sync_fails: bool,
}

impl Folder {
    /// Takes the lock of a container that exists.
    pub(crate) fn open(path: &Path) -> Result<Self, VaultError> {
        key_file::find(path)?;
        Self::take(path, false)
    }

    /// Makes the empty folder of a new container, under the name it is given.
    pub(crate) fn create(path: &Path) -> Result<Self, VaultError> {
        fs::create_dir(path).map_err(VaultError::from_io)?;
        only_for_owner(path).map_err(VaultError::from_io)?;
        fs::create_dir(path.join("evidence")).map_err(VaultError::from_io)?;
        Self::take(path, true)
    }

    /// Whether it has no name yet.
    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// No folder at all: a backup that is read where it lies. Nothing can be written.
    pub(crate) fn none(backup: File) -> Self {
        Self {
            path: PathBuf::new(),
            lock: backup,
            is_new: false,
            #[cfg(test)]
            sync_fails: false,
        }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path.join("log.db")
    }

    /// The folder of the sealed evidence files.
    pub(crate) fn evidence(&self) -> PathBuf {
        self.path.join("evidence")
    }

    /// Reads the header. One block is enough.
    pub(crate) fn read_header(&self, floor: KdfFloor) -> Result<ReadHeader, VaultError> {
        key_file::read(&self.path, floor)
    }

    /// Somebody removed the lock, and with it, as far as is known, everything: what is written now has no name.
    #[cfg(unix)]
    pub(super) fn was_removed(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        self.lock.metadata().is_ok_and(|lock| lock.nlink() == 0)
    }

    /// Elsewhere files that are open cannot be removed.
    #[cfg(not(unix))]
    pub(super) fn was_removed(&self) -> bool {
        let _held = &self.lock;
        false
    }

    /// Replaces the header: a new file beside it, fsync, rename, fsync of the folder.
    pub(crate) fn write_header(&self, header: &Header) -> Result<(), VaultError> {
        let beside = self.write_header_beside(header)?;
        self.put_in_place(beside)
    }

    /// The first half of [`Folder::write_header`], which replaces nothing yet.
    pub(crate) fn write_header_beside(&self, header: &Header) -> Result<Unfinished, VaultError> {
        let beside = self.path.join("header.new");
        let write = || -> io::Result<_> {
            // What a kill left, or a link that somebody put there to be written through.
            let _ = fs::remove_file(&beside);
            let (mut file, unfinished) = files::create(&beside)?;
            file.write_all(&header.to_file())?;
            file.sync_all()?;
            Ok(unfinished)
        };
        write().map_err(VaultError::from_io)
    }

    /// The second half. After an error the file may be either.
    pub(crate) fn put_in_place(&self, beside: Unfinished) -> Result<(), VaultError> {
        fs::rename(self.path.join("header.new"), self.path.join("header"))
            .map_err(VaultError::from_io)?;
        beside.keep();
        self.sync()
    }

    /// The names in it are on the disk.
    pub(crate) fn sync(&self) -> Result<(), VaultError> {
        #[cfg(test)]
        if self.sync_fails {
            return Err(VaultError::from_io(io::ErrorKind::Other.into()));
        }
        sync_folder(&self.path).map_err(VaultError::from_io)
    }

    /// Removes what a kill left of a header that was being written: it holds keys under a passphrase that never
    /// came to hold. Where nothing can be written, nothing was.
    pub(crate) fn remove_unfinished_header(&self) {
        let _ = fs::remove_file(self.path.join("header.new"));
    }

    /// Whether the file is this header, by a block that can be read: it is only ever replaced as a whole.
    pub(crate) fn holds_header(&self, header: &Header) -> io::Result<bool> {
        let expected = header.to_file();
        let mut unread = None;
        let mut read_one = false;
        for block in key_file::blocks(&self.path)?.blocks {
            match block {
                Ok(block) if expected.starts_with(&block) => return Ok(true),
                Ok(_) => read_one = true,
                Err(error) => unread = Some(error),
            }
        }
        unread.filter(|_| !read_one).map_or(Ok(false), Err)
    }

    /// How many of the two blocks can be read and are this header's; at most one where something follows them.
    pub(crate) fn blocks_of_header(&self, header: &Header) -> usize {
        let Ok(read) = key_file::blocks(&self.path) else {
            return 0;
        };
        let expected = header.to_file();
        let blocks = read.blocks.iter().zip(expected.chunks(BLOCK));
        let good = blocks
            .filter(|(block, expected)| block.as_ref().is_ok_and(|block| block == expected))
            .count();
        if read.end_the_file { good } else { good.min(1) }
    }

    /// Gives a new container its final name. Everything in it is on the disk before.
    pub(crate) fn publish(&mut self, target: &Path) -> Result<(), VaultError> {
        let publish = || -> io::Result<()> {
            for entry in fs::read_dir(&self.path)? {
                File::open(entry?.path())?.sync_all()?;
            }
            sync_folder(&self.path)?;
            fs::rename(&self.path, target)?;
            // An error means that nothing was made.
            sync_folder(folder_of(target)).inspect_err(|_| unpublish(target))
        };
        publish().map_err(VaultError::from_io)?;
        target.clone_into(&mut self.path);
        self.is_new = false;
        Ok(())
    }

    fn take(path: &Path, is_new: bool) -> Result<Self, VaultError> {
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("lock"))
            .map_err(VaultError::from_io)?;
        #[cfg(test)]
        let _guard = super::fixture::nothing_is_being_started();
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                lock,
                is_new,
                #[cfg(test)]
                sync_fails: false,
            }),
            Err(TryLockError::WouldBlock) => Err(VaultError::InUse),
            Err(TryLockError::Error(error)) => Err(VaultError::from_io(error)),
        }
    }
}

/// Takes a container away that has its name already, and cannot be given out with its codes. On the disk
/// too: or with the power lost, one would be there that nothing opens.
pub(super) fn unpublish(target: &Path) {
    // Nobody can be told more than the error says that led here.
    let _ = fs::remove_dir_all(target);
    let _ = sync_folder(folder_of(target));
}

/// A folder that is removed again unless it was published.
pub(crate) struct TemporaryFolder(Option<PathBuf>);

impl TemporaryFolder {
    /// A name beside `target`, which must not exist.
    pub(crate) fn beside(target: &Path) -> Result<Self, VaultError> {
        match fs::symlink_metadata(target) {
            Err(error) if leads_nowhere(&error) => Self::for_target(target),
            Err(error) => Err(VaultError::from_io(error)),
            Ok(_) => Err(VaultError::TargetExists),
        }
    }

    /// The same for a target that may also be an empty folder.
    pub(crate) fn beside_empty(target: &Path) -> Result<Self, VaultError> {
        match fs::symlink_metadata(target) {
            Err(error) if leads_nowhere(&error) => Self::for_target(target),
            Err(error) => Err(VaultError::from_io(error)),
            Ok(found) if found.is_dir() && is_empty(target)? => Self::for_target(target),
            Ok(_) => Err(VaultError::TargetExists),
        }
    }

    fn for_target(target: &Path) -> Result<Self, VaultError> {
        let name = format!(".{}.new", hex::encode(&random::bytes::<8>()?));
        Ok(Self(Some(folder_of(target).join(name))))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.as_deref().unwrap_or(Path::new(""))
    }

    /// It has another name now and stays.
    pub(crate) fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // Once more: in a copy that is salvaged from is everything of hers, sealed.
            let _ = fs::remove_dir_all(path).or_else(|_| fs::remove_dir_all(path));
        }
    }
}

/// Nothing has the name. What cannot be looked at is not taken for absent.
pub(super) fn leads_nowhere(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

fn is_empty(folder: &Path) -> Result<bool, VaultError> {
    let mut entries = fs::read_dir(folder).map_err(VaultError::from_io)?;
    Ok(entries.next().is_none())
}

#[cfg(unix)]
fn only_for_owner(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn only_for_owner(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::header::tests::example;

    /// "This folder is no vault" would send her away, or have a new one made.
    #[cfg(unix)]
    #[test]
    fn what_cannot_be_looked_at_is_not_absent() {
        let beside = tempfile::tempdir().unwrap();
        let path = beside.path().join("vault");
        drop(Folder::create(&path).unwrap());
        let opened = Folder::open(&path).err();
        assert!(matches!(opened, Some(VaultError::NotAVault)));
        // A name that leads to itself stands for a disk that does not answer.
        let header = path.join("header");
        std::os::unix::fs::symlink(&header, &header).unwrap();
        let opened = Folder::open(&path).err();
        assert!(matches!(opened, Some(VaultError::Io(_))));
        let target = header.join("new");
        for refused in [
            TemporaryFolder::beside(&target),
            TemporaryFolder::beside_empty(&target),
        ] {
            assert!(matches!(refused.err(), Some(VaultError::Io(_))));
        }
    }

    #[test]
    fn section_15_only_the_file_tells_which_header_holds() {
        let beside = tempfile::tempdir().unwrap();
        let folder = Folder::create(&beside.path().join("vault")).unwrap();
        let header = example();
        assert!(folder.holds_header(&header).is_err());
        folder.write_header(&header).unwrap();
        assert!(folder.holds_header(&header).unwrap());
        let other = Header {
            instance: [9; 16],
            ..header
        };
        assert!(!folder.holds_header(&other).unwrap());

        // One block is enough, also where the file is longer or shorter.
        let file = beside.path().join("vault/header");
        let mut bytes = header.to_file();
        bytes[500] ^= 1;
        fs::write(&file, &bytes).unwrap();
        assert!(folder.holds_header(&header).unwrap());
        assert_eq!(folder.blocks_of_header(&header), 1);
        bytes.push(0);
        fs::write(&file, &bytes).unwrap();
        assert!(folder.holds_header(&header).unwrap());
        assert_eq!(folder.blocks_of_header(&header), 1);
        // Of a block that was cut off nobody knows what it was.
        fs::write(&file, &bytes[..8_191]).unwrap();
        assert_eq!(folder.blocks_of_header(&header), 0);
        let whole = header.to_file();
        for (bytes, good) in [(&whole[..BLOCK], 1), (&whole, 2)] {
            fs::write(&file, bytes).unwrap();
            assert!(folder.holds_header(&header).unwrap());
            assert_eq!(folder.blocks_of_header(&header), good);
        }
        fs::write(&file, [&whole[..], &[0]].concat()).unwrap();
        assert_eq!(folder.blocks_of_header(&header), 1);
    }
}
