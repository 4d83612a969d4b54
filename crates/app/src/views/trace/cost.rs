//! What lots cost their owner: what was paid for them, or what went into them. What nobody knows stays unknown; a harvest has
//! no cost of its own.

use super::{history::History, paid::Prices};
use crate::{moment::Moment, viewer::Gate, views::ViewError};
use domain::{
    id::{OfficeId, PartyId},
    place::PlaceKind,
    trace::{Direction, Edge, Fraction},
};
use std::collections::{BTreeMap, BTreeSet};

/// Levels of lots into lots that are followed.
const DEEPEST: usize = 64;

/// Yen for one smallest step of each lot; none where it is unknown.
pub(in crate::views) struct Costs(BTreeMap<i64, Fraction>);

/// What is known of a lot before its inputs are.
enum Known {
    Paid(Fraction),
    /// Made of others: what went in, and how much came out.
    Made(Vec<(i64, i128)>, i128),
    Unknown,
}

impl Costs {
    /// Works them out for goods of an office.
    pub async fn read(
        moment: &Moment,
        gate: Gate<'_>,
        owner: OfficeId,
        lots: &[i64],
    ) -> Result<Costs, ViewError> {
        let mut known: BTreeMap<i64, Known> = BTreeMap::new();
        let mut level: Vec<i64> = lots.to_vec();
        for _ in 0..DEEPEST {
            level.retain(|lot| !known.contains_key(lot));
            if level.is_empty() {
                break;
            }
            let found = of_level(moment, gate, owner.into(), &level).await?;
            level = found
                .values()
                .flat_map(|known| match known {
                    Known::Made(inputs, _) => inputs.iter().map(|(lot, _)| *lot).collect(),
                    Known::Paid(_) | Known::Unknown => Vec::new(),
                })
                .collect::<BTreeSet<i64>>()
                .into_iter()
                .collect();
            known.extend(found);
        }
        let mut costs = Costs(BTreeMap::new());
        // each round knows those whose inputs the one before knew
        for _ in 0..=DEEPEST {
            let before = costs.0.len();
            for (lot, known) in &known {
                if let Some(cost) = costs.worked_out(known) {
                    costs.0.insert(*lot, cost);
                }
            }
            if costs.0.len() == before {
                break;
            }
        }
        Ok(costs)
    }

    /// Yen of so many steps of a lot.
    pub fn of(&self, lot: i64, steps: i64) -> Option<Fraction> {
        self.0.get(&lot).map(|cost| cost.scaled(i128::from(steps), 1))
    }

    fn worked_out(&self, known: &Known) -> Option<Fraction> {
        match known {
            Known::Paid(cost) => Some(*cost),
            Known::Unknown => None,
            Known::Made(inputs, size) => {
                let mut sum = Fraction::ZERO;
                for (lot, steps) in inputs {
                    sum = sum.plus(self.0.get(lot)?.scaled(*steps, 1));
                }
                (*size > 0).then(|| sum.scaled(1, *size))
            }
        }
    }
}

async fn of_level(
    moment: &Moment,
    gate: Gate<'_>,
    owner: PartyId,
    lots: &[i64],
) -> Result<BTreeMap<i64, Known>, ViewError> {
    let snapshot = &moment.snapshot;
    let history = History::read(snapshot, lots).await?;
    let prices = Prices::read(snapshot, &history, Direction::Backward, gate).await?;
    let facts = snapshot.lots(lots).await?;
    let edges = snapshot.links(Direction::Backward, lots).await?;
    let mut known = BTreeMap::new();
    for kept in facts {
        let of_lot = history.of(kept.no);
        let (mut yen, mut steps, mut is_known) = (0_i128, 0_i128, true);
        let mut slips = BTreeSet::new();
        for event in of_lot.iter().filter(|event| event.moved.to.owner == owner) {
            let paid = if event.is_bought() {
                prices.of_birth(gate.masters(), event, &kept.lot)
            } else if event.changes_owner() {
                prices.of_passage(gate.masters(), event, &kept.lot)
            } else {
                continue;
            };
            steps += i128::from(event.moved.quantity);
            // a slip tells the price of all it moved of the lot at once
            if !slips.insert(event.moved.seq) {
                continue;
            }
            match paid.filter(|paid| paid.lots == 1) {
                Some(paid) => yen += i128::from(paid.yen.get()),
                None => is_known = false,
            }
        }
        let made: i128 = of_lot
            .iter()
            .filter(|event| event.moved.from.kind == PlaceKind::Made && event.moved.to.owner == owner)
            .map(|event| i128::from(event.moved.quantity))
            .sum();
        let cost = if steps > 0 && is_known && made == 0 {
            Known::Paid(Fraction::new(yen, steps))
        } else if steps > 0 || made == 0 {
            Known::Unknown
        } else {
            made_of(&edges, kept.no, made)
        };
        known.insert(kept.no, cost);
    }
    Ok(known)
}

/// What went into a lot, corrections taken off.
fn made_of(edges: &[Edge<i64>], lot: i64, made: i128) -> Known {
    let mut inputs: BTreeMap<i64, i128> = BTreeMap::new();
    for edge in edges.iter().filter(|edge| edge.output == lot) {
        *inputs.entry(edge.input).or_default() += i128::from(edge.quantity);
    }
    inputs.retain(|_, steps| *steps != 0);
    if inputs.is_empty() {
        return Known::Unknown;
    }
    Known::Made(inputs.into_iter().collect(), made)
}
