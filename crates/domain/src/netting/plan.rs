//! From what stands in the books to the lines of the act `net`, with what is shown of it before and after.

use super::{Owes, payments};
use crate::{
    account::{Account, BookUnit, Section},
    acts::net::{ClaimKind, Net, Remainder, SetOff},
    id::OfficeId,
    money::Yen,
    text::Code,
};
use std::collections::{BTreeMap, BTreeSet};

/// A section of an office: its money is its own.
pub type Unit = (OfficeId, Section);

/// A claim of one section of an office on one of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    /// Who owes.
    pub debtor: Unit,
    /// Who is owed.
    pub creditor: Unit,
    /// As what.
    pub what: ClaimKind,
    /// How much, above nought.
    pub yen: i64,
}

impl Standing {
    fn owes(&self) -> Owes<Unit> {
        Owes {
            debtor: self.debtor,
            creditor: self.creditor,
            yen: self.yen,
        }
    }

    fn is_of(&self, unit: Unit) -> bool {
        self.debtor == unit || self.creditor == unit
    }
}

/// What is to be set off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Who owes whom as it stands, those who stay out included.
    pub before: Vec<Owes<Unit>>,
    /// Who owes whom then.
    pub after: Vec<Owes<Unit>>,
    /// Of these, what is left as it is.
    pub untouched: BTreeSet<(Unit, Unit)>,
    /// Claims that become smaller, by how much.
    pub cleared: Vec<Standing>,
    /// Claims that are owed anew.
    pub anew: Vec<Owes<Unit>>,
}

/// The claims that stand between offices, out of the balances of both sides' accounts. A book says which section owes
/// which office and which section is owed by which, not which owes which: where both offices have two, the first sections
/// are taken together first, and no account is asked for more than stands on it.
pub fn standing(balances: &[(Account, Yen)]) -> Vec<Standing> {
    type Sides = (Vec<(Section, i64)>, Vec<(Section, i64)>);
    let mut pairs: BTreeMap<(OfficeId, OfficeId, ClaimKind), Sides> = BTreeMap::new();
    let mut balances = balances.to_vec();
    balances.sort();
    for (account, yen) in balances {
        let (BookUnit::Office(own, section), Some(party)) = (account.unit, account.party) else {
            continue;
        };
        let other = OfficeId(party.0);
        // what the two sections of an office owe each other is nothing to others
        if own == other {
            continue;
        }
        for what in ClaimKind::ALL {
            let (claim, debt) = what.accounts();
            if account.kind == claim && yen.is_positive() {
                pairs
                    .entry((own, other, what))
                    .or_default()
                    .0
                    .push((section, yen.get()));
            }
            if account.kind == debt && yen.negated().is_positive() {
                let pair = pairs.entry((other, own, what)).or_default();
                pair.1.push((section, yen.negated().get()));
            }
        }
    }
    let mut found = Vec::new();
    for ((creditor, debtor, what), (claims, debts)) in pairs {
        let (mut claims, mut debts) = (claims.into_iter(), debts.into_iter());
        let (mut claim, mut debt) = (claims.next(), debts.next());
        while let (Some((section, claimed)), Some((theirs, owed))) = (claim, debt) {
            let yen = claimed.min(owed);
            found.push(Standing {
                debtor: (debtor, theirs),
                creditor: (creditor, section),
                what,
                yen,
            });
            claim = if claimed > yen {
                Some((section, claimed - yen))
            } else {
                claims.next()
            };
            debt = if owed > yen {
                Some((theirs, owed - yen))
            } else {
                debts.next()
            };
        }
    }
    found.sort();
    found
}

