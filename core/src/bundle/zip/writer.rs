//! Writes the ZIP file of a bundle: the same files always give the same bytes.

use std::error::Error;
use std::fmt;
use std::io::{self, Seek, SeekFrom, Write};

use super::layout::{Ours, end_bytes};
use crate::bundle::limits::{Limit, Tally};
use crate::bundle::path::{BundlePath, InvalidPath, is_part};

/// Where the CRC-32 stands in a local header, in bytes from its start.
const CRC_PLACE: u64 = 14;

/// Writes files one after the other into a ZIP file: all stored, with the time 1980-01-01 00:00
/// and the mode 0644, without folder entries, data descriptors or comments, under one top folder.
///
/// Dropped before [`ZipWriter::finish`], it leaves a file that no reader takes for a bundle.
///
/// ```
/// use std::io::{Cursor, Write};
/// use diary_core::bundle::zip::ZipWriter;
///
/// let mut zip = ZipWriter::new(Cursor::new(Vec::new()), "evidence_2026-11-21_a3f7-19c2")?;
/// zip.start("bagit.txt", 5)?;
/// zip.write_all(b"hello")?;
/// let bytes = zip.finish()?.into_inner();
/// assert!(bytes.starts_with(b"PK"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ZipWriter<W> {
    out: W,
    top: String,
    position: u64,
    tally: Tally,
    done: Vec<Written>,
    open: Option<Open>,
}

/// Why a ZIP file cannot be written. What was written so far is no ZIP file; drop the writer.
#[derive(Debug)]
#[non_exhaustive]
pub enum ZipWriteError {
    /// The output gave an error; the disk may be full.
    Io(io::Error),
    /// The name breaks the rule of [`BundlePath`], or of one part of it for the top folder.
    Name,
    /// The names are not ascending by bytes, each once.
    Order,
    /// A file has fewer or more bytes than announced: it changed while it was read.
    Size,
    /// A limit of bundles would be passed.
    Limit(Limit),
}

/// A finished file: what the central directory needs.
struct Written {
    path: BundlePath,
    size: u64,
    crc: u32,
    offset: u64,
}

/// The file being written.
struct Open {
    path: BundlePath,
    size: u64,
    offset: u64,
    missing: u64,
    crc: crc32fast::Hasher,
    /// What stands in its local header already.
    said: Option<u32>,
}

impl<W: Write + Seek> ZipWriter<W> {
    /// Begins a ZIP file in `out`, which must be empty; `top` is the name of the top folder.
    ///
    /// # Errors
    /// [`ZipWriteError::Name`] if `top` is no part of a [`BundlePath`].
    pub fn new(out: W, top: &str) -> Result<Self, ZipWriteError> {
        if !is_part(top) {
            return Err(ZipWriteError::Name);
        }
        Ok(Self {
            out,
            top: top.to_owned(),
            position: 0,
            tally: Tally::new(),
            done: Vec::new(),
            open: None,
        })
    }

    /// Begins a file of exactly `size` bytes, which are then written with [`Write`]. `path` is
    /// the path inside the top folder and comes after those before it, by bytes.
    ///
    /// # Errors
    /// Any of [`ZipWriteError`]; `Size` is about the file before.
    pub fn start(&mut self, path: &str, size: u64) -> Result<(), ZipWriteError> {
        self.start_with(path, size, None)
    }

    /// As [`ZipWriter::start`]; if the CRC-32 is known, the writer never goes back in its output.
    ///
    /// # Errors
    /// As [`ZipWriter::start`]; another CRC-32 is a `Size`, about the file before.
    pub fn start_with(
        &mut self,
        path: &str,
        size: u64,
        crc: Option<u32>,
    ) -> Result<(), ZipWriteError> {
        self.close()?;
        let path = BundlePath::parse(path)?;
        if self.done.last().is_some_and(|last| last.path >= path) {
            return Err(ZipWriteError::Order);
        }
        self.tally.add(size).map_err(ZipWriteError::Limit)?;
        let offset = self.position;
        let name = self.full_name(&path);
        let header = Ours {
            name: &name,
            size,
            crc: crc.unwrap_or(0), // patched by `close` if it is not known
            offset,
        };
        self.put(&header.local_bytes())?;
        self.open = Some(Open {
            path,
            size,
            offset,
            missing: size,
            crc: crc32fast::Hasher::new(),
            said: crc,
        });
        Ok(())
    }

