//! The sales that a paper is about, as the book has them.

use super::{DocumentForm, Issue};
use crate::{
    account::Class,
    acts::original::too_large,
    draft::Draft,
    entry::{Entry, Posting},
    facts::EntryFact,
    id::{EntryId, OfficeId, PartyId},
    money::Yen,
    refusal::{Refusal, Stop, Why, refuse},
    tax::TaxRate,
};
use std::collections::BTreeMap;

impl Issue {
    /// The entries of the lines: each stands, is a sale between the two, and comes to what the lines say at each rate.
    pub(super) fn covered<'a>(
        &self,
        draft: &Draft<'a>,
        office: OfficeId,
        with: Option<PartyId>,
    ) -> Result<Vec<&'a EntryFact>, Stop> {
        let mut found: BTreeMap<EntryId, (&'a EntryFact, BTreeMap<TaxRate, Yen>)> = BTreeMap::new();
        let mut missing = Vec::new();
        for (n, line) in self.lines.iter().enumerate() {
            let field = format!("lines[{n}]");
            let fact = match draft.entry(&format!("{field}.entry"), &line.entry) {
                Ok(fact) => fact,
                Err(Stop::Need(needs)) => {
                    missing.extend(needs);
                    continue;
                }
                Err(refused) => return Err(refused),
            };
            if fact.reversed_by.is_some() {
                return refuse(format!("{field}.entry"), Why::ReversedAlready);
            }
            if fact.entry.supplied_on != line.on {
                return refuse(format!("{field}.on"), Why::DocumentDiffers { what: "日付" });
            }
            let (_, sums) = found.entry(fact.entry.id).or_insert((fact, BTreeMap::new()));
            let sum = sums.entry(line.rate).or_default();
            *sum = sum.checked_add(line.amount).map_err(|_| too_large())?;
        }
        if !missing.is_empty() {
            return Err(Stop::Need(missing));
        }
        let mut entries = Vec::with_capacity(found.len());
        for (fact, sums) in found.into_values() {
            self.is_between(&fact.entry, office, with)?;
            if self.income(&fact.entry, office, with)? != sums {
                return refuse("lines", Why::DocumentDiffers { what: "金額" });
            }
            entries.push(fact);
        }
        Ok(entries)
    }

    fn seller(&self, office: OfficeId, with: Option<PartyId>) -> Option<OfficeId> {
        if self.form.is_by_seller() {
            return Some(office);
        }
        with.map(|with| OfficeId(with.0))
    }

    /// The seller has a claim on the other one in it, or (for a receipt) was paid at once.
    fn is_between(&self, entry: &Entry, office: OfficeId, with: Option<PartyId>) -> Result<(), Refusal> {
        let buyer = if self.form.is_by_seller() {
            with
        } else {
            Some(office.into())
        };
        let seller = self.seller(office, with);
        let owes = |posting: &Posting| {
            posting.account.unit.office() == seller
                && matches!(posting.account.kind.class(), Class::Asset | Class::Liability)
                && match buyer {
                    Some(buyer) => posting.account.party == Some(buyer),
                    None => posting.account.party.is_none(),
                }
        };
        let paid = |posting: &Posting| {
            self.form == DocumentForm::Receipt
                && posting.account.unit.office() == seller
                && posting.account.cash_place.is_some()
        };
        if entry
            .postings
            .iter()
            .any(|posting| owes(posting) || paid(posting))
        {
            return Ok(());
        }
        let key = entry.key.to_string();
        Err(Refusal::at("lines", Why::NotBetween { key }))
    }

    /// What the seller took in an entry, per rate: prices of the paper's basis only.
    fn income(
        &self,
        entry: &Entry,
        office: OfficeId,
        with: Option<PartyId>,
    ) -> Result<BTreeMap<TaxRate, Yen>, Refusal> {
        let seller = self.seller(office, with);
        let mut sums: BTreeMap<TaxRate, Yen> = BTreeMap::new();
        for posting in &entry.postings {
            let is_income =
                posting.account.unit.office() == seller && posting.account.kind.class() == Class::Income;
            if !is_income || posting.basis != Some(self.basis) {
                continue;
            }
            let sum = sums.entry(posting.tax).or_default();
            *sum = sum.checked_sub(posting.yen).map_err(|_| too_large())?;
        }
        Ok(sums)
    }
}
