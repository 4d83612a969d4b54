//! Checking a proof with nothing but the proof, the sizes and the roots.
//!
//! Written after the step lists of RFC 9162, sections 2.1.3.2 and 2.1.4.2 (the tree is the one of RFC 6962), and
//! not with the subtree arithmetic the proofs are made with: an error would have to be made twice.

use thiserror::Error;

use super::hash::Hash;
use super::tree::{empty_root, node_hash};

/// A proof that proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum VerifyError {
    /// The leaf is outside the tree, or the earlier tree is larger than the later one.
    #[error("証明の番号や件数が合っていません。どのチェックポイントに対する証明か確かめてください")]
    OutOfRange,
    /// Too few or too many hashes for these sizes.
    #[error("証明の長さが合いません。証明が途中で切れているか、別の証明です")]
    Length,
    /// The hashes lead to another root.
    #[error("証明が一致しません。記録が後から変えられたか、別の帳簿の証明です")]
    Mismatch,
}

/// Checks that `leaf` is leaf number `index` (from 0) of the `size` leaves under `root`.
///
/// # Errors
/// [`VerifyError`]; only `Ok` proves anything.
pub fn verify_inclusion(
    leaf: Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: Hash,
) -> Result<(), VerifyError> {
    if index >= size {
        return Err(VerifyError::OutOfRange);
    }
    let mut climb = Climb {
        node: index,
        last: size - 1,
    };
    let mut hash = leaf;
    for sibling in proof {
        hash = match climb.step()? {
            Side::Left => node_hash(*sibling, hash),
            Side::Right => node_hash(hash, *sibling),
        };
    }
    climb.arrive()?;
    if hash == root {
        Ok(())
    } else {
        Err(VerifyError::Mismatch)
    }
}

/// Checks that the `old_size` leaves under `old_root` are the beginning of the `new_size` leaves under `new_root`.
///
/// From the empty log everything follows: then the proof must be empty and `old_root` the root of nothing.
///
/// # Errors
/// [`VerifyError`]; only `Ok` proves anything.
pub fn verify_consistency(
    old_size: u64,
    old_root: Hash,
    new_size: u64,
    new_root: Hash,
    proof: &[Hash],
) -> Result<(), VerifyError> {
    if old_size > new_size {
        return Err(VerifyError::OutOfRange);
    }
    if old_size == new_size || old_size == 0 {
        if !proof.is_empty() {
            return Err(VerifyError::Length);
        }
        let empty_is_empty = old_size != 0 || old_root == empty_root();
        let same_is_same = old_size != new_size || old_root == new_root;
        return if empty_is_empty && same_is_same {
            Ok(())
        } else {
            Err(VerifyError::Mismatch)
        };
    }
    // an old tree of 2^n leaves is a subtree of the new one: its root is the beginning and not sent along
    let (start, rest) = if old_size.is_power_of_two() {
        (old_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(VerifyError::Length)?;
        (*first, rest)
    };
    let mut climb = Climb {
        node: old_size - 1,
        last: new_size - 1,
    };
    climb.rise(|node| node % 2 == 1);
    let (mut old, mut new) = (start, start);
    for sibling in rest {
        match climb.step()? {
            Side::Left => (old, new) = (node_hash(*sibling, old), node_hash(*sibling, new)),
            Side::Right => new = node_hash(new, *sibling),
        }
    }
    climb.arrive()?;
    if old == old_root && new == new_root {
        Ok(())
    } else {
        Err(VerifyError::Mismatch)
    }
}

/// On which side of the path the next hash of the proof stands.
enum Side {
    Left,
    Right,
}

/// The way up from a node, with the last node of its height: fn and sn of RFC 9162.
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    /// Takes one hash of the proof and goes one height up.
    fn step(&mut self) -> Result<Side, VerifyError> {
        if self.last == 0 {
            return Err(VerifyError::Length);
        }
        let side = if self.node % 2 == 1 {
            Side::Left
        } else if self.node == self.last {
            // the last node of an odd number has no sibling: it rises unchanged until it has one on its left
            self.rise(|node| node % 2 == 0 && node != 0);
            Side::Left
        } else {
            Side::Right
        };
        self.up();
        Ok(side)
    }

    /// Goes up without a hash as long as this holds; it must not hold for ever at 0 or at 1.
    fn rise(&mut self, holds: impl Fn(u64) -> bool) {
        while holds(self.node) {
            self.up();
        }
    }

    fn up(&mut self) {
        self.node /= 2;
        self.last /= 2;
    }

    /// The proof ends exactly at the root.
    fn arrive(&self) -> Result<(), VerifyError> {
        if self.last == 0 {
            Ok(())
        } else {
            Err(VerifyError::Length)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Hash = Hash::new([0xa; 32]);
    const B: Hash = Hash::new([0xb; 32]);

    #[test]
    fn hostile_numbers_do_not_panic() {
        let proof = [A; 70];
        for size in [0, 1, 2, 3, 1 << 63, u64::MAX - 1, u64::MAX] {
            for other in [0, 1, 2, 3, 1 << 63, u64::MAX - 1, u64::MAX] {
                for length in [0, 1, 2, 63, 64, 65, 70] {
                    assert!(verify_inclusion(A, other, size, &proof[..length], B).is_err());
                    assert!(verify_consistency(other, A, size, B, &proof[..length]).is_err());
                }
            }
        }
    }

    #[test]
    fn smallest_trees() {
        assert_eq!(verify_inclusion(A, 0, 1, &[], A), Ok(()));
        assert_eq!(verify_inclusion(A, 0, 1, &[], B), Err(VerifyError::Mismatch));
        assert_eq!(verify_inclusion(A, 0, 0, &[], A), Err(VerifyError::OutOfRange));
        assert_eq!(verify_inclusion(A, 0, 1, &[A], A), Err(VerifyError::Length));
        assert_eq!(verify_consistency(0, empty_root(), 5, A, &[]), Ok(()));
        assert_eq!(verify_consistency(0, A, 5, A, &[]), Err(VerifyError::Mismatch));
        assert_eq!(verify_consistency(0, empty_root(), 0, empty_root(), &[]), Ok(()));
        assert_eq!(
            verify_consistency(0, empty_root(), 0, A, &[]),
            Err(VerifyError::Mismatch)
        );
        assert_eq!(
            verify_consistency(0, empty_root(), 5, A, &[A]),
            Err(VerifyError::Length)
        );
        assert_eq!(verify_consistency(3, A, 3, A, &[]), Ok(()));
        assert_eq!(verify_consistency(3, A, 3, B, &[]), Err(VerifyError::Mismatch));
        assert_eq!(verify_consistency(3, A, 3, A, &[A]), Err(VerifyError::Length));
        assert_eq!(verify_consistency(4, A, 3, A, &[]), Err(VerifyError::OutOfRange));
        assert_eq!(verify_consistency(3, A, 4, A, &[]), Err(VerifyError::Length));
    }
}
