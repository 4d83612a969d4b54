//! The whole of the log against named vectors, against a second implementation, and against itself.

mod damage;
mod reference;
mod tiles;

use super::*;

/// Position of a leaf or root in a slice.
fn at(number: u64) -> usize {
    number.try_into().unwrap()
}

/// Leaf number i has i as its content.
fn numbered_leaves(count: u32) -> Vec<Hash> {
    (0..count).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

fn tiles_over(leaves: &[Hash]) -> TileSet {
    let mut tiles = TileSet::default();
    for append in append_batch(&mut Frontier::default(), leaves) {
        tiles.append(&append).unwrap();
    }
    tiles
}
