//! 手数料型: the commission of a period.

use crate::{
    account::{Account, AccountKind, BookUnit},
    acts::original::{too_large, want_lots},
    calendar::Day,
    commission::{Charge, CommissionTerms, PeriodSales, commission_of_period},
    draft::Draft,
    entry::{Entry, Movement, Posting},
    masters::{Agreement, ConsignForm},
    money::Yen,
    place::{Place, PlaceKind},
    refusal::{Refusal, Stop, Why},
    tax::{PriceBasis, TaxCategory, TaxRate},
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Posts the commission; `false` when there was nothing to charge for.
pub(super) fn charge(
    draft: &mut Draft<'_>,
    agreement: &Agreement,
    entries: &[&Entry],
    from: Day,
    to: Day,
) -> Result<bool, Stop> {
    let Some(mut terms) = terms(agreement, to) else {
        return Ok(false);
    };
    let claim = Account::with(
        BookUnit::production(agreement.producer),
        AccountKind::ConsignmentReceivable,
        agreement.other,
    );
    // payments and earlier settlements move the claim too, but sell nothing
    let has = |entry: &Entry, account| entry.postings.iter().any(|posting| posting.account == account);
    let sales = Account::plain(claim.unit, AccountKind::Sales);
    let sold: Vec<&Entry> = (entries.iter().copied())
        .filter(|entry| has(entry, claim) && has(entry, sales))
        .collect();
    if agreement.until().is_some_and(|last| last < from) {
        // the run-off of an agreement that ended has no least commission
        terms.minimum = None;
    }
    if sold.is_empty() && terms.minimum.is_none_or(Yen::is_zero) {
        return Ok(false);
    }
    let period = PeriodSales {
        gross: gross(sales, &sold)?,
        units: units(draft, agreement, &sold, &terms)?,
    };
    let rate = draft.masters().rates().rate_on(TaxCategory::Standard, to);
    let rate = rate.ok_or_else(|| Refusal::at("to", Why::NoRate { day: to }))?;
    let amount = commission_of_period(&period, &terms, rate.percent)
        .map_err(|_| too_large())?
        .amount;
    let (basis, shop) = (Some(PriceBasis::Inclusive), BookUnit::production(agreement.other));
    draft.post_as(
        Account::plain(claim.unit, AccountKind::CommissionPaid),
        amount,
        rate,
        basis,
        None,
    );
    draft.post(claim, amount.negated());
    draft.post(
        Account::with(shop, AccountKind::ConsignmentDeposit, agreement.producer),
        amount,
    );
    let income = Account::plain(shop, AccountKind::CommissionIncome);
    draft.post_as(income, amount.negated(), rate, basis, None);
    Ok(true)
}

/// The terms of the period's last day; of an agreement that has become 消化仕入型 since, the last of its commission.
fn terms(agreement: &Agreement, to: Day) -> Option<CommissionTerms> {
    let rows = agreement.terms.iter().take_while(|(from, _)| *from <= to);
    let forms = rows.filter_map(|(_, terms)| match &terms.consign {
        Some(ConsignForm::Commission(terms)) => Some(terms.clone()),
        Some(ConsignForm::BuyOnSale { .. }) | None => None,
    });
    forms.last()
}

/// The producer's sales per rate, returns and allowances taken off.
fn gross(sales: Account, sold: &[&Entry]) -> Result<Vec<(TaxRate, Yen)>, Refusal> {
    let mut sums: BTreeMap<TaxRate, Yen> = BTreeMap::new();
    let is_price = |posting: &&Posting| posting.account == sales && posting.basis.is_some();
    for posting in sold.iter().flat_map(|entry| &entry.postings).filter(is_price) {
        let sum = sums.entry(posting.tax).or_default();
        *sum = sum.checked_sub(posting.yen).map_err(|_| too_large())?;
    }
    Ok(sums.into_iter().collect())
}

/// Units sold, as shown; looked up only where the charge counts them.
fn units(
    draft: &Draft<'_>,
    agreement: &Agreement,
    sold: &[&Entry],
    terms: &CommissionTerms,
) -> Result<Decimal, Stop> {
    if !matches!(terms.charge, Charge::PerUnit(_)) {
        return Ok(Decimal::ZERO);
    }
    let place = Place::own(PlaceKind::Sold, agreement.producer);
    let counted = |movement: &&Movement| movement.to == place || movement.from == place;
    let movements: Vec<&Movement> = sold
        .iter()
        .flat_map(|entry| &entry.movements)
        .filter(counted)
        .collect();
    want_lots(draft, movements.iter().copied())?;
    let mut units = Decimal::ZERO;
    for movement in movements {
        let product = draft.product_of(&draft.lot_by_id(movement.lot)?)?;
        let steps = movement.quantity.get();
        let signed = if movement.to == place { steps } else { -steps };
        units = units
            .checked_add(product.unit.decimal(signed))
            .ok_or_else(too_large)?;
    }
    Ok(units)
}
