//! Hostile ZIP files: headers, names, limits and contents. One for each fault.

use std::io::{Cursor, Read as _};

use super::made::{DEFLATED, Made, MadeEntry, STORED, STREAMED, refused};
use super::records::WIDE_U32;
use crate::bundle::container::Container;
use crate::bundle::fault::{ContainerError, Fault};
use crate::bundle::limits::Limit;

#[test]
fn two_stories_about_one_entry() {
    refused(Fault::NameDiffers, |zip| {
        zip.entries[STORED].local_name = b"e/data/c".to_vec()
    });
    refused(Fault::NameDiffers, |zip| {
        zip.entries[STORED].local_name.truncate(3)
    });
    refused(Fault::SizeDiffers, |zip| {
        zip.entries[DEFLATED].local.size += 1
    });
    refused(Fault::SizeDiffers, |zip| {
        zip.entries[DEFLATED].local.packed -= 1
    });
    refused(Fault::SizeDiffers, |zip| {
        zip.entries[DEFLATED].local.size = 0
    });
    refused(Fault::SizeDiffers, |zip| {
        zip.entries[STREAMED].local.size = 1
    });
    refused(Fault::SizeDiffers, |zip| {
        zip.entries[STORED].both(|shared| shared.size = 4)
    });
    refused(Fault::MethodDiffers, |zip| {
        zip.entries[DEFLATED].local.method = 0
    });
    refused(Fault::CrcDiffers, |zip| {
        zip.entries[DEFLATED].local.crc ^= 1
    });
    refused(Fault::CrcDiffers, |zip| zip.entries[STREAMED].local.crc = 1);
    refused(Fault::FlagsDiffer, |zip| {
        zip.entries[DEFLATED].local.flags = 1 << 11
    });
    refused(Fault::FlagsDiffer, |zip| {
        zip.entries[DEFLATED].local.flags = 1 << 3
    });
    refused(Fault::FlagsDiffer, |zip| {
        zip.entries[STREAMED].local.flags = 0
    });
}

#[test]
fn descriptors_that_disagree() {
    for place in 0..16 {
        refused(Fault::Descriptor, |zip| {
            zip.entries[STREAMED].after[place] ^= 1
        });
    }
    refused(Fault::Descriptor, |zip| zip.entries[STREAMED].after.clear());
    refused(Fault::Descriptor, |zip| zip.entries[STREAMED].after.push(0));
    refused(Fault::Gap, |zip| zip.entries[STREAMED].after.extend([0; 9]));
    refused(Fault::DescriptorOnStored, |zip| {
        zip.entries[STORED].both(|shared| shared.flags |= 8);
    });
}

#[test]
fn encrypted_entries() {
    for flag in [1, 1 << 6, 1 << 13] {
        refused(Fault::Encrypted, |zip| {
            zip.entries[STORED].both(|s| s.flags |= flag)
        });
    }
    refused(Fault::Encrypted, |zip| {
        zip.entries[STORED].extra = b"\x01\x99\x07\0\x02\0AE\x03\x08\0".to_vec();
    });
}

#[test]
fn unknown_methods_and_flags() {
    for method in [1, 9, 12, 14, 93, 95, 99] {
        refused(Fault::Method, |zip| {
            zip.entries[STORED].both(|s| s.method = method)
        });
    }
    for bit in [4, 5, 7, 8, 9, 10, 12, 14, 15] {
        refused(Fault::Flags, |zip| {
            zip.entries[STORED].both(|s| s.flags |= 1 << bit)
        });
    }
}

#[test]
fn second_names_and_unknown_extra_fields() {
    let unicode_path = b"up\x0d\0\x01\0\0\0\0e/data/x".to_vec();
    assert_eq!(unicode_path.len(), 4 + 13);
    refused(Fault::UnicodePath, |zip| {
        zip.entries[STORED].extra = unicode_path.clone()
    });
    refused(Fault::UnicodePath, |zip| {
        zip.entries[STORED].local_extra = unicode_path.clone()
    });
    refused(Fault::ExtraField, |zip| {
        zip.entries[STORED].extra = b"xx\0\0".to_vec()
    });
    refused(Fault::ExtraField, |zip| {
        zip.entries[STORED].local_extra = b"xx\0".to_vec()
    });
    refused(Fault::ExtraField, |zip| {
        zip.entries[STORED].local_extra = vec![0; 2000]
    });
    refused(Fault::ExtraField, |zip| {
        zip.entries[STORED].extra = vec![0; 2000]
    });
}

#[test]
fn entry_comment() {
    refused(Fault::EntryComment, |zip| {
        zip.entries[STORED].comment = b"x".to_vec()
    });
}

