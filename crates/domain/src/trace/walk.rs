//! The walk over links, level by level. It reads nothing itself: it says what it wants and is fed.

use super::{Direction, Fraction, Genealogy};
use std::collections::{BTreeMap, BTreeSet};

/// Of the input lot this much went into the output lot: one stored link. Mirrors are negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge<L> {
    /// What went in.
    pub input: L,
    /// What came out.
    pub output: L,
    /// Input quantity in smallest steps of the input's unit; below nought in a mirror.
    pub quantity: i64,
}

/// A walk from a lot. `L` is whatever names lots where the links are kept.
#[derive(Clone, Debug)]
pub struct Walk<L> {
    direction: Direction,
    root: L,
    levels_left: usize,
    seen: BTreeSet<L>,
    wanted: Vec<L>,
    /// Net quantity by near lot (closer to the root) and far lot.
    net: BTreeMap<L, BTreeMap<L, i128>>,
    /// Lots of the last level, whose links were not asked for.
    unread: BTreeSet<L>,
}

impl<L: Copy + Ord> Walk<L> {
    /// A walk of at most `levels` steps away from the root.
    pub fn new(root: L, direction: Direction, levels: usize) -> Walk<L> {
        Walk {
            direction,
            root,
            levels_left: levels,
            seen: [root].into(),
            wanted: vec![root],
            net: BTreeMap::new(),
            unread: BTreeSet::new(),
        }
    }

    /// The lots of this level: feed all their links (backward those they are the output of, forward those they are the
    /// input of). Empty when the walk is over. No lot is wanted twice, so circles and lots met again end.
    pub fn wanted(&self) -> &[L] {
        &self.wanted
    }

    /// Takes all links of the wanted lots and goes one level on. Links of a pair that sum to nought or less were taken
    /// back.
    pub fn feed(&mut self, edges: impl IntoIterator<Item = Edge<L>>) {
        let asked: BTreeSet<L> = std::mem::take(&mut self.wanted).into_iter().collect();
        let mut level: BTreeMap<L, BTreeMap<L, i128>> = BTreeMap::new();
        for edge in edges {
            let (near, far) = match self.direction {
                Direction::Backward => (edge.output, edge.input),
                Direction::Forward => (edge.input, edge.output),
            };
            if asked.contains(&near) {
                let net = level.entry(near).or_default().entry(far).or_default();
                *net = net.saturating_add(edge.quantity.into());
            }
        }
        for far in level.values_mut() {
            far.retain(|_, quantity| *quantity > 0);
        }
        let next: BTreeSet<L> = level.values().flat_map(BTreeMap::keys).copied().collect();
        // not `append`, which builds the whole map anew
        self.net.extend(level);
        let next: Vec<L> = next.into_iter().filter(|lot| !self.seen.contains(lot)).collect();
        self.seen.extend(&next);
        if self.levels_left == 0 {
            self.unread.extend(next);
            return;
        }
        self.levels_left -= 1;
        self.wanted = next;
    }

    /// Every lot met so far, the root included.
    pub fn lots(&self) -> impl Iterator<Item = L> {
        self.seen.iter().copied()
    }

    /// Lots of the last level allowed: what lies behind them is not known.
    pub fn unread(&self) -> &BTreeSet<L> {
        &self.unread
    }

    /// What the walk found. `traced` is the part of the root that is meant; `size` says how much of a lot there ever
    /// was, in its smallest steps.
    pub fn genealogy(&self, traced: Fraction, size: impl Fn(L) -> i64) -> Genealogy<L> {
        let mut tree = Genealogy::of(self.root, traced, self.direction, &self.net, size);
        tree.ends.retain(|lot| !self.unread.contains(lot));
        tree
    }
}
