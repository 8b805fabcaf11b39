//! Finds the central directory from the end of a ZIP file.

use std::io::{self, Read, Seek, SeekFrom};

use super::records::{
    END, END_LEN, END64_LEN, End, End64, Fields, LOCAL, LOCATOR64, LOCATOR64_LEN, Locator64,
    WIDE_U16, WIDE_U32,
};
use crate::bundle::fault::{ContainerError, Fault};
use crate::bundle::limits::{Limit, MAX_FILES};

/// Most entries: each file may come with a folder entry of its own.
const MAX_ENTRIES: u64 = 2 * MAX_FILES;

/// Largest directory that is read. 20,000 files zipped again need about 4 MiB.
const MAX_DIRECTORY: u64 = 8 << 20;

/// An end record with the longest comment.
const TAIL: u64 = 22 + 0xffff;

/// The central directory, still as bytes.
pub(super) struct Directory {
    /// Where it begins in the file; the entries end here.
    pub(super) start: u64,
    /// Its bytes: the headers one after the other.
    pub(super) bytes: Vec<u8>,
    /// How many headers there are said to be.
    pub(super) entries: u64,
    /// All that follows it in the file.
    pub(super) after: Vec<u8>,
}

/// What the end records say together.
struct Frame {
    entries: u64,
    len: u64,
    offset: u64,
    /// How many bytes of records follow the directory.
    after: usize,
}

/// Reads the end records and the directory of a file of `len` bytes.
pub(super) fn read<R: Read + Seek>(input: &mut R, len: u64) -> Result<Directory, ContainerError> {
    let tail = read_at(input, len.saturating_sub(TAIL), len.min(TAIL))?;
    check_one_end(input, &tail)?;
    let frame = frame(&tail)?;

    let end = len - frame.after as u64;
    if frame.offset.checked_add(frame.len) != Some(end) {
        return Err(Fault::DirectoryPlace.into());
    }
    if frame.entries > MAX_ENTRIES {
        return Err(Fault::Limit(Limit::Files).into());
    }
    if frame.len > MAX_DIRECTORY {
        return Err(Fault::DirectoryBytes.into());
    }
    Ok(Directory {
        start: frame.offset,
        bytes: read_at(input, frame.offset, frame.len)?,
        entries: frame.entries,
        after: last(&tail, frame.after).to_vec(),
    })
}

/// Exactly one end record reaches the end of the file, and it is the last thing in it.
fn check_one_end<R: Read + Seek>(input: &mut R, tail: &[u8]) -> Result<(), ContainerError> {
    let mut reaching = 0;
    let mut stopping_short = false;
    for (place, window) in tail.windows(END_LEN).enumerate() {
        if !window.starts_with(&END) {
            continue;
        }
        let Some(end) = End::parse(&mut Fields(window)) else {
            continue;
        };
        let reach = place + END_LEN + usize::from(end.comment_len);
        reaching += usize::from(reach == tail.len());
        stopping_short |= reach < tail.len();
    }
    let ends_with_record = last(tail, END_LEN).starts_with(&END) && tail.ends_with(&[0, 0]);
    match reaching {
        0 if stopping_short => Err(Fault::TrailingBytes.into()),
        0 if read_at(input, 0, 4).is_ok_and(|start| start == LOCAL) => {
            Err(Fault::NoEndRecord.into())
        }
        0 => Err(ContainerError::NotABundle),
        1 if ends_with_record => Ok(()),
        1 => Err(Fault::ArchiveComment.into()),
        _ => Err(Fault::SeveralEndRecords.into()),
    }
}

/// Reads the end record, and those of ZIP64 where they are or must be.
fn frame(tail: &[u8]) -> Result<Frame, Fault> {
    let end = End::parse(&mut Fields(last(tail, END_LEN))).ok_or(Fault::NoEndRecord)?;
    if end.disk != 0 || end.directory_disk != 0 || end.entries_here != end.entries {
        return Err(Fault::MultiDisk);
    }
    let before_end = tail.len().saturating_sub(END_LEN);
    let before_end = tail.get(..before_end).unwrap_or_default();
    let locator = last(before_end, LOCATOR64_LEN);
    // Some readers use ZIP64 records wherever they see a locator, so it never is ignored.
    if locator.starts_with(&LOCATOR64) {
        return frame64(tail, locator, &end);
    }
    // 65,535 are too many, whether that is the number or the mark of a ZIP64 record that is missing.
    if end.entries == WIDE_U16 {
        return Err(Fault::Limit(Limit::Files));
    }
    if end.directory_len == WIDE_U32 || end.directory_offset == WIDE_U32 {
        return Err(Fault::Zip64);
    }
    Ok(Frame {
        entries: end.entries.into(),
        len: end.directory_len.into(),
        offset: end.directory_offset.into(),
        after: END_LEN,
    })
}

/// `tail` ends with a ZIP64 record, its locator and the end record, in this order.
fn frame64(tail: &[u8], locator: &[u8], end: &End) -> Result<Frame, Fault> {
    const AFTER: usize = END64_LEN + LOCATOR64_LEN + END_LEN;
    let locator = Locator64::parse(&mut Fields(locator)).ok_or(Fault::Zip64)?;
    let end64 = End64::parse(&mut Fields(last(tail, AFTER))).ok_or(Fault::Zip64)?;
    if locator.disk != 0 || locator.disks != 1 || end64.disk != 0 || end64.directory_disk != 0 {
        return Err(Fault::MultiDisk);
    }
    let record = end64.directory_offset.checked_add(end64.directory_len);
    let agrees = end64.rest_len == END64_LEN as u64 - 12
        && end64.entries_here == end64.entries
        && record == Some(locator.offset)
        && (end.entries == WIDE_U16 || u64::from(end.entries) == end64.entries)
        && narrow_agrees(end.directory_len, end64.directory_len)
        && narrow_agrees(end.directory_offset, end64.directory_offset);
    if !agrees {
        return Err(Fault::Zip64);
    }
    Ok(Frame {
        entries: end64.entries,
        len: end64.directory_len,
        offset: end64.directory_offset,
        after: AFTER,
    })
}

/// A field of four bytes points to its ZIP64 field, or says the same.
fn narrow_agrees(narrow: u32, wide: u64) -> bool {
    narrow == WIDE_U32 || u64::from(narrow) == wide
}

/// The last `count` bytes, or all if there are fewer.
fn last(bytes: &[u8], count: usize) -> &[u8] {
    bytes
        .get(bytes.len().saturating_sub(count)..)
        .unwrap_or_default()
}

/// Reads `len` bytes at `place`; callers bound `len` by the file's length and by a limit.
pub(super) fn read_at<R: Read + Seek>(
    input: &mut R,
    place: u64,
    len: u64,
) -> Result<Vec<u8>, ContainerError> {
    input.seek(SeekFrom::Start(place))?;
    let mut bytes = Vec::new();
    input.take(len).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != len {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    Ok(bytes)
}
