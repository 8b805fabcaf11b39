//! A bundle that lies unpacked in a folder.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::fault::{ContainerError, Fault, Refusal};
use super::limits::{Limit, MAX_FILES, Tally};
use super::names::Names;
use super::path::{BundlePath, is_system_file};

/// Lists the files below `root` with their sizes, in no promised order. Links and special files
/// are refused, `root` itself may be a link.
pub(super) fn list(root: &Path) -> Result<Vec<(BundlePath, u64)>, ContainerError> {
    let mut walk = Walk::default();
    walk.folder(root, "")?;
    let names = Names::in_folder(walk.names.iter().map(String::as_str))?;
    if let Some(refusal) = walk.refusal {
        return Err(refusal.into());
    }
    Ok(names.paths.into_iter().zip(walk.sizes).collect())
}

/// Gives exactly the bytes that a file had when it was listed; one that has changed is refused.
pub(super) struct FileStream<'a> {
    file: File,
    path: &'a BundlePath,
    left: u64,
}

impl<'a> FileStream<'a> {
    /// Opens the file of `size` bytes.
    pub(super) fn new(root: &Path, path: &'a BundlePath, size: u64) -> io::Result<Self> {
        let full: PathBuf = root.join(path.as_str());
        // Looked at again: the folder may have changed since it was listed.
        if !fs::symlink_metadata(&full)?.is_file() {
            return Err(Fault::Link.at(path).into());
        }
        Ok(Self {
            file: File::open(full)?,
            path,
            left: size,
        })
    }

    fn has_more(&mut self) -> io::Result<bool> {
        Ok(self.file.read(&mut [0])? != 0)
    }
}

impl Read for FileStream<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        let room = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(out.len());
        let out = out.get_mut(..room).unwrap_or_default();
        let count = self.file.read(out)?;
        self.left -= count as u64;
        if count == 0 && self.left != 0 || self.left == 0 && self.has_more()? {
            return Err(Fault::RealSize.at(self.path).into());
        }
        Ok(count)
    }
}

/// What was found so far. Names of folders end with a slash, as in a ZIP file.
#[derive(Default)]
struct Walk {
    names: Vec<String>,
    /// Size of each file, in the order in which the files stand in `names`.
    sizes: Vec<u64>,
    tally: Tally,
    /// The first thing that is neither file nor folder, kept until it is known that the folder
    /// means to be a bundle at all.
    refusal: Option<Refusal>,
}

impl Walk {
    fn folder(&mut self, folder: &Path, prefix: &str) -> Result<(), ContainerError> {
        let mut items = Vec::new();
        for item in fs::read_dir(folder)? {
            items.push(item?);
            if items.len() as u64 > MAX_FILES {
                return Err(Fault::Limit(Limit::Files).into());
            }
        }
        // Folders give their items in any order; the first fault must not depend on it.
        items.sort_by_key(fs::DirEntry::file_name);
        for item in items {
            let file_name = item.file_name();
            let Some(file_name) = file_name.to_str() else {
                let shown = file_name.to_string_lossy();
                return Err(Fault::NameEncoding.at(format!("{prefix}{shown}")).into());
            };
            self.item(&item, format!("{prefix}{file_name}"))?;
        }
        Ok(())
    }

    fn item(&mut self, item: &fs::DirEntry, name: String) -> Result<(), ContainerError> {
        let kind = item.file_type()?; // of a link, not of its target
        if self.names.len() as u64 > 2 * MAX_FILES {
            return Err(Fault::Limit(Limit::Files).into());
        }
        if kind.is_dir() {
            // A folder that no bundle has is not walked: it may be anybody's home.
            if BundlePath::parse(&name).is_ok() && !is_system_file(&name) {
                self.folder(&item.path(), &format!("{name}/"))?;
            }
            self.names.push(format!("{name}/"));
            return Ok(());
        }
        if !kind.is_file() {
            let fault = match kind.is_symlink() {
                true => Fault::Link,
                false => Fault::SpecialFile,
            };
            self.refusal.get_or_insert_with(|| fault.at(&name));
        }
        let size = match kind.is_file() {
            true => item.metadata()?.len(),
            false => 0,
        };
        self.tally
            .add(size)
            .map_err(|limit| Fault::Limit(limit).at(&name))?;
        self.names.push(name);
        self.sizes.push(size);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn bundle() -> TempDir {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("data/evidence")).unwrap();
        for (path, bytes) in [("bagit.txt", "hello"), ("data/evidence/a-01.jpg", "jpeg")] {
            fs::write(root.path().join(path), bytes).unwrap();
        }
        root
    }

    fn fault(root: &TempDir) -> Option<Fault> {
        list(root.path()).err().and_then(|error| error.fault())
    }

    #[test]
    fn files_are_listed_with_their_sizes() {
        let root = bundle();
        let files = list(root.path()).unwrap();
        let files: Vec<_> = files.iter().map(|(p, size)| (p.as_str(), *size)).collect();
        assert_eq!(files, [("bagit.txt", 5), ("data/evidence/a-01.jpg", 4)]);
    }

    #[test]
    fn foreign_files_and_folders_are_refused() {
        for (expected, path) in [
            (Fault::SystemFile, ".DS_Store"),
            (Fault::Name, "data/Photo.JPG"),
            (Fault::Name, "data/evidence/x/deep/y"),
            (Fault::Name, "Photos/a.jpg"),
        ] {
            let root = bundle();
            let full = root.path().join(path);
            fs::create_dir_all(full.parent().unwrap()).unwrap();
            fs::write(full, "").unwrap();
            assert_eq!(fault(&root), Some(expected), "{path}");
        }
        let root = bundle();
        fs::create_dir(root.path().join("empty")).unwrap();
        assert_eq!(fault(&root), Some(Fault::EmptyFolder));
    }

    #[cfg(unix)]
    #[test]
    fn links_and_special_files_are_refused() {
        use std::os::unix::ffi::OsStrExt as _;
        use std::os::unix::fs::symlink;
        use std::os::unix::net::UnixListener;

        for target in ["/etc/passwd", "/etc", "bagit.txt", "nowhere"] {
            let root = bundle();
            symlink(target, root.path().join("data/a-02.jpg")).unwrap();
            assert_eq!(fault(&root), Some(Fault::Link), "{target}");
        }
        let root = bundle();
        let _socket = UnixListener::bind(root.path().join("data/s")).unwrap();
        assert_eq!(fault(&root), Some(Fault::SpecialFile));

        let root = bundle();
        let name = std::ffi::OsStr::from_bytes(b"\xff.txt");
        fs::write(root.path().join(name), "").unwrap();
        assert_eq!(fault(&root), Some(Fault::NameEncoding));
    }

    #[test]
    fn any_other_folder_is_no_bundle() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("Notes.txt"), "").unwrap();
        assert!(matches!(list(root.path()), Err(ContainerError::NotABundle)));
        assert!(matches!(
            list(&root.path().join("missing")),
            Err(ContainerError::Io(_))
        ));
    }

    #[test]
    fn a_file_that_changed_is_refused() {
        let root = bundle();
        let path = BundlePath::parse("bagit.txt").unwrap();
        let read = |size: u64| {
            let mut bytes = Vec::new();
            FileStream::new(root.path(), &path, size)
                .and_then(|mut stream| stream.read_to_end(&mut bytes))
                .map(|_| bytes)
                .map_err(|error| ContainerError::from(error).fault())
        };
        assert_eq!(read(5).unwrap(), b"hello");
        for size in [0, 4, 6] {
            assert_eq!(read(size), Err(Some(Fault::RealSize)), "{size}");
        }
    }
}
