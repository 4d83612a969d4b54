//! 消費税の集計: sales and purchases per rate, worked out once per rate of the whole time; of purchases what can be deducted,
//! by the seller's registration on the day of supply.

use super::beyond;
use crate::{
    moment::Moment,
    views::{ViewError, journal::TaxSide},
};
use domain::{
    account::Class,
    acts::Act,
    calendar::Day,
    decide::act_of,
    entry::Entry,
    id::{OfficeId, PartnerId, PartyId},
    masters::Masters,
    money::{Rounding, Yen, YenOverflow},
    tax::{PriceBasis, TaxRate, deductible, deductible_percent, tax_within},
};
use serde::Serialize;
use std::collections::BTreeMap;
use store::LedgerLine;
use utoipa::ToSchema;

/// A rate of sales or purchases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaxRow {
    /// Sales or purchases.
    pub side: TaxSide,
    /// Class and rate.
    pub rate: TaxRate,
    /// Of purchases: whether the seller was registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
    /// With tax.
    pub gross: Yen,
    /// Without.
    pub net: Yen,
    /// The tax.
    pub tax: Yen,
    /// Percent of the tax that can be deducted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deductible_percent: Option<u8>,
    /// What can be deducted; missing for sales, and where nobody knows of whom it was bought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deductible: Option<Yen>,
}

/// Whether a seller had a registration number on the day of supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// 適格請求書発行事業者.
    Registered,
    /// Not.
    Unregistered,
    /// The book does not say of whom it was bought.
    Unknown,
}

/// What is summed up together.
type Key = (TaxSide, TaxRate, Option<Registration>, Option<u8>);

#[derive(Default)]
struct Sums {
    /// Prices with tax.
    inclusive: Yen,
    /// Prices without.
    exclusive: Yen,
    /// Tax of such prices, posted once per rate and statement.
    tax: Yen,
}

/// The rows of a time.
pub(super) async fn rows(
    moment: &Moment,
    office: OfficeId,
    ledger: &[LedgerLine],
) -> Result<Vec<TaxRow>, ViewError> {
    let bought = ledger
        .iter()
        .filter(|line| line.account.kind.class() == Class::Expense && line.tax.percent > 0);
    let seqs: Vec<u64> = bought.map(|line| line.seq).collect();
    let entries = moment.snapshot.whole_entries(&seqs).await?;
    let mut sums: BTreeMap<Key, Sums> = BTreeMap::new();
    for of_entry in ledger.chunk_by(|one, other| one.seq == other.seq) {
        let seq = of_entry.first().map(|line| line.seq);
        let entry = seq.and_then(|seq| entries.get(&seq));
        for line in of_entry {
            let (side, yen) = match line.account.kind.class() {
                Class::Income => (TaxSide::Sales, line.yen.negated()),
                Class::Expense => (TaxSide::Purchases, line.yen),
                Class::Asset | Class::Liability | Class::Equity => continue,
            };
            let seller = entry.filter(|_| side == TaxSide::Purchases && line.tax.percent > 0);
            let seller = seller.map(|whole| registration(&moment.masters, office, &whole.entry, of_entry));
            let percent = seller.and_then(|seller| match seller {
                Registration::Registered => Some(100),
                Registration::Unregistered => Some(deductible_percent(line.supplied_on)),
                Registration::Unknown => None,
            });
            let sum = sums.entry((side, line.tax, seller, percent)).or_default();
            let part = match line.basis {
                _ if line.tax.percent == 0 => &mut sum.inclusive,
                Some(PriceBasis::Inclusive) => &mut sum.inclusive,
                Some(PriceBasis::Exclusive) => &mut sum.exclusive,
                None => &mut sum.tax,
            };
            *part = part.checked_add(yen).map_err(beyond)?;
        }
    }
    sums.into_iter()
        .map(|(key, sums)| row(key, &sums).map_err(beyond))
        .filter(|row| !matches!(row, Ok(row) if row.gross.is_zero() && row.tax.is_zero()))
        .collect()
}

fn row((side, rate, registration, percent): Key, sums: &Sums) -> Result<TaxRow, YenOverflow> {
    let within = tax_within(sums.inclusive, rate.percent, Rounding::Down)?;
    let tax = within.checked_add(sums.tax)?;
    let net = sums.inclusive.checked_sub(within)?.checked_add(sums.exclusive)?;
    Ok(TaxRow {
        side,
        rate,
        registration,
        gross: net.checked_add(tax)?,
        net,
        tax,
        deductible_percent: percent,
        deductible: percent.map(|percent| deductible(tax, percent)).transpose()?,
    })
}

/// Whether the other side of a purchase was registered on its day: who stands on the debt, else who the slip names.
fn registration(masters: &Masters, office: OfficeId, entry: &Entry, ledger: &[LedgerLine]) -> Registration {
    let party = ledger
        .iter()
        .find_map(|line| line.account.party)
        .or_else(|| supplier(masters, office, entry));
    match party.map(|party| is_registered(masters, party, entry.supplied_on)) {
        Some(true) => Registration::Registered,
        Some(false) => Registration::Unregistered,
        None => Registration::Unknown,
    }
}

fn supplier(masters: &Masters, office: OfficeId, entry: &Entry) -> Option<PartyId> {
    let act = match act_of(entry)? {
        Act::Correct(correct) => correct.right,
        act => act,
    };
    let code = match act {
        Act::Purchase(purchase) => purchase.supplier,
        Act::Spend(spend) => spend.supplier?,
        _ => return None,
    };
    masters.partner_by_code(Some(office), &code).map(PartyId::from)
}

fn is_registered(masters: &Masters, party: PartyId, day: Day) -> bool {
    if let Some(office) = masters.as_office(party) {
        let corporation = masters.corporation_of(office.id, day);
        let facts = corporation
            .and_then(|id| masters.corporation(id))
            .and_then(|corporation| corporation.facts.on_or_first(day));
        return facts.is_some_and(|facts| facts.registration.is_some());
    }
    let facts = masters
        .partner(PartnerId(party.0))
        .and_then(|partner| partner.facts.on_or_first(day));
    facts.is_some_and(|facts| facts.registration.is_some())
}
