//! Recordings full of metadata, for tests. What must not be in a copy holds [`SECRET`].

/// Stands in every place of a file that a copy has to leave out.
pub(crate) const SECRET: &[u8] = b"+43.238+076.945/ SN-0001";

/// What is kept of a track: two runs of samples.
pub(crate) const SAMPLES: [&[u8]; 2] = [b"first run of samples", b"second run"];

/// A box.
pub(crate) fn boxed(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
    [&size, &name[..], content].concat()
}

fn joined(name: &[u8; 4], boxes: &[Vec<u8>]) -> Vec<u8> {
    boxed(name, &boxes.concat())
}

/// A box of version 0 with numbers in it.
fn numbers(name: &[u8; 4], numbers: &[u32]) -> Vec<u8> {
    let content: Vec<u8> = numbers
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .collect();
    boxed(name, &[&[0; 4], &content[..]].concat())
}

/// A recording of a phone, of this brand: sound in two runs, with a place, names and times in every
/// part of the file, and a second track that says where the phone was.
pub(crate) fn iso(brand: &[u8; 4]) -> Vec<u8> {
    iso_with(brand, SAMPLES)
}

/// The same with these two runs of samples.
pub(crate) fn iso_with(brand: &[u8; 4], runs: [&[u8]; 2]) -> Vec<u8> {
    let start = [
        boxed(b"ftyp", &[brand, &[0; 4], brand, SECRET].concat()),
        boxed(b"uuid", SECRET),
        boxed(b"free", SECRET),
    ]
    .concat();
    let [one, two] = runs;
    let data = [SECRET, one, SECRET, two, SECRET].concat();
    let at = u32::try_from(start.len() + 8 + SECRET.len()).unwrap();
    let next = at + u32::try_from(one.len() + SECRET.len()).unwrap();
    let times = [1_764_000_000u32.to_be_bytes(); 2].concat();
    let moved = b"\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0";
    let header = [
        &[0; 4],
        &times[..],
        b"\0\0\x03\xe8\0\0\x07\xd0\0\x01\0\0\x01\0",
        &SECRET[..10],
        moved,
        &SECRET[..24],
        b"\0\0\0\x03",
    ];
    let [long, last] = runs.map(|run| u32::try_from(run.len()).unwrap());
    let sizes = [0, 5, 5, 5, 5, long - 15, last];
    let sound = |places: Vec<u8>| {
        joined(
            b"stbl",
            &[
                numbers_and(b"stsd", &[1], &mp4a()),
                numbers(b"stts", &[1, 5, 1024]),
                numbers(b"stsc", &[2, 1, 4, 1, 2, 1, 1]),
                numbers(b"stsz", &sizes),
                places,
                boxed(b"sgpd", SECRET),
                boxed(b"udta", SECRET),
            ],
        )
    };
    let places = numbers(b"stco", &[2, at, next]);
    let tracks = [
        track(&times, b"soun", &sound(places.clone())),
        track(&times, b"meta", &sound(places)),
    ];
    let movie = joined(
        b"moov",
        &[
            boxed(b"mvhd", &header.concat()),
            boxed(b"udta", &boxed(b"\xa9xyz", SECRET)),
            tracks.concat(),
            boxed(b"meta", SECRET),
            boxed(b"iods", SECRET),
        ],
    );
    [start, boxed(b"mdat", &data), movie, SECRET.to_vec()].concat()
}

fn numbers_and(name: &[u8; 4], before: &[u32], content: &[u8]) -> Vec<u8> {
    let mut made = numbers(name, before);
    made.extend(content);
    let size = u32::try_from(made.len()).unwrap().to_be_bytes();
    made[..4].copy_from_slice(&size);
    made
}

fn track(times: &[u8], handler: &[u8; 4], samples: &[u8]) -> Vec<u8> {
    let turned =
        b"\0\0\0\0\0\x01\0\0\0\0\0\0\xff\xff\0\0\0\0\0\0\0\0\0\0\0\x30\0\0\0\0\0\0\x40\0\0\0";
    let head = [
        b"\0\0\0\x07",
        times,
        b"\0\0\0\x09",
        &SECRET[..4],
        b"\0\0\x07\xd0",
        &SECRET[..8],
        b"\0\0\0\0\x01\0",
        &SECRET[..2],
        turned,
        &[0; 8],
    ];
    let media = [
        &[0; 4],
        times,
        b"\0\0\x3e\x80\0\0\x14\0\x15\xc7",
        &SECRET[..2],
    ];
    let here = numbers_and(b"dref", &[1], &boxed(b"url ", b"\0\0\0\x01"));
    joined(
        b"trak",
        &[
            boxed(b"tkhd", &head.concat()),
            boxed(b"tref", &boxed(b"cdsc", SECRET)),
            boxed(b"edts", &numbers(b"elst", &[1, 2_000, 0, 0x0001_0000])),
            joined(
                b"mdia",
                &[
                    boxed(b"mdhd", &media.concat()),
                    boxed(b"hdlr", &[&[0; 8], &handler[..], &[0; 12], SECRET].concat()),
                    joined(
                        b"minf",
                        &[
                            boxed(b"smhd", SECRET),
                            boxed(b"dinf", &here),
                            samples.to_vec(),
                        ],
                    ),
                ],
            ),
            boxed(b"udta", SECRET),
            boxed(b"meta", SECRET),
        ],
    )
}

