//! Vectors of headers, slots, cells, heads and index nodes, over the vault that FORMAT.md section
//! 21 works through: the log of three entries in half 0.

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::cell::{self, CELL, CellCipher, DATA, ObjectName, Place};
use super::error::VaultError;
use super::head::Head;
use super::header::{BLOCK, Half, Header, SLOT};
use super::kdf::{KdfFloor, KdfParams, Stretched};
use super::keys::Key;
use super::node::{EntryPlace, LEVELS, Node, NodePlace};
use super::secret::{NewPassphrase, Passphrase, RecoveryCode, SecretBytes};
use super::slot::{self, SlotKeys, SlotKind};
use crate::bytes::put;
use crate::hex;
use crate::log::vectors as log;
use crate::log::{EntryKind, tree};
use crate::vectors::{self, Keys, Vector, counting};

pub(crate) const PASSPHRASE: &str = "correct horse battery staple";
pub(crate) const CONTAINER_ID: u8 = 0x10;
pub(crate) const SALT: u8 = 0x20;
pub(crate) const INSTANCE: u8 = 0x40;
pub(crate) const HALF_KEY: u8 = 0x50;
pub(crate) const CONTAINER_KEY: u8 = 0x70;
pub(crate) const RECOVERY: u8 = 0x90;

/// Argon2id runs, which take a while: each once.
#[derive(Default)]
pub(crate) struct Runs(HashMap<(Vec<u8>, u32, [u8; 32]), Stretched>);

impl Runs {
    fn stretch(&mut self, header: &Header, secret: &SecretBytes) -> &Stretched {
        let key = (secret.expose().to_vec(), header.params.passes, header.salt);
        let run = || header.params.stretch(secret, &header.salt).unwrap();
        self.0.entry(key).or_insert_with(run)
    }
}

pub(crate) fn passphrase() -> SecretBytes {
    SecretBytes::from(&Passphrase::new(PASSPHRASE.as_bytes()).unwrap())
}

pub(crate) fn recovery_code() -> RecoveryCode {
    let secret: [u8; 16] = counting(RECOVERY);
    let check: [u8; 32] = Sha256::new_with_prefix(b"idv1/code")
        .chain_update(secret)
        .finalize()
        .into();
    let text = crate::crockford::encode(&[secret.as_slice(), &check[..4]].concat());
    RecoveryCode::parse(text.as_bytes()).unwrap()
}

pub(crate) fn slot_keys() -> SlotKeys {
    SlotKeys {
        half: Key::from_bytes(Zeroizing::new(counting(HALF_KEY))),
        container: Key::from_bytes(Zeroizing::new(counting(CONTAINER_KEY))),
    }
}

/// The header with unused slots only: slot i is 256 bytes 0xe0 + i.
fn empty_header() -> Header {
    Header {
        params: KdfParams {
            memory_kib: 65_536,
            passes: 3,
        },
        step: 2_048,
        container_id: counting(CONTAINER_ID),
        salt: counting(SALT),
        instance: counting(INSTANCE),
        slots: std::array::from_fn(|i| [0xe0 + i as u8; SLOT]),
    }
}

/// The header of the worked examples: passphrase in slot 0, recovery code in slot 1, each under a
/// nonce of 24 bytes with the slot's number.
pub(crate) fn header(runs: &mut Runs) -> Header {
    let mut header = empty_header();
    let code = SecretBytes::from(&recovery_code());
    for (index, kind, secret) in [
        (0, SlotKind::Passphrase, passphrase()),
        (1, SlotKind::RecoveryCode, code),
    ] {
        let stretched = runs.stretch(&header, &secret);
        let plaintext = slot_keys().plaintext(kind);
        let slot = slot::seal_plaintext(&header, index, stretched, plaintext, [index as u8; 24]);
        header.slots[index] = slot.unwrap();
    }
    header
}

pub(crate) fn cipher(half: Half) -> CellCipher {
    let key = slot_keys().half.derive_cell_key(&counting(CONTAINER_ID));
    CellCipher::new(&key, counting(CONTAINER_ID), half)
}

