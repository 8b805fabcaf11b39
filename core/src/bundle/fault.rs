//! Why a container is refused: one name for each way in which two readers could see two bundles.

use std::error::Error;
use std::fmt;
use std::io;

use super::finding::{Check, Finding, Level};
use super::limits::Limit;
use super::path::InvalidPath;
use crate::display::escape_name;

/// What is wrong with a container.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    // The frame of a ZIP file.
    /// No end record: the file was cut short, or bytes follow that hide it.
    NoEndRecord,
    /// Bytes follow the end record.
    TrailingBytes,
    /// A second end record that some readers take instead.
    SeveralEndRecords,
    /// A comment of the whole archive.
    ArchiveComment,
    /// More than one disk.
    MultiDisk,
    /// The end record counts other entries than the directory holds.
    CountDiffers,
    /// The directory does not lie right before the end record.
    DirectoryPlace,
    /// The directory holds something that is no header of an entry.
    DirectoryRecord,
    /// ZIP64 fields that are missing, superfluous in a doubtful way, or disagree.
    Zip64,
    /// Bytes before the first entry.
    LeadingBytes,
    /// Two entries share bytes, or an entry lies in the directory.
    Overlap,
    /// Bytes between entries that belong to none.
    Gap,
    /// The packed files together are larger than the ZIP file.
    SizesExceedFile,

    // One entry of a ZIP file.
    /// No local header where the directory says.
    LocalHeader,
    /// Local header and directory give two names.
    NameDiffers,
    /// Local header and directory give two sizes.
    SizeDiffers,
    /// Local header and directory give two methods.
    MethodDiffers,
    /// Local header and directory give two check sums.
    CrcDiffers,
    /// Local header and directory give two sets of flags.
    FlagsDiffer,
    /// The data descriptor disagrees with the directory.
    Descriptor,
    /// A stored file whose end only its data descriptor would tell.
    DescriptorOnStored,
    /// A file that is encrypted.
    Encrypted,
    /// A method other than stored and deflate.
    Method,
    /// Flags that change how the entry is read.
    Flags,
    /// A second name in an extra field.
    UnicodePath,
    /// An extra field that is damaged, doubled or unknown.
    ExtraField,
    /// A comment of one entry.
    EntryComment,
    /// Some readers take the entry for a file, some for a folder.
    FileOrFolder,
    /// A folder entry with content.
    FolderWithContent,

    // The file system.
    /// A symbolic link or reparse point.
    Link,
    /// A device, pipe or socket.
    SpecialFile,
    /// A folder without files.
    EmptyFolder,

    // Names.
    /// A name that breaks the rule of bundle paths.
    Name,
    /// A name that is neither ASCII nor marked as UTF-8.
    NameEncoding,
    /// A top folder with a name that not every system keeps.
    TopFolder,
    /// Files that are not in the one top folder.
    SeveralTopFolders,
    /// Two entries with one name, or names that differ in case only.
    Duplicate,
    /// A file that macOS or Windows added.
    SystemFile,

    // Limits.
    /// A limit of bundles is passed.
    Limit(Limit),
    /// A directory of more than 8 MiB.
    DirectoryBytes,
    /// Unpacks to more than 200 times its size.
    Bomb,
    /// A file larger than its kind ever is.
    TooLarge,

    // Found while a file is read.
    /// The check sum is not that of the bytes.
    Crc,
    /// The file has more or fewer bytes than its size.
    RealSize,
    /// The packed bytes are no whole deflate stream.
    Deflate,
}

/// A fault and the entry it was found at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// What is wrong.
    pub fault: Fault,
    /// Name of the entry, safe to show; empty for the whole container.
    pub subject: String,
}

/// Why a container cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ContainerError {
    /// Reading failed. Says nothing about the bundle.
    Io(io::Error),
    /// Neither a ZIP file nor a folder.
    NotABundle,
    /// Read, and refused: not sound.
    Refused(Refusal),
}

impl Fault {
    /// The check that finds it.
    #[must_use]
    pub fn check(self) -> Check {
        match self {
            Self::Name
            | Self::NameEncoding
            | Self::TopFolder
            | Self::SeveralTopFolders
            | Self::Duplicate
            | Self::SystemFile => Check::Names,
            Self::Limit(_) | Self::DirectoryBytes | Self::Bomb | Self::TooLarge => Check::Limits,
            _ => Check::Container,
        }
    }