#[test]
fn links_and_special_files() {
    refused(Fault::Link, |zip| {
        zip.entries[STORED].central.external = 0o120_777 << 16
    });
    refused(Fault::Link, |zip| {
        zip.entries[STORED].central.external = 0x420
    });
    for kind in [0o010_000, 0o020_000, 0o060_000, 0o140_000] {
        refused(Fault::SpecialFile, |zip| {
            zip.entries[STORED].central.external = (kind | 0o644) << 16;
        });
    }
    refused(Fault::SpecialFile, |zip| {
        zip.entries[STORED].central.external = 0x08
    });
}

#[test]
fn neither_file_nor_folder() {
    refused(Fault::FileOrFolder, |zip| {
        zip.entries[STORED].central.external = 0x10
    });
    refused(Fault::FileOrFolder, |zip| {
        zip.entries[STORED].central.external = 0o040_755 << 16;
    });
    refused(Fault::FileOrFolder, |zip| {
        zip.entries[0].central.external = 0o100_644 << 16;
    });
    refused(Fault::FileOrFolder, |zip| {
        zip.entries.push(MadeEntry::stored("e/data/a/b", b""));
    });
}

#[test]
fn folders_with_content_and_without_files() {
    refused(Fault::FolderWithContent, |zip| {
        zip.entries[0] = MadeEntry::stored("e/", b"x");
        zip.entries[0].central.external = 0x10;
    });
    refused(Fault::FolderWithContent, |zip| {
        zip.entries[0].both(|shared| (shared.method, shared.packed) = (8, 2));
        zip.entries[0].data = vec![3, 1];
    });
    refused(Fault::FolderWithContent, |zip| {
        zip.entries[0].both(|shared| (shared.method, shared.packed) = (8, 3));
        zip.entries[0].data = vec![3, 0, 0];
    });
    refused(Fault::EmptyFolder, |zip| {
        zip.entries.push(MadeEntry::folder("e/proof/"))
    });
}

#[test]
fn names_that_no_bundle_holds() {
    for (fault, name) in [
        (Fault::Name, &b"e/../../etc/passwd"[..]),
        (Fault::Name, b"e/data/A.jpg"),
        (Fault::Name, b"e/data/a\0.jpg"),
        (Fault::Name, b"e/data\\x"),
        (Fault::Name, b"e/data/nul.txt"),
        (Fault::Name, b"e/a/b/c/d/e"),
        (Fault::Name, "e/data/фото".as_bytes()),
        (Fault::NameEncoding, b"e/data/\x94\xae\xe2\xae"), // CP866
        (Fault::SeveralTopFolders, b"/etc/passwd"),
        (Fault::SeveralTopFolders, b"C:/x"),
        (Fault::SeveralTopFolders, b"f/x"),
        (Fault::SeveralTopFolders, b""),
        (Fault::Duplicate, b"e/data/a"),
        (Fault::Duplicate, b"e/Data/a"),
        (Fault::SystemFile, b"__MACOSX/e/._bagit.txt"),
        (Fault::SystemFile, b"e/data/.DS_Store"),
    ] {
        refused(fault, |zip| {
            let mut entry = MadeEntry::stored("", b"x").named(name);
            if fault == Fault::Name {
                entry.both(|shared| shared.flags |= 1 << 11);
            }
            zip.entries.push(entry);
        });
    }
    // UTF-8, but not marked as such.
    refused(Fault::NameEncoding, |zip| {
        let entry = MadeEntry::stored("e/data/фото", b"x");
        zip.entries.push(entry);
    });
    refused(Fault::TopFolder, |zip| {
        for entry in &mut zip.entries {
            let name = [b"e.", &entry.name[1..]].concat();
            *entry = entry.clone().named(&name);
        }
    });
}

#[test]
fn too_many_files() {
    let file = |number: usize| MadeEntry::stored(&format!("e/data/{number:05}"), b"");
    let many = |count: usize| {
        let mut zip = Made::new((1..count).map(file).collect());
        zip.entries.push(MadeEntry::stored("e/bagit.txt", b""));
        zip
    };
    let mut zip = many(20_000);
    assert!(Container::from_zip(Cursor::new(zip.bytes())).is_ok());
    zip.entries.push(MadeEntry::stored("e/x", b""));
    assert_eq!(zip.fault(), Some(Fault::Limit(Limit::Files)));

    // One over what two bytes count: the end record says 0.
    let mut zip = many(65_536);
    assert_eq!(zip.fault(), Some(Fault::CountDiffers));
    zip.zip64 = true;
    zip.end = |end| (end.entries, end.entries_here) = (u16::MAX, u16::MAX);
    assert_eq!(zip.fault(), Some(Fault::Limit(Limit::Files)));
}

#[test]
fn a_huge_directory() {
    let mut zip = Made::rezipped();
    for number in 0..140 {
        let mut entry = MadeEntry::stored(&format!("e/data/n-{number}"), b"");
        entry.comment = vec![0; 65_000];
        zip.entries.push(entry);
    }
    assert_eq!(zip.fault(), Some(Fault::DirectoryBytes));
}

