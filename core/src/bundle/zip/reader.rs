//! Opens a ZIP file strictly: directory, names and local headers are all checked before a file
//! is read.

use std::io::{Read, Seek, SeekFrom};

use super::directory::{self, Directory, read_at};
use super::extra::{self, MAX_EXTRA};
use super::header::{Listed, Method};
use super::layout::{Ours, end_bytes};
use super::records::{DESCRIPTOR, Fields, LOCAL_LEN, Shared};
use crate::bundle::fault::{ContainerError, Fault, Refusal};
use crate::bundle::limits::{Tally, is_bomb};
use crate::bundle::names::Names;
use crate::bundle::path::{BundlePath, is_part};

/// A deflate stream of no bytes.
const EMPTY_DEFLATE: [u8; 2] = [3, 0];

/// A checked ZIP file.
pub(in crate::bundle) struct Archive {
    /// Name of the top folder, if there is one.
    pub(in crate::bundle) top: Option<String>,
    /// The files, without folder entries, in no promised order.
    pub(in crate::bundle) members: Vec<Member>,
    /// True if every byte outside the files is as our writer puts it.
    pub(in crate::bundle) is_as_written: bool,
}

/// A file in a ZIP file.
#[derive(Debug)]
pub(in crate::bundle) struct Member {
    pub(in crate::bundle) path: BundlePath,
    pub(in crate::bundle) size: u64,
    pub(super) packed: u64,
    pub(super) crc: u32,
    pub(super) method: Method,
    pub(super) data_start: u64,
}

/// What a local header adds to the directory's.
struct Local {
    data_start: u64,
    /// The bytes of header, name and extra field.
    bytes: Vec<u8>,
}

impl Archive {
    /// Reads and checks everything but the files' contents.
    pub(in crate::bundle) fn open<R: Read + Seek>(input: &mut R) -> Result<Self, ContainerError> {
        let len = input.seek(SeekFrom::End(0))?;
        let directory = directory::read(input, len)?;
        let listed = Listed::parse_all(&directory.bytes, directory.entries)?;
        let names = Names::in_zip(listed.iter().map(|entry| entry.name.as_str()))?;
        check_limits(&listed, len)?;
        let locals = check_places(input, &listed, directory.start)?;

        let is_as_written = names.top.as_deref().is_some_and(is_part)
            && is_as_written(&directory, &listed, &locals);
        let files = listed.iter().zip(&locals);
        let files = files.filter(|(entry, _)| !entry.is_folder());
        let members = files.zip(names.paths).map(|((entry, local), path)| Member {
            path,
            size: entry.size,
            packed: entry.packed,
            crc: entry.crc,
            method: entry.method,
            data_start: local.data_start,
        });
        Ok(Self {
            top: names.top,
            members: members.collect(),
            is_as_written,
        })
    }
}

fn check_limits(listed: &[Listed], file_len: u64) -> Result<(), Refusal> {
    let mut tally = Tally::new();
    let mut packed_sum: u64 = 0;
    for entry in listed.iter().filter(|entry| !entry.is_folder()) {
        tally
            .add(entry.size)
            .map_err(|limit| Fault::Limit(limit).at(&entry.name))?;
        if is_bomb(entry.size, entry.packed) {
            return Err(Fault::Bomb.at(&entry.name));
        }
        packed_sum = packed_sum.saturating_add(entry.packed);
    }
    if packed_sum > file_len {
        return Err(Fault::SizesExceedFile.at(""));
    }
    match is_bomb(tally.bytes(), file_len) {
        true => Err(Fault::Bomb.at("")),
        false => Ok(()),
    }
}

/// Checks that the entries fill the file from its first byte to the directory, each once, and
/// that each local header says what the directory says. Gives the local headers in the order of
/// `listed`.
fn check_places<R: Read + Seek>(
    input: &mut R,
    listed: &[Listed],
    directory_start: u64,
) -> Result<Vec<Local>, ContainerError> {
    let mut order: Vec<(usize, &Listed)> = listed.iter().enumerate().collect();
    order.sort_by_key(|(_, entry)| entry.offset);
    let first = order.first().map_or(directory_start, |(_, e)| e.offset);
    if first != 0 {
        return Err(Fault::LeadingBytes.into());
    }
    if let Some((_, entry)) = order.last()
        && entry.offset >= directory_start
    {
        return Err(Fault::LocalHeader.at(&entry.name).into());
    }
    let ends = order.iter().skip(1).map(|(_, next)| next.offset);
    let ends = ends.chain([directory_start]);
    let mut locals = Vec::new();
    for ((index, entry), end) in order.iter().zip(ends) {
        locals.push((*index, check_local(input, entry, end)?));
    }
    locals.sort_by_key(|(index, _)| *index);
    Ok(locals.into_iter().map(|(_, local)| local).collect())
}

