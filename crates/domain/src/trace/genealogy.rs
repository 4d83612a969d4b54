//! What a walk found, as rows of a tree with the part that each stands for.

use super::{Direction, Fraction};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a lot is shown in full at a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meeting {
    /// Here it is shown in full.
    First,
    /// Met on another way: shown in full further up.
    Again,
    /// It would be its own ingredient. No such links pass the rules; hand-made ones end here and count for nothing.
    Circle,
}

/// A row of the tree, in the order of reading: after a lot come the lots it is linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<L> {
    /// Steps away from the root.
    pub depth: usize,
    /// Position of the row it belongs under; none for the root.
    pub parent: Option<usize>,
    /// The lot.
    pub lot: L,
    /// What is recorded between it and the lot above, net: steps of the input of the two. 0 for the root.
    pub linked: i128,
    /// By this way: backward the part of the lot, in its own steps; forward the part of the root, in the root's steps.
    pub part: Fraction,
    /// Shown in full or not.
    pub meeting: Meeting,
}

/// The tree of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genealogy<L> {
    /// Rows; the first is the root. At a lot met on several ways, the rows below it stand for its total.
    pub steps: Vec<Step<L>>,
    /// Part of each lot over all ways, counted like [`Step::part`].
    pub totals: BTreeMap<L, Fraction>,
    /// Backward: lots that nothing went into, where the goods began. Forward: lots that went into nothing.
    pub ends: BTreeSet<L>,
    /// Which way it went.
    pub direction: Direction,
}

/// A lot whose linked lots are still to be read, with the next of them.
struct Open<L> {
    lot: L,
    at: usize,
    rest: std::vec::IntoIter<(L, i128)>,
}

impl<L: Copy + Ord> Genealogy<L> {
    pub(super) fn of(
        root: L,
        traced: Fraction,
        direction: Direction,
        net: &BTreeMap<L, BTreeMap<L, i128>>,
        size: impl Fn(L) -> i64,
    ) -> Genealogy<L> {
        let (mut steps, order) = rows(root, net);
        // from the root outwards every lot comes after all lots it is reached from
        let mut totals: BTreeMap<L, Fraction> = [(root, traced)].into();
        let mut ways: BTreeMap<L, Vec<usize>> = BTreeMap::new();
        for (at, step) in steps
            .iter()
            .enumerate()
            .filter(|(_, step)| step.meeting != Meeting::Circle)
        {
            if let Some(above) = step.parent.and_then(|parent| steps.get(parent)) {
                ways.entry(above.lot).or_default().push(at);
            }
        }
        for lot in order {
            let total = totals.get(&lot).copied().unwrap_or(Fraction::ZERO);
            let whole = i128::from(size(lot));
            for at in ways.remove(&lot).unwrap_or_default() {
                if let Some(step) = steps.get_mut(at) {
                    step.part = total.scaled(step.linked, whole);
                    let sum = totals.entry(step.lot).or_insert(Fraction::ZERO);
                    *sum = sum.plus(step.part);
                }
            }
        }
        if let Some(first) = steps.first_mut() {
            first.part = traced;
        }
        let inner = |lot: &L| net.get(lot).is_some_and(|far| !far.is_empty());
        let ends = totals.keys().filter(|lot| !inner(lot)).copied().collect();
        Genealogy {
            steps,
            totals,
            ends,
            direction,
        }
    }
}

/// The rows in the order of reading, without parts, and the lots in an order in which each comes after those it is
/// reached from. Without recursion: a chain may be long.
fn rows<L: Copy + Ord>(root: L, net: &BTreeMap<L, BTreeMap<L, i128>>) -> (Vec<Step<L>>, Vec<L>) {
    let far = |lot: L| {
        let far: Vec<(L, i128)> = net
            .get(&lot)
            .into_iter()
            .flatten()
            .map(|(lot, net)| (*lot, *net))
            .collect();
        far.into_iter()
    };
    let step = |depth, parent, lot, linked, meeting| Step {
        depth,
        parent,
        lot,
        linked,
        part: Fraction::ZERO,
        meeting,
    };
    let mut steps = vec![step(0, None, root, 0, Meeting::First)];
    let mut open = vec![Open {
        lot: root,
        at: 0,
        rest: far(root),
    }];
    let (mut shown, mut on_the_way): (BTreeSet<L>, BTreeSet<L>) = ([root].into(), [root].into());
    let mut done = Vec::new();
    while let Some(above) = open.last_mut() {
        let Some((lot, linked)) = above.rest.next() else {
            on_the_way.remove(&above.lot);
            done.push(above.lot);
            open.pop();
            continue;
        };
        let meeting = match (on_the_way.contains(&lot), shown.insert(lot)) {
            (true, _) => Meeting::Circle,
            (false, true) => Meeting::First,
            (false, false) => Meeting::Again,
        };
        let (at, parent) = (steps.len(), above.at);
        steps.push(step(open.len(), Some(parent), lot, linked, meeting));
        if meeting == Meeting::First {
            on_the_way.insert(lot);
            open.push(Open {
                lot,
                at,
                rest: far(lot),
            });
        }
    }
    done.reverse();
    (steps, done)
}

#[cfg(test)]
mod tests;
