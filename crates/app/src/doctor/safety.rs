//! Which entries are as they were signed. The leaf that an entry's bytes and salt give is compared with two witnesses:
//! roots that somebody signed, and the leaf that was kept in the tiles when the entry was recorded. Either may be damaged
//! too, so each is used as far as signed roots bear it out.

use domain::log::{Checkpoint, Frontier, Hash};
use std::collections::{BTreeMap, BTreeSet};

/// Ranges that are kept; more are drawn together.
const RANGES: usize = 200;

/// Positions from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// First.
    pub first: u64,
    /// Last.
    pub last: u64,
}

impl Range {
    /// How many.
    pub const fn count(self) -> u64 {
        self.last - self.first + 1
    }
}

/// Positions in order, neighbours drawn together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ranges(Vec<Range>);

impl Ranges {
    fn add(&mut self, first: u64, last: u64) {
        let is_full = self.0.len() >= RANGES;
        match self.0.last_mut() {
            Some(range) if range.last.saturating_add(1) >= first || is_full => {
                range.last = range.last.max(last);
            }
            _ => self.0.push(Range { first, last }),
        }
    }

    /// Those at and after a position.
    fn from(self, position: u64) -> Vec<Range> {
        let rest = self.0.into_iter().filter(|range| range.last >= position);
        rest.map(|range| Range {
            first: range.first.max(position),
            ..range
        })
        .collect()
    }
}

/// Which entries are safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Safety {
    /// Entries there should be.
    pub size: u64,
    /// Every entry can be read, and together they give the root in the head row.
    pub whole: bool,
    /// Up to here a signed head vouches for every entry that is not listed below; 0 for no such head.
    pub signed: u64,
    /// Entries that are missing, cannot be read, or are not what was recorded.
    pub bad: Vec<Range>,
    /// Entries beyond the signed head of which nothing says what they were.
    pub unchecked: Vec<Range>,
}

impl Safety {
    /// So many entries from the first one on are as recorded, without a gap.
    pub fn sound_prefix(&self) -> u64 {
        let doubtful = self.bad.iter().chain(&self.unchecked).map(|range| range.first);
        doubtful.min().unwrap_or(self.size)
    }

    /// So many entries from the first one on are as they were signed, without a gap.
    pub fn signed_prefix(&self) -> u64 {
        self.sound_prefix().min(self.signed)
    }

    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.bad.is_empty() && self.unchecked.is_empty()
    }
}

/// The entries gone through one by one.
pub(super) struct Scan {
    next: u64,
    by_entries: Witness,
    by_tiles: Witness,
    /// No leaf can be worked out.
    unreadable: Ranges,
    /// The leaf is not that of the tile.
    differing: Ranges,
    /// There is no tile to compare with.
    lone: Ranges,
}

/// A tree over leaves as far as they are known, with the roots it had at the sizes asked for.
struct Witness {
    tree: Option<Frontier>,
    wanted: BTreeSet<u64>,
    roots: BTreeMap<u64, Hash>,
}

impl Witness {
    fn new(wanted: &BTreeSet<u64>) -> Witness {
        let mut witness = Witness {
            tree: Some(Frontier::default()),
            wanted: wanted.clone(),
            roots: BTreeMap::new(),
        };
        witness.note();
        witness
    }

    fn next(&mut self, leaf: Option<Hash>) {
        match (&mut self.tree, leaf) {
            (Some(tree), Some(leaf)) => {
                tree.append(leaf);
                self.note();
            }
            _ => self.tree = None,
        }
    }

    fn note(&mut self) {
        if let Some(tree) = &self.tree
            && self.wanted.contains(&tree.size())
        {
            self.roots.insert(tree.size(), tree.root());
        }
    }
}

impl Scan {
    /// Begins; the roots at these sizes will be known.
    pub fn new(wanted: &BTreeSet<u64>) -> Scan {
        Scan {
            next: 0,
            by_entries: Witness::new(wanted),
            by_tiles: Witness::new(wanted),
            unreadable: Ranges::default(),
            differing: Ranges::default(),
            lone: Ranges::default(),
        }
    }

    /// The next entry: the leaf that it gives, and the one that was kept.
    pub fn next(&mut self, entry: Option<Hash>, tile: Option<Hash>) {
        let seq = self.next;
        match (entry, tile) {
            (None, _) => self.unreadable.add(seq, seq),
            (Some(entry), Some(tile)) if entry != tile => self.differing.add(seq, seq),
            (Some(_), Some(_)) => {}
            (Some(_), None) => self.lone.add(seq, seq),
        }
        self.by_entries.next(entry);
        self.by_tiles.next(tile);
        self.next += 1;
    }

    /// So many positions without entry and tile.
    pub fn skip_to(&mut self, position: u64) {
        if position > self.next {
            self.unreadable.add(self.next, position - 1);
            self.by_entries.next(None);
            self.by_tiles.next(None);
            self.next = position;
        }
    }

    /// Roots at the sizes asked for that the log is known to have had: by the entries, by the tiles.
    pub fn roots(&self, size: u64) -> [Option<Hash>; 2] {
        [&self.by_entries, &self.by_tiles].map(|witness| witness.roots.get(&size).copied())
    }