    /// CRC-32 of each file, in order, once all are written.
    ///
    /// # Errors
    /// As [`ZipWriter::finish`].
    pub fn checksums(&mut self) -> Result<Vec<u32>, ZipWriteError> {
        self.close()?;
        Ok(self.done.iter().map(|written| written.crc).collect())
    }

    /// Writes the central directory and gives the output back, flushed but not synced.
    ///
    /// # Errors
    /// [`ZipWriteError::Io`], or [`ZipWriteError::Size`] about the last file.
    pub fn finish(mut self) -> Result<W, ZipWriteError> {
        self.close()?;
        let start = self.position;
        for written in std::mem::take(&mut self.done) {
            let name = self.full_name(&written.path);
            let header = Ours {
                name: &name,
                size: written.size,
                crc: written.crc,
                offset: written.offset,
            };
            self.put(&header.central_bytes())?;
        }
        let entries = usize::try_from(self.tally.files()).unwrap_or(usize::MAX);
        self.put(&end_bytes(entries, start..self.position))?;
        self.out.flush()?;
        Ok(self.out)
    }

    /// Ends the open file: puts its CRC-32 into its local header.
    fn close(&mut self) -> Result<(), ZipWriteError> {
        let Some(open) = &self.open else {
            return Ok(());
        };
        if open.missing != 0 {
            return Err(ZipWriteError::Size);
        }
        let crc = open.crc.clone().finalize();
        match open.said {
            Some(said) if said == crc => {}
            Some(_) => return Err(ZipWriteError::Size),
            None => {
                self.out.seek(SeekFrom::Start(open.offset + CRC_PLACE))?;
                self.out.write_all(&crc.to_le_bytes())?;
                self.out.seek(SeekFrom::Start(self.position))?;
            }
        }
        if let Some(open) = self.open.take() {
            self.done.push(Written {
                path: open.path,
                size: open.size,
                crc,
                offset: open.offset,
            });
        }
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), ZipWriteError> {
        self.out.write_all(bytes)?;
        self.position += bytes.len() as u64;
        Ok(())
    }

    fn full_name(&self, path: &BundlePath) -> String {
        format!("{}/{path}", self.top)
    }
}

/// Writes bytes of the file begun last.
impl<W: Write> Write for ZipWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(open) = &mut self.open else {
            return Err(io::Error::other(ZipWriteError::Size));
        };
        if bytes.len() as u64 > open.missing {
            return Err(io::Error::other(ZipWriteError::Size));
        }
        let count = self.out.write(bytes)?;
        open.crc.update(bytes.get(..count).unwrap_or(bytes));
        open.missing -= count as u64;
        self.position += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl From<io::Error> for ZipWriteError {
    fn from(error: io::Error) -> Self {
        // What `write` above refused comes back as it was.
        error.downcast::<Self>().unwrap_or_else(Self::Io)
    }
}

impl From<InvalidPath> for ZipWriteError {
    fn from(_: InvalidPath) -> Self {
        Self::Name
    }
}

impl fmt::Display for ZipWriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(
                f,
                "the bundle cannot be written: {}",
                crate::files::in_words(error.kind())
            ),
            Self::Name => f.write_str("a name that no bundle may hold"),
            Self::Order => f.write_str("names of a bundle that are not in order"),
            Self::Size => f.write_str("a file changed while it was read: try again"),
            Self::Limit(limit) => limit.fmt(f),
        }
    }
}

