//! Which of the two blocks of the key file holds, and what two damaged ones are together (FORMAT.md 3, 24).

use sha2::{Digest, Sha256};

use super::{BLOCK, HEADER, SUM_AT};
use crate::bytes::put;
use crate::vault::error::VaultError;

/// Two damaged blocks are put together from pieces of so many bytes, and so many may differ.
const PIECE: usize = 256;
const MAX_PIECES: usize = 12;

/// A block that is whole.
pub(super) struct Good {
    pub(super) block: Vec<u8>,
    /// Both blocks are this one, and nothing follows.
    pub(super) twice: bool,
}

pub(super) fn good_block(magic: &[u8; 8], file: &[u8]) -> Result<Good, VaultError> {
    let (first, second) = blocks(magic, file)?;
    let good = match (is_whole(first), is_whole(second)) {
        (true, _) => first,
        (false, true) => second,
        (false, false) => return Err(VaultError::DamagedHeader),
    };
    Ok(Good {
        block: good.to_vec(),
        twice: first == second && file.len() == HEADER,
    })
}

pub(super) fn good_block_of_remains(magic: &[u8; 8], file: &[u8]) -> Result<Good, VaultError> {
    match good_block(magic, file) {
        Err(VaultError::DamagedHeader) => {}
        read => return read,
    }
    let (first, second) = blocks(magic, file)?;
    Ok(Good {
        block: put_together(first, second).ok_or(VaultError::DamagedHeader)?,
        twice: false,
    })
}

/// The two blocks, or what a file that was cut has of them.
fn blocks<'f>(magic: &[u8; 8], file: &'f [u8]) -> Result<(&'f [u8], &'f [u8]), VaultError> {
    let (first, rest) = file.split_at_checked(BLOCK).unwrap_or((file, &[]));
    let second = rest.get(..BLOCK).unwrap_or(rest);
    if !first.starts_with(magic) && !second.starts_with(magic) {
        return Err(VaultError::NotAVault);
    }
    Ok((first, second))
}

/// The whole block that two damaged ones are together: of each piece in which they differ, one of them is
/// right. The sum tells, so what comes out is what was written.
fn put_together(first: &[u8], second: &[u8]) -> Option<Vec<u8>> {
    let (first, second) = (padded(first), padded(second));
    let pieces = first.chunks(PIECE).zip(second.chunks(PIECE));
    let differ: Vec<usize> = pieces
        .enumerate()
        .filter(|(_, (first, second))| first != second)
        .map(|(number, _)| number)
        .collect();
    if differ.len() > MAX_PIECES {
        return None;
    }
    (0u32..1 << differ.len()).find_map(|choice| {
        let mut block = first.clone();
        for (bit, piece) in differ.iter().enumerate() {
            let range = piece * PIECE..(piece + 1) * PIECE;
            if choice >> bit & 1 == 1 {
                put(
                    &mut block,
                    range.start,
                    second.get(range).unwrap_or_default(),
                );
            }
        }
        is_whole(&block).then_some(block)
    })
}

/// Zeros for what was cut off.
fn padded(block: &[u8]) -> Vec<u8> {
    let mut padded = block.to_vec();
    padded.resize(BLOCK, 0);
    padded
}

fn is_whole(block: &[u8]) -> bool {
    block.split_at_checked(SUM_AT).is_some_and(|(body, sum)| {
        let expected: [u8; 32] = Sha256::digest(body).into();
        expected == sum
    })
}
