//! One track: how it is shown, and its samples.

use super::Brand;
use super::boxes::{Boxes, put, put_bytes, put_table, rows, versioned};
use super::codec;
use super::movie::{Clock, Duration};
use super::tables::Tables;
use crate::copy::{Cursor, NoCopy, must};

/// Flag of a track header: the track is shown or played.
const ENABLED: u32 = 1;

/// Changes of speed or place in one track, at most.
const MAX_EDITS: u32 = 64;

/// What a track is to its player.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Handler {
    Video,
    Sound,
}

/// Tracks of which one is chosen have the same number; and their kind.
pub(super) type Group = (u16, Handler);

pub(super) struct Track<'a> {
    handler: Handler,
    head: Head,
    edits: Option<Edits<'a>>,
    clock: Clock,
    /// The entries of its sample description box, written anew.
    entries: Vec<u8>,
    entry_count: u32,
    pub(super) tables: Tables<'a>,
}

struct Head {
    flags: u32,
    duration: Duration,
    /// Layer, group and volume.
    layer: [u8; 2],
    group: u16,
    volume: [u8; 2],
    /// How the picture is turned, and its size.
    matrix: [u8; 36],
    size: [u8; 8],
}

struct Edits<'a> {
    version: u8,
    count: u32,
    rows: &'a [u8],
}

impl<'a> Track<'a> {
    /// `None` for a track that is left out: of another kind, not enabled, or without a sample.
    ///
    /// # Errors
    /// Why there is no copy; and what the track belongs to, if that is known.
    pub(super) fn read(content: &'a [u8]) -> Result<Option<Self>, (NoCopy, Option<Group>)> {
        let unknown = |reason| (reason, None);
        let boxes = Boxes::new(content);
        let media = boxes.one(b"mdia").map(Boxes::new).map_err(unknown)?;
        let handler = media
            .one(b"hdlr")
            .and_then(Handler::read)
            .map_err(unknown)?;
        let Some(handler) = handler else {
            return Ok(None);
        };
        let head = boxes.one(b"tkhd").and_then(Head::read).map_err(unknown)?;
        if head.flags & ENABLED == 0 {
            return Ok(None);
        }
        let group = (head.group, handler);
        Self::read_as(handler, head, &boxes, &media).map_err(|reason| (reason, Some(group)))
    }

    fn read_as(
        handler: Handler,
        head: Head,
        boxes: &Boxes<'a>,
        media: &Boxes<'a>,
    ) -> Result<Option<Self>, NoCopy> {
        let (clock, mut cursor) = Clock::read(media.one(b"mdhd")?)?;
        cursor.take(4)?;
        cursor.end()?;
        let information = Boxes::new(media.one(b"minf")?);
        self_contained(information.one(b"dinf")?)?;
        let samples = Boxes::new(information.one(b"stbl")?);
        let tables = Tables::read(&samples)?;
        if tables.is_empty() {
            return Ok(None);
        }
        let (entry_count, entries) = codec::entries(handler, samples.one(b"stsd")?)?;
        tables.must_use(entry_count)?;
        let edits = match boxes.maybe(b"edts")? {
            Some(edits) => Boxes::new(edits).maybe(b"elst")?,
            None => None,
        };
        Ok(Some(Self {
            handler,
            head,
            edits: edits.map(Edits::read).transpose()?,
            clock,
            entries,
            entry_count,
            tables,
        }))
    }

    /// Whether its edits leave out more than a second of its samples: decoders need less than that
    /// before the first picture and sound, so somebody cut it. `movie` is the movie's time scale.
    pub(super) fn is_trimmed(&self, movie: u32) -> bool {
        let Some(edits) = &self.edits else {
            return false;
        };
        let (movie, media) = (u128::from(movie), u128::from(self.clock.timescale));
        let all = self.tables.duration() * movie;
        let shown: u128 = edits
            .shown()
            .map(|(duration, from)| match duration {
                // From there to the end.
                0 => all.saturating_sub(u128::from(from) * movie),
                duration => u128::from(duration) * media,
            })
            .sum();
        all > shown + movie * media
    }

    /// Whether a player chooses this one or one of that group.
    pub(super) fn stands_in_for(&self, (number, handler): Group) -> bool {
        number != 0 && (self.head.group, self.handler) == (number, handler)
    }

    pub(super) fn write(
        &self,
        id: u32,
        brand: Brand,
        places: impl Iterator<Item = u64>,
        is_wide: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), NoCopy> {
        put(out, b"trak", |out| {
            put(out, b"tkhd", |out| {
                self.head.write(id, out);
                Ok(())
            })?;
            if let Some(edits) = &self.edits {
                put(out, b"edts", |out| edits.write(out))?;
            }
            put(out, b"mdia", |out| {
                put(out, b"mdhd", |out| {
                    self.clock.write(out);
                    // Undetermined: the language of a recording is that of the phone.
                    out.extend(b"\x55\xc4\0\0");
                    Ok(())
                })?;
                let is_quicktime = brand == Brand::QuickTime;
                let component = if is_quicktime { b"mhlr" } else { &[0; 4] };
                put_handler(out, component, self.handler.code())?;
                put(out, b"minf", |out| {
                    match self.handler {
                        Handler::Video => put_bytes(out, b"vmhd", b"\0\0\0\x01\0\0\0\0\0\0\0\0"),
                        Handler::Sound => put_bytes(out, b"smhd", &[0; 8]),
                    }?;
                    if is_quicktime {
                        put_handler(out, b"dhlr", b"url ")?;
                    }
                    put(out, b"dinf", |out| {
                        let here = b"\0\0\0\x0curl \0\0\0\x01";
                        put_table(out, b"dref", 1, here)
                    })?;
                    put(out, b"stbl", |out| {
                        put_table(out, b"stsd", self.entry_count, &self.entries)?;
                        self.tables.write(places, is_wide, out)
                    })
                })
            })
        })
    }
}

