//! 相殺の案: from what each owes each to few payments that leave everybody's net what it was.
//!
//! Whoever nets to nought pays nothing. The others fall into groups that each sum to nought; a group of *k* is settled by
//! *k* − 1 payments, so the more groups, the fewer payments. Finding the most groups is NP-hard: up to [`EXACT`] with a
//! balance it is done exactly; beyond that pairs and triples are taken out first and the rest is exact as soon as it is
//! small, once over all and once within each connected part of the debts, and the better of the two is taken. A connected
//! part of *k* has at least *k* − 1 debts, so there are never more payments than there were debts.

mod plan;

pub use plan::{Plan, Standing, Unit, plan, standing};

use std::collections::{BTreeMap, BTreeSet};

/// So many with a balance are settled by the exact minimum of payments.
pub const EXACT: usize = 16;

/// Somebody owes somebody, in yen above nought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owes<P> {
    /// Who pays.
    pub debtor: P,
    /// Who is paid.
    pub creditor: P,
    /// How much.
    pub yen: i64,
}

/// Somebody's net: above nought is owed to them.
type Net<P> = (P, i128);

/// The payments that are left when all these debts are set off against each other, sorted by who pays whom. What one owes
/// oneself and what is not above nought is left out of account.
pub fn payments<P: Copy + Ord>(debts: &[Owes<P>]) -> Vec<Owes<P>> {
    let debts: Vec<&Owes<P>> = debts
        .iter()
        .filter(|owes| owes.yen > 0 && owes.debtor != owes.creditor)
        .collect();
    let nets = nets(&debts);
    let within: Vec<Vec<Net<P>>> = parts(&debts)
        .into_iter()
        .flat_map(|part| {
            let of_part = nets.iter().filter(|(who, _)| part.contains(who));
            groups(of_part.copied().collect())
        })
        .collect();
    let over_all = groups(nets);
    // of as many, those of who deals with each other already
    let groups = if over_all.len() > within.len() {
        over_all
    } else {
        within
    };
    let mut found: Vec<Owes<P>> = groups.into_iter().flat_map(settled).collect();
    found.sort();
    found
}

/// How many payments these debts are as they stand: one for each who owes somebody.
pub fn count<P: Copy + Ord>(debts: &[Owes<P>]) -> usize {
    let pairs = debts.iter().filter(|owes| owes.yen > 0);
    let pairs: BTreeSet<(P, P)> = pairs.map(|owes| (owes.debtor, owes.creditor)).collect();
    pairs.len()
}

/// All who have a balance, in order.
fn nets<P: Copy + Ord>(debts: &[&Owes<P>]) -> Vec<Net<P>> {
    let mut sums: BTreeMap<P, i128> = BTreeMap::new();
    for owes in debts {
        *sums.entry(owes.creditor).or_default() += i128::from(owes.yen);
        *sums.entry(owes.debtor).or_default() -= i128::from(owes.yen);
    }
    sums.into_iter().filter(|(_, sum)| *sum != 0).collect()
}

/// Who is connected with whom by debts.
fn parts<P: Copy + Ord>(debts: &[&Owes<P>]) -> Vec<BTreeSet<P>> {
    let mut beside: BTreeMap<P, BTreeSet<P>> = BTreeMap::new();
    for owes in debts {
        beside.entry(owes.debtor).or_default().insert(owes.creditor);
        beside.entry(owes.creditor).or_default().insert(owes.debtor);
    }
    let mut left: BTreeSet<P> = beside.keys().copied().collect();
    let mut parts = Vec::new();
    while let Some(first) = left.pop_first() {
        let mut part = BTreeSet::from([first]);
        let mut open = vec![first];
        while let Some(one) = open.pop() {
            for other in beside.get(&one).into_iter().flatten() {
                if left.remove(other) {
                    part.insert(*other);
                    open.push(*other);
                }
            }
        }
        parts.push(part);
    }
    parts
}

/// Groups that sum to nought: the most there are while there are few, many of them else.
fn groups<P: Copy + Ord>(mut nets: Vec<Net<P>>) -> Vec<Vec<Net<P>>> {
    let mut groups = Vec::new();
    if nets.len() > EXACT {
        groups.extend(pairs(&mut nets));
        groups.extend(triples(&mut nets));
    }
    if nets.len() <= EXACT {
        groups.extend(most_groups(&nets));
    } else {
        groups.push(nets);
    }
    groups
}