/// The plain text of one cell of an object.
pub(crate) fn plaintext(name: ObjectName, part: u16, object: &[u8]) -> [u8; cell::PLAINTEXT] {
    let mut plaintext = [0; cell::PLAINTEXT];
    cell::write_cell_head(&mut plaintext, name, part, object.len());
    let piece = object.chunks(DATA).nth(part.into()).unwrap_or_default();
    put(&mut plaintext, 16, piece);
    plaintext
}

/// The sealed cells of an object in half 0; the nonce of each is 24 bytes with its position.
pub(crate) fn seal(name: ObjectName, position: u32, object: &[u8]) -> (Place, Vec<u8>) {
    let run = cell::run_of(object.len());
    let mut cells = Vec::new();
    for part in 0..run {
        let at = position + u32::from(part);
        let mut plaintext = plaintext(name, part, object);
        cells.extend(
            cipher(Half::Zero)
                .seal_cell(at, [at as u8; 24], &mut plaintext)
                .unwrap(),
        );
    }
    let check = cell::check_of(&cells);
    (
        Place {
            position,
            run,
            check,
        },
        cells,
    )
}

/// The open node of level 0: the places of the three entries, at positions 8, 9 and 10.
pub(crate) fn node() -> Node {
    let entries = log::entries();
    let places = (0u32..).zip(&entries).zip(log::leaves());
    Node::Entries(
        places
            .map(|((number, entry), leaf)| EntryPlace {
                place: Some(seal(ObjectName::Entry(number), 8 + number, &entry.to_bytes()).0),
                kind: entry.kind,
                withdrawn: false,
                code_given: number == 2,
                // The incident's newest entry is the amendment; the amendment's before it is the
                // incident.
                link: [0, 2, 1][number as usize],
                leaf,
            })
            .collect(),
    )
}

pub(crate) fn head(runs: &mut Runs) -> Head {
    let open = ObjectName::Node {
        level: 0,
        number: 0,
    };
    let mut edge = [None; LEVELS];
    edge[0] = Some(seal(open, 1, &node().to_bytes()).0.check);
    Head {
        half: Half::Zero,
        commits: 4,
        used: 11,
        entries: 3,
        incidents: 1,
        root: tree::root(&log::leaves()),
        signing_seed: Zeroizing::new(counting(log::SIGNING_SEED)),
        slots: header(runs).slots_hash(Half::Zero),
        slots_pending: [0; 32],
        instance: counting(INSTANCE),
        side: None,
        doomed: Vec::new(),
        edge,
    }
}

/// What FORMAT.md section 21 shows of this vault.
pub(crate) fn examples() -> Vec<(&'static str, Vec<u8>)> {
    let mut runs = Runs::default();
    let header = header(&mut runs);
    let file = header.to_file();
    let (code, head) = (recovery_code(), head(&mut runs).to_bytes());
    let name = ObjectName::Entry(1);
    let object = log::entries()[1].to_bytes();
    let (place, cell) = seal(name, 9, &object);
    let node = node().to_bytes();
    let open = ObjectName::Node {
        level: 0,
        number: 0,
    };
    let (node_place, _) = seal(open, 1, &node);
    let (_, head_cell) = seal(ObjectName::Head, 0, &head);
    let stretched = runs.stretch(&header, &passphrase()).expose().to_vec();
    let by_code = runs
        .stretch(&header, &SecretBytes::from(&code))
        .expose()
        .to_vec();
    let cell_key = slot_keys().half.derive_cell_key(&counting(CONTAINER_ID));
    vec![
        ("header [0, 128)", file[..128].to_vec()),
        ("header sum", file[BLOCK - 32..BLOCK].to_vec()),
        ("A of the passphrase", stretched),
        ("A of the recovery code", by_code),
        (
            "KEK of slot 0",
            slot::slot_key(&header, 0, runs.stretch(&header, &passphrase()))
                .expose()
                .to_vec(),
        ),
        ("AAD of slot 0", slot::slot_aad(&header, 0).to_vec()),
        ("slot 0", header.slots[0].to_vec()),
        ("slot 1, start", header.slots[1][24..56].to_vec()),
        ("slot 1, tag", header.slots[1][240..].to_vec()),
        ("recovery code", code.reveal().as_bytes().to_vec()),
        ("entry 1, start", object[..40].to_vec()),
        ("K_cell", cell_key.expose().to_vec()),
        ("AAD of the cell", cipher(Half::Zero).aad(9).to_vec()),
        (
            "cell plaintext, start",
            plaintext(name, 0, &object)[..16].to_vec(),
        ),
        ("cell, start", cell[24..56].to_vec()),
        ("cell, tag", cell[CELL - 16..].to_vec()),
        ("cell, SHA", Sha256::digest(&cell).to_vec()),
        ("check", place.check.to_vec()),
        ("place of entry 1", node[60..120].to_vec()),
        ("check of the node", node_place.check.to_vec()),
        ("head [0, 188)", head[..188].to_vec()),
        ("head [1,244, 1,264)", head[1_244..1_264].to_vec()),
        ("head cell, SHA", Sha256::digest(&head_cell).to_vec()),
    ]
}

