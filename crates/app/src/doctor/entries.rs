//! Reading the entries of a book that may be damaged: what cannot be read is narrowed down to single entries.

use super::safety::Scan;
use domain::{
    canonical,
    log::{Hash, TILE_WIDTH, leaf_hash, unpack},
};
use std::collections::BTreeMap;
use store::{Store, inspect::LeafRow};

/// Entries read at once: two tiles of leaves.
const PAGE: u64 = 512;
/// Failed readings after which the rest of a page is given up: each costs a statement.
const PATIENCE: u32 = 2_000;
/// Positions without entry that are gone through one by one.
const GAP: u64 = 4_096;

/// Takes the entries `0 .. size` through a scan.
pub(super) async fn scan(store: &Store, size: u64, scan: &mut Scan) {
    let (mut from, mut patience) = (0, PATIENCE);
    while from < size {
        let to = size.min(from + PAGE);
        let entries = leaves(store, from, to, &mut patience).await;
        let tiles = tiles(store, from, to).await;
        for seq in from..to {
            scan.next(entries.get(&seq).copied(), tiles.get(&seq).copied());
        }
        from = to;
        if entries.is_empty() && tiles.is_empty() {
            // a row put in far away must not keep us for ever
            let next = store.rows().next_entry(from).await.ok().flatten().unwrap_or(size);
            if next.saturating_sub(from) > GAP {
                from = next.min(size);
                scan.skip_to(from);
            }
        }
    }
}

/// The leaves that can be worked out. A page that cannot be read is halved until single entries stand alone.
async fn leaves(store: &Store, from: u64, to: u64, patience: &mut u32) -> BTreeMap<u64, Hash> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![(from, to)];
    while let Some((from, to)) = waiting.pop() {
        match store.leaf_rows(from, to).await {
            Ok(rows) => {
                for row in rows {
                    if let (Ok(seq), Some(leaf)) = (u64::try_from(row.seq), leaf(&row)) {
                        found.insert(seq, leaf);
                    }
                }
            }
            Err(_) if to - from > 1 && *patience > 0 => {
                *patience -= 1;
                let middle = from + (to - from) / 2;
                waiting.extend([(middle, to), (from, middle)]);
            }
            Err(_) => {}
        }
    }
    found
}

fn leaf(row: &LeafRow) -> Option<Hash> {
    let seq = u64::try_from(row.seq).ok()?;
    let parts = canonical::split(&row.canonical).ok()?;
    let seed = <[u8; 32]>::try_from(row.salt.as_slice()).ok()?;
    Some(leaf_hash(&canonical::leaf_content(seq, &parts, &seed)))
}

/// The leaves that were kept.
async fn tiles(store: &Store, from: u64, to: u64) -> BTreeMap<u64, Hash> {
    let width = TILE_WIDTH as u64;
    let mut found = BTreeMap::new();
    // a tile that cannot be read is a witness less, no more
    let pieces = store.tile_pieces(0, from / width, (to - 1) / width).await;
    for piece in pieces.unwrap_or_default() {
        let (Ok(tile), Ok(slot)) = (u64::try_from(piece.tile_index), u64::try_from(piece.slot)) else {
            continue;
        };
        let hashes = unpack(&piece.hashes).unwrap_or_default();
        for (seq, hash) in (tile.saturating_mul(width).saturating_add(slot)..).zip(hashes) {
            found.entry(seq).or_insert(hash);
        }
    }
    found.retain(|seq, _| (from..to).contains(seq));
    found
}
