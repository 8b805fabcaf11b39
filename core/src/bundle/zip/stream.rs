//! Reads one file out of a ZIP file, in bounded memory, and trusts nothing it was told.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::{Decompress, FlushDecompress, Status};

use super::header::Method;
use super::reader::Member;
use crate::bundle::fault::{Fault, Refusal};

/// Packed bytes held at a time.
const BUFFER: usize = 64 << 10;

/// Gives exactly the bytes of a file. Size, check sum and the end of the packed stream are
/// checked no later than with the last byte: an error then comes in its place.
pub(in crate::bundle) struct EntryStream<'a, R> {
    input: &'a mut R,
    member: &'a Member,
    /// Packed bytes not yet read from the file.
    packed_left: u64,
    /// Bytes not yet given out.
    size_left: u64,
    crc: crc32fast::Hasher,
    inflate: Option<Inflate>,
}

/// State of unpacking.
struct Inflate {
    state: Decompress,
    /// Packed bytes read; those before `used` are unpacked.
    buffer: Vec<u8>,
    used: usize,
    is_ended: bool,
}

impl<'a, R: Read + Seek> EntryStream<'a, R> {
    /// Begins to read `member`.
    pub(in crate::bundle) fn new(input: &'a mut R, member: &'a Member) -> io::Result<Self> {
        input.seek(SeekFrom::Start(member.data_start))?;
        Ok(Self {
            input,
            member,
            packed_left: member.packed,
            size_left: member.size,
            crc: crc32fast::Hasher::new(),
            inflate: match member.method {
                Method::Stored => None,
                Method::Deflate => Some(Inflate::new()),
            },
        })
    }

    /// Reads or unpacks up to `out.len()` bytes.
    fn fill(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(inflate) = &mut self.inflate else {
            let count = self.input.read(out)?;
            self.packed_left = self.packed_left.saturating_sub(count as u64);
            return Ok(count);
        };
        inflate
            .fill(self.input, &mut self.packed_left, out)?
            .map_err(|fault| refusal(self.member, fault).into())
    }

    /// After the last byte: nothing may follow, and the check sum must be right.
    fn finish(&mut self) -> io::Result<()> {
        if self.inflate.is_some() && self.fill(&mut [0])? != 0 {
            return Err(refusal(self.member, Fault::RealSize).into());
        }
        let inflate_left = self.inflate.as_ref().is_some_and(Inflate::has_input);
        if self.packed_left != 0 || inflate_left {
            return Err(refusal(self.member, Fault::Deflate).into());
        }
        if self.crc.clone().finalize() != self.member.crc {
            return Err(refusal(self.member, Fault::Crc).into());
        }
        Ok(())
    }
}

impl<R: Read + Seek> Read for EntryStream<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        if self.size_left == 0 {
            self.finish()?;
            return Ok(0);
        }
        let room = usize::try_from(self.size_left)
            .unwrap_or(usize::MAX)
            .min(out.len());
        let out = out.get_mut(..room).unwrap_or_default();
        let count = self.fill(out)?;
        if count == 0 {
            return Err(refusal(self.member, Fault::RealSize).into());
        }
        self.crc.update(out.get(..count).unwrap_or_default());
        self.size_left -= count as u64;
        if self.size_left == 0 {
            self.finish()?;
        }
        Ok(count)
    }
}

impl Inflate {
    fn new() -> Self {
        Self {
            state: Decompress::new(false),
            buffer: Vec::new(),
            used: 0,
            is_ended: false,
        }
    }

    fn has_input(&self) -> bool {
        self.used < self.buffer.len()
    }

    /// Unpacks until `out` has at least one byte or the stream has ended, then gives 0.
    fn fill<R: Read>(
        &mut self,
        input: &mut R,
        packed_left: &mut u64,
        out: &mut [u8],
    ) -> io::Result<Result<usize, Fault>> {
        while !self.is_ended {
            if !self.has_input() {
                self.used = 0;
                self.buffer.clear();
                let wanted = (*packed_left).min(BUFFER as u64);
                input.take(wanted).read_to_end(&mut self.buffer)?;
                *packed_left -= self.buffer.len() as u64;
            }
            let packed = self.buffer.get(self.used..).unwrap_or_default();
            let (used, given) = (self.state.total_in(), self.state.total_out());
            let status = self.state.decompress(packed, out, FlushDecompress::None);
            let used = advance(used, self.state.total_in());
            let given = advance(given, self.state.total_out());
            self.used += used;
            match status {
                Ok(Status::StreamEnd) => self.is_ended = true,
                Ok(_) if used == 0 && given == 0 => return Ok(Err(Fault::Deflate)),
                Ok(_) => {}
                Err(_) => return Ok(Err(Fault::Deflate)),
            }
            if given != 0 {
                return Ok(Ok(given));
            }
        }
        Ok(Ok(0))
    }
}

fn refusal(member: &Member, fault: Fault) -> Refusal {
    fault.at(&member.path)
}

/// How far a counter went; both sides count bytes of buffers in memory.
fn advance(before: u64, after: u64) -> usize {
    usize::try_from(after.saturating_sub(before)).unwrap_or(usize::MAX)
}
