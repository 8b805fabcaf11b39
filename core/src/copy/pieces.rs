//! A file made of pieces of another one and of bytes written anew.

use std::io::Write;

use zeroize::Zeroizing;

use super::{NoCopy, Source};
use crate::evidence::EvidenceError;
use crate::progress::Progress;

/// Pieces of one copy, at most: 6 MiB of them. A phone writes two a second; where a program wrote
/// one for each frame of sound and video, these are an hour.
pub(super) const MAX_PIECES: usize = 1 << 18;

/// Bytes of one copy that are written anew, at most.
pub(super) const MAX_MADE: usize = 12 << 20;

/// Bytes that are read and written together.
const PART: usize = 1 << 18;

/// What a copy is made of, in order.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    made: Vec<u8>,
    list: Vec<Piece>,
    length: u64,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where it begins in the copy.
    at: u64,
    /// Where it begins in what it is taken from.
    from: u64,
    is_made: bool,
}

impl Pieces {
    /// Adds bytes that are written anew.
    pub(super) fn make(&mut self, bytes: &[u8]) -> Result<(), NoCopy> {
        if self.made.len() + bytes.len() > MAX_MADE {
            return Err(NoCopy::Size);
        }
        let from = self.made.len() as u64;
        if from == 0 {
            // Often these are all: a buffer that grows is twice as large as it has to be.
            self.made.reserve_exact(bytes.len());
        }
        self.made.extend_from_slice(bytes);
        self.add(from, bytes.len() as u64, true)
    }

    /// Adds bytes of the original.
    pub(super) fn take(&mut self, from: u64, length: u64) -> Result<(), NoCopy> {
        self.add(from, length, false)
    }

    fn add(&mut self, from: u64, length: u64, is_made: bool) -> Result<(), NoCopy> {
        let at = self.length;
        self.length = at.checked_add(length).ok_or(NoCopy::Size)?;
        let goes_on = self.list.last().is_some_and(|last| {
            last.is_made == is_made && last.from.checked_add(at - last.at) == Some(from)
        });
        if length == 0 || goes_on {
            return Ok(());
        }
        if self.list.len() == MAX_PIECES {
            return Err(NoCopy::Size);
        }
        self.list.push(Piece { at, from, is_made });
        Ok(())
    }

    /// Size of the copy.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Whether these pieces of a copy are all of that copy, with the same bytes made anew.
    pub(super) fn is_all_of(&self, copy: &Self) -> bool {
        let is_in_place = |piece: &Piece| piece.is_made || piece.from == piece.at;
        self.length == copy.length
            && self.made == copy.made
            && self.places().eq(copy.places())
            && self.list.iter().all(is_in_place)
    }

    /// Where the bytes stand that were written anew.
    fn places(&self) -> impl Iterator<Item = (u64, u64)> {
        let made = self.list.iter().filter(|piece| piece.is_made);
        made.map(|piece| (piece.at, piece.from))
    }

    /// The copy as a file.
    pub(crate) fn over<'a>(&'a self, source: &'a mut dyn Source) -> Copied<'a> {
        Copied {
            pieces: self,
            source,
        }
    }

    /// Writes the copy to `out`; `source` is the file that it was made of.
    ///
    /// # Errors
    /// The stored file cannot be read, `out` cannot be written, or `progress` said to stop.
    pub(crate) fn write_to(
        &self,
        source: &mut dyn Source,
        out: &mut dyn Write,
        progress: &mut dyn Progress,
    ) -> Result<(), EvidenceError> {
        let mut copy = self.over(source);
        let mut buffer = Zeroizing::new(vec![0; PART]);
        let mut at = 0;
        while at < self.length {
            let left = usize::try_from(self.length - at).unwrap_or(PART);
            let part = buffer.get_mut(..left.min(PART)).unwrap_or_default();
            copy.read_at(at, part)?;
            out.write_all(part)?;
            at += part.len() as u64;
            if progress.advance(at, self.length).is_break() {
                return Err(EvidenceError::Cancelled);
            }
        }
        Ok(())
    }
}

/// A copy, read through its original.
pub(crate) struct Copied<'a> {
    pieces: &'a Pieces,
    source: &'a mut dyn Source,
}

impl Source for Copied<'_> {
    fn length(&self) -> u64 {
        self.pieces.length
    }

    fn read_at(&mut self, offset: u64, mut out: &mut [u8]) -> Result<(), EvidenceError> {
        let Pieces { made, list, length } = self.pieces;
        let mut at = offset;
        let mut next = list.partition_point(|piece| piece.at <= at);
        while !out.is_empty() {
            let piece = next.checked_sub(1).and_then(|this| list.get(this));
            let end = list.get(next).map_or(*length, |piece| piece.at);
            let (Some(piece), true) = (piece, at < end) else {
                return Err(EvidenceError::Io(std::io::ErrorKind::UnexpectedEof));
            };
            let here = usize::try_from(end - at).unwrap_or(usize::MAX);
            let (part, rest) = out.split_at_mut(here.min(out.len()));
            let from = piece.from + (at - piece.at);
            if piece.is_made {
                let start = usize::try_from(from).unwrap_or(usize::MAX);
                let bytes = made.get(start..).unwrap_or_default();
                part.iter_mut()
                    .zip(bytes)
                    .for_each(|(to, from)| *to = *from);
            } else {
                self.source.read_at(from, part)?;
            }
            at += part.len() as u64;
            out = rest;
            next += 1;
        }
        Ok(())
    }
}