/// Both blocks with some bytes replaced and their sums made right.
fn forged(file: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut block = file[..BLOCK].to_vec();
    put(&mut block, at, bytes);
    let sum = Sha256::digest(&block[..BLOCK - 32]);
    put(&mut block, BLOCK - 32, &sum);
    block.repeat(2)
}

fn with(bytes: &[u8], at: usize, new: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    put(&mut bytes, at, new);
    bytes
}

#[test]
fn section_3_vectors_of_headers() {
    let good = empty_header().to_file();
    let vector = |name: &str, expect: &str, comment: &str, body: Vec<u8>| {
        Vector::new(name, expect, comment, body).compressed()
    };
    let whole = |name: &str, comment: &str, body: Vec<u8>, damaged: &str| {
        vector(name, "success", comment, body)
            .key("memory-kib", 65_536)
            .key("passes", 3)
            .key("step", 2_048)
            .key("container-id", hex::encode(&counting::<16>(CONTAINER_ID)))
            .key("salt", hex::encode(&counting::<32>(SALT)))
            .key("instance", hex::encode(&counting::<16>(INSTANCE)))
            .key(
                "slots-sha256",
                hex::encode(&Sha256::digest(empty_header().slots.as_flattened())),
            )
            .key("a-block-is-damaged", damaged)
    };
    let cost = |name: &str, comment: &str, at: usize, value: u32| {
        vector(
            name,
            "cost not allowed",
            comment,
            forged(&good, at, &value.to_be_bytes()),
        )
    };
    let damaged = |name: &str, comment: &str, at: usize, value: u8| {
        vector(name, "damaged header", comment, forged(&good, at, &[value]))
    };
    let made = [
        whole("whole", "both blocks are right", good.clone(), "no"),
        whole(
            "first-block",
            "the sum of the first block is wrong",
            with(&good, 4_095, &[!good[4_095]]),
            "yes",
        ),
        whole(
            "second-block",
            "the sum of the second block is wrong",
            with(&good, 8_191, &[!good[8_191]]),
            "yes",
        ),
        vector(
            "both-blocks",
            "damaged header",
            "both sums are wrong",
            with(&with(&good, 4_095, &[!good[4_095]]), 8_191, &[!good[8_191]]),
        ),
        vector(
            "magic",
            "not a vault",
            "another magic in both blocks",
            forged(&good, 0, b"IDVAULT2"),
        ),
        vector(
            "short",
            "not a vault",
            "the last byte is missing",
            good[..8_191].to_vec(),
        ),
        vector(
            "long",
            "not a vault",
            "a byte follows",
            [good.as_slice(), &[0]].concat(),
        ),
        vector(
            "format-2",
            "newer format",
            "format 2",
            forged(&good, 8, &[0, 2]),
        ),
        vector(
            "format-0",
            "damaged header",
            "format 0",
            forged(&good, 8, &[0, 0]),
        ),
        damaged("suite-2", "a suite that does not exist", 10, 2),
        damaged("reserved-24", "a reserved byte is not zero", 24, 1),
        damaged("reserved-127", "a reserved byte is not zero", 127, 1),
        damaged("reserved-2176", "a reserved byte is not zero", 2_176, 1),
        damaged("reserved-4063", "a reserved byte is not zero", 4_063, 1),
        vector(
            "lanes-3",
            "cost not allowed",
            "another number of lanes",
            forged(&good, 11, &[3]),
        ),
        cost(
            "memory-one-below",
            "one KiB below the floor of 64 MiB",
            12,
            65_535,
        ),
        cost("memory-one-above", "one KiB above 1 GiB", 12, 1_048_577),
        cost("memory-4-gib", "4 GiB less one KiB", 12, 4_194_303),
        cost("passes-0", "no pass", 16, 0),
        cost("passes-65", "one pass too many", 16, 65),
        cost("step-7", "one cell below the least step", 20, 7),
        cost("step-65537", "one cell above the largest step", 20, 65_537),
    ];
    vectors::settle("header", &made);
    vectors::check("header", |keys, body| {
        let read = match Header::parse(body, KdfFloor::Standard) {
            Ok(read) => read,
            Err(VaultError::NotAVault) => return "not a vault",
            Err(VaultError::NewerFormat) => return "newer format",
            Err(VaultError::DamagedHeader) => return "damaged header",
            Err(VaultError::KdfOutOfRange) => return "cost not allowed",
            Err(other) => panic!("{other}"),
        };
        let header = read.header;
        keys.same("memory-kib", header.params.memory_kib);
        keys.same("passes", header.params.passes);
        keys.same("step", header.step);
        keys.same("container-id", hex::encode(&header.container_id));
        keys.same("salt", hex::encode(&header.salt));
        keys.same("instance", hex::encode(&header.instance));
        keys.same(
            "slots-sha256",
            hex::encode(&Sha256::digest(header.slots.as_flattened())),
        );
        keys.same(
            "a-block-is-damaged",
            if read.one_block_damaged { "yes" } else { "no" },
        );
        "success"
    });
}

