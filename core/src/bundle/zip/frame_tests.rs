//! Hostile ZIP files: end records, directory, places. One for each fault.

use std::io::Read as _;

use super::accepted_tests::as_written;
use super::made::{DEFLATED, Made, MadeEntry, STORED, read, refused};
use super::records::{End64, WIDE_U16, WIDE_U32};
use crate::bundle::fault::{ContainerError, Fault};
use crate::bundle::limits::Limit;

#[test]
fn a_cut_file_has_no_end() {
    let whole = as_written();
    for len in 0..whole.len() {
        match read(whole[..len].to_vec()) {
            Err(ContainerError::NotABundle) => assert!(len < 4),
            Err(error) => assert_eq!(error.fault(), Some(Fault::NoEndRecord), "{len}"),
            Ok(_) => panic!("{len}"),
        }
    }
}

#[test]
fn bytes_after_the_end() {
    refused(Fault::TrailingBytes, |zip| zip.after = b"\0".to_vec());
    refused(Fault::TrailingBytes, |zip| zip.after = vec![0; 70]);
}

#[test]
fn archive_comment() {
    refused(Fault::ArchiveComment, |zip| {
        zip.end = |end| end.comment_len = 5;
        zip.after = b"hello".to_vec();
    });
}

/// A whole second ZIP file as the comment of the first.
#[test]
fn fake_end_record_in_a_comment() {
    let inner = as_written();
    assert_eq!(inner.len(), 0x138);
    refused(Fault::SeveralEndRecords, |zip| {
        zip.end = |end| end.comment_len = 0x138;
        zip.after = inner;
    });
    refused(Fault::SeveralEndRecords, |zip| {
        zip.end = |end| end.comment_len = 22;
        zip.after = [&b"PK\x05\x06"[..], &[0; 18]].concat();
    });
}

/// The second view of the file lies in a stored entry of the first.
#[test]
fn fake_end_record_in_a_stored_file() {
    let inner = as_written();
    let mut outer = Made::new(vec![
        MadeEntry::stored("e/bagit.txt", b""),
        MadeEntry::stored("e/data/a", &inner),
    ]);
    assert!(outer.read().is_ok());
    let len = outer.bytes().len();
    let end = 30 + 11 + 30 + 8 + inner.len();
    let comment_len = u16::try_from(len - end).unwrap();
    let place = inner.len() - 2;
    outer.entries[1].data[place..].copy_from_slice(&comment_len.to_le_bytes());
    assert_eq!(outer.fault(), Some(Fault::SeveralEndRecords));
}

#[test]
fn several_disks() {
    refused(Fault::MultiDisk, |zip| zip.end = |end| end.disk = 1);
    refused(Fault::MultiDisk, |zip| {
        zip.end = |end| end.directory_disk = 1
    });
    refused(Fault::MultiDisk, |zip| zip.end = |end| end.entries_here = 1);
    refused(Fault::MultiDisk, |zip| zip.entries[STORED].central.disk = 1);
    refused(Fault::MultiDisk, |zip| {
        zip.zip64 = true;
        zip.end64 = |_, locator| locator.disks = 2;
    });
}

#[test]
fn wrong_counts() {
    refused(Fault::CountDiffers, |zip| {
        zip.end = |end| (end.entries, end.entries_here) = (4, 4);
    });
    refused(Fault::CountDiffers, |zip| {
        zip.end = |end| (end.entries, end.entries_here) = (6, 6);
    });
}

#[test]
fn directory_elsewhere() {
    refused(Fault::DirectoryPlace, |zip| {
        zip.end = |end| end.directory_offset += 1
    });
    refused(Fault::DirectoryPlace, |zip| {
        zip.end = |end| end.directory_offset -= 1
    });
    refused(Fault::DirectoryPlace, |zip| {
        zip.end = |end| end.directory_len -= 1
    });
    refused(Fault::DirectoryPlace, |zip| {
        zip.end = |end| end.directory_len = u32::MAX - 1;
    });
    // Prepended bytes, as in a self-extracting program.
    let prefixed = [&b"MZ"[..], &as_written()].concat();
    let fault = read(prefixed).unwrap_err().fault();
    assert_eq!(fault, Some(Fault::DirectoryPlace));
}

#[test]
fn damaged_directory() {
    // Moved by one byte, so that no header stands where it must.
    refused(Fault::DirectoryRecord, |zip| {
        zip.end = |end| {
            end.directory_offset -= 1;
            end.directory_len += 1;
        };
    });
}

#[test]
fn zip64_lies() {
    for lie in [
        (|end64, _| end64.entries += 1) as fn(&mut End64, &mut _),
        |end64, _| end64.entries_here += 1,
        |end64, _| end64.directory_len += 1,
        |end64, _| end64.directory_offset += 1,
        |end64, _| end64.directory_offset = u64::MAX,
        |end64, _| end64.rest_len = 45,
    ] {
        refused(Fault::Zip64, |zip| {
            zip.zip64 = true;
            zip.end64 = lie;
        });
    }
    refused(Fault::Zip64, |zip| {
        zip.zip64 = true;
        zip.end64 = |_, locator| locator.offset += 1;
    });
    refused(Fault::Zip64, |zip| {
        zip.end = |end| end.directory_offset = WIDE_U32;
    });
    refused(Fault::Limit(Limit::Files), |zip| {
        zip.end = |end| (end.entries, end.entries_here) = (WIDE_U16, WIDE_U16);
    });
}