/// The data reference box: everything lies in this file.
fn self_contained(content: &[u8]) -> Result<(), NoCopy> {
    let (_, mut cursor) = versioned(Boxes::new(content).one(b"dref")?)?;
    cursor.u32_be()?;
    let mut references = Boxes::new(cursor.rest);
    while let Some((_, reference)) = references.next()? {
        must(matches!(reference, [_, _, _, flags, ..] if flags & 1 == 1))?;
    }
    Ok(())
}

fn put_handler(out: &mut Vec<u8>, component: &[u8; 4], code: &[u8; 4]) -> Result<(), NoCopy> {
    put(out, b"hdlr", |out| {
        out.extend([0; 4]);
        out.extend(component);
        out.extend(code);
        // Nothing reserved, and an empty name.
        out.extend([0; 13]);
        Ok(())
    })
}

impl Handler {
    fn read(content: &[u8]) -> Result<Option<Self>, NoCopy> {
        let (_, mut cursor) = versioned(content)?;
        cursor.take(4)?;
        Ok(match &cursor.array()? {
            b"vide" => Some(Self::Video),
            b"soun" => Some(Self::Sound),
            _ => None,
        })
    }

    fn code(self) -> &'static [u8; 4] {
        match self {
            Self::Video => b"vide",
            Self::Sound => b"soun",
        }
    }
}

impl Head {
    fn read(content: &[u8]) -> Result<Self, NoCopy> {
        let flags = Cursor::new(content).u32_be()? & 0xff_ffff;
        let (version, mut cursor) = versioned(content)?;
        cursor.take(if version == 0 { 8 } else { 16 })?;
        cursor.take(4 + 4)?;
        let duration = Duration::read(version, &mut cursor)?;
        cursor.take(8)?;
        let (layer, group, volume) = (cursor.array()?, cursor.u16_be()?, cursor.array()?);
        cursor.take(2)?;
        let matrix = cursor.array()?;
        let size = cursor.array()?;
        cursor.end()?;
        must(turns_only(&matrix))?;
        Ok(Self {
            // Those that say whether it is shown.
            flags: flags & 7,
            duration,
            layer,
            group,
            volume,
            matrix,
            size,
        })
    }

    fn write(&self, id: u32, out: &mut Vec<u8>) {
        let version = u32::from(self.duration.version()) << 24;
        let times = if version == 0 { 8 } else { 16 };
        out.extend((version | self.flags).to_be_bytes());
        out.resize(out.len() + times, 0);
        out.extend(id.to_be_bytes());
        out.extend([0; 4]);
        self.duration.write(out);
        out.extend([0; 8]);
        out.extend(self.layer);
        out.extend(self.group.to_be_bytes());
        out.extend(self.volume);
        out.extend([0; 2]);
        out.extend(self.matrix);
        out.extend(self.size);
    }
}

/// Whether this matrix turns or mirrors a picture and moves it back, and does nothing else.
fn turns_only(matrix: &[u8; 36]) -> bool {
    const ONE: u32 = 0x0001_0000;
    let (words, _) = matrix.as_chunks::<4>();
    let mut words = words.iter().map(|word| u32::from_be_bytes(*word));
    let mut next = || words.next().unwrap_or_default();
    let (a, b, u) = (next(), next(), next());
    let (c, d, v) = (next(), next(), next());
    let (_x, _y, w) = (next(), next(), next());
    let is_unit = |word: u32| word == ONE || word == ONE.wrapping_neg();
    let turns = is_unit(a) && is_unit(d) && (b, c) == (0, 0)
        || is_unit(b) && is_unit(c) && (a, d) == (0, 0);
    turns && (u, v, w) == (0, 0, 0x4000_0000)
}

impl<'a> Edits<'a> {
    fn read(content: &'a [u8]) -> Result<Self, NoCopy> {
        let (version, cursor) = versioned(content)?;
        must(version <= 1)?;
        let width = if version == 0 { 12 } else { 20 };
        let (count, rows) = rows(cursor, width)?;
        must(count <= MAX_EDITS)?;
        // Played at its own speed, or a pause.
        let are_plain = rows.chunks(width).all(|row| {
            let rate = row.last_chunk().copied().map(u32::from_be_bytes);
            matches!(rate, Some(0 | 0x0001_0000))
        });
        must(are_plain)?;
        Ok(Self {
            version,
            count,
            rows,
        })
    }

    /// How long and from where each edit shows the media; none for a pause.
    fn shown(&self) -> impl Iterator<Item = (u64, u64)> {
        let rows = self.rows.chunks(if self.version == 0 { 12 } else { 20 });
        rows.filter_map(|row| {
            let mut cursor = Cursor::new(row);
            match self.version {
                0 => {
                    let (duration, from) = (cursor.u32_be().ok()?, cursor.u32_be().ok()?);
                    (from != u32::MAX).then_some((duration.into(), from.into()))
                }
                _ => {
                    let (duration, from) = (cursor.u64_be().ok()?, cursor.u64_be().ok()?);
                    (from != u64::MAX).then_some((duration, from))
                }
            }
        })
    }

    fn write(&self, out: &mut Vec<u8>) -> Result<(), NoCopy> {
        put(out, b"elst", |out| {
            out.extend([self.version, 0, 0, 0]);
            out.extend(self.count.to_be_bytes());
            out.extend(self.rows);
            Ok(())
        })
    }
}