#[test]
fn too_many_bytes() {
    let wide = |size: u64, packed: u64| {
        [
            &[1, 0, 16, 0][..],
            &size.to_le_bytes(),
            &packed.to_le_bytes(),
        ]
        .concat()
    };
    let claim = |zip: &mut Made, index: usize, size: u64, packed: u64| {
        let entry = &mut zip.entries[index];
        entry.both(|shared| (shared.size, shared.packed) = (WIDE_U32, WIDE_U32));
        (entry.extra, entry.local_extra) = (wide(size, packed), wide(size, packed));
    };
    const GIB: u64 = 1 << 30;
    refused(Fault::Limit(Limit::FileBytes), |zip| {
        claim(zip, DEFLATED, 16 * GIB + 1, GIB);
    });
    refused(Fault::Limit(Limit::TotalBytes), |zip| {
        for number in 0..4 {
            zip.entries
                .push(MadeEntry::stored(&format!("e/data/n-{number}"), b""));
            claim(zip, STORED + 1 + number, 16 * GIB, 16 * GIB);
        }
    });
    refused(Fault::SizesExceedFile, |zip| {
        claim(zip, STORED, 10 * GIB, 10 * GIB)
    });
    refused(Fault::Bomb, |zip| claim(zip, DEFLATED, 10 * GIB, 10 << 20));
    refused(Fault::Limit(Limit::FileBytes), |zip| {
        claim(zip, DEFLATED, u64::MAX, u64::MAX);
    });
}

/// Many entries, each below what is free, bomb together.
#[test]
fn a_bomb_of_many_small_entries() {
    let zeros = MadeEntry::deflated("e/bagit.txt", &vec![0; 1 << 20]);
    let mut zip = Made::new(vec![zeros.clone()]);
    for number in 0..32 {
        let name = format!("e/data/{number:02}");
        zip.entries.push(zeros.clone().named(name.as_bytes()));
    }
    assert_eq!(zip.fault(), Some(Fault::Bomb));
    zip.entries.truncate(16);
    assert_eq!(zip.fault(), None);
}

#[test]
fn wrong_check_sum() {
    refused(Fault::Crc, |zip| zip.entries[STORED].data[0] ^= 1);
    refused(Fault::Crc, |zip| {
        zip.entries[STORED].both(|shared| shared.crc ^= 1)
    });
    refused(Fault::Crc, |zip| {
        zip.entries[DEFLATED].both(|shared| shared.crc ^= 1)
    });
}

#[test]
fn real_size_is_not_the_size_given() {
    refused(Fault::RealSize, |zip| {
        zip.entries[DEFLATED].both(|s| s.size -= 1)
    });
    refused(Fault::RealSize, |zip| {
        zip.entries[DEFLATED].both(|s| s.size += 1)
    });
    refused(Fault::RealSize, |zip| {
        zip.entries[DEFLATED].both(|s| s.size = 0)
    });
}

#[test]
fn damaged_deflate_streams() {
    refused(Fault::Deflate, |zip| zip.entries[DEFLATED].data[0] = 0xff);
    refused(Fault::Deflate, |zip| {
        // Cut short.
        let entry = &mut zip.entries[DEFLATED];
        entry.data.pop();
        entry.both(|shared| shared.packed -= 1);
    });
    refused(Fault::Deflate, |zip| {
        // Something after its end.
        let entry = &mut zip.entries[DEFLATED];
        entry.data.push(0);
        entry.both(|shared| shared.packed += 1);
    });
    refused(Fault::Deflate, |zip| {
        // All bytes, but no last block: a stored block of 5 bytes not marked as the last.
        let mut entry = MadeEntry::stored("e/data/b", b"bytes");
        entry.data = b"\x00\x05\x00\xfa\xffbytes".to_vec();
        entry.both(|shared| (shared.method, shared.packed) = (8, 10));
        zip.entries[STORED] = entry;
    });
}

/// Claims 1,000 bytes, unpacks to 64 MiB: no more than it claims ever comes out.
#[test]
fn a_lie_about_the_size_is_told_early() {
    let mut bomb = MadeEntry::deflated("e/bagit.txt", &vec![0; 64 << 20]);
    bomb.both(|shared| shared.size = 1000);
    let bytes = Made::new(vec![bomb]).bytes();
    let mut container = Container::from_zip(Cursor::new(bytes)).unwrap();
    let mut reader = container.read("bagit.txt").unwrap();
    let mut total = 0;
    let error = loop {
        match reader.read(&mut [0; 64]) {
            Ok(count) => total += count,
            Err(error) => break ContainerError::from(error),
        }
    };
    assert_eq!(error.fault(), Some(Fault::RealSize));
    assert!(total <= 1000);
    assert!(reader.read(&mut [0; 64]).is_err(), "and it stays an error");
}