fn mp4a() -> Vec<u8> {
    let stream = b"\x03\x19\0\x01\0\x04\x11\x40\x15\0\x01\0\0\0\x3e\x80\0\0\x3e\x80\x05\x02\x14\x08\x06\x01\x02";
    let entry = [
        &SECRET[..6],
        b"\0\x01\0\0\0\0",
        &SECRET[..4],
        b"\0\x01\0\x10\0\0\0\0\x3e\x80\0\0",
        &boxed(b"esds", &[&[0; 4], &stream[..]].concat()),
        &boxed(b"uuid", SECRET),
    ];
    boxed(b"mp4a", &entry.concat())
}

/// A page of an Ogg file.
pub(crate) fn page(flags: u8, number: u32, packet: &[u8]) -> Vec<u8> {
    let mut page = b"OggS\0".to_vec();
    page.push(flags);
    page.extend(u64::from(number * 960).to_le_bytes());
    page.extend(0x1234_5678u32.to_le_bytes());
    page.extend(number.to_le_bytes());
    page.extend([0; 4]);
    page.push(u8::try_from(packet.len() / 255 + 1).unwrap());
    page.extend(vec![255; packet.len() / 255]);
    page.push(u8::try_from(packet.len() % 255).unwrap());
    page.extend(packet);
    let checksum = page.iter().fold(0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte) << 24, |crc, _| {
            crc << 1 ^ if crc >> 31 == 1 { 0x04c1_1db7 } else { 0 }
        })
    });
    page[22..26].copy_from_slice(&checksum.to_le_bytes());
    page
}

/// A voice message: Opus, with a place in its comments.
pub(crate) fn ogg() -> Vec<u8> {
    let comments = [b"OpusTags\0\0\0\0\x01\0\0\0\x18\0\0\0", SECRET, &[7; 600]].concat();
    let [one, two] = SAMPLES;
    [
        page(2, 0, b"OpusHead\x01\x01\x38\x01\x80\x3e\0\0\0\0\0"),
        page(0, 1, &comments),
        page(0, 2, one),
        page(4, 3, two),
    ]
    .concat()
}

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap().to_le_bytes();
    let padding = vec![0; content.len() % 2];
    [name, &size[..], content, &padding].concat()
}

/// A recording of a dictating machine, with texts around it.
pub(crate) fn wave() -> Vec<u8> {
    let chunks = [
        b"WAVE".to_vec(),
        chunk(b"bext", SECRET),
        chunk(b"fmt ", b"\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0"),
        chunk(b"LIST", SECRET),
        chunk(b"data", &SAMPLES.concat()),
        chunk(b"id3 ", SECRET),
    ];
    chunk(b"RIFF", &chunks.concat())
}

/// Two frames of AMR, and one that was cut.
pub(crate) fn amr() -> Vec<u8> {
    let [one, two] = SAMPLES;
    let frame = |head: u8, content: &[u8], length: usize| {
        let mut frame = vec![head];
        frame.extend(content);
        frame.resize(length + 1, 0x55);
        frame
    };
    let frames = [
        frame(0x2c, one, 20),
        frame(0x04, two, 12),
        frame(0x3c, b"", 9),
    ];
    [b"#!AMR\n", &frames.concat()[..]].concat()
}

/// Two frames of AAC with these heads, and the beginning of a third.
pub(crate) fn aac() -> Vec<u8> {
    let frame = |content: &[u8]| {
        let length = u8::try_from(content.len() + 7).unwrap();
        let head = [
            0xff,
            0xf1,
            0x50,
            0x80,
            length >> 3,
            length << 5 | 0x1f,
            0xfc,
        ];
        [&head, content].concat()
    };
    let [one, two] = SAMPLES;
    let cut = frame(&[0; 90]);
    [frame(one), frame(two), cut[..60].to_vec()].concat()
}

/// Three frames of MP3 (the first tells how many there are) between tags.
pub(crate) fn mp3() -> Vec<u8> {
    let before = [b"ID3\x04\0\0\0\0\0\x18", SECRET].concat();
    let frame = |content: &[u8]| {
        let mut frame = b"\xff\xf3\x18\xc4".to_vec();
        frame.extend(content);
        frame.resize(36, 0x55);
        frame
    };
    let [one, two] = SAMPLES;
    let overview = [&[0; 9], &b"Info\0\0\0\x01\0\0\0\x02"[..], &SECRET[16..]].concat();
    let items = [b"APETAGEX\xd0\x07\0\0\x18\0\0\0", &[0; 16], SECRET].concat();
    let behind = [&items, &b"TAG"[..], SECRET, &[0; 101]].concat();
    [before, frame(&overview), frame(one), frame(two), behind].concat()
}
