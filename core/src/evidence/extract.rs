//! Giving the original back, bit for bit.

use std::path::Path;

use super::{Damage, EvidenceError, FileKey, Reader};
use crate::files::NewFile;
use crate::progress::Progress;

/// Writes the original to `out`, which must not exist, for its owner only.
///
/// It is written beside `out` under a random name, compared with `size` and `sha256`, made
/// durable, and only then gets its name. After any error neither name is left.
pub(crate) fn extract(
    sealed: &Path,
    key: &FileKey,
    size: u64,
    sha256: &[u8; 32],
    out: &Path,
    progress: &mut dyn Progress,
) -> Result<(), EvidenceError> {
    let mut reader = Reader::open(sealed, key, size)?;
    let mut new = NewFile::beside(out)?;
    if reader.copy_to(new.file(), progress)? != *sha256 {
        return Err(Damage::Hash.into());
    }
    Ok(new.publish()?)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::ops::ControlFlow;

    use super::*;
    use crate::evidence::Writer;
    use crate::progress::NoProgress;

    struct Case {
        folder: tempfile::TempDir,
        key: FileKey,
        bytes: Vec<u8>,
        sha256: [u8; 32],
    }

    impl Case {
        fn new(bytes: Vec<u8>) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let key = FileKey::make().unwrap();
            let mut writer = Writer::create(&folder.path().join("sealed"), &key).unwrap();
            writer.write(&bytes).unwrap();
            let sha256 = writer.finish().unwrap().sha256;
            Self {
                folder,
                key,
                bytes,
                sha256,
            }
        }

        fn extract(&self, size: usize, progress: &mut dyn Progress) -> Result<(), EvidenceError> {
            let sealed = self.folder.path().join("sealed");
            let out = self.folder.path().join("out");
            extract(
                &sealed,
                &self.key,
                size as u64,
                &self.sha256,
                &out,
                progress,
            )
        }

        fn files(&self) -> usize {
            fs::read_dir(self.folder.path()).unwrap().count()
        }
    }

    #[test]
    fn gives_the_original_back() {
        let case = Case::new(vec![5; 1_200_000]);
        case.extract(1_200_000, &mut NoProgress).unwrap();
        assert!(fs::read(case.folder.path().join("out")).unwrap() == case.bytes);
        assert_eq!(case.files(), 2);
    }

    #[test]
    fn overwrites_nothing() {
        let case = Case::new(vec![5; 10]);
        fs::write(case.folder.path().join("out"), "hers").unwrap();
        assert_eq!(
            case.extract(10, &mut NoProgress),
            Err(EvidenceError::Exists)
        );
        assert_eq!(fs::read(case.folder.path().join("out")).unwrap(), b"hers");
        assert_eq!(case.files(), 2);
    }

    #[test]
    fn section_17_a_name_taken_meanwhile_is_not_overwritten() {
        let case = Case::new(vec![5; 10]);
        let out = case.folder.path().join("out");
        let mut take = |_, _| {
            fs::write(&out, "hers").unwrap();
            ControlFlow::Continue(())
        };
        assert_eq!(case.extract(10, &mut take), Err(EvidenceError::Exists));
        assert_eq!(fs::read(&out).unwrap(), b"hers");
        assert_eq!(case.files(), 2);
    }

    #[test]
    fn section_17_leaves_nothing_when_it_is_not_the_recorded_file() {
        // Zeros at the end: the chunks open with any of these sizes, the SHA-256 tells.
        let case = Case::new(vec![0; 10]);
        for size in [9, 11] {
            assert_eq!(
                case.extract(size, &mut NoProgress),
                Err(Damage::Hash.into())
            );
        }
        assert_eq!(
            case.extract(70_000, &mut NoProgress),
            Err(Damage::Length.into())
        );
        fs::remove_file(case.folder.path().join("sealed")).unwrap();
        assert_eq!(
            case.extract(10, &mut NoProgress),
            Err(Damage::Missing.into())
        );
        assert_eq!(case.files(), 0);
    }

    #[test]
    fn leaves_nothing_when_cancelled() {
        let case = Case::new(vec![5; 3 << 20]);
        let mut told = Vec::new();
        let mut cancel = |done, total| {
            told.push((done, total));
            if told.len() == 2 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        assert_eq!(
            case.extract(3 << 20, &mut cancel),
            Err(EvidenceError::Cancelled)
        );
        assert_eq!(told, [(1 << 20, 3 << 20), (2 << 20, 3 << 20)]);
        assert_eq!(case.files(), 1);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told() {
        let case = Case::new(vec![5; 10]);
        let mut full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let end = Reader::open(&case.folder.path().join("sealed"), &case.key, 10)
            .unwrap()
            .copy_to(&mut full, &mut NoProgress);
        assert_eq!(end, Err(EvidenceError::DiskFull));
    }
}
