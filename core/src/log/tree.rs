//! The Merkle tree of RFC 6962 section 2.1 with SHA-256: roots, inclusion proofs and consistency
//! proofs, made and verified.

use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// Gives the hashes of perfect subtrees, from wherever they are kept.
pub trait Subtrees {
    /// Why a subtree cannot be read.
    type Error;

    /// The hash over leaves `index * 2^height` to `(index + 1) * 2^height - 1`, all of which are
    /// in the log.
    ///
    /// # Errors
    /// Whatever keeps the hashes could not read them.
    fn subtree(&mut self, height: u32, index: u32) -> Result<Hash, Self::Error>;
}

/// Hash of a leaf: SHA-256(0x00 ‖ leaf).
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    Sha256::new_with_prefix([0])
        .chain_update(leaf)
        .finalize()
        .into()
}

/// Hash of a node: SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// Root over leaf hashes that are all at hand; of none, the hash of nothing.
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        more => {
            let (left, right) = more.split_at(more.len().next_power_of_two() / 2);
            node_hash(&root(left), &root(right))
        }
    }
}

/// Root over the first `size` leaves, from perfect subtrees. `size` is at least 1.
///
/// # Errors
/// Those of `subtrees`.
pub fn root_at<S: Subtrees>(subtrees: &mut S, size: u32) -> Result<Hash, S::Error> {
    range(subtrees, 0, size)
}

