//! The bundle's files into one ZIP, the originals unsealed on the way.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};

use super::Plan;
use crate::bundle::assemble::Original;
use crate::bundle::envelope::{Envelope, Opener};
use crate::bundle::zip::{ZipWriteError, ZipWriter};
use crate::diary::Diary;
use crate::error::Error;
use crate::evidence::{EvidenceError, MediaType};
use crate::progress::Progress;
use crate::vault::VaultError;

impl Diary {
    pub(super) fn write_zip(
        &mut self,
        plan: &Plan,
        out: &mut File,
        progress: &mut dyn Progress,
    ) -> Result<(), Error> {
        let buffered = BufWriter::with_capacity(1 << 20, out);
        let (buffered, _) = self.write_zip_to(plan, buffered, &[], progress)?;
        finish(buffered)
    }

    /// The same, encrypted while it is written. The originals are unsealed twice: first for their
    /// checksums and the size of the whole, because what is encrypted is never gone back to.
    pub(super) fn write_sealed(
        &mut self,
        plan: &Plan,
        envelope: &Envelope,
        out: &mut File,
        progress: &mut dyn Progress,
    ) -> Result<Opener, Error> {
        let io = |error| Error::Vault(VaultError::from_io(error));
        let (counted, checksums) = self.write_zip_to(plan, Counter(0), &[], progress)?;
        let buffered = BufWriter::with_capacity(1 << 20, out);
        let sealer = envelope.seal(buffered, counted.0).map_err(io)?;
        let (sealer, _) = self.write_zip_to(plan, sealer, &checksums, progress)?;
        let (buffered, opener) = sealer.finish().map_err(io)?;
        finish(buffered)?;
        Ok(opener)
    }

    /// Gives the output back with the checksums of all files, in order; those that are known may be
    /// given, and then it is never gone back in the output.
    fn write_zip_to<W: Write + Seek>(
        &mut self,
        plan: &Plan,
        out: W,
        checksums: &[u32],
        progress: &mut dyn Progress,
    ) -> Result<(W, Vec<u32>), Error> {
        let files = &plan.files;
        enum Source<'a> {
            Small(&'a [u8]),
            Original(Original),
            Copy(Original),
            /// A copy of video or sound.
            Streamed(Original, MediaType),
        }
        let small = files
            .small
            .iter()
            .map(|(path, bytes)| (path, Source::Small(bytes)));
        let originals = files.originals.iter();
        let originals = originals.map(|(path, original)| (path, Source::Original(*original)));
        let copies = files.copies.iter();
        let copies = copies.map(|(path, copy)| {
            let source = match plan.decided.streamed(copy.entry) {
                Some(media_type) => Source::Streamed(*copy, media_type),
                None => Source::Copy(*copy),
            };
            (path, source)
        });
        let all: BTreeMap<&String, Source<'_>> = small.chain(originals).chain(copies).collect();
        let long = all.values().map(|source| match source {
            Source::Original(file) | Source::Streamed(file, _) => file.bytes,
            Source::Small(_) | Source::Copy(_) => 0,
        });
        let total = long.sum();
        let mut done = 0;
        let mut zip = ZipWriter::new(out, &files.top).map_err(write_error)?;
        for (at, (path, source)) in all.into_iter().enumerate() {
            let crc = checksums.get(at).copied();
            match source {
                Source::Small(bytes) => {
                    zip.start_with(path, bytes.len() as u64, crc)
                        .map_err(write_error)?;
                    zip.write_all(bytes)
                        .map_err(|error| write_error(error.into()))?;
                }
                Source::Original(original) => {
                    zip.start_with(path, original.bytes, crc)
                        .map_err(write_error)?;
                    let named = |error| plan.decided.named(original.entry, error);
                    let mut reader = match self.open_item(original.entry) {
                        Err(Error::Evidence(error)) => return Err(named(error)),
                        opened => opened?,
                    };
                    let mut part = Share {
                        progress: &mut *progress,
                        done,
                        total,
                    };
                    // Every chunk is genuine; that the whole has the hash of its entry, the
                    // verifier says, which compares it with the manifest.
                    reader.copy_unhashed(&mut zip, &mut part).map_err(named)?;
                    done += original.bytes;
                }
                Source::Streamed(copy, media_type) => {
                    zip.start_with(path, copy.bytes, crc).map_err(write_error)?;
                    let mut part = Share {
                        progress: &mut *progress,
                        done,
                        total,
                    };
                    let made = self.stream_copy(copy.entry, media_type, &mut zip, &mut part)?;
                    made.map_err(|_| Error::BundleNotSound)?;
                    done += copy.bytes;
                }
                Source::Copy(copy) => {
                    if progress.advance(done, total).is_break() {
                        return Err(Error::Cancelled);
                    }
                    let made = self.decided_copy(&plan.decided, copy.entry)?;
                    let made = made.ok_or(Error::BundleNotSound)?;
                    zip.start_with(path, copy.bytes, crc).map_err(write_error)?;
                    zip.write_all(&made)
                        .map_err(|error| write_error(error.into()))?;
                }
            }
        }
        let checksums = zip.checksums().map_err(write_error)?;
        Ok((zip.finish().map_err(write_error)?, checksums))
    }
}

fn finish(buffered: BufWriter<&mut File>) -> Result<(), Error> {
    let out = buffered
        .into_inner()
        .map_err(|error| write_error(error.into_error().into()))?;
    out.sync_all().map_err(|error| write_error(error.into()))
}

/// Counts bytes, and keeps none.
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Seek for Counter {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        if let SeekFrom::Start(at) = to {
            self.0 = at;
        }
        Ok(self.0)
    }
}

/// Progress of one file as part of the whole.
struct Share<'a> {
    progress: &'a mut dyn Progress,
    done: u64,
    total: u64,
}

impl Progress for Share<'_> {
    fn advance(&mut self, done: u64, _: u64) -> std::ops::ControlFlow<()> {
        self.progress.advance(self.done + done, self.total)
    }
}

fn write_error(error: ZipWriteError) -> Error {
    match error {
        ZipWriteError::Io(error) => Error::Vault(VaultError::from_io(error)),
        ZipWriteError::Limit(_) => Error::BundleTooLarge,
        _ => Error::Evidence(EvidenceError::ChangedWhileRead),
    }
}