    /// What the heads say of it, which must be signed by the book's keys; `root` is the root in the head row.
    pub fn finish(self, heads: &[Checkpoint], root: Option<Hash>) -> Safety {
        let reaches = |witness: &Witness| {
            let borne_out = heads
                .iter()
                .filter(|head| witness.roots.get(&head.size()) == Some(&head.root()));
            borne_out.map(Checkpoint::size).max().unwrap_or_default()
        };
        let size = self.next;
        let (by_entries, by_tiles) = (reaches(&self.by_entries), reaches(&self.by_tiles));
        // nobody signed it, but entries and head agree
        let is_whole = root.is_some() && self.by_entries.roots.get(&size).copied() == root;
        let unwitnessed = if is_whole { size } else { by_entries };
        let mut bad = self.unreadable.0;
        // where the entries give a signed root, it is the tiles that are damaged
        bad.extend(self.differing.from(unwitnessed));
        bad.sort_unstable();
        let mut drawn = Ranges::default();
        for range in bad {
            drawn.add(range.first, range.last);
        }
        let signed = by_entries.max(by_tiles);
        let mut unchecked = self.lone.from(unwitnessed);
        // entries and tiles agree with each other and not with what was signed: some entry since then was written anew
        let contradicts = |head: &Checkpoint| {
            let root = self.by_entries.roots.get(&head.size());
            head.size() > signed && root.is_some_and(|root| *root != head.root())
        };
        if heads.iter().any(contradicts) && signed < size {
            unchecked = vec![Range {
                first: signed,
                last: size - 1,
            }];
        }
        Safety {
            size,
            whole: is_whole,
            signed,
            bad: drawn.0,
            unchecked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::log::{leaf_hash, root_of};

    fn leaves(count: u32) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    fn head(leaves: &[Hash], size: usize) -> Checkpoint {
        Checkpoint::new("yokoito/a", size as u64, root_of(&leaves[..size])).unwrap()
    }

    fn range(first: u64, last: u64) -> Range {
        Range { first, last }
    }

    /// Ten entries, signed at four and at eight, some leaf of entries and tiles changed or gone.
    fn scanned(
        entry: impl Fn(usize, Hash) -> Option<Hash>,
        tile: impl Fn(usize, Hash) -> Option<Hash>,
    ) -> Safety {
        let leaves = leaves(10);
        let mut scan = Scan::new(&BTreeSet::from([4, 8, 10]));
        for (n, leaf) in leaves.iter().enumerate() {
            scan.next(entry(n, *leaf), tile(n, *leaf));
        }
        scan.finish(&[head(&leaves, 4), head(&leaves, 8)], Some(root_of(&leaves)))
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "one of several ways in which leaves are read"
    )]
    fn same(_: usize, leaf: Hash) -> Option<Hash> {
        Some(leaf)
    }

    fn changed_at(bad: usize) -> impl Fn(usize, Hash) -> Option<Hash> {
        move |n, leaf| Some(if n == bad { leaf_hash(b"other") } else { leaf })
    }

    fn gone_at(bad: usize) -> impl Fn(usize, Hash) -> Option<Hash> {
        move |n, leaf| (n != bad).then_some(leaf)
    }

    #[test]
    fn a_sound_book_is_signed_up_to_its_newest_head() {
        let safety = scanned(same, same);
        assert!(safety.is_sound());
        assert_eq!((safety.sound_prefix(), safety.signed_prefix()), (10, 8));
    }

    #[test]
    fn a_changed_entry_is_named_and_the_others_stay_signed() {
        let safety = scanned(changed_at(5), same);
        assert_eq!(safety.bad, [range(5, 5)]);
        assert_eq!((safety.signed, safety.signed_prefix()), (8, 5));
        let safety = scanned(gone_at(2), same);
        assert_eq!(safety.bad, [range(2, 2)]);
        assert_eq!((safety.signed, safety.signed_prefix()), (8, 2));
        // beyond what was signed: the tile says it
        let safety = scanned(changed_at(9), same);
        assert_eq!(
            (safety.bad.clone(), safety.signed_prefix()),
            (vec![range(9, 9)], 8)
        );
        assert_eq!(safety.sound_prefix(), 9);
    }

    #[test]
    fn damaged_tiles_do_not_speak_against_entries() {
        for safety in [
            scanned(same, changed_at(5)),
            scanned(same, gone_at(5)),
            scanned(same, |_, _| None),
        ] {
            assert!(safety.is_sound(), "{safety:?}");
            assert_eq!(safety.signed_prefix(), 8);
        }
    }

    #[test]
    fn without_tiles_the_last_signed_head_before_the_damage_counts() {
        let safety = scanned(changed_at(5), |_, _| None);
        assert_eq!((safety.signed, safety.signed_prefix()), (4, 4));
        assert_eq!(safety.bad, []);
        assert_eq!(
            safety.unchecked,
            [range(4, 9)],
            "nothing says which of them was changed"
        );
        let safety = scanned(gone_at(5), |_, _| None);
        assert_eq!(
            (&safety.bad[..], &safety.unchecked[..]),
            (&[range(5, 5)][..], &[range(4, 4), range(6, 9)][..])
        );
    }

    #[test]
    fn an_entry_changed_together_with_its_tile_is_told_by_the_signed_head() {
        let safety = scanned(changed_at(5), changed_at(5));
        // nothing says which it is: only what the head at four covers is borne out
        assert_eq!((safety.signed, safety.sound_prefix()), (4, 4));
        assert_eq!(safety.unchecked, [range(4, 9)]);
    }

    #[test]
    fn gaps_and_many_ranges_stay_small() {
        let mut scan = Scan::new(&BTreeSet::new());
        scan.skip_to(1 << 40);
        assert_eq!(scan.finish(&[], None).bad, [range(0, (1 << 40) - 1)]);
        let mut scan = Scan::new(&BTreeSet::new());
        for n in 0..2_000_u32 {
            scan.next((n % 2 == 0).then_some(leaf_hash(b"x")), None);
        }
        let safety = scan.finish(&[], None);
        assert_eq!(safety.bad.len(), RANGES);
        assert_eq!(safety.bad.last().map(|range| range.last), Some(1_999));
    }
}