/// What of this is set off when nobody stays out but these offices.
pub fn plan(standing: &[Standing], stay_out: &BTreeSet<OfficeId>) -> Plan {
    let is_out = |unit: Unit| stay_out.contains(&unit.0);
    let mut inside: Vec<Standing> = standing.to_vec();
    inside.retain(|claim| !is_out(claim.debtor) && !is_out(claim.creditor));
    let paid = loop {
        let owes: Vec<Owes<Unit>> = inside.iter().map(Standing::owes).collect();
        let paid = payments(&owes);
        // two sections of one office pay each other nothing: the claims of the second are left as they are
        let within = paid.iter().find(|owes| owes.debtor.0 == owes.creditor.0);
        match within.map(|owes| owes.debtor.max(owes.creditor)) {
            Some(unit) => inside.retain(|claim| !claim.is_of(unit)),
            None => break paid,
        }
    };
    let pairs_inside: BTreeSet<(Unit, Unit)> = inside
        .iter()
        .map(|claim| (claim.debtor, claim.creditor))
        .collect();
    let before = summed(standing.iter().map(Standing::owes));
    let untouched: BTreeSet<(Unit, Unit)> = before
        .iter()
        .map(|owes| (owes.debtor, owes.creditor))
        .filter(|pair| !pairs_inside.contains(pair))
        .collect();
    let left = before
        .iter()
        .filter(|owes| untouched.contains(&(owes.debtor, owes.creditor)))
        .copied();
    let after = summed(left.chain(paid.iter().copied()));
    // what a payment needs and is owed already stays as it stands
    let mut needed: BTreeMap<(Unit, Unit), i64> = paid
        .iter()
        .map(|owes| ((owes.debtor, owes.creditor), owes.yen))
        .collect();
    let mut cleared = Vec::new();
    for claim in &inside {
        let need = needed.entry((claim.debtor, claim.creditor)).or_default();
        let kept = claim.yen.min(*need);
        *need -= kept;
        if claim.yen > kept {
            cleared.push(Standing {
                yen: claim.yen - kept,
                ..*claim
            });
        }
    }
    let anew = needed.into_iter().filter(|(_, yen)| *yen > 0);
    Plan {
        anew: anew
            .map(|((debtor, creditor), yen)| Owes {
                debtor,
                creditor,
                yen,
            })
            .collect(),
        before,
        after,
        untouched,
        cleared,
    }
}

/// One line for each who owes somebody.
fn summed(owes: impl Iterator<Item = Owes<Unit>>) -> Vec<Owes<Unit>> {
    let mut sums: BTreeMap<(Unit, Unit), i64> = BTreeMap::new();
    for one in owes {
        let sum = sums.entry((one.debtor, one.creditor)).or_default();
        *sum = sum.saturating_add(one.yen);
    }
    sums.into_iter()
        .map(|((debtor, creditor), yen)| Owes {
            debtor,
            creditor,
            yen,
        })
        .collect()
}

impl Plan {
    /// The act, to which nobody has said yes yet; `None` when an amount or an office cannot be written.
    pub fn act(&self, code: impl Fn(OfficeId) -> Option<Code>) -> Option<Net> {
        let yen = |yen: i64| Yen::try_new(yen).ok();
        let clears = self.cleared.iter().map(|claim| {
            Some(SetOff {
                creditor: code(claim.creditor.0)?,
                debtor: code(claim.debtor.0)?,
                what: claim.what,
                section: claim.creditor.1,
                their_section: claim.debtor.1,
                yen: yen(claim.yen)?,
            })
        });
        let remain = self.anew.iter().map(|owes| {
            Some(Remainder {
                creditor: code(owes.creditor.0)?,
                debtor: code(owes.debtor.0)?,
                section: owes.creditor.1,
                their_section: owes.debtor.1,
                yen: yen(owes.yen)?,
            })
        });
        Some(Net {
            clears: clears.collect::<Option<_>>()?,
            remain: remain.collect::<Option<_>>()?,
            agreed: Vec::new(),
        })
    }

