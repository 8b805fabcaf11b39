//! The header: key derivation parameters and the eight slots (FORMAT.md 3).

mod blocks;

use sha2::{Digest, Sha256};

use self::blocks::{Good, good_block, good_block_of_remains};
use super::error::VaultError;
use super::kdf::{KdfFloor, KdfParams, LANES};
use crate::bytes::{Fields, put};

/// One header block in bytes; the file holds it twice.
pub(crate) const BLOCK: usize = 4096;
/// One slot in bytes.
pub(crate) const SLOT: usize = 256;
/// Slots in a container: four for each half.
pub(crate) const SLOTS: usize = 8;
/// Slots of one half.
pub(crate) const SLOTS_OF_HALF: usize = 4;

/// Bytes of the file: the block twice.
pub(crate) const HEADER: usize = 2 * BLOCK;

const MAGIC: &[u8; 8] = b"IDVAULT1";
const BACKUP_MAGIC: &[u8; 8] = b"IDBACK01";
const FORMAT: u16 = 1;
const SUITE: u8 = 1;
const SLOTS_AT: usize = 128;
const SUM_AT: usize = BLOCK - 32;

/// Where a block of a backup's header holds what opens the chunks, and its length.
const EXTRA_AT: usize = SLOTS_AT + SLOT * SLOTS;
pub(crate) const EXTRA: usize = 51;

/// What the header says. Integrity only: anybody can write a header, only a secret opens a slot.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Header {
    pub(crate) params: KdfParams,
    /// Cells by which the tables grow.
    pub(crate) step: u32,
    pub(crate) container_id: [u8; 16],
    pub(crate) salt: [u8; 32],
    /// New at every restore.
    pub(crate) instance: [u8; 16],
    pub(crate) slots: [[u8; SLOT]; SLOTS],
}

/// A header that was read, and whether the file should be written anew.
#[derive(Debug)]
pub(crate) struct ReadHeader {
    pub(crate) header: Header,
    /// One of the two blocks was damaged, or something followed them.
    pub(crate) one_block_damaged: bool,
}

impl Header {
    /// Reads the file: the first block whose sum is right.
    pub(crate) fn parse(file: &[u8], floor: KdfFloor) -> Result<ReadHeader, VaultError> {
        Self::read_block(MAGIC, good_block(MAGIC, file)?, floor)
    }

    /// The same for salvage: two damaged blocks may be a whole one together (FORMAT.md 24).
    pub(crate) fn parse_remains(file: &[u8], floor: KdfFloor) -> Result<ReadHeader, VaultError> {
        Self::read_block(MAGIC, good_block_of_remains(MAGIC, file)?, floor)
    }

    /// The same for what stands at the start of a backup, with what opens its chunks (FORMAT.md 22).
    pub(crate) fn parse_backup(
        file: &[u8],
        floor: KdfFloor,
    ) -> Result<(ReadHeader, [u8; EXTRA]), VaultError> {
        let mut good = good_block_of_remains(BACKUP_MAGIC, file)?;
        let mut extra = [0; EXTRA];
        if let Some(bytes) = good.block.get_mut(EXTRA_AT..EXTRA_AT + EXTRA) {
            bytes.swap_with_slice(&mut extra);
        }
        Ok((Self::read_block(BACKUP_MAGIC, good, floor)?, extra))
    }

    /// The file: the same block twice.
    pub(crate) fn to_file(&self) -> Vec<u8> {
        self.to_file_with(MAGIC, &[0; EXTRA])
    }

    /// The same for the start of a backup.
    pub(crate) fn to_backup(&self, extra: &[u8; EXTRA]) -> Vec<u8> {
        self.to_file_with(BACKUP_MAGIC, extra)
    }

    fn read_block(magic: &[u8; 8], good: Good, floor: KdfFloor) -> Result<ReadHeader, VaultError> {
        Ok(ReadHeader {
            header: Self::parse_block(magic, &good.block, floor)?,
            one_block_damaged: !good.twice,
        })
    }

    fn to_file_with(&self, magic: &[u8; 8], extra: &[u8; EXTRA]) -> Vec<u8> {
        let mut block = Vec::with_capacity(HEADER);
        block.extend_from_slice(magic);
        block.extend_from_slice(&self.parameter_bytes());
        block.extend_from_slice(&[0; 8]);
        block.extend_from_slice(&self.container_id);
        block.extend_from_slice(&self.salt);
        block.extend_from_slice(&self.instance);
        block.resize(SLOTS_AT, 0);
        for slot in &self.slots {
            block.extend_from_slice(slot);
        }
        block.extend_from_slice(extra);
        block.resize(SUM_AT, 0);
        let sum: [u8; 32] = Sha256::digest(&block).into();
        block.extend_from_slice(&sum);
        block.extend_from_within(..);
        block
    }

