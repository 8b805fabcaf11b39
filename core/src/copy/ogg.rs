//! Sound in Ogg (RFC 3533): Opus (RFC 7845), as messengers send it, and Vorbis.
//!
//! Kept as they are: the packets of sound, on the pages on which they stood, with their times.
//! Written anew: the head of each page, the comment header, which is empty, and on pages of their own
//! the other headers. Files with more than one stream have no copy.

use super::pieces::Pieces;
use super::{Cursor, Ended, NoCopy, Source, must, read};

/// Head of a page, without the lengths of its segments.
const HEAD: u64 = 27;

/// Head with all lengths.
const LONGEST_HEAD: u64 = HEAD + 255;

/// Bytes of a setup header of Vorbis, at most: all on one page. Usual ones have 3 to 5 KB.
const MAX_SETUP: usize = 254 * 255;

/// The number of the one stream; the original's is random.
const SERIAL: u32 = 1;

const CONTINUED: u8 = 1;
const FIRST: u8 = 2;
const LAST: u8 = 4;

/// How the sound is coded.
#[derive(Clone, Copy)]
enum Codec {
    Opus,
    Vorbis,
}

/// One page as it stands in the file.
struct Page {
    flags: u8,
    /// How many samples there are up to its end.
    granule: [u8; 8],
    serial: u32,
    number: u32,
    lengths: Vec<u8>,
    /// Where its packets stand.
    from: u64,
    body: Vec<u8>,
}

/// The pages of a file, one after the other.
struct Pages<'a> {
    source: &'a mut dyn Source,
    at: u64,
    next: u32,
    serial: u32,
}

pub(super) fn pieces(source: &mut dyn Source) -> Result<Pieces, Ended> {
    let first = Page::read(source, 0)?;
    must(first.flags == FIRST && first.number == 0 && first.is_one_packet())?;
    let codec = Codec::of(&first.body)?;
    let mut pages = Pages {
        at: first.end(),
        next: 1,
        serial: first.serial,
        source,
    };
    let mut pieces = Pieces::default();
    let mut out = Out {
        pieces: &mut pieces,
        number: 0,
    };
    out.header(FIRST, &first.body)?;
    let mut headers = pages.headers(codec.headers())?.into_iter();
    let comment = headers.next().ok_or(NoCopy::Form)?;
    must(comment.starts_with(codec.comment_start()))?;
    out.header(0, &codec.comment())?;
    for setup in headers {
        must(setup.starts_with(b"\x05vorbis") && setup.len() <= MAX_SETUP)?;
        out.header(0, &setup)?;
    }
    let mut flags = 0;
    let mut is_first = true;
    while let Some(page) = pages.next()? {
        // A page after the last one, or a packet that begins nowhere.
        must(flags & LAST == 0 && !(is_first && page.flags & CONTINUED != 0))?;
        flags = page.flags;
        is_first = false;
        out.page(&page)?;
    }
    must(!is_first)?;
    Ok(pieces)
}

impl Codec {
    /// By the identification header, which has no byte more than its fields.
    fn of(header: &[u8]) -> Result<Self, NoCopy> {
        let mut cursor = Cursor::new(header);
        if header.starts_with(b"OpusHead") {
            cursor.take(8)?;
            let [version, channels, .., family] = cursor.array::<11>()?;
            must(version >> 4 == 0 && channels > 0)?;
            cursor.take(if family == 0 {
                0
            } else {
                2 + usize::from(channels)
            })?;
            cursor.end()?;
            return Ok(Self::Opus);
        }
        if header.starts_with(b"\x01vorbis") {
            cursor.take(7)?;
            let [a, b, c, d, channels, .., framing] = cursor.array::<23>()?;
            must([a, b, c, d] == [0; 4] && channels > 0 && framing == 1)?;
            cursor.end()?;
            return Ok(Self::Vorbis);
        }
        Err(NoCopy::Coding)
    }

    /// Headers after the first one.
    fn headers(self) -> usize {
        match self {
            Self::Opus => 1,
            Self::Vorbis => 2,
        }
    }

    fn comment_start(self) -> &'static [u8] {
        match self {
            Self::Opus => b"OpusTags",
            Self::Vorbis => b"\x03vorbis",
        }
    }

    /// A comment header without a vendor and without a comment.
    fn comment(self) -> Vec<u8> {
        let end: &[u8] = match self {
            Self::Opus => &[],
            Self::Vorbis => &[1],
        };
        [self.comment_start(), &[0; 8], end].concat()
    }
}

