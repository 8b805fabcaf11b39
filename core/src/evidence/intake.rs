//! Taking a file in: read once, sealed as it is read, refused if it changes meanwhile.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

use super::claims;
use super::{EvidenceError, MAX_BYTES, MediaType, Sealed, Writer};
use crate::files::{self, OpenError};
use crate::progress::Progress;

/// What is known of a file that was taken in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Intake {
    /// Bytes of the original.
    pub(crate) size: u64,
    /// SHA-256 of the original.
    pub(crate) sha256: [u8; 32],
    /// By its content, not by its name.
    pub(crate) media_type: MediaType,
    /// What it was called: data, never used as a name. At most 255 characters; what was not
    /// Unicode, and control characters, are U+FFFD.
    pub(crate) original_name: String,
    /// When it was last changed, as its file system claims: RFC 3339 in UTC, to the second.
    pub(crate) claimed_modified: Option<String>,
    /// When it was taken, as a picture itself claims: by a camera's clock, with or without an offset.
    pub(crate) claimed_taken: Option<String>,
}

impl Intake {
    /// Joins what was sealed with what the source said about it.
    ///
    /// For a source that is not a path (a content URI on Android), a shell feeds a [`Writer`]
    /// with chunks, finishes it and calls this; a file on a path goes through [`read_into`].
    pub(crate) fn new(sealed: Sealed, name: &str, modified: Option<SystemTime>) -> Self {
        let Sealed {
            size,
            sha256,
            media_type,
            taken,
        } = sealed;
        Self {
            size,
            sha256,
            media_type,
            original_name: claims::name(name),
            claimed_modified: modified.and_then(claims::time),
            claimed_taken: taken,
        }
    }
}

/// What a file said about itself when it was read: claims, not facts.
#[derive(Clone, Debug)]
pub struct Source {
    /// What it is called.
    pub name: String,
    /// When it was last changed, as its file system says.
    pub modified: Option<SystemTime>,
}

/// Seals the file at `source` with `writer`, which is empty, in one pass.
///
/// Symbolic links are followed; anything but a regular file of 1 byte to [`MAX_BYTES`] is
/// refused, without waiting for it. Size, times and identity are compared before and after. The
/// source is only read. After an error the writer must be dropped.
pub(crate) fn read_into(
    writer: &mut Writer,
    source: &Path,
    progress: &mut dyn Progress,
) -> Result<Source, EvidenceError> {
    let (mut file, metadata) = files::open_regular(source)?;
    let before = Stamp::of(&metadata);
    match before.size {
        0 => return Err(EvidenceError::Empty),
        1..=MAX_BYTES => {}
        _ => return Err(EvidenceError::TooLarge),
    }

    let mut done = 0;
    while done < before.size {
        match writer.read_from(&mut file, before.size - done)? {
            0 => return Err(EvidenceError::ChangedWhileRead),
            count => done += count as u64,
        }
        if progress.advance(done, before.size).is_break() {
            return Err(EvidenceError::Cancelled);
        }
    }
    before.must_still_hold(&mut file, source)?;

    let name = source.file_name().unwrap_or_default().to_string_lossy();
    Ok(Source {
        name: name.into_owned(),
        modified: before.modified,
    })
}