#[test]
fn section_4_vectors_of_slots() {
    let mut runs = Runs::default();
    vectors::settle("slot", &slot_vectors(&mut runs));
    vectors::check("slot", |keys, body| {
        let header = Header::parse(body, KdfFloor::Standard).unwrap().header;
        let secret = match keys.optional("passphrase") {
            Some(text) => {
                SecretBytes::from(NewPassphrase::new(text.as_bytes()).unwrap().as_passphrase())
            }
            None => SecretBytes::from(
                &RecoveryCode::parse(keys.text("recovery-code").as_bytes()).unwrap(),
            ),
        };
        match slot::open_any(&header, runs.stretch(&header, &secret)) {
            None => "no slot opens",
            Some(open) => {
                keys.same("half", open.half.byte());
                keys.same("half-key", hex::encode(open.keys.half.expose()));
                keys.same("container-key", hex::encode(open.keys.container.expose()));
                "success"
            }
        }
    });
}

fn slot_vectors(runs: &mut Runs) -> Vec<Vector> {
    let good = header(runs);
    let opens = |vector: Vector, half: u8| {
        vector
            .key("half", half)
            .key("half-key", hex::encode(&counting::<32>(HALF_KEY)))
            .key("container-key", hex::encode(&counting::<32>(CONTAINER_KEY)))
    };
    let vector = |name: &str, expect: &str, comment: &str, header: &Header| {
        Vector::new(name, expect, comment, header.to_file()).compressed()
    };
    let bad = "no slot opens";
    let by_passphrase = |vector: Vector| vector.key("passphrase", PASSPHRASE);
    let code = recovery_code().reveal();

    // The passphrase's slot sealed anew at some index, with one thing in it changed.
    let mut sealed = |index: usize, at: usize, value: &[u8]| {
        let mut header = empty_header();
        let mut plaintext = slot_keys().plaintext(SlotKind::Passphrase);
        put(plaintext.as_mut(), at, value);
        let stretched = runs.stretch(&header, &passphrase());
        header.slots[index] =
            slot::seal_plaintext(&header, index, stretched, plaintext, [index as u8; 24]).unwrap();
        header
    };
    let refused = |name: &str, comment: &str, header: Header| {
        by_passphrase(vector(name, bad, comment, &header))
    };
    let mut made = vec![
        opens(
            by_passphrase(vector(
                "half-1",
                "success",
                "a passphrase in slot 4",
                &sealed(4, 0, &[]),
            )),
            1,
        ),
        refused("version-2", "version 2 in the slot", sealed(0, 0, &[2])),
        refused(
            "kind-2",
            "a kind of secret that does not exist",
            sealed(0, 1, &[2]),
        ),
        refused(
            "reserved-2",
            "a reserved byte of the slot is not zero",
            sealed(0, 2, &[1]),
        ),
        refused(
            "reserved-40",
            "a key before a rotation, which is not specified yet",
            sealed(0, 40, &[1]),
        ),
        refused(
            "reserved-104",
            "a reserved byte of the slot is not zero",
            sealed(0, 104, &[1]),
        ),
        refused(
            "reserved-215",
            "the last byte of the slot is not zero",
            sealed(0, 215, &[1]),
        ),
    ];
    let changed = |change: &dyn Fn(&mut Header)| {
        let mut header = good.clone();
        change(&mut header);
        header
    };
    made.extend([
        opens(
            by_passphrase(vector(
                "passphrase",
                "success",
                "the header of the worked examples",
                &good,
            )),
            0,
        ),
        opens(
            vector(
                "recovery-code",
                "success",
                "the same header by the recovery code",
                &good,
            )
            .key("recovery-code", code.as_str()),
            0,
        ),
        vector("another-passphrase", bad, "one letter is large", &good)
            .key("passphrase", "Correct horse battery staple"),
        refused(
            "nonce",
            "a bit of the nonce",
            changed(&|header| header.slots[0][0] ^= 1),
        ),
        refused(
            "ciphertext",
            "a bit of the ciphertext",
            changed(&|header| header.slots[0][24] ^= 1),
        ),
        refused(
            "tag",
            "a bit of the tag",
            changed(&|header| header.slots[0][255] ^= 0x80),
        ),
        refused(
            "moved",
            "the slot lies at another index",
            changed(&|header| header.slots.swap(0, 2)),
        ),
        refused(
            "step",
            "the header's step was changed afterwards",
            changed(&|header| header.step = 8),
        ),
        refused(
            "passes",
            "the header's passes were changed afterwards",
            changed(&|header| header.params.passes = 4),
        ),
        refused(
            "container-id",
            "the header's container id was changed afterwards",
            changed(&|header| header.container_id[0] ^= 1),
        ),
        refused(
            "salt",
            "the header's salt was changed afterwards",
            changed(&|header| header.salt[0] ^= 1),
        ),
    ]);
    made
}

