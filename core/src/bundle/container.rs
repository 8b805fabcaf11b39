//! A bundle as a set of files, whether it is a ZIP file or lies unpacked in a folder.
//!
//! The container is only a container: what is proven is the set of files and their bytes. A
//! bundle that somebody zipped again or unpacked is as good as before. A ZIP file that two
//! readers may read differently is refused, and so is whatever a bundle never holds.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use super::fault::{ContainerError, Fault};
use super::folder::{self, FileStream};
use super::path::BundlePath;
use super::zip::{Archive, EntryStream, Member};

/// An open bundle whose list of files is checked. Contents are checked while they are read.
pub struct Container {
    source: Source,
    entries: Vec<Entry>,
    form: Form,
    top_folder: Option<String>,
}

/// A file of a bundle.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Path inside the top folder.
    pub path: BundlePath,
    /// Size in bytes. Claimed: reading the file refuses any other.
    pub size: u64,
}

/// In which form a bundle came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Form {
    /// Every byte of the ZIP file is as our writer puts it.
    AsWritten,
    /// A ZIP file that another program wrote, or with another top folder.
    ZippedAgain,
    /// A folder.
    Unpacked,
}

/// Reads one file of a bundle. Size and check sum are checked no later than with the last byte;
/// [`ContainerError::from`] makes an error of this reader into the refusal it may hold.
pub struct EntryReader<'a>(Reading<'a>);

enum Source {
    Zip {
        input: Box<dyn Input>,
        /// In the order of the entries.
        members: Vec<Member>,
    },
    Folder(PathBuf),
}

enum Reading<'a> {
    Zip(EntryStream<'a, Box<dyn Input>>),
    Folder(FileStream<'a>),
}

/// What a ZIP file is read from.
trait Input: Read + Seek + Send {}

impl<T: Read + Seek + Send> Input for T {}

impl Container {
    /// Opens a ZIP file or a folder and checks everything but the contents of its files.
    ///
    /// # Errors
    /// Any of [`ContainerError`].
    pub fn open(path: &Path) -> Result<Self, ContainerError> {
        let kind = fs::metadata(path)?.file_type();
        if kind.is_dir() {
            return Self::from_folder(path);
        }
        if !kind.is_file() {
            return Err(ContainerError::NotABundle);
        }
        Self::from_zip(File::open(path)?)
    }

    /// Opens a ZIP file that is already open, or in memory.
    ///
    /// # Errors
    /// Any of [`ContainerError`].
    pub fn from_zip(input: impl Read + Seek + Send + 'static) -> Result<Self, ContainerError> {
        let mut input: Box<dyn Input> = Box::new(input);
        let archive = Archive::open(&mut input)?;
        let mut members = archive.members;
        members.sort_by(|a, b| a.path.cmp(&b.path));
        let entries = members.iter().map(|member| Entry {
            path: member.path.clone(),
            size: member.size,
        });
        Ok(Self {
            entries: entries.collect(),
            source: Source::Zip { input, members },
            form: match archive.is_as_written {
                true => Form::AsWritten,
                false => Form::ZippedAgain,
            },
            top_folder: archive.top,
        })
    }

    /// The files, ascending by path.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The file with this path.
    #[must_use]
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        self.entries.get(self.index(path)?)
    }

    /// In which form the bundle came.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// True unless every byte of the ZIP file is as our writer puts it. To be said, not refused.
    #[must_use]
    pub fn is_rewritten(&self) -> bool {
        self.form != Form::AsWritten
    }

    /// Name of the top folder in a ZIP file. It may have been renamed and hold any text that is
    /// safe to show; `None` for a folder, and for files zipped without one.
    #[must_use]
    pub fn top_folder(&self) -> Option<&str> {
        self.top_folder.as_deref()
    }

    /// Reads a file from its beginning.
    ///
    /// # Errors
    /// [`ContainerError::Io`], with the kind `NotFound` if there is no such file.
    pub fn read(&mut self, path: &str) -> Result<EntryReader<'_>, ContainerError> {
        let index = self.index(path);
        let found = index.and_then(|index| Some((index, self.entries.get(index)?)));
        let Some((index, entry)) = found else {
            return Err(missing());
        };
        let reading = match &mut self.source {
            Source::Zip { input, members } => {
                let member = members.get(index).ok_or_else(missing)?;
                Reading::Zip(EntryStream::new(input, member)?)
            }
            Source::Folder(root) => {
                Reading::Folder(FileStream::new(root, &entry.path, entry.size)?)
            }
        };
        Ok(EntryReader(reading))
    }

    /// Reads a whole file of at most `max` bytes into memory.
    ///
    /// # Errors
    /// As [`Container::read`], and [`Fault::TooLarge`] for a larger file.
    pub fn read_all(&mut self, path: &str, max: u64) -> Result<Vec<u8>, ContainerError> {
        if self.entry(path).is_some_and(|entry| entry.size > max) {
            return Err(Fault::TooLarge.at(path).into());
        }
        let mut bytes = Vec::new();
        self.read(path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn from_folder(root: &Path) -> Result<Self, ContainerError> {
        let mut entries: Vec<_> = folder::list(root)?
            .into_iter()
            .map(|(path, size)| Entry { path, size })
            .collect();
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self {
            source: Source::Folder(root.to_owned()),
            entries,
            form: Form::Unpacked,
            top_folder: None,
        })
    }

    fn index(&self, path: &str) -> Option<usize> {
        self.entries
            .binary_search_by(|entry| entry.path.as_str().cmp(path))
            .ok()
    }
}

impl Read for EntryReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Reading::Zip(stream) => stream.read(out),
            Reading::Folder(stream) => stream.read(out),
        }
    }
}

impl Form {
    /// The sentence for the finding about it.
    #[must_use]
    pub fn detail(self) -> &'static str {
        match self {
            Self::AsWritten => "the ZIP file is as it was written",
            Self::ZippedAgain => "container rewritten: another program zipped the files again",
            Self::Unpacked => "container rewritten: the files lie unpacked in a folder",
        }
    }
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Container")
            .field("form", &self.form)
            .field("entries", &self.entries.len())
            .finish_non_exhaustive()
    }
}

fn missing() -> ContainerError {
    ContainerError::Io(io::ErrorKind::NotFound.into())
}