    /// Bytes [8, 24) of the block: they go into the slots' keys, so that altered parameters give a
    /// wrong key.
    pub(crate) fn parameter_bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        put(&mut bytes, 0, &FORMAT.to_be_bytes());
        put(&mut bytes, 2, &[SUITE, LANES.to_be_bytes()[3]]);
        put(&mut bytes, 4, &self.params.memory_kib.to_be_bytes());
        put(&mut bytes, 8, &self.params.passes.to_be_bytes());
        put(&mut bytes, 12, &self.step.to_be_bytes());
        bytes
    }

    /// The four slots of a half.
    pub(crate) fn slots_of(&self, half: Half) -> impl Iterator<Item = &[u8; SLOT]> {
        self.slots
            .iter()
            .skip(half.first_slot())
            .take(SLOTS_OF_HALF)
    }

    /// SHA-256 over the four slots of a half, in order; the head names it.
    pub(crate) fn slots_hash(&self, half: Half) -> [u8; 32] {
        self.slots_of(half)
            .fold(Sha256::new(), |hash, slot| hash.chain_update(slot))
            .finalize()
            .into()
    }

    fn parse_block(magic: &[u8; 8], block: &[u8], floor: KdfFloor) -> Result<Self, VaultError> {
        let damaged = || VaultError::DamagedHeader;
        let mut fields = Fields::new(block);
        if fields.array::<8>() != Some(*magic) {
            return Err(VaultError::DamagedHeader);
        }
        let format = fields.u16().ok_or_else(damaged)?;
        if format > FORMAT {
            return Err(VaultError::NewerFormat);
        }
        let suite = fields.u8().ok_or_else(damaged)?;
        let lanes = fields.u8().ok_or_else(damaged)?;
        if format != FORMAT || suite != SUITE {
            return Err(VaultError::DamagedHeader);
        }
        let memory_kib = fields.u32().ok_or_else(damaged)?;
        let passes = fields.u32().ok_or_else(damaged)?;
        let params = KdfParams { memory_kib, passes };
        let step = fields.u32().ok_or_else(damaged)?;
        if u32::from(lanes) != LANES || !params.is_allowed(floor) || !(8..=65_536).contains(&step) {
            return Err(VaultError::KdfOutOfRange);
        }
        fields.zeros(8).ok_or_else(damaged)?;
        let container_id = fields.array().ok_or_else(damaged)?;
        let salt = fields.array().ok_or_else(damaged)?;
        let instance = fields.array().ok_or_else(damaged)?;
        fields.zeros(32).ok_or_else(damaged)?;
        let mut slots = [[0; SLOT]; SLOTS];
        for slot in &mut slots {
            *slot = fields.array().ok_or_else(damaged)?;
        }
        fields
            .zeros(SUM_AT - SLOTS_AT - SLOT * SLOTS)
            .ok_or_else(damaged)?;
        Ok(Self {
            params,
            step,
            container_id,
            salt,
            instance,
            slots,
        })
    }
}

/// One of the two halves of a container.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Half {
    Zero,
    One,
}

impl Half {
    /// 0 or 1, as it stands in associated data.
    pub(crate) fn byte(self) -> u8 {
        match self {
            Self::Zero => 0,
            Self::One => 1,
        }
    }

    /// The first of this half's four slots.
    pub(crate) fn first_slot(self) -> usize {
        usize::from(self.byte()) * SLOTS_OF_HALF
    }

