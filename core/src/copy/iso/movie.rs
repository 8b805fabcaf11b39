//! The movie box: its clock, and the tracks that are shown or played.

use super::Brand;
use super::boxes::{Boxes, put, to_u32, versioned};
use super::tables::Chunk;
use super::track::Track;
use crate::copy::pieces::MAX_PIECES;
use crate::copy::{Cursor, NoCopy, must};

/// Tracks in one file, at most.
const MAX_TRACKS: usize = 64;

/// What does not turn or move anything.
const IDENTITY: [u8; 36] =
    *b"\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0";

pub(super) struct Movie<'a> {
    brand: Brand,
    clock: Clock,
    tracks: Vec<Track<'a>>,
}

/// Units in a second, and how many of them something lasts.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    pub(super) timescale: u32,
    pub(super) duration: Duration,
}

/// A duration in the field that it was read from.
#[derive(Clone, Copy)]
pub(super) enum Duration {
    Short(u32),
    Long(u64),
}

impl<'a> Movie<'a> {
    pub(super) fn read(brand: Brand, content: &'a [u8]) -> Result<Self, NoCopy> {
        let boxes = Boxes::new(content);
        if boxes.maybe(b"mvex")?.is_some() {
            return Err(NoCopy::Fragments);
        }
        let clock = header(boxes.one(b"mvhd")?)?;
        let mut tracks: Vec<Track<'_>> = Vec::new();
        let mut unknown = Vec::new();
        let mut count = 0;
        let mut rest = boxes;
        while let Some((name, content)) = rest.next()? {
            if name != *b"trak" {
                continue;
            }
            count += 1;
            must(count <= MAX_TRACKS)?;
            match Track::read(content) {
                Ok(track) => tracks.extend(track),
                Err((NoCopy::Coding, Some(group))) => unknown.push(group),
                Err((reason, _)) => return Err(reason),
            }
        }
        // The same sound in another coding may go; what nothing stands in for may not.
        let stands_in = |group| tracks.iter().any(|track| track.stands_in_for(group));
        if !unknown.into_iter().all(stands_in) {
            return Err(NoCopy::Coding);
        }
        must(!tracks.is_empty())?;
        if tracks.iter().any(|track| track.is_trimmed(clock.timescale)) {
            return Err(NoCopy::Trimmed);
        }
        Ok(Self {
            brand,
            clock,
            tracks,
        })
    }

    /// Where the samples of all tracks lie.
    pub(super) fn chunks(&self) -> Result<Vec<Chunk>, NoCopy> {
        let mut chunks = Vec::new();
        for (number, track) in (0..).zip(&self.tracks) {
            let count = track.tables.chunk_count() as usize;
            if count > MAX_PIECES - chunks.len() {
                return Err(NoCopy::Size);
            }
            chunks.reserve_exact(count);
            track.tables.chunks(number, &mut chunks)?;
        }
        Ok(chunks)
    }

    /// Room for the place of each chunk of each track.
    pub(super) fn places(&self) -> Vec<Vec<u64>> {
        let counts = self.tracks.iter().map(|track| track.tables.chunk_count());
        counts.map(|count| vec![0; count as usize]).collect()
    }

    /// Writes it anew; the first chunk begins at `start`.
    pub(super) fn write(
        &self,
        places: &[Vec<u64>],
        start: u64,
        is_wide: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), NoCopy> {
        put(out, b"moov", |out| {
            let next_track = to_u32(self.tracks.len() as u64 + 1)?;
            put(out, b"mvhd", |out| {
                self.clock.write(out);
                out.extend(b"\0\x01\0\0\x01\0");
                out.extend([0; 10]);
                out.extend(IDENTITY);
                out.extend([0; 24]);
                out.extend(next_track.to_be_bytes());
                Ok(())
            })?;
            for ((id, track), places) in (1u32..).zip(&self.tracks).zip(places) {
                let places = places.iter().map(|place| start + place);
                track.write(id, self.brand, places, is_wide, out)?;
            }
            Ok(())
        })
    }
}

fn header(content: &[u8]) -> Result<Clock, NoCopy> {
    let (clock, mut cursor) = Clock::read(content)?;
    cursor.take(4 + 2 + 10)?;
    must(cursor.array()? == IDENTITY)?;
    cursor.take(24 + 4)?;
    cursor.end()?;
    Ok(clock)
}

impl Clock {
    /// Of a movie or media header; and what comes after.
    pub(super) fn read(content: &[u8]) -> Result<(Self, Cursor<'_>), NoCopy> {
        let (version, mut cursor) = versioned(content)?;
        cursor.take(if version == 0 { 8 } else { 16 })?;
        let timescale = cursor.u32_be()?;
        must(timescale > 0)?;
        let duration = Duration::read(version, &mut cursor)?;
        let clock = Self {
            timescale,
            duration,
        };
        Ok((clock, cursor))
    }

    /// Writes version, flags and times of a header, without when it was made and changed.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        let times = match self.duration {
            Duration::Short(_) => 8,
            Duration::Long(_) => 16,
        };
        out.extend([self.duration.version(), 0, 0, 0]);
        out.resize(out.len() + times, 0);
        out.extend(self.timescale.to_be_bytes());
        self.duration.write(out);
    }
}

impl Duration {
    pub(super) fn read(version: u8, cursor: &mut Cursor<'_>) -> Result<Self, NoCopy> {
        match version {
            0 => cursor.u32_be().map(Self::Short),
            1 => cursor.u64_be().map(Self::Long),
            _ => Err(NoCopy::Form),
        }
    }

    pub(super) fn version(self) -> u8 {
        match self {
            Self::Short(_) => 0,
            Self::Long(_) => 1,
        }
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Short(short) => out.extend(short.to_be_bytes()),
            Self::Long(long) => out.extend(long.to_be_bytes()),
        }
    }
}
