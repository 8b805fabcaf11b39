//! Files that must never hang a reader, never lie half-written under their final name, and never
//! replace another file.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::random;

/// Why a file could not be opened for reading.
#[derive(Debug)]
pub(crate) enum OpenError {
    /// A folder, pipe, socket or device.
    NotAFile,
    /// The system's answer.
    Io(io::Error),
}

/// Opens a regular file for reading only; symbolic links are followed. Never waits: a pipe would
/// hang until somebody writes into it, and opening a device can set it going. So the kind is
/// asked before opening, the file is opened with `O_NONBLOCK` in case it was swapped in between,
/// and the kind is asked again of the open file. The metadata are those of the open file.
pub(crate) fn open_regular(path: &Path) -> Result<(File, Metadata), OpenError> {
    if !fs::metadata(path).map_err(OpenError::Io)?.is_file() {
        return Err(OpenError::NotAFile);
    }
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    let file = options.open(path).map_err(OpenError::Io)?;
    let metadata = file.metadata().map_err(OpenError::Io)?;
    if !metadata.is_file() {
        return Err(OpenError::NotAFile);
    }
    Ok((file, metadata))
}

/// Whether a folder is there; what cannot be looked at is not taken for absent.
pub(crate) fn is_folder(path: &Path) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(found) => Ok(found.is_dir()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Creates a file that must not exist yet (`O_EXCL`), readable and writable, for its owner only.
/// It is removed again unless [`Unfinished::keep`] is called.
pub(crate) fn create(path: &Path) -> io::Result<(File, Unfinished)> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    Ok((file, Unfinished(Some(path.to_owned()))))
}

/// Makes what happened to the names in a folder durable (`fsync`). Does nothing where a folder
/// cannot be synced: on Windows, and on file systems that refuse it for a folder.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(folder)?.sync_all() {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        synced => synced,
    }
}

/// What the system answered, in words. Rust has none for the answer of a disk that fails (EIO).
pub(crate) fn in_words(kind: io::ErrorKind) -> String {
    match kind.to_string() {
        text if text == "uncategorized error" => "the disk does not answer".to_owned(),
        text => text,
    }
}

/// The folder that holds `path`.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A file that goes away when this is dropped. Close the file first: declare it before this.
#[derive(Debug)]
pub(crate) struct Unfinished(Option<PathBuf>);

impl Unfinished {
    /// The file stays.
    pub(crate) fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // Nobody can be told here. The names are random or recorded as unfinished.
            let _ = fs::remove_file(path);
        }
    }
}

/// A file that is written whole beside its target, and then gets the target's name without ever
/// replacing a file that has it. Dropped before [`NewFile::publish`], it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct NewFile {
    file: File,
    path: PathBuf,
    target: PathBuf,
    unfinished: Unfinished,
}

impl NewFile {
    /// Creates a file of mode 0600 in the folder of `target`, under a random name.
    ///
    /// `AlreadyExists` if anything has the target's name already, a broken link too.
    pub(crate) fn beside(target: &Path) -> io::Result<Self> {
        if fs::symlink_metadata(target).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        Self::for_target(target)
    }

    fn for_target(target: &Path) -> io::Result<Self> {
        let name = random::bytes::<8>().map_err(|_| io::Error::other("no randomness"))?;
        let name = format!(".{:016x}.part", u64::from_be_bytes(name));
        let path = folder_of(target).join(name);
        let (file, unfinished) = create(&path)?;
        Ok(Self {
            file,
            path,
            target: target.to_owned(),
            unfinished,
        })
    }

    /// The same for a file that takes the place of the one that has the name.
    pub(crate) fn in_place_of(target: &Path) -> io::Result<Self> {
        Self::for_target(target)
    }

    /// The open file, to write and to read back.
    pub(crate) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Where the bytes lie until they are published.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the bytes durable and gives them the target's name.
    ///
    /// `AlreadyExists` if the name was taken meanwhile. After any error neither name is left; after
    /// a kill either the whole file has the target's name or nothing has, but for
    /// [`reserve_and_rename`].
    pub(crate) fn publish(self) -> io::Result<()> {
        let Self {
            file,
            path,
            target,
            unfinished,
        } = self;
        file.sync_all()?;
        drop(file);
        let mut published = Err(io::ErrorKind::Unsupported.into());
        for way in WAYS {
            published = way(&path, &target);
            match &published {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {}
                _ => break,
            }
        }
        published?;
        // Renamed, it is gone from there; linked, it has both names.
        drop(unfinished);
        let published = Unfinished(Some(target.clone()));
        sync_folder(folder_of(&target))?;
        published.keep();
        Ok(())
    }

    /// Makes the bytes durable and puts the file in the place of the one that has the target's name: after a kill
    /// the old one has it, or the new one, each whole.
    pub(crate) fn replace(self) -> io::Result<()> {
        self.file.sync_all()?;
        drop(self.file);
        fs::rename(&self.path, &self.target)?;
        self.unfinished.keep();
        sync_folder(folder_of(&self.target))
    }
}

