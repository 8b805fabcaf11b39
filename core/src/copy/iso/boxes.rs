//! Boxes in memory: `size u32 | name | content`.

use crate::copy::{Cursor, NoCopy, must};

/// Name and content of a box.
pub(super) type Named<'a> = ([u8; 4], &'a [u8]);

/// The boxes that something holds, one after the other.
#[derive(Clone)]
pub(super) struct Boxes<'a>(Cursor<'a>);

impl<'a> Boxes<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(Cursor::new(bytes))
    }

    /// The next one.
    pub(super) fn next(&mut self) -> Result<Option<Named<'a>>, NoCopy> {
        // Some programs end a list with a size of 0 and nothing else (QuickTime).
        if self.0.rest.is_empty() || self.0.rest == [0; 4] {
            return Ok(None);
        }
        let size = usize::try_from(self.0.u32_be()?).map_err(|_| NoCopy::Form)?;
        let name = self.0.array()?;
        let content = self.0.take(size.checked_sub(8).ok_or(NoCopy::Form)?)?;
        Ok(Some((name, content)))
    }

    /// The one box of this name.
    pub(super) fn maybe(&self, name: &[u8; 4]) -> Result<Option<&'a [u8]>, NoCopy> {
        let mut found = None;
        let mut boxes = self.clone();
        while let Some((this, content)) = boxes.next()? {
            if this == *name {
                must(found.is_none())?;
                found = Some(content);
            }
        }
        Ok(found)
    }

    /// The one box of this name, which has to be there.
    pub(super) fn one(&self, name: &[u8; 4]) -> Result<&'a [u8], NoCopy> {
        self.maybe(name)?.ok_or(NoCopy::Form)
    }
}

/// Version and what comes after the flags.
pub(super) fn versioned(content: &[u8]) -> Result<(u8, Cursor<'_>), NoCopy> {
    let mut cursor = Cursor::new(content);
    let [version, ..] = cursor.array::<4>()?;
    Ok((version, cursor))
}

/// A table of version 0: how many rows, and their bytes, `width` each and none more.
pub(super) fn table(content: &[u8], width: usize) -> Result<(u32, &[u8]), NoCopy> {
    let (version, cursor) = versioned(content)?;
    must(version == 0)?;
    rows(cursor, width)
}

pub(super) fn rows(mut cursor: Cursor<'_>, width: usize) -> Result<(u32, &[u8]), NoCopy> {
    let count = cursor.u32_be()?;
    let rows = cursor.rest;
    let length = usize::try_from(count)
        .ok()
        .and_then(|count| count.checked_mul(width));
    must(length == Some(rows.len()))?;
    Ok((count, rows))
}

/// Writes a box; what it holds is written by `content`.
pub(super) fn put(
    out: &mut Vec<u8>,
    name: &[u8; 4],
    content: impl FnOnce(&mut Vec<u8>) -> Result<(), NoCopy>,
) -> Result<(), NoCopy> {
    let start = out.len();
    out.extend([0; 4]);
    out.extend(name);
    content(out)?;
    let size = to_u32((out.len() - start) as u64)?.to_be_bytes();
    let place = out.get_mut(start..).and_then(|out| out.first_chunk_mut());
    *place.ok_or(NoCopy::Form)? = size;
    Ok(())
}

/// Writes a box that holds these bytes.
pub(super) fn put_bytes(out: &mut Vec<u8>, name: &[u8; 4], bytes: &[u8]) -> Result<(), NoCopy> {
    put(out, name, |out| {
        out.extend(bytes);
        Ok(())
    })
}

/// Writes a table of version 0 and no flags.
pub(super) fn put_table(
    out: &mut Vec<u8>,
    name: &[u8; 4],
    count: u32,
    rows: &[u8],
) -> Result<(), NoCopy> {
    put(out, name, |out| {
        out.extend([0; 4]);
        out.extend(count.to_be_bytes());
        out.extend(rows);
        Ok(())
    })
}

pub(super) fn to_u32(value: u64) -> Result<u32, NoCopy> {
    u32::try_from(value).map_err(|_| NoCopy::Size)
}
