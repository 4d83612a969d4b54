//! Proofs from tiles, in two steps: which tiles are needed, then the proof from them.
//!
//! Between the steps the caller reads the tiles wherever they are; nothing here does. A proof for an earlier size
//! works with the tiles of today.

use std::collections::BTreeSet;

use thiserror::Error;

use super::frontier::{Frontier, FrontierError};
use super::hash::Hash;
use super::node::{Node, Span, consistency_spans, inclusion_spans, peaks};
use super::tile::{TileId, TileSet, tile_of};
use super::tree::join_peaks;

/// A proof that cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ProofError {
    /// There is no such leaf in a log of this size.
    #[error("{index}番（0番から数えて）の伝票は、{size}件のログの中にありません")]
    NoSuchLeaf {
        /// The leaf asked for, from 0.
        index: u64,
        /// Number of leaves.
        size: u64,
    },
    /// The earlier log would be larger than the later one.
    #[error("前のログ（{old}件）が後のログ（{new}件）より長くなっています。順番を確かめてください")]
    Backwards {
        /// Size said to be the earlier.
        old: u64,
        /// Size said to be the later.
        new: u64,
    },
    /// A tile was not handed in, or is too short for the size.
    #[error("ログのタイル（段{}・{}番）が足りません。yokoito verify で確かめてください", .0.level, .0.index)]
    MissingTile(TileId),
    /// The size is beyond what a log can have.
    #[error(transparent)]
    Frontier(#[from] FrontierError),
}

/// Tiles to read before [`inclusion_proof`], in order of level and index: five at most up to 16.7 million leaves.
///
/// # Errors
/// [`ProofError::NoSuchLeaf`].
pub fn needed_tiles_for_inclusion(index: u64, size: u64) -> Result<Vec<TileId>, ProofError> {
    check_leaf(index, size)?;
    Ok(tiles_of(
        inclusion_spans(index, size).into_iter().flat_map(Span::nodes),
    ))
}

/// The hashes, lowest first, that lead from leaf `index` (from 0) to the root of the first `size` leaves.
///
/// # Errors
/// [`ProofError::NoSuchLeaf`], [`ProofError::MissingTile`].
pub fn inclusion_proof(index: u64, size: u64, tiles: &TileSet) -> Result<Vec<Hash>, ProofError> {
    check_leaf(index, size)?;
    inclusion_spans(index, size)
        .into_iter()
        .map(|span| hash_over(span, tiles))
        .collect()
}

/// Tiles to read before [`consistency_proof`], in order of level and index.
///
/// # Errors
/// [`ProofError::Backwards`].
pub fn needed_tiles_for_consistency(old: u64, new: u64) -> Result<Vec<TileId>, ProofError> {
    Ok(tiles_of(
        spans_between(old, new)?.into_iter().flat_map(Span::nodes),
    ))
}

/// The hashes, lowest first, that show the first `old` leaves to be the beginning of the first `new` leaves.
/// Empty from the empty log and between equal sizes, where there is nothing to show.
///
/// # Errors
/// [`ProofError::Backwards`], [`ProofError::MissingTile`].
pub fn consistency_proof(old: u64, new: u64, tiles: &TileSet) -> Result<Vec<Hash>, ProofError> {
    spans_between(old, new)?
        .into_iter()
        .map(|span| hash_over(span, tiles))
        .collect()
}

/// Tiles to read before [`frontier_at`], in order of level and index.
pub fn needed_tiles_for_frontier(size: u64) -> Vec<TileId> {
    tiles_of(peaks(size))
}

/// The frontier, and so the root, that the log had at an earlier `size`.
///
/// # Errors
/// [`ProofError::MissingTile`], [`ProofError::Frontier`] for a size beyond [`Frontier::MAX_SIZE`].
pub fn frontier_at(size: u64, tiles: &TileSet) -> Result<Frontier, ProofError> {
    let peaks = peaks(size)
        .map(|node| hash_of(node, tiles))
        .collect::<Result<_, _>>()?;
    Ok(Frontier::from_peaks(size, peaks)?)
}

fn check_leaf(index: u64, size: u64) -> Result<(), ProofError> {
    if index < size {
        Ok(())
    } else {
        Err(ProofError::NoSuchLeaf { index, size })
    }
}

fn spans_between(old: u64, new: u64) -> Result<Vec<Span>, ProofError> {
    match old {
        0 => Ok(Vec::new()),
        _ if old > new => Err(ProofError::Backwards { old, new }),
        _ => Ok(consistency_spans(old, new)),
    }
}

fn tiles_of(nodes: impl Iterator<Item = Node>) -> Vec<TileId> {
    nodes.map(tile_of).collect::<BTreeSet<_>>().into_iter().collect()
}

fn hash_of(node: Node, tiles: &TileSet) -> Result<Hash, ProofError> {
    tiles
        .hash_of(node)
        .ok_or_else(|| ProofError::MissingTile(tile_of(node)))
}

fn hash_over(span: Span, tiles: &TileSet) -> Result<Hash, ProofError> {
    let peaks = span
        .nodes()
        .map(|node| hash_of(node, tiles))
        .collect::<Result<Vec<_>, _>>()?;
    // a span is never empty, so the second half only spares a panic
    Ok(join_peaks(peaks.into_iter()).unwrap_or_else(super::tree::empty_root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_is_refused() {
        let none = TileSet::default();
        let no_leaf = |index, size| ProofError::NoSuchLeaf { index, size };
        assert_eq!(needed_tiles_for_inclusion(0, 0), Err(no_leaf(0, 0)));
        assert_eq!(inclusion_proof(3, 3, &none), Err(no_leaf(3, 3)));
        assert_eq!(
            inclusion_proof(u64::MAX, u64::MAX, &none),
            Err(no_leaf(u64::MAX, u64::MAX))
        );
        assert_eq!(
            needed_tiles_for_consistency(2, 1),
            Err(ProofError::Backwards { old: 2, new: 1 })
        );
        assert_eq!(
            consistency_proof(2, 1, &none),
            Err(ProofError::Backwards { old: 2, new: 1 })
        );
        assert_eq!(consistency_proof(0, u64::MAX, &none), Ok(Vec::new()));
        assert_eq!(consistency_proof(5, 5, &none), Ok(Vec::new()));
        assert_eq!(
            consistency_proof(5, 6, &none),
            Err(ProofError::MissingTile(TileId { level: 0, index: 0 }))
        );
        assert!(matches!(
            inclusion_proof(0, u64::MAX, &none),
            Err(ProofError::MissingTile(_))
        ));
        assert!(matches!(
            frontier_at(u64::MAX, &none),
            Err(ProofError::MissingTile(_))
        ));
        assert_eq!(frontier_at(0, &none), Ok(Frontier::default()));
    }

    #[test]
    fn few_tiles_are_read() {
        let id = |level, index| TileId { level, index };
        // one full and one just begun tile: the leaf's own tile, and the right edge
        assert_eq!(needed_tiles_for_inclusion(3, 257), Ok(vec![id(0, 0), id(0, 1)]));
        assert_eq!(needed_tiles_for_inclusion(256, 257), Ok(vec![id(1, 0)]));
        assert_eq!(
            needed_tiles_for_frontier(70_000),
            [id(0, 273), id(1, 1), id(2, 0)]
        );
        let size = (1 << 24) - 1;
        for index in (0..size).step_by(99_991) {
            assert!(
                needed_tiles_for_inclusion(index, size).unwrap().len() <= 5,
                "leaf {index}"
            );
        }
    }
}
