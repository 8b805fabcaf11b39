//! Vectors of headers, slots, cells, heads, index nodes and tokens, over the vault that FORMAT.md section
//! 21 works through: the log of three entries in half 0.

mod cells;
mod headers;
mod index;
mod slots;
mod tokens;

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
        before: None,
        container: Key::from_bytes(Zeroizing::new(counting(CONTAINER_KEY))),
    }
}

/// The header with unused slots only: slot i is 256 bytes 0xe0 + i.
pub(crate) fn empty_header() -> Header {
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
                lost: false,
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
        ("token, own part", tokens::token(Half::Zero)[..80].to_vec()),
    ]
}

fn with(bytes: &[u8], at: usize, new: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    put(&mut bytes, at, new);
    bytes
}