#[test]
fn section_5_vectors_of_cells() {
    vectors::settle("cell", &cell_vectors());
    vectors::check("cell", |keys, body| {
        let key: Key<super::keys::Half> = Key::from_bytes(Zeroizing::new(keys.hex("half-key")));
        let container_id = keys.hex("container-id");
        let half = if keys.number::<u8>("half") == 0 {
            Half::Zero
        } else {
            Half::One
        };
        let cipher = CellCipher::new(&key.derive_cell_key(&container_id), container_id, half);
        let place = Place {
            position: keys.number("position"),
            run: keys.number("run"),
            check: keys.hex("check"),
        };
        match cipher.open(object_name(keys), place, body) {
            Err(_) => "not this object",
            Ok(object) => {
                keys.same("bytes", object.len());
                keys.same("sha256", hex::encode(&Sha256::digest(&object)));
                "success"
            }
        }
    });
}

fn object_name(keys: &mut Keys) -> ObjectName {
    let (kind, level, number) = (
        keys.number::<u8>("kind"),
        keys.number("level"),
        keys.number("id"),
    );
    match kind {
        1 => ObjectName::Head,
        2 => ObjectName::Side,
        3 => ObjectName::Node { level, number },
        4 => ObjectName::Entry(number),
        other => panic!("{other}"),
    }
}