/// Checks the local header of `entry`, whose bytes must end at `end`.
fn check_local<R: Read + Seek>(
    input: &mut R,
    entry: &Listed,
    end: u64,
) -> Result<Local, ContainerError> {
    let refuse = |fault: Fault| ContainerError::from(fault.at(&entry.name));
    let name_start = entry.offset.saturating_add(LOCAL_LEN as u64);
    if name_start > end {
        return Err(refuse(Fault::Overlap));
    }
    let mut bytes = read_at(input, entry.offset, LOCAL_LEN as u64)?;
    let header = Shared::parse_local(&mut Fields(&bytes));
    let header = header.ok_or_else(|| refuse(Fault::LocalHeader))?;
    if usize::from(header.name_len) != entry.name.len() {
        return Err(refuse(Fault::NameDiffers));
    }
    if header.extra_len > MAX_EXTRA {
        return Err(refuse(Fault::ExtraField));
    }
    let data_start = name_start + u64::from(header.name_len) + u64::from(header.extra_len);
    let data_end = data_start.saturating_add(entry.packed);
    if data_end > end {
        return Err(refuse(Fault::Overlap));
    }
    bytes.extend(read_at(input, name_start, data_start - name_start)?);
    check_same(entry, &header, bytes.get(LOCAL_LEN..).unwrap_or_default()).map_err(refuse)?;
    // Java packs the nothing of a folder into two bytes.
    if entry.is_folder() && entry.packed != 0 {
        let packed = read_at(
            input,
            data_start,
            entry.packed.min(EMPTY_DEFLATE.len() as u64),
        )?;
        if packed != EMPTY_DEFLATE || entry.packed != EMPTY_DEFLATE.len() as u64 {
            return Err(refuse(Fault::FolderWithContent));
        }
    }
    check_after(input, entry, data_end, end)?;
    Ok(Local { data_start, bytes })
}

/// Local header and directory say the same. `rest` is the local name and extra field.
fn check_same(entry: &Listed, local: &Shared, rest: &[u8]) -> Result<(), Fault> {
    let mut rest = Fields(rest);
    if rest.take(local.name_len.into()) != Some(entry.name.as_bytes()) {
        return Err(Fault::NameDiffers);
    }
    if local.flags != entry.flags {
        return Err(Fault::FlagsDiffer);
    }
    if local.method != entry.method.number() {
        return Err(Fault::MethodDiffers);
    }
    // Before a data descriptor the writer may not know them yet and then writes zero.
    let agrees = |here: u64, there: u64| here == there || here == 0 && entry.has_descriptor();
    if !agrees(local.crc.into(), entry.crc.into()) {
        return Err(Fault::CrcDiffers);
    }
    let zip64 = extra::zip64(rest.0)?;
    let [size, packed] = extra::widen([local.size, local.packed], zip64.as_deref())?;
    if !agrees(size, entry.size) || !agrees(packed, entry.packed) {
        return Err(Fault::SizeDiffers);
    }
    Ok(())
}

/// Between the packed bytes and the next entry stands the data descriptor, or nothing.
fn check_after<R: Read + Seek>(
    input: &mut R,
    entry: &Listed,
    data_end: u64,
    end: u64,
) -> Result<(), ContainerError> {
    /// A descriptor with its mark and ZIP64 sizes.
    const LONGEST: u64 = 24;
    let gap = end - data_end;
    let fault = match entry.has_descriptor() {
        false if gap == 0 => return Ok(()),
        false => Fault::Gap,
        true if gap > LONGEST => Fault::Gap,
        true if descriptors(entry).contains(&read_at(input, data_end, gap)?) => return Ok(()),
        true => Fault::Descriptor,
    };
    Err(fault.at(&entry.name).into())
}

/// The forms in which writers put a data descriptor (APPNOTE 4.3.9): with and without its mark,
/// sizes of four bytes or, for ZIP64, of eight.
fn descriptors(entry: &Listed) -> Vec<Vec<u8>> {
    let crc = entry.crc.to_le_bytes();
    let wide = [entry.packed.to_le_bytes(), entry.size.to_le_bytes()].concat();
    let mut forms = vec![[&crc[..], &wide].concat()];
    if let (Ok(packed), Ok(size)) = (u32::try_from(entry.packed), u32::try_from(entry.size)) {
        let narrow = [packed.to_le_bytes(), size.to_le_bytes()].concat();
        forms.push([&crc[..], &narrow].concat());
    }
    let marked: Vec<_> = forms
        .iter()
        .map(|form| [&DESCRIPTOR[..], form].concat())
        .collect();
    forms.extend(marked);
    forms
}

/// True if the records are, byte for byte, those that our writer writes for these files.
fn is_as_written(directory: &Directory, listed: &[Listed], locals: &[Local]) -> bool {
    let end = directory.start + directory.bytes.len() as u64;
    let headers_as_written = listed.iter().zip(locals).all(|(entry, local)| {
        let ours = Ours {
            name: &entry.name,
            size: entry.size,
            crc: entry.crc,
            offset: entry.offset,
        };
        ours.local_bytes() == local.bytes
            && directory.bytes.get(entry.place.clone()) == Some(&ours.central_bytes())
    });
    headers_as_written
        && listed.is_sorted_by(|a, b| a.name < b.name && a.offset < b.offset)
        && directory.after == end_bytes(listed.len(), directory.start..end)
}