    /// The fault at an entry with a name from the container.
    pub(super) fn at(self, name: impl AsRef<str>) -> Refusal {
        Refusal {
            fault: self,
            subject: escape_name(name.as_ref()),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoEndRecord => {
                "the ZIP file has no end: it was cut short on the way, ask for it again"
            }
            Self::TrailingBytes => "bytes follow the end of the ZIP file",
            Self::SeveralEndRecords => "the ZIP file has two ends: readers may take either",
            Self::ArchiveComment => "the ZIP file carries a comment, which a bundle never does",
            Self::MultiDisk => "the ZIP file is one part of several",
            Self::CountDiffers => "the ZIP file counts other entries than it lists",
            Self::DirectoryPlace => "the list of entries is not at the end of the ZIP file",
            Self::DirectoryRecord => "the list of entries is damaged",
            Self::Zip64 => {
                "sizes or places of the ZIP file are missing, or given twice and not the same"
            }
            Self::LeadingBytes => "bytes stand before the first entry of the ZIP file",
            Self::Overlap => "two entries of the ZIP file share the same bytes",
            Self::Gap => "the ZIP file has bytes that belong to no entry",
            Self::SizesExceedFile => "the entries together are larger than the ZIP file",
            Self::LocalHeader => "the entry is not where the list of entries says",
            Self::NameDiffers => "the entry has two different names",
            Self::SizeDiffers => "the entry has two different sizes",
            Self::MethodDiffers => "the entry names two different ways of packing",
            Self::CrcDiffers => "the entry has two different check sums",
            Self::FlagsDiffer => "the entry is described in two different ways",
            Self::Descriptor => "what follows the entry does not describe it",
            Self::DescriptorOnStored => "the end of the entry cannot be told with certainty",
            Self::Encrypted => "the ZIP file is encrypted: unpack it first, then check the folder",
            Self::Method => "the entry is packed in a way that not every reader knows",
            Self::Flags => "the entry is marked in a way that not every reader knows",
            Self::UnicodePath => "the entry has a second name, which some readers take",
            Self::ExtraField => "the entry carries extra data that readers may take differently",
            Self::EntryComment => "the entry carries a comment, which a bundle never does",
            Self::FileOrFolder => "readers may take the entry for a file or for a folder",
            Self::FolderWithContent => "a folder entry that has content",
            Self::Link => "a link in place of a file",
            Self::SpecialFile => "neither a file nor a folder",
            Self::EmptyFolder => "a folder that holds no file of the bundle",
            Self::Name => return InvalidPath.fmt(f),
            Self::NameEncoding => {
                "a name in an unknown alphabet: name the top folder in Latin letters, zip it again"
            }
            Self::TopFolder => "the top folder has a name that not every system keeps: rename it",
            Self::SeveralTopFolders => "not all files are in one top folder",
            Self::Duplicate => "the same name twice",
            Self::SystemFile => {
                "added by macOS or Windows, not part of the bundle: delete it or zip without it"
            }
            Self::Limit(limit) => return limit.fmt(f),
            Self::DirectoryBytes => "the list of entries is larger than that of any bundle",
            Self::Bomb => "unpacks to over 200 times its size, as no bundle does",
            Self::TooLarge => "larger than such a file of a bundle ever is",
            Self::Crc => "the check sum is wrong: the entry is damaged",
            Self::RealSize => "the real size is not the size given",
            Self::Deflate => "the packed bytes are damaged",
        })
    }
}

impl Refusal {
    /// The refusal as a finding.
    #[must_use]
    pub fn to_finding(&self) -> Finding {
        Finding {
            check: self.fault.check(),
            level: Level::Failure,
            subject: self.subject.clone(),
            detail: self.fault.to_string(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.subject.as_str() {
            "" => self.fault.fmt(f),
            subject => write!(f, "{subject}: {}", self.fault),
        }
    }
}

impl Error for Refusal {}

impl ContainerError {
    /// The fault, if the container was read and refused.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        match self {
            Self::Refused(refusal) => Some(refusal.fault),
            Self::Io(_) | Self::NotABundle => None,
        }
    }
}

impl From<Fault> for ContainerError {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault.at(""))
    }
}

impl From<Refusal> for ContainerError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A refusal inside an [`io::Error`], as a reader of one file gives it, comes out again.
impl From<io::Error> for ContainerError {
    fn from(error: io::Error) -> Self {
        match error.downcast::<Refusal>() {
            Ok(refusal) => Self::Refused(refusal),
            Err(error) => Self::Io(error),
        }
    }
}

/// For a reader of one file, which can only give an [`io::Error`].
impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(io::ErrorKind::InvalidData, refusal)
    }
}

impl fmt::Display for ContainerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(
                f,
                "the bundle cannot be read: {}",
                crate::files::in_words(error.kind())
            ),
            Self::NotABundle => f.write_str("no bundle: neither a ZIP file nor a folder"),
            Self::Refused(refusal) => refusal.fmt(f),
        }
    }
}

impl Error for ContainerError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Refused(refusal) => Some(refusal),
            Self::NotABundle => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_survives_an_io_error() {
        let refusal = Fault::Crc.at("e/a");
        let error = ContainerError::from(io::Error::from(refusal.clone()));
        assert!(matches!(error, ContainerError::Refused(back) if back == refusal));
        let error = ContainerError::from(io::Error::from(io::ErrorKind::NotFound));
        assert!(matches!(error, ContainerError::Io(_)));
    }

    #[test]
    fn a_hostile_name_is_shown_safely() {
        let refusal = Fault::Name.at("e/\u{202e}gpj.exe\n");
        assert_eq!(refusal.subject, "e/[U+202E]gpj.exe[U+000A]");
        assert_eq!(refusal.to_finding().check, Check::Names);
        assert!(refusal.to_string().starts_with("e/[U+202E]gpj"));
    }

    #[test]
    fn each_kind_has_its_check() {
        assert_eq!(Fault::Limit(Limit::Files).check(), Check::Limits);
        assert_eq!(Fault::Overlap.check(), Check::Container);
        assert_eq!(Fault::Duplicate.check(), Check::Names);
    }
}