#[test]
fn zip64_lies_of_one_entry() {
    let wide = |value: u64| [&[1, 0, 8, 0][..], &value.to_le_bytes()].concat();
    refused(Fault::Zip64, |zip| zip.entries[STORED].extra = wide(6));
    refused(Fault::Zip64, |zip| {
        zip.entries[STORED].local_extra = wide(6)
    });
    refused(Fault::Zip64, |zip| {
        zip.entries[STORED].central.shared.size = WIDE_U32
    });
    refused(Fault::Zip64, |zip| {
        zip.entries[STORED].offset = Some(WIDE_U32)
    });
    refused(Fault::SizeDiffers, |zip| {
        zip.entries[STORED].central.shared.size = WIDE_U32;
        zip.entries[STORED].extra = wide(6);
    });
}

#[test]
fn bytes_before_the_first_entry() {
    refused(Fault::LeadingBytes, |zip| {
        zip.entries[0].before = b"MZ".to_vec()
    });
    refused(Fault::LeadingBytes, |zip| {
        // The first entry is there, but not listed.
        let first = zip.entries.remove(0);
        let mut hidden = Made::new(vec![first]).bytes();
        hidden.truncate(hidden.len() - 22);
        zip.entries[0].before = hidden;
    });
}

#[test]
fn overlapping_entries() {
    // Two names for the same bytes.
    refused(Fault::Overlap, |zip| zip.entries[STORED].offset = Some(0));
    // One byte too many.
    refused(Fault::Overlap, |zip| {
        zip.entries[DEFLATED].both(|shared| shared.packed += 1);
    });
    // The last one reaches into the directory.
    refused(Fault::Overlap, |zip| {
        zip.entries[STORED].both(|shared| (shared.size, shared.packed) = (6, 6));
    });
}

/// Fifield, "A better zip bomb" (2019): every entry quotes the local header of the next one in a
/// stored block and then goes on in the next one's bytes, so that all end with one kernel. Each
/// header is true; most readers unpack all of them.
#[test]
fn fifields_overlapping_bomb() {
    let bomb = |count: usize, zeros: usize| {
        let mut content = vec![0; zeros];
        let kernel = MadeEntry::deflated("e/data/z", &content);
        let mut entries = vec![kernel];
        for number in (0..count).rev() {
            let quoted = Made::new(vec![entries[0].clone()]).bytes()[..38].to_vec();
            content = [&quoted[..], &content].concat();
            let mut entry = MadeEntry::deflated(&format!("e/data/{number}"), &content);
            let packed = 5 + 38 + entries[0].local.packed;
            entry.both(|shared| shared.packed = packed);
            entry.data = [&[0, 38, 0, !38, !0][..]].concat();
            entries.insert(0, entry);
        }
        entries.push(MadeEntry::stored("e/bagit.txt", b""));
        Made::new(entries)
    };
    assert_eq!(bomb(0, 1 << 20).fault(), None);
    assert_eq!(bomb(3, 1 << 20).fault(), Some(Fault::SizesExceedFile));
    // Small enough to hide among the headers.
    assert_eq!(bomb(3, 1 << 10).fault(), Some(Fault::Overlap));

    // The quotation is a true deflate stream.
    let bomb = bomb(1, 1 << 10);
    let packed = usize::try_from(bomb.entries[0].local.packed).unwrap();
    let mut unpacked = Vec::new();
    flate2::read::DeflateDecoder::new(&bomb.bytes()[38..38 + packed])
        .read_to_end(&mut unpacked)
        .unwrap();
    assert_eq!(unpacked.len(), 38 + (1 << 10));
}

#[test]
fn bytes_between_entries() {
    refused(Fault::Gap, |zip| zip.gap = b"\0".to_vec());
    refused(Fault::Gap, |zip| zip.entries[STORED].before = vec![0; 50]);
    refused(Fault::Gap, |zip| zip.entries[2].before = b"x".to_vec());
    refused(Fault::Gap, |zip| {
        // An entry that is there, but not listed.
        let hidden = zip.entries.remove(2);
        let mut hidden = Made::new(vec![hidden]).bytes();
        hidden.truncate(hidden.len() - 22);
        zip.entries[2].before = hidden;
    });
}

#[test]
fn no_local_header() {
    refused(Fault::LocalHeader, |zip| {
        zip.entries[STORED].offset = Some(u32::MAX - 1)
    });
    let mut bytes = as_written();
    bytes[0] = b'X';
    assert_eq!(read(bytes).unwrap_err().fault(), Some(Fault::LocalHeader));
}