    /// The half that a slot belongs to.
    pub(crate) fn of_slot(slot: usize) -> Self {
        if slot < SLOTS_OF_HALF {
            Self::Zero
        } else {
            Self::One
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn example() -> Header {
        Header {
            params: KdfParams {
                memory_kib: 65_536,
                passes: 3,
            },
            step: 2048,
            container_id: [1; 16],
            salt: [2; 32],
            instance: [3; 16],
            slots: std::array::from_fn(|i| [i as u8; SLOT]),
        }
    }

    /// Changes bytes of both blocks and makes the sums right again.
    fn forge(at: usize, bytes: &[u8]) -> Vec<u8> {
        let file = example().to_file();
        let mut block = file[..BLOCK].to_vec();
        put(&mut block, at, bytes);
        let sum = Sha256::digest(&block[..SUM_AT]);
        put(&mut block, SUM_AT, &sum);
        block.repeat(2)
    }

    fn error(file: &[u8]) -> VaultError {
        Header::parse(file, KdfFloor::Standard).unwrap_err()
    }

    #[test]
    fn section_3_reads_what_it_wrote() {
        let read = Header::parse(&example().to_file(), KdfFloor::Standard).unwrap();
        assert_eq!(read.header, example());
        assert!(!read.one_block_damaged);
    }

    #[test]
    fn section_3_either_block_is_enough() {
        for at in [0, 5, 2000, 4095] {
            for block in [0, BLOCK] {
                let mut file = example().to_file();
                file[block + at] ^= 1;
                let read = Header::parse(&file, KdfFloor::Standard).unwrap();
                assert_eq!(read.header, example());
                assert!(read.one_block_damaged);
            }
        }
        let mut file = example().to_file();
        file[100] ^= 1;
        file[BLOCK + 200] ^= 1;
        assert!(matches!(error(&file), VaultError::DamagedHeader));
    }

    #[test]
    fn section_3_a_file_that_was_cut_or_goes_on_is_read_by_the_block_that_is_whole() {
        let file = example().to_file();
        for length in [BLOCK, BLOCK + 1, BLOCK + 8, HEADER - 1] {
            let read = Header::parse(&file[..length], KdfFloor::Standard).unwrap();
            assert!(
                read.header == example() && read.one_block_damaged,
                "{length}"
            );
        }
        for length in [8, 100, BLOCK - 1] {
            assert!(matches!(error(&file[..length]), VaultError::DamagedHeader));
        }
        let mut longer = [file.as_slice(), &[0]].concat();
        for at in [HEADER, 300] {
            // The second one alone, too: what follows does not move it.
            longer[at] ^= 1;
            let read = Header::parse(&longer, KdfFloor::Standard).unwrap();
            assert!(read.header == example() && read.one_block_damaged);
        }
        // Nor is a block one that lies anywhere else.
        let moved = [&[0][..], &file[..HEADER - 1]].concat();
        assert!(matches!(error(&moved), VaultError::NotAVault));
    }

    #[test]
    fn section_24_two_damaged_blocks_are_put_together_where_one_of_them_is_right() {
        let floor = KdfFloor::Standard;
        let mut file = example().to_file();
        for piece in 0..12 {
            file[piece % 2 * BLOCK + piece * 256 + 7] ^= 1;
        }
        assert!(matches!(error(&file), VaultError::DamagedHeader));
        let read = Header::parse_remains(&file, floor).unwrap();
        assert!(read.header == example() && read.one_block_damaged);
        // The sum itself may be the damaged piece.
        let mut sums = example().to_file();
        sums[4_064] ^= 1;
        sums[BLOCK + 300] ^= 1;
        assert!(Header::parse_remains(&sums, floor).unwrap().header == example());
        // Or what was cut off the second one.
        let mut cut = example().to_file();
        cut[300] ^= 1;
        assert!(Header::parse_remains(&cut[..5_000], floor).unwrap().header == example());
        // In one piece more, or in the same piece twice, nobody knows what was right.
        file[12 * 256] ^= 1;
        for at in [200, BLOCK + 220] {
            sums[at] ^= 1;
        }
        for file in [file, sums] {
            let read = Header::parse_remains(&file, floor);
            assert!(matches!(read, Err(VaultError::DamagedHeader)));
        }
    }

    #[test]
    fn section_3_a_flipped_bit_in_any_byte_is_noticed_and_the_other_block_taken() {
        let file = example().to_file();
        for at in 0..2 * BLOCK {
            let mut flipped = file.clone();
            flipped[at] ^= 1 << (at % 8);
            let read = Header::parse(&flipped, KdfFloor::Standard).unwrap();
            assert!(read.header == example() && read.one_block_damaged, "{at}");
        }
    }

    #[test]
    fn section_3_other_files_are_no_vault() {
        for file in [
            vec![],
            vec![0; 2 * BLOCK],
            example().to_file()[1..].to_vec(),
        ] {
            assert!(matches!(error(&file), VaultError::NotAVault));
        }
    }

    #[test]
    fn section_3_newer_format_is_told_apart_from_damage() {
        assert!(matches!(error(&forge(8, &[0, 2])), VaultError::NewerFormat));
        assert!(matches!(
            error(&forge(8, &[0, 0])),
            VaultError::DamagedHeader
        ));
        assert!(matches!(error(&forge(10, &[2])), VaultError::DamagedHeader));
    }

    #[test]
    fn section_3_hostile_parameters_are_refused_before_memory_is_taken() {
        for (at, bytes) in [
            (11, vec![1]),
            (12, (4 * 1024 * 1024u32).to_be_bytes().to_vec()),
            (12, 65_535u32.to_be_bytes().to_vec()),
            (16, 0u32.to_be_bytes().to_vec()),
            (16, 65u32.to_be_bytes().to_vec()),
            (20, 7u32.to_be_bytes().to_vec()),
            (20, 65_537u32.to_be_bytes().to_vec()),
        ] {
            assert!(
                matches!(error(&forge(at, &bytes)), VaultError::KdfOutOfRange),
                "{at}"
            );
        }
    }

    #[test]
    fn section_3_reserved_bytes_are_zero() {
        for at in [24, 31, 96, 127, 2176, 4063] {
            assert!(
                matches!(error(&forge(at, &[1])), VaultError::DamagedHeader),
                "{at}"
            );
        }
    }
}
