//! The log in tiles (C2SP tlog-tiles): rows of up to 256 hashes.
//!
//! Tile (level, index) holds the roots of the complete subtrees of 256^level leaves with the numbers
//! index * 256 to index * 256 + 255; level 0 holds the leaf hashes. A tile only ever grows at its end, so a tile
//! of the log as it is now also answers for every earlier size.

use std::collections::BTreeMap;

use thiserror::Error;

use super::frontier::Frontier;
use super::hash::{Hash, HashError};
use super::node::Node;
use super::tree::root_of;

/// Most hashes a tile can hold.
pub const TILE_WIDTH: usize = 256;
/// Steps up the tree from one level of tiles to the next: 2^8 = 256.
const TILE_HEIGHT: u32 = 8;

/// Names a tile: `level` 0 to 7, `index` counted from 0 within the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// Level: an entry stands for 256^level leaves.
    pub level: u8,
    /// Number of the tile within its level, from 0.
    pub index: u64,
}

/// Hashes that go to the end of one tile, which holds `offset` hashes before; offset 0 makes a new row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileAppend {
    /// Level of the tile.
    pub level: u8,
    /// Number of the tile within its level.
    pub index: u64,
    /// How many hashes the tile held before, 0 to 255.
    pub offset: u16,
    /// What is added, in order; never empty, never beyond the 256th.
    pub hashes: Vec<Hash>,
}

/// Tile rows that do not fit together: the log's rows were damaged or changed by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TileError {
    /// More hashes than a tile holds.
    #[error("ログのタイル（段{}・{}番）が256件を超えています。yokoito verify で確かめてください", .0.level, .0.index)]
    Overfull(TileId),
    /// The tile does not end where the addition begins.
    #[error("ログのタイル（段{}・{}番）に抜けか重なりがあります。yokoito verify で確かめてください", .0.level, .0.index)]
    Gap(TileId),
}

impl TileAppend {
    /// The tile that grows.
    pub fn id(&self) -> TileId {
        TileId {
            level: self.level,
            index: self.index,
        }
    }
}

/// Appends a batch of leaf hashes to the frontier and answers what the tiles receive, ordered by level and index,
/// each tile once. Reads no tile: an upper entry is known the moment its subtree is complete.
pub fn append_batch(frontier: &mut Frontier, leaves: &[Hash]) -> Vec<TileAppend> {
    let mut appends = BTreeMap::new();
    for leaf in leaves {
        frontier.append_telling(*leaf, |node, hash| {
            if node.height % TILE_HEIGHT != 0 {
                return;
            }
            let Place { id, offset, .. } = Place::of(node);
            let TileId { level, index } = id;
            let fresh = || TileAppend {
                level,
                index,
                offset: u16::from(offset),
                hashes: Vec::new(),
            };
            appends.entry(id).or_insert_with(fresh).hashes.push(hash);
        });
    }
    appends.into_values().collect()
}

/// Writes the hashes of a tile as the bytes of its row, 32 each.
pub fn pack(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(Hash::as_bytes).copied().collect()
}

/// Reads the bytes of a tile row.
///
/// # Errors
/// [`HashError::Length`] when the bytes are no whole number of hashes.
pub fn unpack(bytes: &[u8]) -> Result<Vec<Hash>, HashError> {
    bytes.chunks(Hash::LEN).map(Hash::try_from).collect()
}

/// Where the hash of a complete subtree is found: alone (width 1) or as the root over 2 to 128 hashes of a tile.
#[derive(Clone, Copy)]
struct Place {
    id: TileId,
    offset: u8,
    width: usize,
}

impl Place {
    fn of(node: Node) -> Self {
        let rest = node.height % TILE_HEIGHT;
        let first = node.index << rest;
        let [.., offset] = first.to_be_bytes();
        let [.., level] = (node.height / TILE_HEIGHT).to_be_bytes();
        Self {
            id: TileId {
                level,
                index: first >> TILE_HEIGHT,
            },
            offset,
            width: 1 << rest,
        }
    }
}

/// The tile in which a complete subtree is found.
pub(super) fn tile_of(node: Node) -> TileId {
    Place::of(node).id
}

/// Tiles in memory: those that were read for one proof, or all of a small log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TileSet(BTreeMap<TileId, Vec<Hash>>);