/// What whoever points to an object says of it.
#[derive(Clone, Copy)]
struct Said {
    half: u8,
    container_id: u8,
    place: Place,
    kind: u8,
    level: u8,
    id: u32,
}

impl Said {
    fn keys(self, vector: Vector) -> Vector {
        vector
            .key("half-key", hex::encode(&counting::<32>(HALF_KEY)))
            .key(
                "container-id",
                hex::encode(&counting::<16>(self.container_id)),
            )
            .key("half", self.half)
            .key("position", self.place.position)
            .key("run", self.place.run)
            .key("check", hex::encode(&self.place.check))
            .key("kind", self.kind)
            .key("level", self.level)
            .key("id", self.id)
    }
}

fn cell_vectors() -> Vec<Vector> {
    let small = log::entries()[1].to_bytes();
    // Two cells, the second with one byte.
    let large: Vec<u8> = (0..=DATA).map(|i| (i % 251) as u8).collect();
    let (small_name, large_name) = (ObjectName::Entry(1), ObjectName::Entry(5));
    let (place, cells) = seal(small_name, 9, &small);
    let (large_place, large_cells) = seal(large_name, 30, &large);
    let said = Said {
        half: 0,
        container_id: CONTAINER_ID,
        place,
        kind: 4,
        level: 0,
        id: 1,
    };
    let large_said = Said {
        place: large_place,
        id: 5,
        ..said
    };
    let success = |name: &str, comment: &str, said: Said, cells: &[u8], object: &[u8]| {
        said.keys(Vector::new(name, "success", comment, cells).compressed())
            .key("bytes", object.len())
            .key("sha256", hex::encode(&Sha256::digest(object)))
    };
    let bad = |name: &str, comment: &str, said: Said, cells: &[u8]| {
        said.keys(Vector::new(name, "not this object", comment, cells).compressed())
    };
    // Cells that open, under a check that is right, but that no writer writes.
    let lie = |name: &str, comment: &str, at: usize, byte: u8| {
        let mut plaintext = plaintext(small_name, 0, &small);
        plaintext[at] = byte;
        let cell = cipher(Half::Zero)
            .seal_cell(9, [9; 24], &mut plaintext)
            .unwrap();
        let place = Place {
            check: cell::check_of(&cell),
            ..place
        };
        bad(name, comment, Said { place, ..said }, &cell)
    };
    let (first, second) = large_cells.split_at(CELL);
    let checked = |name: &str, comment: &str, cells: Vec<u8>| {
        let run = (cells.len() / CELL) as u16;
        let place = Place {
            run,
            check: cell::check_of(&cells),
            ..large_place
        };
        bad(
            name,
            comment,
            Said {
                place,
                ..large_said
            },
            &cells,
        )
    };
    let node = node().to_bytes();
    let (node_place, node_cell) = seal(
        ObjectName::Node {
            level: 0,
            number: 0,
        },
        1,
        &node,
    );
    let node_said = Said {
        place: node_place,
        kind: 3,
        id: 0,
        ..said
    };
    let older = Place {
        check: cell::check_of(&with(&cells, 0, &[8])),
        ..place
    };
    vec![
        success(
            "entry",
            "the incident of the worked examples",
            said,
            &cells,
            &small,
        ),
        success(
            "two-cells",
            "an object of 1,961 bytes takes two cells",
            large_said,
            &large_cells,
            &large,
        ),
        success(
            "node",
            "the open node of the worked examples",
            node_said,
            &node_cell,
            &node,
        ),
        bad(
            "position",
            "the cell is looked for at another position",
            Said {
                place: Place {
                    position: 10,
                    ..place
                },
                ..said
            },
            &cells,
        ),
        bad(
            "half",
            "the cell of the other half",
            Said { half: 1, ..said },
            &cells,
        ),
        bad(
            "container",
            "the cell of another container",
            Said {
                container_id: 0x11,
                ..said
            },
            &cells,
        ),
        bad(
            "check",
            "an older or newer writing of the same object",
            Said {
                place: older,
                ..said
            },
            &cells,
        ),
        bad(
            "id",
            "the entry with another number",
            Said { id: 2, ..said },
            &cells,
        ),
        bad(
            "kind",
            "an object of another kind",
            Said { kind: 3, ..said },
            &cells,
        ),
        bad(
            "level",
            "a node of another level",
            Said {
                level: 1,
                ..node_said
            },
            &node_cell,
        ),
        bad(
            "tag",
            "a bit of the tag, and no one looks at the check's fault alone",
            Said {
                place: Place {
                    check: cell::check_of(&with(&cells, CELL - 1, &[!cells[CELL - 1]])),
                    ..place
                },
                ..said
            },
            &with(&cells, CELL - 1, &[!cells[CELL - 1]]),
        ),
        bad(
            "ciphertext",
            "a bit of the ciphertext, which the check does not cover",
            said,
            &with(&cells, 100, &[!cells[100]]),
        ),
        lie("reserved", "a reserved byte is not zero", 12, 1),
        lie(
            "padding",
            "the last byte of the padding is not zero",
            cell::PLAINTEXT - 1,
            1,
        ),
        lie(
            "total-short",
            "the total leaves the last byte to the padding",
            11,
            (small.len() - 1) as u8,
        ),
        lie("total-long", "the total is larger than one cell", 10, 0xff),
        lie("part", "the cell says that it is the second", 3, 1),
        checked("swapped", "two cells exchanged", [second, first].concat()),
        checked("doubled", "the first cell twice", [first, first].concat()),
        checked("dropped", "the second cell is missing", first.to_vec()),
        bad("run", "fewer cells than the place says", large_said, first),
    ]
}

