//! Tiles grown entry by entry, in batches, and worked out from scratch.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::*;

/// The entries of each level of tiles, from scratch: the leaves, then the root over each full 256 of the level below.
fn levels_from_scratch(leaves: &[Hash]) -> Vec<Vec<Hash>> {
    let up = |below: &Vec<Hash>| Some(below.chunks_exact(TILE_WIDTH).map(root_of).collect::<Vec<_>>());
    std::iter::successors(Some(leaves.to_vec()), up)
        .take_while(|level| !level.is_empty())
        .collect()
}

/// 70,000 leaves: 273 full tiles of leaves and a begun one, two tiles of level 1, one entry of level 2.
const MANY: u32 = 70_000;

#[test]
fn tiles_grow_right_at_every_size() {
    let leaves = numbered_leaves(MANY);
    let levels = levels_from_scratch(&leaves);
    assert_eq!(levels.iter().map(Vec::len).collect::<Vec<_>>(), [70_000, 273, 1]);

    let mut frontier = Frontier::default();
    let mut held = [0; 3];
    for (before, leaf) in leaves.iter().enumerate() {
        for TileAppend {
            level,
            index,
            offset,
            hashes,
        } in append_batch(&mut frontier, &[*leaf])
        {
            let held = &mut held[usize::from(level)];
            assert_eq!(index * 256 + u64::from(offset), *held as u64);
            assert_eq!(hashes, [levels[usize::from(level)][*held]]);
            *held += 1;
        }
        let size = before + 1;
        assert_eq!(held, [size, size / 256, size / 65_536]);
    }
}

#[test]
fn tiles_in_batches_equal_tiles_from_scratch() {
    let leaves = numbered_leaves(MANY);
    let levels = levels_from_scratch(&leaves);
    let mut random = StdRng::seed_from_u64(256);
    for most in [700, 5_000, 70_000] {
        let (mut frontier, mut tiles, mut rest) =
            (Frontier::default(), TileSet::default(), leaves.as_slice());
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(random.random_range(1..=most).min(rest.len()));
            rest = later;
            // as the book does it: the frontier comes from the head row and goes back
            frontier = Frontier::from_bytes(&frontier.to_bytes()).unwrap();
            for append in append_batch(&mut frontier, batch) {
                tiles.append(&append).unwrap();
            }
            let size = leaves.len() - rest.len();
            let mut expected = TileSet::default();
            for (level, width) in [(0_u8, 1), (1, 256), (2, 65_536)] {
                for (index, hashes) in levels[usize::from(level)][..size / width]
                    .chunks(TILE_WIDTH)
                    .enumerate()
                {
                    expected
                        .insert(
                            TileId {
                                level,
                                index: index as u64,
                            },
                            hashes.to_vec(),
                        )
                        .unwrap();
                }
            }
            assert!(tiles == expected, "{size} leaves");
        }
        assert_eq!(frontier.root(), root_of(&leaves));
    }
}

/// Proofs between random sizes of the large log, each made of just the tiles that were said to be needed.
#[test]
fn proofs_from_the_needed_tiles() {
    let leaves = numbered_leaves(MANY);
    let all = tiles_over(&leaves);
    let only = |ids: &[TileId]| {
        let mut tiles = TileSet::default();
        for id in ids {
            tiles.insert(*id, all.get(*id).unwrap().to_vec()).unwrap();
        }
        tiles
    };
    let mut random = StdRng::seed_from_u64(70_000);
    for round in 0..400_u32 {
        let new = random.random_range(1..=u64::from(MANY));
        let old = random.random_range(1..=new);
        let index = random.random_range(0..new);

        let head = |size| frontier_at(size, &only(&needed_tiles_for_frontier(size))).unwrap();
        let (old_root, new_root) = (head(old).root(), head(new).root());
        let inclusion_tiles = needed_tiles_for_inclusion(index, new).unwrap();
        let inclusion = inclusion_proof(index, new, &only(&inclusion_tiles)).unwrap();
        verify_inclusion(leaves[at(index)], index, new, &inclusion, new_root).unwrap();
        let consistency_tiles = needed_tiles_for_consistency(old, new).unwrap();
        let consistency = consistency_proof(old, new, &only(&consistency_tiles)).unwrap();
        verify_consistency(old, old_root, new, new_root, &consistency).unwrap();

        for missing in &inclusion_tiles {
            let fewer: Vec<_> = inclusion_tiles
                .iter()
                .copied()
                .filter(|id| id != missing)
                .collect();
            assert_eq!(
                inclusion_proof(index, new, &only(&fewer)),
                Err(ProofError::MissingTile(*missing))
            );
        }
        if round % 20 == 0 {
            let (old, new) = (at(old), at(new));
            assert_eq!(new_root, root_of(&leaves[..new]));
            assert_eq!(old_root, root_of(&leaves[..old]));
            assert_eq!(Some(inclusion), inclusion_proof_of(&leaves[..new], at(index)));
            assert_eq!(Some(consistency), consistency_proof_of(&leaves[..new], old));
        }
    }
    // an earlier frontier goes on like the real one
    let mut frontier = frontier_at(69_999, &all).unwrap();
    frontier.append(leaves[69_999]);
    assert_eq!(frontier, frontier_at(70_000, &all).unwrap());
}