impl Error for ZipWriteError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Limit(limit) => Some(limit),
            Self::Name | Self::Order | Self::Size => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::bundle::limits::MAX_FILE_BYTES;

    fn writer() -> ZipWriter<Cursor<Vec<u8>>> {
        ZipWriter::new(Cursor::new(Vec::new()), "e").unwrap()
    }

    fn write(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = writer();
        for (path, bytes) in files {
            zip.start(path, bytes.len() as u64).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// The same bytes as crate `zip` 9.4.1 wrote for these files; Info-ZIP reads them.
    #[test]
    fn the_bytes_are_known() {
        let expected = b"PK\x03\x04\x0a\0\0\0\0\0\0\0\x21\0\x86\xa6\x10\x36\x05\0\0\0\x05\0\0\0\
            \x07\0\0\0e/a.txthello\
            PK\x03\x04\x0a\0\0\0\0\0\0\0\x21\0\0\0\0\0\0\0\0\0\0\0\0\0\x03\0\0\0e/b\
            PK\x01\x02\x0a\x03\x0a\0\0\0\0\0\0\0\x21\0\x86\xa6\x10\x36\x05\0\0\0\x05\0\0\0\
            \x07\0\0\0\0\0\0\0\0\0\0\0\xa4\x81\0\0\0\0e/a.txt\
            PK\x01\x02\x0a\x03\x0a\0\0\0\0\0\0\0\x21\0\0\0\0\0\0\0\0\0\0\0\0\0\
            \x03\0\0\0\0\0\0\0\0\0\0\0\xa4\x81\x2a\0\0\0e/b\
            PK\x05\x06\0\0\0\0\x02\0\x02\0\x66\0\0\0\x4b\0\0\0\0\0";
        assert_eq!(write(&[("a.txt", b"hello"), ("b", b"")]), expected);
    }

    #[test]
    fn bytes_may_come_in_pieces() {
        let mut zip = writer();
        zip.start("a.txt", 5).unwrap();
        for byte in b"hello" {
            zip.write_all(&[*byte]).unwrap();
        }
        zip.start("b", 0).unwrap();
        assert_eq!(
            zip.finish().unwrap().into_inner(),
            write(&[("a.txt", b"hello"), ("b", b"")])
        );
    }

    #[test]
    fn bad_names_and_orders_are_refused() {
        assert!(matches!(
            ZipWriter::new(Cursor::new(Vec::new()), "e/f"),
            Err(ZipWriteError::Name)
        ));
        let mut zip = writer();
        assert!(matches!(zip.start("../a", 0), Err(ZipWriteError::Name)));
        zip.start("b", 0).unwrap();
        for path in ["b", "a", "a/z"] {
            let mut zip = writer();
            zip.start("b", 0).unwrap();
            assert!(matches!(zip.start(path, 0), Err(ZipWriteError::Order)));
        }
    }

    #[test]
    fn a_file_that_changed_is_refused() {
        let mut zip = writer();
        zip.start("a", 3).unwrap();
        let error = ZipWriteError::from(zip.write_all(b"four").unwrap_err());
        assert!(matches!(error, ZipWriteError::Size));

        let mut zip = writer();
        zip.start("a", 3).unwrap();
        zip.write_all(b"ab").unwrap();
        assert!(matches!(zip.start("b", 0), Err(ZipWriteError::Size)));

        let mut zip = writer();
        zip.start("a", 3).unwrap();
        assert!(matches!(zip.finish(), Err(ZipWriteError::Size)));
        assert!(writer().write_all(b"nothing begun").is_err());
    }

    #[test]
    fn limits_hold() {
        let over = writer().start("a", MAX_FILE_BYTES + 1);
        assert!(matches!(over, Err(ZipWriteError::Limit(Limit::FileBytes))));
        let mut zip = writer();
        for number in 0..20_000 {
            zip.start(&format!("a-{number:05}"), 0).unwrap();
        }
        let over = zip.start("b", 0);
        assert!(matches!(over, Err(ZipWriteError::Limit(Limit::Files))));
    }

    #[test]
    fn an_output_error_keeps_its_source() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        impl Seek for Full {
            fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
                Ok(0)
            }
        }
        let error = ZipWriter::new(Full, "e")
            .unwrap()
            .start("a", 0)
            .unwrap_err();
        assert!(error.source().is_some());
        let kind = match error {
            ZipWriteError::Io(error) => error.kind(),
            _ => panic!("{error}"),
        };
        assert_eq!(kind, io::ErrorKind::StorageFull);
    }
}
