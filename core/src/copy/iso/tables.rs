//! The tables of a track: when each sample is shown, how large it is, and where it lies.

use super::boxes::{Boxes, put, put_table, rows, table, versioned};
use crate::copy::{Cursor, NoCopy, must};

pub(super) struct Tables<'a> {
    /// How many samples last how long.
    times: Rows<'a>,
    /// How many samples are shown how much later than they are decoded; and the version of the box.
    delays: Option<(u8, Rows<'a>)>,
    /// The samples that a player can begin with.
    keys: Option<Rows<'a>>,
    /// From which chunk on how many samples are in one.
    runs: Rows<'a>,
    sizes: Sizes<'a>,
    places: Places<'a>,
}

#[derive(Clone, Copy)]
struct Rows<'a> {
    count: u32,
    bytes: &'a [u8],
}

/// Sizes of all samples.
#[derive(Clone, Copy)]
enum Sizes<'a> {
    Same { size: u32, count: u32 },
    Each(Rows<'a>),
}

/// Where each chunk begins in the file.
#[derive(Clone, Copy)]
enum Places<'a> {
    Narrow(Rows<'a>),
    Wide(Rows<'a>),
}

/// A run of samples that lie together.
#[derive(Clone, Copy)]
pub(super) struct Chunk {
    pub(super) from: u64,
    pub(super) length: u64,
    pub(super) track: u32,
    /// Which one of its track.
    pub(super) index: u32,
}

impl<'a> Tables<'a> {
    pub(super) fn read(boxes: &Boxes<'a>) -> Result<Self, NoCopy> {
        let times = Rows::read(boxes.one(b"stts")?, 8)?;
        let delays = match boxes.maybe(b"ctts")? {
            Some(content) => {
                let (version, cursor) = versioned(content)?;
                must(version <= 1)?;
                let (count, bytes) = rows(cursor, 8)?;
                Some((version, Rows { count, bytes }))
            }
            None => None,
        };
        let keys = boxes.maybe(b"stss")?;
        let keys = keys.map(|content| Rows::read(content, 4)).transpose()?;
        let runs = Rows::read(boxes.one(b"stsc")?, 12)?;
        let sizes = Sizes::read(boxes.one(b"stsz")?)?;
        let places = match (boxes.maybe(b"stco")?, boxes.maybe(b"co64")?) {
            (Some(content), None) => Places::Narrow(Rows::read(content, 4)?),
            (None, Some(content)) => Places::Wide(Rows::read(content, 8)?),
            _ => return Err(NoCopy::Form),
        };
        let count = u64::from(sizes.count());
        must(times.counts(count))?;
        must(delays.is_none_or(|(_, delays)| delays.counts(count)))?;
        let mut before = 0;
        for [key] in keys.iter().flat_map(Rows::each::<1>) {
            must(before < key && u64::from(key) <= count)?;
            before = key;
        }
        Ok(Self {
            times,
            delays,
            keys,
            runs,
            sizes,
            places,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sizes.count() == 0
    }

    /// How long all samples last, in units of the media.
    pub(super) fn duration(&self) -> u128 {
        let rows = self.times.each::<2>();
        rows.map(|[count, each]| u128::from(count) * u128::from(each))
            .sum()
    }

    pub(super) fn chunk_count(&self) -> u32 {
        match self.places {
            Places::Narrow(rows) | Places::Wide(rows) => rows.count,
        }
    }

    /// Samples are described by one of this many entries.
    pub(super) fn must_use(&self, entries: u32) -> Result<(), NoCopy> {
        let mut runs = self.runs.each::<3>();
        must(runs.all(|[_, _, entry]| (1..=entries).contains(&entry)))
    }

    /// Adds where the samples lie, as the chunks of track `track`.
    pub(super) fn chunks(&self, track: u32, chunks: &mut Vec<Chunk>) -> Result<(), NoCopy> {
        let mut sizes = self.sizes;
        let mut runs = self.runs.each::<3>().peekable();
        let mut samples = None;
        for (index, from) in (0..self.chunk_count()).zip(self.places.each()) {
            if let Some([_, in_each, _]) = runs.next_if(|[first, ..]| *first == index + 1) {
                samples = Some(in_each);
            }
            let length = sizes.take(samples.ok_or(NoCopy::Form)?)?;
            chunks.push(Chunk {
                from,
                length,
                track,
                index,
            });
        }
        // Every run begins with a chunk that there is, and every sample is in one.
        must(runs.peek().is_none() && sizes.count() == 0)
    }

    /// Writes all tables, with these places of the chunks.
    pub(super) fn write(
        &self,
        places: impl Iterator<Item = u64>,
        is_wide: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), NoCopy> {
        self.times.write(b"stts", out)?;
        if let Some((version, delays)) = self.delays {
            put(out, b"ctts", |out| {
                out.extend([version, 0, 0, 0]);
                out.extend(delays.count.to_be_bytes());
                out.extend(delays.bytes);
                Ok(())
            })?;
        }
        if let Some(keys) = self.keys {
            keys.write(b"stss", out)?;
        }
        self.runs.write(b"stsc", out)?;
        self.sizes.write(out)?;
        let name = if is_wide { b"co64" } else { b"stco" };
        put(out, name, |out| {
            out.extend([0; 4]);
            out.extend(self.chunk_count().to_be_bytes());
            for place in places {
                match u32::try_from(place) {
                    _ if is_wide => out.extend(place.to_be_bytes()),
                    Ok(place) => out.extend(place.to_be_bytes()),
                    Err(_) => return Err(NoCopy::Size),
                }
            }
            Ok(())
        })
    }
}

impl<'a> Rows<'a> {
    fn read(content: &'a [u8], width: usize) -> Result<Self, NoCopy> {
        let (count, bytes) = table(content, width)?;
        Ok(Self { count, bytes })
    }

    /// Rows of this many numbers.
    fn each<const WIDTH: usize>(&self) -> impl Iterator<Item = [u32; WIDTH]> + use<'a, WIDTH> {
        let (words, _) = self.bytes.as_chunks::<4>();
        let (rows, _) = words.as_chunks::<WIDTH>();
        rows.iter().map(|row| row.map(u32::from_be_bytes))
    }

    /// Whether rows of a count and a value speak of this many samples, and none of no sample.
    fn counts(&self, samples: u64) -> bool {
        let counts = || self.each::<2>().map(|[count, _]| u64::from(count));
        counts().all(|count| count > 0) && counts().sum::<u64>() == samples
    }

    fn write(&self, name: &[u8; 4], out: &mut Vec<u8>) -> Result<(), NoCopy> {
        put_table(out, name, self.count, self.bytes)
    }
}

impl<'a> Sizes<'a> {
    fn read(content: &'a [u8]) -> Result<Self, NoCopy> {
        let (version, mut cursor) = versioned(content)?;
        must(version == 0)?;
        let size = cursor.u32_be()?;
        if size == 0 {
            let (count, bytes) = rows(cursor, 4)?;
            return Ok(Self::Each(Rows { count, bytes }));
        }
        let count = cursor.u32_be()?;
        cursor.end()?;
        // Old QuickTime files say 1 where they mean the bytes of a sample of sound.
        must(size > 1)?;
        Ok(Self::Same { size, count })
    }

    fn count(&self) -> u32 {
        match self {
            Self::Same { count, .. } | Self::Each(Rows { count, .. }) => *count,
        }
    }

    /// How long the next samples are together.
    fn take(&mut self, samples: u32) -> Result<u64, NoCopy> {
        match self {
            Self::Same { size, count } => {
                *count = count.checked_sub(samples).ok_or(NoCopy::Form)?;
                Ok(u64::from(*size) * u64::from(samples))
            }
            Self::Each(rows) => {
                rows.count = rows.count.checked_sub(samples).ok_or(NoCopy::Form)?;
                let length = usize::try_from(samples).ok().and_then(|n| n.checked_mul(4));
                let mut cursor = Cursor::new(rows.bytes);
                let taken = cursor.take(length.ok_or(NoCopy::Form)?)?;
                rows.bytes = cursor.rest;
                let (sizes, _) = taken.as_chunks::<4>();
                let sizes = sizes.iter().map(|size| u32::from_be_bytes(*size));
                Ok(sizes.map(u64::from).sum())
            }
        }
    }

    fn write(&self, out: &mut Vec<u8>) -> Result<(), NoCopy> {
        let (size, count, bytes) = match *self {
            Self::Same { size, count } => (size, count, &[][..]),
            Self::Each(Rows { count, bytes }) => (0, count, bytes),
        };
        put(out, b"stsz", |out| {
            out.extend([0; 4]);
            out.extend(size.to_be_bytes());
            out.extend(count.to_be_bytes());
            out.extend(bytes);
            Ok(())
        })
    }
}

impl<'a> Places<'a> {
    fn each(&self) -> impl Iterator<Item = u64> + use<'a> {
        let (narrow, wide) = match *self {
            Self::Narrow(rows) => (
                rows,
                Rows {
                    count: 0,
                    bytes: &[],
                },
            ),
            Self::Wide(rows) => (
                Rows {
                    count: 0,
                    bytes: &[],
                },
                rows,
            ),
        };
        let narrow = narrow.each::<1>().map(|[place]| u64::from(place));
        let wide = wide
            .each::<2>()
            .map(|[high, low]| u64::from(high) << 32 | u64::from(low));
        narrow.chain(wide)
    }
}