impl Page {
    fn read(source: &mut dyn Source, at: u64) -> Result<Self, Ended> {
        let left = source.length().saturating_sub(at);
        let head = read(source, at, left.min(LONGEST_HEAD))?;
        let mut cursor = Cursor::new(&head);
        must(cursor.array()? == *b"OggS\0")?;
        let flags = cursor.byte()?;
        let granule = cursor.array()?;
        let (serial, number, checksum) = (cursor.u32_le()?, cursor.u32_le()?, cursor.u32_le()?);
        let count = cursor.byte()?;
        let lengths = cursor.take(count.into())?.to_vec();
        let from = at + HEAD + u64::from(count);
        let length = lengths.iter().map(|length| u64::from(*length)).sum();
        let page = Self {
            flags,
            granule,
            serial,
            number,
            lengths,
            from,
            body: read(source, from, length)?,
        };
        must(flags & !(CONTINUED | FIRST | LAST) == 0)?;
        let (_, found) = page.head(flags, serial, number);
        must(found == checksum)?;
        Ok(page)
    }

    fn end(&self) -> u64 {
        self.from + self.body.len() as u64
    }

    fn is_one_packet(&self) -> bool {
        let (last, before) = match self.lengths.split_last() {
            Some((last, before)) => (*last, before),
            None => return false,
        };
        last < 255 && before.iter().all(|length| *length == 255)
    }

    /// Its head with these values, and the checksum in it.
    fn head(&self, flags: u8, serial: u32, number: u32) -> (Vec<u8>, u32) {
        let mut head = b"OggS\0".to_vec();
        head.push(flags);
        head.extend(self.granule);
        head.extend(serial.to_le_bytes());
        head.extend(number.to_le_bytes());
        let place = head.len();
        head.extend([0; 4]);
        head.push(u8::try_from(self.lengths.len()).unwrap_or(u8::MAX));
        head.extend(&self.lengths);
        let checksum = crc(crc(0, &head), &self.body);
        let four = head.iter_mut().skip(place);
        four.zip(checksum.to_le_bytes())
            .for_each(|(to, from)| *to = from);
        (head, checksum)
    }
}

impl Pages<'_> {
    /// `None` at the end of the file.
    fn next(&mut self) -> Result<Option<Page>, Ended> {
        if self.at == self.source.length() {
            return Ok(None);
        }
        let page = Page::read(self.source, self.at)?;
        let is_next = page.serial == self.serial && page.number == self.next;
        must(is_next && page.flags & FIRST == 0)?;
        self.at = page.end();
        self.next = self.next.checked_add(1).ok_or(NoCopy::Size)?;
        Ok(Some(page))
    }

    /// So many packets, the last of which ends its page. Of a long one only the beginning is kept:
    /// it is a comment with a picture, or has no copy.
    fn headers(&mut self, count: usize) -> Result<Vec<Vec<u8>>, Ended> {
        let mut done = Vec::new();
        let mut packet = Vec::new();
        let mut is_open = false;
        while done.len() < count {
            let page = self.next()?.ok_or(NoCopy::Form)?;
            must(page.flags & CONTINUED == u8::from(is_open))?;
            let mut body = Cursor::new(&page.body);
            for length in &page.lengths {
                must(done.len() < count)?;
                let segment = body.take((*length).into())?;
                if packet.len() <= MAX_SETUP {
                    packet.extend(segment);
                }
                is_open = *length == 255;
                if !is_open {
                    done.push(std::mem::take(&mut packet));
                }
            }
        }
        Ok(done)
    }
}

/// The pages of the copy.
struct Out<'a> {
    pieces: &'a mut Pieces,
    number: u32,
}

impl Out<'_> {
    /// A header on a page of its own.
    fn header(&mut self, flags: u8, packet: &[u8]) -> Result<(), NoCopy> {
        let mut lengths = vec![255; packet.len() / 255];
        lengths.push(u8::try_from(packet.len() % 255).map_err(|_| NoCopy::Form)?);
        let page = Page {
            flags,
            granule: [0; 8],
            serial: SERIAL,
            number: self.number,
            lengths,
            from: 0,
            body: packet.to_vec(),
        };
        let (head, _) = page.head(flags, SERIAL, self.number);
        self.number += 1;
        self.pieces.make(&head)?;
        self.pieces.make(packet)
    }

    /// A page of sound.
    fn page(&mut self, page: &Page) -> Result<(), NoCopy> {
        let (head, _) = page.head(page.flags, SERIAL, self.number);
        self.number = self.number.checked_add(1).ok_or(NoCopy::Size)?;
        self.pieces.make(&head)?;
        self.pieces.take(page.from, page.body.len() as u64)
    }
}

/// CRC-32 with the polynomial 0x04c11db7, bits in their order, from 0 (RFC 3533, section 6).
fn crc(start: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(start, |crc, byte| {
        let at = (crc >> 24) as u8 ^ byte;
        crc << 8 ^ TABLE.get(usize::from(at)).copied().unwrap_or_default()
    })
}

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0u32;
    while byte < 256 {
        let mut crc = byte << 24;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc >> 31 == 1 {
                crc << 1 ^ 0x04c1_1db7
            } else {
                crc << 1
            };
            bit += 1;
        }
        #[expect(clippy::indexing_slicing, reason = "below 256")]
        {
            table[byte as usize] = crc;
        }
        byte += 1;
    }
    table
};
