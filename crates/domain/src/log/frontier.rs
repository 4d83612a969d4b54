//! The right edge of the tree: all that is needed to append to the log and to know its root.

use thiserror::Error;

use super::hash::Hash;
use super::node::Node;
use super::tree::{empty_root, join_peaks, node_hash};

/// The roots of the complete subtrees of the log, largest first: one for each 1 bit of its size, 64 at most.
///
/// The head row (`log_head`) of the book keeps it, so an append reads no other row of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

/// Bytes that are no frontier: the head row was damaged or changed by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FrontierError {
    /// The length does not fit the size that the bytes name.
    #[error("ログの先頭の記録が壊れています（長さが合いません）。yokoito verify で確かめてください")]
    Length,
    /// A size beyond [`Frontier::MAX_SIZE`].
    #[error("ログの先頭の記録が壊れています（件数が大きすぎます）。yokoito verify で確かめてください")]
    Size,
}

impl Frontier {
    /// Largest size that is read back: sequence numbers are signed 64-bit integers in both databases.
    pub const MAX_SIZE: u64 = u64::MAX >> 1;

    /// Number of leaves in the log.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The RFC 6962 root over all leaves, for the empty log the hash of nothing.
    pub fn root(&self) -> Hash {
        join_peaks(self.peaks.iter().copied()).unwrap_or_else(empty_root)
    }

    /// Appends one leaf hash. Use [`append_batch`](super::append_batch) where the tiles are kept too.
    pub fn append(&mut self, leaf: Hash) {
        self.append_telling(leaf, |_, _| ());
    }

    /// Appends one leaf hash and tells of each subtree that it completes, from the leaf itself upwards.
    pub(super) fn append_telling(&mut self, leaf: Hash, mut completed: impl FnMut(Node, Hash)) {
        let (mut node, mut hash) = (Node::leaf(self.size), leaf);
        completed(node, hash);
        // while this is a right child, the last peak is its left sibling
        while node.is_right_child()
            && let Some(left) = self.peaks.pop()
        {
            (node, hash) = (node.parent(), node_hash(left, hash));
            completed(node, hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The one way to write it down: size as 8 bytes, most significant first, then the hashes, largest subtree
    /// first. At most 8 + 64 * 32 = 2056 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let hashes = self.peaks.iter().flat_map(Hash::as_bytes);
        self.size.to_be_bytes().iter().chain(hashes).copied().collect()
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// [`FrontierError`] when the size is out of range or the number of hashes does not fit it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let (size, hashes) = bytes.split_first_chunk().ok_or(FrontierError::Length)?;
        let hashes = hashes
            .chunks(Hash::LEN)
            .map(Hash::try_from)
            .collect::<Result<Vec<_>, _>>();
        Self::from_peaks(
            u64::from_be_bytes(*size),
            hashes.map_err(|_| FrontierError::Length)?,
        )
    }

    /// Puts a frontier together from subtree hashes read elsewhere, largest first.
    pub(super) fn from_peaks(size: u64, peaks: Vec<Hash>) -> Result<Self, FrontierError> {
        if size > Self::MAX_SIZE {
            return Err(FrontierError::Size);
        }
        if usize::try_from(size.count_ones()) != Ok(peaks.len()) {
            return Err(FrontierError::Length);
        }
        Ok(Self { size, peaks })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::{leaf_hash, root_of};
    use super::*;

    #[test]
    fn root_and_bytes_at_every_size() {
        let leaves: Vec<Hash> = (0..600_u32).map(|i| leaf_hash(&i.to_be_bytes())).collect();
        let mut frontier = Frontier::default();
        assert_eq!(frontier.root(), root_of(&[]));
        for (i, leaf) in leaves.iter().enumerate() {
            frontier.append(*leaf);
            assert_eq!(frontier.root(), root_of(&leaves[..=i]), "size {}", i + 1);
            let bytes = frontier.to_bytes();
            assert_eq!(bytes.len(), 8 + 32 * (i + 1).count_ones() as usize);
            assert_eq!(Frontier::from_bytes(&bytes), Ok(frontier.clone()));
        }
        assert_eq!(frontier.size(), 600);
    }

    #[test]
    fn malformed_bytes_are_refused() {
        let mut frontier = Frontier::default();
        assert_eq!(frontier.to_bytes(), [0; 8]);
        (0..3_u8).for_each(|i| frontier.append(leaf_hash(&[i])));
        let good = frontier.to_bytes();
        assert_eq!(good.len(), 8 + 2 * 32);
        for length in 0..good.len() {
            assert_eq!(
                Frontier::from_bytes(&good[..length]),
                Err(FrontierError::Length),
                "{length} bytes"
            );
        }
        assert_eq!(
            Frontier::from_bytes(&[good.as_slice(), &[0; 32]].concat()),
            Err(FrontierError::Length)
        );
        let mut other_size = good.clone();
        other_size[7] = 4;
        assert_eq!(Frontier::from_bytes(&other_size), Err(FrontierError::Length));
        let mut huge = good;
        huge[0] = 0x80;
        assert_eq!(Frontier::from_bytes(&huge), Err(FrontierError::Size));
    }
}