#[test]
fn section_6_vectors_of_heads() {
    let mut runs = Runs::default();
    let head = head(&mut runs);
    let good = head.to_bytes();
    let bad = |name: &str, comment: &str, at: usize, bytes: &[u8]| {
        Vector::new(name, "not a head", comment, with(&good, at, bytes)).compressed()
    };
    let made = [
        Vector::new(
            "whole",
            "success",
            "the head of the worked examples",
            good.to_vec(),
        )
        .compressed()
        .key("half", 0)
        .key("commits", 4)
        .key("used", 11)
        .key("entries", 3)
        .key("incidents", 1)
        .key("root", hex::encode(&head.root)),
        bad("format-2", "format 2", 0, &[0, 2]),
        bad("half-2", "there is no third half", 2, &[2]),
        bad("reserved-3", "a reserved byte is not zero", 3, &[1]),
        bad(
            "used-7",
            "a position that is never free",
            12,
            &7u32.to_be_bytes(),
        ),
        bad(
            "incidents",
            "more incidents than entries",
            20,
            &4u32.to_be_bytes(),
        ),
        bad("reserved-24", "a reserved byte is not zero", 24, &[1]),
        bad(
            "side-run",
            "a side object at position 8 that takes no cell",
            188,
            &[0, 0, 0, 8, 0, 0],
        ),
        bad(
            "side-position",
            "a side object at the position of the head",
            192,
            &[0, 1],
        ),
        bad("doomed-65", "65 doomed files", 216, &[0, 65]),
        bad("reserved-218", "a reserved byte is not zero", 218, &[1]),
        bad("doomed-name", "a name where the count says none", 220, &[1]),
        bad(
            "edge-position",
            "the open node of level 0 at position 2",
            1_260,
            &2u32.to_be_bytes(),
        ),
        bad(
            "edge-check",
            "a check of an open node that is empty",
            1_264,
            &[1],
        ),
        Vector::new(
            "short",
            "not a head",
            "the last byte is missing",
            &good[..1_343],
        )
        .compressed(),
    ];
    vectors::settle("head", &made);
    vectors::check("head", |keys, body| match Head::parse(body) {
        None => "not a head",
        Some(head) => {
            keys.same("half", head.half.byte());
            keys.same("commits", head.commits);
            keys.same("used", head.used);
            keys.same("entries", head.entries);
            keys.same("incidents", head.incidents);
            keys.same("root", hex::encode(&head.root));
            assert_eq!(*head.to_bytes(), body);
            "success"
        }
    });
}

