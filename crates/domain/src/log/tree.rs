//! The Merkle tree as RFC 6962, section 2.1, defines it, word for word.
//!
//! These recursions hold all leaves in memory. They are the yardstick for the frontier, the tiles and the
//! verifiers, and good enough for small sets such as the parts (当事者ごとの部分) of one entry.

use sha2::{Digest, Sha256};

use super::hash::Hash;

/// Sets a leaf apart from an inner node, so that no node can be passed off as an entry.
const LEAF_PREFIX: [u8; 1] = [0x00];
const NODE_PREFIX: [u8; 1] = [0x01];

/// Hash of one leaf: SHA-256 of 0x00 and the content.
pub fn leaf_hash(content: &[u8]) -> Hash {
    Hash::new(
        Sha256::new()
            .chain_update(LEAF_PREFIX)
            .chain_update(content)
            .finalize()
            .into(),
    )
}

/// Hash of an inner node: SHA-256 of 0x01, the left and the right child.
pub fn node_hash(left: Hash, right: Hash) -> Hash {
    let hasher = Sha256::new().chain_update(NODE_PREFIX);
    Hash::new(
        hasher
            .chain_update(left.as_bytes())
            .chain_update(right.as_bytes())
            .finalize()
            .into(),
    )
}

/// Root of the tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Hash::new(Sha256::digest([]).into())
}

/// `MTH(D[n])`: the root of the tree over these leaf hashes.
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = split(leaves);
            node_hash(root_of(left), root_of(right))
        }
    }
}

/// `PATH(m, D[n])`: the proof, lowest hash first, that leaf `index` is in the tree over `leaves`.
/// `None` when there is no such leaf.
pub fn inclusion_proof_of(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    if leaves.len() == 1 {
        return Some(Vec::new());
    }
    let (left, right) = split(leaves);
    let (mut proof, sibling) = if index < left.len() {
        (inclusion_proof_of(left, index)?, right)
    } else {
        (inclusion_proof_of(right, index - left.len())?, left)
    };
    proof.push(root_of(sibling));
    Some(proof)
}

/// `PROOF(m, D[n])`: the proof, lowest hash first, that the first `old` leaves are the beginning of `leaves`.
/// Empty for `old` = 0 (nothing to prove) and for all leaves; `None` when `old` is more than there are.
pub fn consistency_proof_of(leaves: &[Hash], old: usize) -> Option<Vec<Hash>> {
    match old {
        0 => Some(Vec::new()),
        _ if old > leaves.len() => None,
        _ => Some(subproof(leaves, old, true)),
    }
}

/// `SUBPROOF(m, D[n], b)` for 0 < m <= n; `known` says that the verifier already has the old root of this subtree.
fn subproof(leaves: &[Hash], old: usize, known: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if known { Vec::new() } else { vec![root_of(leaves)] };
    }
    let (left, right) = split(leaves);
    let (mut proof, sibling) = if old <= left.len() {
        (subproof(left, old, known), right)
    } else {
        (subproof(right, old - left.len(), false), left)
    };
    proof.push(root_of(sibling));
    proof
}

/// Splits two or more leaves at the largest power of two below their number.
fn split(leaves: &[Hash]) -> (&[Hash], &[Hash]) {
    leaves.split_at(leaves.len().div_ceil(2).next_power_of_two())
}

/// Joins complete subtrees, largest (leftmost) first, into the root over all of them; `None` for no subtree.
pub(super) fn join_peaks(peaks: impl DoubleEndedIterator<Item = Hash>) -> Option<Hash> {
    peaks.rev().reduce(|right, left| node_hash(left, right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_is_the_largest_power_of_two_below() {
        let leaves = [empty_root(); 17];
        for (n, k) in [(2, 1), (3, 2), (4, 2), (5, 4), (8, 4), (9, 8), (16, 8), (17, 16)] {
            assert_eq!(split(&leaves[..n]).0.len(), k, "{n} leaves");
        }
    }

    #[test]
    fn a_node_is_no_leaf() {
        let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
        let joined = [left.as_bytes().as_slice(), right.as_bytes()].concat();
        assert_ne!(leaf_hash(&joined), node_hash(left, right));
        assert_ne!(node_hash(left, right), node_hash(right, left));
    }

    #[test]
    fn proofs_outside_the_tree_do_not_exist() {
        assert_eq!(inclusion_proof_of(&[], 0), None);
        assert_eq!(inclusion_proof_of(&[empty_root()], 1), None);
        assert_eq!(consistency_proof_of(&[], 1), None);
        assert_eq!(consistency_proof_of(&[], 0), Some(Vec::new()));
    }
}
