//! What must be true of each entry by itself, whatever its kind.

use super::{EntryName, Finding, Invariant, Problem, Subject};
use crate::{
    account::{Account, AccountKind, BookUnit},
    command::entry_id,
    entry::Entry,
    id::{LotId, OfficeId, PartyId},
    place::PlaceKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// Checks entries one after the other, in the order of the log. It remembers nothing but the offices of the book, which
/// every entry names that touches one.
#[derive(Clone, Debug, Default)]
pub struct EntryCheck {
    offices: BTreeSet<OfficeId>,
}

impl EntryCheck {
    /// What is wrong with an entry.
    pub fn check(&mut self, entry: &Entry) -> Vec<Finding> {
        self.offices.extend(&entry.offices);
        let mut found = Found {
            entry,
            findings: Vec::new(),
        };
        found.key();
        found.movements();
        found.births();
        found.links();
        found.units();
        found.mirrors(&self.offices);
        found.findings
    }
}

struct Found<'e> {
    entry: &'e Entry,
    findings: Vec<Finding>,
}

impl Found<'_> {
    fn add(&mut self, invariant: Invariant, about: Option<Subject>, problem: Problem) {
        let entry = Subject::Entry(EntryName::from(self.entry));
        self.findings.push(Finding::new(
            invariant,
            std::iter::once(entry).chain(about),
            problem,
        ));
    }

    fn lot(&mut self, invariant: Invariant, lot: LotId, problem: Problem) {
        self.add(invariant, Some(Subject::Lot(lot, None)), problem);
    }

    /// 7: the id follows from acting body and key, so that a key can have one entry only.
    fn key(&mut self) {
        if self.entry.id != entry_id(self.entry.acting, &self.entry.key) {
            self.add(Invariant::OneKey, None, Problem::WrongId);
        }
    }

    /// 1: from one place to another. What a movement takes away it brings, so goods can come only from outside the inner
    /// places, and whether these ever gave what they did not have is invariant 2.
    fn movements(&mut self) {
        for movement in &self.entry.movements {
            if movement.quantity.get() <= 0 {
                self.lot(Invariant::Conserved, movement.lot, Problem::NothingMoved);
            }
            if movement.from == movement.to {
                self.lot(Invariant::Conserved, movement.lot, Problem::MovesNowhere);
            }
        }
    }

    /// 5: not twice in one entry; over all entries the caller compares with the rows of lots.
    fn births(&mut self) {
        let mut seen = BTreeSet::new();
        for birth in &self.entry.births {
            if !seen.insert(birth.lot.id) {
                self.lot(Invariant::BornOnce, birth.lot.id, Problem::BornTwice);
            }
        }
    }

    /// 5: per input the links add up to the quantity used, mirrors counted against what they mirror.
    fn links(&mut self) {
        if self.entry.links.is_empty() {
            return;
        }
        // used, linked
        let mut lots: BTreeMap<LotId, (i128, i128)> = BTreeMap::new();
        for movement in &self.entry.movements {
            let quantity = i128::from(movement.quantity.get());
            let used = |kind| i128::from(kind == PlaceKind::Used);
            let net = quantity * (used(movement.to.kind) - used(movement.from.kind));
            if net != 0 {
                lots.entry(movement.lot).or_default().0 += net;
            }
        }
        for link in &self.entry.links {
            lots.entry(link.input).or_default().1 += i128::from(link.quantity);
            if link.quantity == 0 || link.quantity < 0 && self.entry.reverses.is_none() {
                self.lot(Invariant::BornOnce, link.input, Problem::LinkQuantity);
            }
            if link.input == link.output {
                self.lot(Invariant::BornOnce, link.input, Problem::Circle);
            }
        }
        for (lot, (used, linked)) in lots {
            if used != linked {
                self.lot(Invariant::BornOnce, lot, Problem::LinksDiffer { used, linked });
            }
        }
    }

    /// 3 and 9: each unit by itself, and all of them together.
    fn units(&mut self) {
        let mut units: BTreeMap<BookUnit, i128> = BTreeMap::new();
        for posting in &self.entry.postings {
            *units.entry(posting.account.unit).or_default() += i128::from(posting.yen.get());
            if !posting.account.is_sound() {
                let account = Subject::Account(posting.account);
                self.add(Invariant::Balanced, Some(account), Problem::UnsoundAccount);
            }
        }
        let sum = units.values().sum();
        for (unit, sum) in units {
            if sum != 0 {
                self.add(
                    Invariant::Balanced,
                    Some(Subject::Unit(unit)),
                    Problem::Unbalanced { sum },
                );
            }
        }
        if sum != 0 {
            self.add(Invariant::Shared, None, Problem::YenLost { sum });
        }
    }

    /// 4: between two offices (内部勘定: also between an office and a head office) what one side books the other side
    /// books against it. Both sides stand in the same entry, so it holds for the book when it holds for each entry.
    fn mirrors(&mut self, offices: &BTreeSet<OfficeId>) {
        let mut debts: BTreeMap<(PartyId, PartyId, AccountKind), (Account, i128)> = BTreeMap::new();
        for posting in &self.entry.postings {
            let account = posting.account;
            let keeps_books = |party: &PartyId| {
                account.kind == AccountKind::Internal || offices.contains(&OfficeId(party.0))
            };
            let (Some(mirror), Some(other)) = (account.kind.mirror(), account.party.filter(keeps_books))
            else {
                continue;
            };
            let owner = match account.unit {
                BookUnit::Office(office, _) => PartyId::from(office),
                BookUnit::Head(corporation) => PartyId::from(corporation),
            };
            let yen = i128::from(posting.yen.get());
            // one row for both sides: the smaller kind's, 内部勘定 by the smaller owner
            let side = if (account.kind, owner) <= (mirror, other) {
                (owner, other, account.kind)
            } else {
                (other, owner, mirror)
            };
            debts.entry(side).or_insert((account, 0)).1 += yen;
        }
        for (account, difference) in debts.into_values() {
            if difference != 0 {
                let account = Subject::Account(account);
                self.add(
                    Invariant::Mirrored,
                    Some(account),
                    Problem::NotMirrored { difference },
                );
            }
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