/// What tells one state of a file from another.
#[derive(Debug, Eq, PartialEq)]
struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    /// Device, inode, and time of the last change of either content or metadata, which no
    /// program can set.
    #[cfg(unix)]
    identity: (u64, u64, i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Self {
            size: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            identity: (
                metadata.dev(),
                metadata.ino(),
                metadata.ctime(),
                metadata.ctime_nsec(),
            ),
        }
    }

    /// Nothing follows the last byte, and the open file and the one of that name are both as
    /// they were.
    fn must_still_hold(&self, file: &mut File, path: &Path) -> Result<(), EvidenceError> {
        let named = match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(EvidenceError::Vanished);
            }
            named => named,
        };
        let of_source = |error| EvidenceError::from(OpenError::Io(error));
        let more = file
            .take(1)
            .read_to_end(&mut Vec::new())
            .map_err(of_source)?;
        let open = file.metadata().map_err(of_source)?;
        if more > 0 || Self::of(&open) != *self || Self::of(&named.map_err(of_source)?) != *self {
            return Err(EvidenceError::ChangedWhileRead);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::io::Write;
    use std::ops::ControlFlow;
    use std::path::PathBuf;
    use std::process::Command;
    use std::sync::mpsc;
    use std::thread;
    use std::time::{Duration, UNIX_EPOCH};

    use sha2::{Digest, Sha256};

    use super::*;
    use crate::evidence::{FileKey, extract};
    use crate::progress::NoProgress;
    use crate::vault::fixture;

    const MIB: usize = 1 << 20;
    /// 2026-10-03T16:20:00Z.
    const THEN: Duration = Duration::from_secs(1_791_044_400);

    struct Case {
        folder: tempfile::TempDir,
        key: FileKey,
    }

    impl Case {
        fn new() -> Self {
            Self {
                folder: tempfile::tempdir().unwrap(),
                key: FileKey::make().unwrap(),
            }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        /// A source with old times, so that any change shows whatever the clock's resolution.
        fn source(&self, bytes: &[u8]) -> PathBuf {
            let path = self.path("IMG_1.jpg");
            let mut file = File::create(&path).unwrap();
            file.write_all(bytes).unwrap();
            file.set_modified(UNIX_EPOCH + THEN).unwrap();
            path
        }

        fn take_in(
            &self,
            source: &Path,
            progress: &mut dyn Progress,
        ) -> Result<Intake, EvidenceError> {
            take_in(source, &self.path("sealed"), &self.key, progress)
        }

        /// Takes in 3 MiB, and does something to the source when the first one has been read.
        fn disturbed(&self, mut disturb: impl FnMut(&Path)) -> Result<Intake, EvidenceError> {
            let source = self.source(&vec![1; 3 * MIB]);
            let mut first = true;
            let mut progress = |_, _| {
                if std::mem::take(&mut first) {
                    disturb(&source);
                }
                ControlFlow::Continue(())
            };
            self.take_in(&source, &mut progress)
        }

        fn left_nothing(&self) -> bool {
            !self.path("sealed").exists()
        }
    }

    fn take_in(
        source: &Path,
        target: &Path,
        key: &FileKey,
        progress: &mut dyn Progress,
    ) -> Result<Intake, EvidenceError> {
        let mut writer = Writer::create(target, key)?;
        let Source { name, modified } = read_into(&mut writer, source, progress)?;
        Ok(Intake::new(writer.finish()?, &name, modified))
    }

    #[test]
    fn takes_in_and_gives_back() {
        let case = Case::new();
        let bytes = [b"\xff\xd8\xff\xe0".as_slice(), &vec![3; 2 * MIB]].concat();
        let intake = case.take_in(&case.source(&bytes), &mut NoProgress).unwrap();
        let expected = Intake {
            size: bytes.len() as u64,
            sha256: Sha256::digest(&bytes).into(),
            media_type: MediaType::Jpeg,
            original_name: "IMG_1.jpg".to_owned(),
            claimed_modified: Some("2026-10-03T16:20:00Z".to_owned()),
            claimed_taken: None,
        };
        assert_eq!(intake, expected);
        let sealed = fs::metadata(case.path("sealed")).unwrap();
        assert_eq!(
            sealed.modified().unwrap(),
            UNIX_EPOCH + Duration::from_secs(315_532_800)
        );

        let out = case.path("out");
        extract(
            &case.path("sealed"),
            &case.key,
            intake.size,
            &intake.sha256,
            &out,
            &mut NoProgress,
        )
        .unwrap();
        assert!(fs::read(out).unwrap() == bytes);
    }

    #[test]
    fn chunks_give_the_same_as_a_path() {
        let case = Case::new();
        let bytes = b"a voice message".repeat(100_000);
        let path = case.source(&bytes);
        let of_path = case.take_in(&path, &mut NoProgress).unwrap();

        let mut writer = Writer::create(&case.path("other"), &FileKey::make().unwrap()).unwrap();
        for chunk in bytes.chunks(8_192) {
            writer.write(chunk).unwrap();
        }
        let sealed = writer.finish().unwrap();
        assert_eq!(
            Intake::new(sealed, "IMG_1.jpg", Some(UNIX_EPOCH + THEN)),
            of_path
        );
    }

    #[test]
    fn section_17_sizes_out_of_range_are_refused() {
        let case = Case::new();
        let source = case.source(b"");
        assert_eq!(
            case.take_in(&source, &mut NoProgress),
            Err(EvidenceError::Empty)
        );
        // Sparse: takes no space.
        File::create(&source)
            .unwrap()
            .set_len(MAX_BYTES + 1)
            .unwrap();
        assert_eq!(
            case.take_in(&source, &mut NoProgress),
            Err(EvidenceError::TooLarge)
        );
        assert!(case.left_nothing());

        let writer = Writer::create(&case.path("sealed"), &case.key).unwrap();
        assert_eq!(writer.finish(), Err(EvidenceError::Empty));
        assert!(case.left_nothing());
    }

    #[test]
    fn a_missing_source_is_told() {
        let case = Case::new();
        let absent = case.path("absent");
        assert_eq!(
            case.take_in(&absent, &mut NoProgress),
            Err(EvidenceError::NotFound)
        );
    }

    #[test]
    fn section_17_nothing_is_sealed_over_another_file() {
        let case = Case::new();
        fs::write(case.path("sealed"), "other").unwrap();
        let source = case.source(b"x");
        assert_eq!(
            case.take_in(&source, &mut NoProgress),
            Err(EvidenceError::Exists)
        );
        assert_eq!(fs::read(case.path("sealed")).unwrap(), b"other");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_a_file_is_refused_at_once() {
        let case = Case::new();
        let made = fixture::run(Command::new("mkfifo").arg(case.path("fifo"))).unwrap();
        assert!(made.status.success());
        let _socket = std::os::unix::net::UnixListener::bind(case.path("socket")).unwrap();
        std::os::unix::fs::symlink("fifo", case.path("link")).unwrap();
        let (told, heard) = mpsc::channel();
        let folder = case.path("");
        thread::spawn(move || {
            for name in ["fifo", "socket", "link", "", "/dev/null", "/dev/zero"] {
                let key = FileKey::make().unwrap();
                let end = take_in(
                    &folder.join(name),
                    &folder.join("sealed"),
                    &key,
                    &mut NoProgress,
                );
                told.send((name, end)).unwrap();
            }
        });
        for _ in 0..6 {
            let (name, end) = heard
                .recv_timeout(Duration::from_secs(20))
                .expect("it hangs");
            assert_eq!(end, Err(EvidenceError::NotAFile), "{name}");
        }
        assert!(case.left_nothing());
    }

    #[test]
    fn section_17_a_change_meanwhile_is_refused() {
        let append = |path: &Path| {
            OpenOptions::new()
                .append(true)
                .open(path)
                .unwrap()
                .write_all(b"x")
                .unwrap();
        };
        let shrink = |path: &Path| {
            OpenOptions::new()
                .write(true)
                .open(path)
                .unwrap()
                .set_len(2 << 20)
                .unwrap();
        };
        let rewrite = |path: &Path| {
            OpenOptions::new()
                .write(true)
                .open(path)
                .unwrap()
                .write_all(b"x")
                .unwrap();
        };
        let replace = |path: &Path| {
            let other = path.with_extension("new");
            fs::copy(path, &other).unwrap();
            fs::rename(other, path).unwrap();
        };
        let disturbances: [&dyn Fn(&Path); 4] = [&append, &shrink, &rewrite, &replace];
        for (number, disturb) in disturbances.into_iter().enumerate() {
            let case = Case::new();
            assert_eq!(
                case.disturbed(disturb),
                Err(EvidenceError::ChangedWhileRead),
                "{number}"
            );
            assert!(case.left_nothing());
        }
    }

    /// Whoever overwrites a file and puts its times back still changes the inode's own time.
    #[cfg(unix)]
    #[test]
    fn section_17_a_change_with_times_put_back_is_refused() {
        let case = Case::new();
        let end = case.disturbed(|path| {
            thread::sleep(Duration::from_millis(50)); // longer than the clock's resolution
            let mut file = OpenOptions::new().write(true).open(path).unwrap();
            file.write_all(b"x").unwrap();
            file.set_modified(UNIX_EPOCH + THEN).unwrap();
        });
        assert_eq!(end, Err(EvidenceError::ChangedWhileRead));
    }

    #[test]
    fn section_17_a_source_that_vanishes_is_refused() {
        let case = Case::new();
        let end = case.disturbed(|path| fs::remove_file(path).unwrap());
        assert_eq!(end, Err(EvidenceError::Vanished));
        assert!(case.left_nothing());
    }

    #[test]
    fn cancelling_leaves_nothing() {
        let case = Case::new();
        let source = case.source(&vec![1; 2 * MIB]);
        let mut told = Vec::new();
        let mut cancel = |done, total| {
            told.push((done, total));
            ControlFlow::Break(())
        };
        assert_eq!(
            case.take_in(&source, &mut cancel),
            Err(EvidenceError::Cancelled)
        );
        assert_eq!(told, [(1 << 20, 2 << 20)]);
        assert!(case.left_nothing());
    }
}
