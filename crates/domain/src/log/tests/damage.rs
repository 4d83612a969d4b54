//! A proof holds for what it proves and for nothing else.

use super::*;

fn flipped(hash: Hash, bit: usize) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    Hash::new(bytes)
}

/// The proof with one bit flipped, one hash missing, doubled or added, or cut short.
fn for_each_damage(proof: &[Hash], check: impl Fn(&[Hash])) {
    for at in 0..proof.len() {
        for bit in 0..256 {
            let mut damaged = proof.to_vec();
            damaged[at] = flipped(damaged[at], bit);
            check(&damaged);
        }
        check(&proof[..at]);
        check(&proof[at + 1..]);
        let mut doubled = proof.to_vec();
        doubled.insert(at, proof[at]);
        check(&doubled);
    }
    check(&[proof, &[empty_root()]].concat());
}

/// All pairs up to 40: each proof holds, with the right length for no other index or size of the same tree.
#[test]
fn every_small_proof() {
    let leaves = numbered_leaves(40);
    let tiles = tiles_over(&leaves);
    let roots: Vec<Hash> = (0..=40).map(|size| root_of(&leaves[..size])).collect();
    for size in 1..=40_u64 {
        let root = roots[at(size)];
        for index in 0..size {
            let proof = inclusion_proof(index, size, &tiles).unwrap();
            for other in 0..size {
                let holds = verify_inclusion(leaves[at(index)], other, size, &proof, root).is_ok();
                assert_eq!(holds, other == index, "leaf {index} of {size} as {other}");
            }
        }
        for old in 0..=size {
            let proof = consistency_proof(old, size, &tiles).unwrap();
            for other in 0..=40 {
                let holds = verify_consistency(old, roots[at(other)], size, root, &proof).is_ok();
                assert_eq!(holds, other == old, "{old} to {size} with the root of {other}");
            }
        }
    }
}

/// Every bit of proof, leaf and roots counts, and so does each hash being there once.
#[test]
fn every_flipped_bit_fails() {
    let leaves = numbered_leaves(23);
    let tiles = tiles_over(&leaves);
    for size in [1_u64, 2, 3, 7, 8, 13, 23] {
        let root = root_of(&leaves[..at(size)]);
        for index in 0..size {
            let leaf = leaves[at(index)];
            let proof = inclusion_proof(index, size, &tiles).unwrap();
            let fails =
                |leaf, proof: &[Hash], root| verify_inclusion(leaf, index, size, proof, root).is_err();
            assert!(!fails(leaf, &proof, root));
            for bit in 0..256 {
                assert!(fails(flipped(leaf, bit), &proof, root) && fails(leaf, &proof, flipped(root, bit)));
            }
            for_each_damage(&proof, |damaged| {
                assert!(fails(leaf, damaged, root), "leaf {index} of {size}");
            });
        }
        for old in 1..=size {
            let old_root = root_of(&leaves[..at(old)]);
            let proof = consistency_proof(old, size, &tiles).unwrap();
            let fails = |old_root, proof: &[Hash], root| {
                verify_consistency(old, old_root, size, root, proof).is_err()
            };
            assert!(!fails(old_root, &proof, root));
            for bit in 0..256 {
                assert!(fails(flipped(old_root, bit), &proof, root));
                assert!(fails(old_root, &proof, flipped(root, bit)));
            }
            for_each_damage(&proof, |damaged| {
                assert!(fails(old_root, damaged, root), "{old} to {size}");
            });
        }
    }
}