/// Inclusion proof (RFC 6962 section 2.1.1, `PATH(m, D[n])`) for leaf `index` in the tree of
/// `size` leaves, from the leaf up. `index` is below `size`.
///
/// # Errors
/// Those of `subtrees`.
pub fn inclusion<S: Subtrees>(
    subtrees: &mut S,
    index: u32,
    size: u32,
) -> Result<Vec<Hash>, S::Error> {
    let mut proof = Vec::new();
    let (mut start, mut end) = (0, size);
    while end.saturating_sub(start) > 1 {
        let middle = start + split(end - start);
        if index < middle {
            proof.push(range(subtrees, middle, end)?);
            end = middle;
        } else {
            proof.push(range(subtrees, start, middle)?);
            start = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Consistency proof (RFC 6962 section 2.1.2, `PROOF(m, D[n])`) between the trees of `old` and
/// `new` leaves, with 1 ≤ `old` ≤ `new`; empty if they are equal.
///
/// # Errors
/// Those of `subtrees`.
pub fn consistency<S: Subtrees>(
    subtrees: &mut S,
    old: u32,
    new: u32,
) -> Result<Vec<Hash>, S::Error> {
    let mut proof = Vec::new();
    let (mut start, mut end, mut whole) = (0, new, true);
    while old != end {
        let middle = start + split(end - start);
        if old <= middle {
            proof.push(range(subtrees, middle, end)?);
            end = middle;
        } else {
            proof.push(range(subtrees, start, middle)?);
            start = middle;
            whole = false;
        }
    }
    if !whole {
        proof.push(range(subtrees, start, end)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Checks an inclusion proof (RFC 9162 section 2.1.3.2).
#[must_use]
pub fn verify_inclusion(leaf: &Hash, index: u32, size: u32, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut first, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if first & 1 == 1 || first == last {
            hash = node_hash(sibling, &hash);
            while first & 1 == 0 && first != 0 {
                first >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        first >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Checks a consistency proof (RFC 9162 section 2.1.4.2). Sizes of 0 are refused: every log
/// contains the empty one, so such a proof would say nothing.
#[must_use]
pub fn verify_consistency(
    old: u32,
    new: u32,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> bool {
    if old == 0 || old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    let (mut first, mut last) = (old - 1, new - 1);
    while first & 1 == 1 {
        first >>= 1;
        last >>= 1;
    }
    let mut rest = proof.iter();
    let seed = if old.is_power_of_two() {
        Some(old_root)
    } else {
        rest.next()
    };
    let Some(seed) = seed else { return false };
    let (mut old_hash, mut new_hash) = (*seed, *seed);
    for hash in rest {
        if last == 0 {
            return false;
        }
        if first & 1 == 1 || first == last {
            old_hash = node_hash(hash, &old_hash);
            new_hash = node_hash(hash, &new_hash);
            while first & 1 == 0 && first != 0 {
                first >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, hash);
        }
        first >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == *old_root && new_hash == *new_root
}

/// Leaf hashes that are all in memory.
impl Subtrees for &[Hash] {
    type Error = std::convert::Infallible;

    fn subtree(&mut self, height: u32, index: u32) -> Result<Hash, Self::Error> {
        let width = 1usize << height;
        let start = index as usize * width;
        Ok(root(self.get(start..start + width).unwrap_or_default()))
    }
}

/// Largest power of two below `count`, which is at least 2.
fn split(count: u32) -> u32 {
    1 << (31 - (count - 1).leading_zeros())
}

/// Hash over the leaves `start..end`, where `start` is a multiple of every subtree taken.
fn range<S: Subtrees>(subtrees: &mut S, start: u32, end: u32) -> Result<Hash, S::Error> {
    let count = end - start;
    if count.is_power_of_two() {
        return subtrees.subtree(count.trailing_zeros(), start / count);
    }
    let middle = start + split(count);
    let left = range(subtrees, start, middle)?;
    let right = range(subtrees, middle, end)?;
    Ok(node_hash(&left, &right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;

    /// The eight leaves that RFC 6962 implementations share, and the roots at every size.
    const LEAVES: [&str; 8] = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    fn unhex(text: &str) -> Vec<u8> {
        (0..text.len() / 2)
            .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
            .collect()
    }

    fn leaves(count: u32) -> Vec<Hash> {
        (0..count).map(|i| leaf_hash(&i.to_be_bytes())).collect()
    }

    #[test]
    fn roots_are_those_of_the_published_tree() {
        let hashes: Vec<Hash> = LEAVES.iter().map(|leaf| leaf_hash(&unhex(leaf))).collect();
        for (size, expected) in (1..).zip(ROOTS) {
            assert_eq!(hex::encode(&root(&hashes[..size])), expected);
            let Ok(at) = root_at(&mut hashes.as_slice(), size as u32);
            assert_eq!(hex::encode(&at), expected);
        }
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hex::encode(&root(&[])), nothing);
    }

    /// RFC 6962 section 2.1.3: the tree of seven leaves and the proofs that it lists.
    #[test]
    fn proofs_are_those_of_rfc_6962() {
        let d = leaves(7);
        let n = |l: &Hash, r: &Hash| node_hash(l, r);
        let (g, h) = (n(&d[0], &d[1]), n(&d[2], &d[3]));
        let (i, j) = (n(&d[4], &d[5]), d[6]);
        let (k, l) = (n(&g, &h), n(&i, &j));
        let all = &mut d.as_slice();
        assert_eq!(root_at(all, 7), Ok(n(&k, &l)));
        assert_eq!(inclusion(all, 0, 7), Ok(vec![d[1], h, l]));
        assert_eq!(inclusion(all, 3, 7), Ok(vec![d[2], g, l]));
        assert_eq!(inclusion(all, 4, 7), Ok(vec![d[5], j, k]));
        assert_eq!(inclusion(all, 6, 7), Ok(vec![i, k]));
        assert_eq!(consistency(all, 3, 7), Ok(vec![d[2], d[3], g, l]));
        assert_eq!(consistency(all, 4, 7), Ok(vec![l]));
        assert_eq!(consistency(all, 6, 7), Ok(vec![i, j, k]));
    }

    #[test]
    fn every_proof_of_small_trees_verifies_and_no_altered_one_does() {
        let all = leaves(40);
        for size in 1..=40u32 {
            let root = root(&all[..size as usize]);
            for index in 0..size {
                let Ok(proof) = inclusion(&mut all.as_slice(), index, size);
                let leaf = &all[index as usize];
                assert!(verify_inclusion(leaf, index, size, &proof, &root));
                assert!(!verify_inclusion(leaf, index + 1, size, &proof, &root));
                let mut longer = proof.clone();
                longer.push([0; 32]);
                assert!(!verify_inclusion(leaf, index, size, &longer, &root));
                for at in 0..proof.len() {
                    let mut altered = proof.clone();
                    altered[at][0] ^= 1;
                    assert!(!verify_inclusion(leaf, index, size, &altered, &root));
                }
            }
        }
    }

    #[test]
    fn every_consistency_proof_of_small_trees_verifies_and_no_altered_one_does() {
        let all = leaves(40);
        for new in 1..=40u32 {
            let new_root = root(&all[..new as usize]);
            for old in 1..=new {
                let old_root = root(&all[..old as usize]);
                let Ok(proof) = consistency(&mut all.as_slice(), old, new);
                let good = |old, new, proof: &[Hash]| {
                    verify_consistency(old, new, proof, &old_root, &new_root)
                };
                assert!(good(old, new, &proof));
                assert!(!good(0, new, &proof));
                assert!(!verify_consistency(old, new, &proof, &[0; 32], &new_root));
                let mut longer = proof.clone();
                longer.push([0; 32]);
                assert!(!good(old, new, &longer));
                for at in 0..proof.len() {
                    let mut altered = proof.clone();
                    altered[at][0] ^= 1;
                    assert!(!good(old, new, &altered));
                    altered.remove(at);
                    assert!(!good(old, new, &altered));
                }
            }
        }
    }
}