/// Whether a file of this name is what a kill left of a [`NewFile`].
pub(crate) fn is_unfinished(name: &str) -> bool {
    let random = name
        .strip_prefix('.')
        .and_then(|name| name.strip_suffix(".part"));
    random.is_some_and(|random| {
        random.len() == 16 && random.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// Ways to give a file a name that nothing has, the best first. Not every file system has them all.
const WAYS: [fn(&Path, &Path) -> io::Result<()>; 3] = [
    rename_without_replacing,
    |path, target| fs::hard_link(path, target),
    reserve_and_rename,
];

/// `renameat2` with `RENAME_NOREPLACE`, `renameatx_np` with `RENAME_EXCL`. Not on Android: before
/// version 11 its filter of system calls ends a program that asks for it.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn rename_without_replacing(path: &Path, target: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, path, CWD, target, RenameFlags::NOREPLACE).map_err(io::Error::from)
}
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn rename_without_replacing(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Reserves the name with an empty file, because `rename` would silently replace one. A kill
/// between the two leaves the empty file; so this is for storage that knows neither of the others:
/// memory cards, and shared folders on Android.
fn reserve_and_rename(path: &Path, target: &Path) -> io::Result<()> {
    let (placeholder, reserved) = create(target)?;
    drop(placeholder); // Windows renames nothing over an open file
    fs::rename(path, target)?;
    reserved.keep();
    Ok(())
}

/// What is wrong with a file or its folder, and what to do.
pub(crate) fn trouble(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound => "there is no such file or folder: check the path",
        io::ErrorKind::PermissionDenied => {
            "the file or its folder may not be used: check its permissions"
        }
        io::ErrorKind::NotADirectory => "a part of the path is no folder: check the path",
        _ => "a file cannot be written or read: check the disk and the folder",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn publishes_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out");
        let mut new = NewFile::beside(&target).unwrap();
        new.file().write_all(b"words").unwrap();
        assert_eq!(fs::read(new.path()).unwrap(), b"words");
        assert!(!target.exists());
        new.publish().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"words");

        drop(NewFile::beside(&folder.path().join("other")).unwrap());
        assert_eq!(names(folder.path()), ["out"]);
    }

    #[test]
    fn never_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out");
        let late = NewFile::beside(&target).unwrap();
        fs::write(&target, "first").unwrap();
        for error in [
            NewFile::beside(&target).unwrap_err(),
            late.publish().unwrap_err(),
        ] {
            assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        }
        assert_eq!(fs::read(&target).unwrap(), b"first");
        assert_eq!(names(folder.path()), ["out"]);
    }

    #[test]
    fn no_way_replaces_or_leaves_a_second_name() {
        let unsupported = cfg!(not(any(target_os = "linux", target_vendor = "apple")));
        for (at, way) in WAYS.into_iter().enumerate() {
            let folder = tempfile::tempdir().unwrap();
            let target = folder.path().join("out");
            let path = folder.path().join("temporary");
            fs::write(&path, "words").unwrap();
            if at == 0 && unsupported {
                assert!(way(&path, &target).is_err());
                continue;
            }
            way(&path, &target).unwrap();
            assert_eq!(fs::read(&target).unwrap(), b"words");
            // Only a link leaves the first name, for the caller to remove.
            assert_eq!(path.exists(), at == 1);

            fs::write(&path, "other words").unwrap();
            fs::remove_file(&target).unwrap();
            fs::write(&target, "first").unwrap();
            let error = way(&path, &target).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::AlreadyExists, "{at}");
            assert_eq!(fs::read(&target).unwrap(), b"first");
            assert_eq!(names(folder.path()), ["out", "temporary"]);
        }
    }

    /// The best way is there on the systems that are tested, so a kill leaves no empty file.
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    #[test]
    fn a_name_is_given_in_one_step() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("temporary");
        fs::write(&path, "words").unwrap();
        rename_without_replacing(&path, &folder.path().join("out")).unwrap();
        assert_eq!(names(folder.path()), ["out"]);
    }

    #[cfg(unix)]
    #[test]
    fn takes_a_broken_link_for_an_existing_target() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out");
        std::os::unix::fs::symlink("nowhere", &target).unwrap();
        let error = NewFile::beside(&target).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
    }

    #[cfg(unix)]
    #[test]
    fn writes_for_the_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let new = NewFile::beside(&folder.path().join("out")).unwrap();
        assert_eq!(
            fs::metadata(new.path()).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_failing_disk_has_words() {
        let broken = io::Error::from_raw_os_error(libc::EIO);
        assert_eq!(in_words(broken.kind()), "the disk does not answer");
        let denied = io::ErrorKind::PermissionDenied;
        assert_eq!(in_words(denied), "permission denied");
    }

    #[test]
    fn opens_regular_files_only() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            open_regular(folder.path()),
            Err(OpenError::NotAFile)
        ));
        assert!(matches!(
            open_regular(&folder.path().join("absent")),
            Err(OpenError::Io(error)) if error.kind() == io::ErrorKind::NotFound
        ));
    }
}
