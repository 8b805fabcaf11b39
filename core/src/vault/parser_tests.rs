//! What the parsers of the vault take has one form: it is written back with the same bytes.

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::Token;
use super::head::Head;
use super::header::{BLOCK, Header};
use super::kdf::KdfFloor;
use super::node::{self, Node};
use super::vectors::{Runs, head, header, node};
use crate::mutate::mutated;

/// A header file of one block, its sum made to fit: else nothing behind the sum would be reached.
fn header_files() -> impl Strategy<Value = Vec<u8>> {
    let block = header(&mut Runs::default()).to_file()[..BLOCK - 32].to_vec();
    mutated(block).prop_map(|mut block| {
        block.resize(BLOCK - 32, 0);
        let sum = Sha256::digest(&block);
        block.extend_from_slice(&sum);
        block.repeat(2)
    })
}

proptest! {
    #[test]
    fn section_3_a_header_is_written_back_as_it_was_read(file in header_files()) {
        if let Ok(read) = Header::parse(&file, KdfFloor::Standard) {
            prop_assert!(!read.one_block_damaged);
            prop_assert!(read.header.to_file() == file);
        }
    }

    #[test]
    fn section_3_no_bytes_make_the_header_panic(file in prop::collection::vec(any::<u8>(), 0..64)) {
        prop_assert!(Header::parse(&file, KdfFloor::Standard).is_err());
    }

    #[test]
    fn section_6_a_head_is_written_back_as_it_was_read(
        bytes in mutated(head(&mut Runs::default()).to_bytes().to_vec())
    ) {
        if let Some(read) = Head::parse(&bytes) {
            prop_assert!(*read.to_bytes() == bytes);
        }
    }

    #[test]
    fn section_7_a_node_is_written_back_as_it_was_read(
        level in 0..5u8,
        places in 0..=node::PLACES,
        bytes in mutated(node().to_bytes()),
    ) {
        if let Some(read) = Node::parse(level, places, &bytes) {
            prop_assert!(read.len() == places && read.to_bytes() == bytes);
        }
    }

    #[test]
    fn section_16_a_token_is_160_bytes(bytes in prop::collection::vec(any::<u8>(), 0..330)) {
        let token = Token::from_bytes(&bytes);
        prop_assert_eq!(token.is_some(), bytes.len() == 160);
    }
}