#[test]
fn section_7_vectors_of_index_nodes() {
    let good = node();
    let above = Node::Nodes(vec![NodePlace {
        position: 40,
        incidents: 7,
        check: [1; 16],
        hash: [2; 32],
    }]);
    let vector =
        |name: &str, expect: &str, comment: &str, level: u8, places: usize, body: Vec<u8>| {
            Vector::new(name, expect, comment, body)
                .compressed()
                .key("level", level)
                .key("places", places)
        };
    let whole = |name: &str, comment: &str, level: u8, node: &Node| {
        vector(name, "success", comment, level, node.len(), node.to_bytes())
            .key("incidents", node.incidents())
            .key("hash", hex::encode(&node.hash()))
    };
    let erased = match &good {
        Node::Entries(places) => {
            let mut places = places.clone();
            places[1].place = None;
            Node::Entries(places)
        }
        Node::Nodes(_) => unreachable!(),
    };
    let bytes = good.to_bytes();
    let bad = |name: &str, comment: &str, at: usize, new: &[u8]| {
        vector(name, "not a node", comment, 0, 3, with(&bytes, at, new))
    };
    let erased_with = |name: &str, comment: &str, at: usize| {
        vector(
            name,
            "not a node",
            comment,
            0,
            3,
            with(&erased.to_bytes(), at, &[1]),
        )
    };
    let made = [
        whole("level-0", "the open node of the worked examples", 0, &good),
        whole("erased", "its incident was erased", 0, &erased),
        whole("level-1", "one full node below", 1, &above),
        bad("kind-0", "no kind has the number 0", 6, &[0]),
        bad("kind-12", "the last kind is 11", 6, &[12]),
        bad("flag-8", "a flag that does not exist", 7, &[8]),
        bad(
            "run-0",
            "an entry that takes no cell and is not erased",
            4,
            &[0, 0],
        ),
        erased_with("erased-position", "an erased entry with a position", 63),
        erased_with("erased-run", "an erased entry with a run", 65),
        erased_with("erased-check", "an erased entry with a check", 72),
        bad("beyond", "a byte after the places", 180, &[1]),
        vector(
            "places-4",
            "not a node",
            "one place more than there is",
            0,
            4,
            bytes.clone(),
        ),
        vector(
            "places-33",
            "not a node",
            "more places than a node has",
            0,
            33,
            bytes.clone(),
        ),
        vector(
            "short",
            "not a node",
            "the last byte is missing",
            0,
            3,
            bytes[..1_919].to_vec(),
        ),
        vector(
            "level-1-reserved",
            "not a node",
            "a reserved byte is not zero",
            1,
            1,
            with(&above.to_bytes(), 8, &[1]),
        ),
    ];
    vectors::settle("node", &made);
    vectors::check("node", |keys, body| {
        match Node::parse(keys.number("level"), keys.number("places"), body) {
            None => "not a node",
            Some(node) => {
                keys.same("incidents", node.incidents());
                keys.same("hash", hex::encode(&node.hash()));
                assert_eq!(node.to_bytes(), body);
                "success"
            }
        }
    });
    assert_eq!(good.entries()[1].kind, EntryKind::Incident);
}