impl TileSet {
    /// Puts a tile in, in place of one of the same name.
    ///
    /// # Errors
    /// [`TileError::Overfull`] for more than 256 hashes.
    pub fn insert(&mut self, id: TileId, hashes: Vec<Hash>) -> Result<(), TileError> {
        if hashes.len() > TILE_WIDTH {
            return Err(TileError::Overfull(id));
        }
        self.0.insert(id, hashes);
        Ok(())
    }

    /// Adds what [`append_batch`] answered.
    ///
    /// # Errors
    /// [`TileError::Gap`] when the tile does not end at the offset, [`TileError::Overfull`] beyond 256 hashes;
    /// the set is as before then.
    pub fn append(&mut self, append: &TileAppend) -> Result<(), TileError> {
        let held = self.0.get(&append.id()).map_or(0, Vec::len);
        if held != usize::from(append.offset) {
            return Err(TileError::Gap(append.id()));
        }
        if held + append.hashes.len() > TILE_WIDTH {
            return Err(TileError::Overfull(append.id()));
        }
        self.0
            .entry(append.id())
            .or_default()
            .extend_from_slice(&append.hashes);
        Ok(())
    }

    /// The hashes of a tile, if it is here.
    pub fn get(&self, id: TileId) -> Option<&[Hash]> {
        self.0.get(&id).map(Vec::as_slice)
    }

    /// All tiles, ordered by level and index.
    pub fn iter(&self) -> impl Iterator<Item = (TileId, &[Hash])> {
        self.0.iter().map(|(id, hashes)| (*id, hashes.as_slice()))
    }

    /// The hash of a complete subtree, if its tile is here and long enough.
    pub(super) fn hash_of(&self, node: Node) -> Option<Hash> {
        let Place { id, offset, width } = Place::of(node);
        let first = usize::from(offset);
        self.get(id)?.get(first..first + width).map(root_of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TILE: TileId = TileId { level: 0, index: 0 };

    fn append(offset: u16, count: usize) -> TileAppend {
        TileAppend {
            level: 0,
            index: 0,
            offset,
            hashes: vec![Hash::new([1; 32]); count],
        }
    }

    /// 65,537 leaves of one batch: 257 tiles of leaves, two tiles of level 1, the first entry of level 2.
    #[test]
    fn a_batch_names_each_tile_once() {
        let mut frontier = Frontier::default();
        let leaves = vec![Hash::new([1; 32]); 65_537];
        let appends = append_batch(&mut frontier, &leaves);
        let shape: Vec<_> = appends
            .iter()
            .map(|a| (a.level, a.index, a.offset, a.hashes.len()))
            .collect();
        assert_eq!(shape.len(), 257 + 1 + 1);
        assert_eq!(shape[0], (0, 0, 0, 256));
        assert_eq!(
            shape[255..],
            [(0, 255, 0, 256), (0, 256, 0, 1), (1, 0, 0, 256), (2, 0, 0, 1)]
        );
        assert_eq!(appends[258].hashes, [root_of(&leaves[..65_536])]);

        let more = append_batch(&mut frontier, &leaves[..255]);
        let shape: Vec<_> = more
            .iter()
            .map(|a| (a.level, a.index, a.offset, a.hashes.len()))
            .collect();
        assert_eq!(shape, [(0, 256, 1, 255), (1, 1, 0, 1)]);
        assert_eq!(append_batch(&mut frontier, &[]), []);
    }

    #[test]
    fn rows_that_do_not_fit_are_refused() {
        let mut tiles = TileSet::default();
        assert_eq!(tiles.append(&append(1, 1)), Err(TileError::Gap(TILE)));
        assert_eq!(tiles.append(&append(0, 200)), Ok(()));
        assert_eq!(tiles.append(&append(199, 1)), Err(TileError::Gap(TILE)));
        assert_eq!(tiles.append(&append(200, 57)), Err(TileError::Overfull(TILE)));
        assert_eq!(tiles.append(&append(200, 56)), Ok(()));
        assert_eq!(tiles.get(TILE).map(<[Hash]>::len), Some(256));
        assert_eq!(
            tiles.insert(TILE, vec![Hash::new([1; 32]); 257]),
            Err(TileError::Overfull(TILE))
        );
    }

    #[test]
    fn row_bytes() {
        let hashes = [Hash::new([1; 32]), Hash::new([2; 32])];
        let bytes = pack(&hashes);
        assert_eq!(bytes, [[1; 32], [2; 32]].concat());
        assert_eq!(unpack(&bytes), Ok(hashes.to_vec()));
        assert_eq!(unpack(&bytes[1..]), Err(HashError::Length));
        assert_eq!(unpack(&[]), Ok(Vec::new()));
    }
}
