//! Tiles of the log against the leaves.

use super::Audit;
use domain::{
    log::{Hash, TILE_WIDTH, TileId, append_batch, unpack},
    verify::{EntryName, Invariant, Problem, Subject},
};
use std::collections::{BTreeMap, BTreeSet};
use store::StoreError;

/// A leaf as its entry gives it; none where the entry cannot be read.
pub(super) struct Leaf {
    pub seq: u64,
    pub hash: Option<Hash>,
    pub name: Option<EntryName>,
}

/// Hashes of tiles as the rows have them.
#[derive(Default)]
struct Kept {
    hashes: BTreeMap<(TileId, usize), Hash>,
    /// Slots with two hashes.
    twice: BTreeSet<(TileId, usize)>,
}

impl Audit {
    /// Compares the tiles that the leaves of a page went into. Goes on with the tiles' own leaves, so that one damaged
    /// leaf is one finding.
    pub async fn tiles(&mut self, leaves: &[Leaf]) -> Result<(), StoreError> {
        let width = TILE_WIDTH as u64;
        let (Some(first), Some(last)) = (leaves.first(), leaves.last()) else {
            return Ok(());
        };
        let kept = self.read_tiles(0, first.seq / width, last.seq / width).await?;
        let mut hashes = Vec::with_capacity(leaves.len());
        for leaf in leaves {
            let id = TileId {
                level: 0,
                index: leaf.seq / width,
            };
            let at = usize::try_from(leaf.seq % width).unwrap_or_default();
            let entry = leaf.name.clone().map(Subject::Entry);
            hashes.extend(self.compare(&kept, id, at, entry, leaf.hash));
        }
        let Some(log) = self.log.as_mut().filter(|_| hashes.len() == leaves.len()) else {
            self.log = None;
            return Ok(());
        };
        for append in append_batch(log, &hashes) {
            let id = append.id();
            if id.level == 0 {
                continue;
            }
            let kept = self.read_tiles(id.level, id.index, id.index).await?;
            for (n, hash) in append.hashes.iter().enumerate() {
                self.compare(&kept, id, usize::from(append.offset) + n, None, Some(*hash));
            }
        }
        Ok(())
    }

    /// Compares a slot with what the entries give; answers what is in the slot, or else what should be.
    fn compare(
        &mut self,
        kept: &Kept,
        id: TileId,
        at: usize,
        entry: Option<Subject>,
        expected: Option<Hash>,
    ) -> Option<Hash> {
        let stored = kept.hashes.get(&(id, at)).copied();
        let problem = if kept.twice.contains(&(id, at)) {
            Some(Problem::TileOverlaps)
        } else {
            // an entry that is missing or cannot be read has been named
            expected
                .filter(|_| stored != expected)
                .map(|_| Problem::TileDiffers { at })
        };
        if let Some(problem) = problem {
            self.add(
                Invariant::Logged,
                entry.into_iter().chain([Subject::Tile(id)]),
                problem,
            );
        }
        stored.or(expected)
    }

    async fn read_tiles(&mut self, level: u8, first: u64, last: u64) -> Result<Kept, StoreError> {
        let mut kept = Kept::default();
        let pieces = self.store.tile_pieces(level, first, last).await;
        for piece in self.readable("log_tile", pieces)? {
            let (Ok(index), Ok(start)) = (u64::try_from(piece.tile_index), usize::try_from(piece.slot))
            else {
                continue;
            };
            let id = TileId { level, index };
            for (n, hash) in unpack(&piece.hashes).unwrap_or_default().into_iter().enumerate() {
                // what reaches over the end is put to the last slot
                let at = (id, (start + n).min(TILE_WIDTH - 1));
                if kept.hashes.insert(at, hash).is_some() {
                    kept.twice.insert(at);
                }
            }
        }
        Ok(kept)
    }
}