    /// Offices whose yes it takes.
    pub fn touched(&self) -> BTreeSet<OfficeId> {
        let cleared = self
            .cleared
            .iter()
            .flat_map(|claim| [claim.debtor.0, claim.creditor.0]);
        let anew = self.anew.iter().flat_map(|owes| [owes.debtor.0, owes.creditor.0]);
        cleared.chain(anew).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::AccountKind as K;
    use crate::id::PartyId;
    use uuid::Uuid;

    const P: Section = Section::Production;
    const W: Section = Section::Welfare;

    fn office(number: u128) -> OfficeId {
        OfficeId(Uuid::from_u128(number))
    }

    fn account(own: u128, section: Section, kind: K, other: u128) -> Account {
        Account::with(
            BookUnit::Office(office(own), section),
            kind,
            PartyId::from(office(other)),
        )
    }

    fn claim(debtor: (u128, Section), creditor: (u128, Section), yen: i64) -> Standing {
        Standing {
            debtor: (office(debtor.0), debtor.1),
            creditor: (office(creditor.0), creditor.1),
            what: ClaimKind::Receivable,
            yen,
        }
    }

    #[test]
    fn both_sides_of_a_claim_are_found() {
        let balances = [
            (account(1, P, K::Receivable, 2), Yen::new(900)),
            (account(2, P, K::Payable, 1), Yen::new(-300)),
            (account(2, W, K::Payable, 1), Yen::new(-600)),
            (account(3, P, K::Internal, 4), Yen::new(-70)),
            (account(4, P, K::Internal, 3), Yen::new(70)),
            // paid too much: nobody's claim; within one office: nobody else's
            (account(1, P, K::Receivable, 5), Yen::new(-10)),
            (account(5, P, K::Payable, 1), Yen::new(10)),
            (account(1, P, K::Internal, 1), Yen::new(40)),
            (account(1, W, K::Internal, 1), Yen::new(-40)),
        ];
        let internal = Standing {
            what: ClaimKind::InternalReceivable,
            ..claim((3, P), (4, P), 70)
        };
        assert_eq!(
            standing(&balances),
            [claim((2, P), (1, P), 300), claim((2, W), (1, P), 600), internal]
        );
    }

    #[test]
    fn what_is_owed_already_stays_and_only_the_rest_is_cleared() {
        // 2 owes 1 900, 3 owes 2 500: 2 pays 1 400, 3 pays 1 500
        let plan = plan(
            &[claim((2, P), (1, P), 900), claim((3, P), (2, P), 500)],
            &BTreeSet::new(),
        );
        assert_eq!(
            plan.cleared,
            [claim((2, P), (1, P), 500), claim((3, P), (2, P), 500)]
        );
        assert_eq!(plan.anew, [claim((3, P), (1, P), 500).owes()]);
        assert_eq!(
            plan.after,
            [
                claim((2, P), (1, P), 400).owes(),
                claim((3, P), (1, P), 500).owes()
            ]
        );
        assert!(plan.untouched.is_empty());
    }

    #[test]
    fn who_stays_out_is_left_as_it_stands() {
        let standing = [
            claim((1, P), (2, P), 500),
            claim((2, P), (3, P), 500),
            claim((3, P), (1, P), 500),
            claim((2, P), (1, P), 200),
        ];
        let all = plan(&standing, &BTreeSet::new());
        assert_eq!(all.after, [claim((2, P), (1, P), 200).owes()]);
        let without = plan(&standing, &BTreeSet::from([office(3)]));
        assert_eq!(without.untouched.len(), 2);
        assert_eq!(without.touched(), BTreeSet::from([office(1), office(2)]));
        let after = [
            claim((1, P), (2, P), 300).owes(),
            claim((2, P), (3, P), 500).owes(),
            claim((3, P), (1, P), 500).owes(),
        ];
        assert_eq!(without.after, after);
    }

    #[test]
    fn two_sections_of_an_office_do_not_pay_each_other() {
        // 2 owes the welfare section of 1, whose production owes 2: set off they would leave 1 owing itself
        let standing = [claim((2, P), (1, W), 500), claim((1, P), (2, P), 500)];
        let plan = plan(&standing, &BTreeSet::new());
        assert_eq!(plan.after, plan.before);
        assert_eq!((plan.cleared.len(), plan.anew.len()), (0, 0));
    }
}