/// Takes out all who are owed what another owes, to the yen.
fn pairs<P: Copy + Ord>(nets: &mut Vec<Net<P>>) -> Vec<Vec<Net<P>>> {
    let mut waiting: BTreeMap<i128, Vec<Net<P>>> = BTreeMap::new();
    let mut found = Vec::new();
    for net in nets.drain(..) {
        match waiting.get_mut(&-net.1).and_then(Vec::pop) {
            Some(other) => found.push(vec![other, net]),
            None => waiting.entry(net.1).or_default().push(net),
        }
    }
    nets.extend(waiting.into_values().flatten());
    nets.sort();
    found
}

/// Takes out threes that sum to nought until few are left. One pass finds all there are: what is taken out makes no new
/// ones.
fn triples<P: Copy + Ord>(nets: &mut Vec<Net<P>>) -> Vec<Vec<Net<P>>> {
    let mut left: BTreeMap<i128, BTreeSet<P>> = BTreeMap::new();
    for (who, net) in nets.iter() {
        left.entry(*net).or_default().insert(*who);
    }
    let mut taken: BTreeSet<P> = BTreeSet::new();
    let mut found = Vec::new();
    for (at, first) in nets.iter().enumerate() {
        for second in nets.iter().skip(at + 1) {
            if nets.len() - taken.len() <= EXACT || taken.contains(&first.0) {
                break;
            }
            if taken.contains(&second.0) {
                continue;
            }
            let sum = -(first.1 + second.1);
            let others = left.get(&sum).into_iter().flatten();
            let mut others = others.filter(|who| **who != first.0 && **who != second.0);
            let Some(third) = others.next().copied() else {
                continue;
            };
            let group = vec![*first, *second, (third, sum)];
            for (who, net) in &group {
                taken.insert(*who);
                if let Some(same) = left.get_mut(net) {
                    same.remove(who);
                }
            }
            found.push(group);
        }
    }
    nets.retain(|(who, _)| !taken.contains(who));
    found
}

/// Over all orders in which these could be added up, the one in which the running sum is nought most often: each time it
/// is, a group is complete. Found for every subset from its smaller ones.
fn most_groups<P: Copy + Ord>(nets: &[Net<P>]) -> Vec<Vec<Net<P>>> {
    let subsets = 1_usize << nets.len();
    let mut sums = vec![0_i128; subsets];
    // most groups that are complete on the way to the subset, and who came last
    let mut best = vec![(0_u8, 0_u8); subsets];
    for subset in 1..subsets {
        let mut most = (0, 0);
        for (at, net) in (0_u8..).zip(nets) {
            let before = subset & !(1 << at);
            if before == subset {
                continue;
            }
            let (groups, _) = best.get(before).copied().unwrap_or_default();
            let sum = sums.get(before).copied().unwrap_or_default() + net.1;
            if let Some(place) = sums.get_mut(subset) {
                *place = sum;
            }
            let groups = groups + u8::from(sum == 0);
            if groups >= most.0 {
                most = (groups, at);
            }
        }
        if let Some(place) = best.get_mut(subset) {
            *place = most;
        }
    }
    // back the same way: a group ends where the sum of all that came before it is nought
    let mut groups: Vec<Vec<Net<P>>> = Vec::new();
    let mut subset = subsets - 1;
    while subset != 0 {
        if sums.get(subset) == Some(&0) {
            groups.push(Vec::new());
        }
        let last = best.get(subset).map_or(0, |(_, last)| *last);
        if let (Some(group), Some(net)) = (groups.last_mut(), nets.get(usize::from(last))) {
            group.push(*net);
        }
        subset &= !(1 << last);
    }
    groups
}

/// The payments within a group: whoever owes most pays whoever is owed most, until nobody is left. One is done with each
/// payment, two with the last.
fn settled<P: Copy + Ord>(group: Vec<Net<P>>) -> Vec<Owes<P>> {
    let by_size = |nets: Vec<Net<P>>| -> BTreeSet<(i128, P)> {
        nets.into_iter().map(|(who, net)| (net.abs(), who)).collect()
    };
    let (owed, owing): (Vec<Net<P>>, Vec<Net<P>>) = group.into_iter().partition(|(_, net)| *net > 0);
    let (mut owed, mut owing) = (by_size(owed), by_size(owing));
    let mut found = Vec::new();
    while let (Some((claim, creditor)), Some((debt, debtor))) = (owed.pop_last(), owing.pop_last()) {
        let yen = claim.min(debt);
        // a sum beyond all yen is cut, and refused where it is recorded
        let yen_paid = i64::try_from(yen).unwrap_or(i64::MAX);
        found.push(Owes {
            debtor,
            creditor,
            yen: yen_paid,
        });
        if claim > yen {
            owed.insert((claim - yen, creditor));
        }
        if debt > yen {
            owing.insert((debt - yen, debtor));
        }
    }
    found
}

#[cfg(test)]
mod tests;
