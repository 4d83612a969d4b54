//! 外税: the tax of the period's deliveries, once per rate.

use crate::{
    account::{Account, AccountKind, BookUnit, Class},
    acts::original::too_large,
    calendar::Day,
    draft::Draft,
    entry::{Entry, Posting},
    id::OfficeId,
    masters::Agreement,
    money::{Rounding, Yen},
    refusal::Refusal,
    split::split,
    tax::{PriceBasis, TaxRate, tax_on},
    text::Code,
};
use std::collections::BTreeMap;

/// Adds the tax to the producer's sales and, shared by what the goods were for, to the other office's costs; `false`
/// when nothing was delivered at 外税 prices. The tax carries its rate but no price basis: it is no price.
pub(super) fn add_tax(
    draft: &mut Draft<'_>,
    agreement: &Agreement,
    entries: &[&Entry],
    to: Day,
) -> Result<bool, Refusal> {
    let (producer, other) = (agreement.producer, agreement.other);
    let sells = BookUnit::production(producer);
    let claim = Account::with(sells, AccountKind::Receivable, other);
    let delivered = (entries.iter().copied())
        .filter(|entry| entry.postings.iter().any(|posting| posting.account == claim));
    let postings: Vec<&Posting> = delivered
        .flat_map(|entry| &entry.postings)
        .filter(|posting| posting.basis == Some(PriceBasis::Exclusive) && posting.tax.percent > 0)
        .collect();
    let rounding = agreement
        .terms
        .on(to)
        .map_or(Rounding::Down, |terms| terms.rounding);
    let sold = by_account(&postings, producer, Class::Income)?;
    let bought = by_account(&postings, other, Class::Expense)?;
    let mut owed: BTreeMap<BookUnit, Yen> = BTreeMap::new();
    let mut total = Yen::ZERO;
    for (rate, sales) in &sold {
        let net = Yen::sum(sales.values().copied())
            .map_err(|_| too_large())?
            .negated();
        let tax = tax_on(net, rate.percent, rounding).map_err(|_| too_large())?;
        total = total.checked_add(tax).map_err(|_| too_large())?;
        for ((account, work), share) in share(tax, sales) {
            draft.post_as(account, share.negated(), *rate, None, work);
        }
        let costs = bought.get(rate).cloned().unwrap_or_default();
        for ((account, work), share) in share(tax, &costs) {
            draft.post_as(account, share, *rate, None, work);
            let unit = owed.entry(account.unit).or_default();
            *unit = unit.checked_add(share).map_err(|_| too_large())?;
        }
    }
    draft.post(claim, total);
    for (unit, yen) in owed {
        draft.post(Account::with(unit, AccountKind::Payable, producer), yen.negated());
    }
    Ok(!sold.is_empty())
}

/// Net amounts of an office per rate, account and kind of work.
type ByAccount = BTreeMap<(Account, Option<Code>), Yen>;

fn by_account(
    postings: &[&Posting],
    office: OfficeId,
    class: Class,
) -> Result<BTreeMap<TaxRate, ByAccount>, Refusal> {
    let mut sums: BTreeMap<TaxRate, ByAccount> = BTreeMap::new();
    let of_office = |posting: &&&Posting| {
        posting.account.unit.office() == Some(office) && posting.account.kind.class() == class
    };
    for posting in postings.iter().filter(of_office) {
        let row = sums.entry(posting.tax).or_default();
        let sum = row.entry((posting.account, posting.work.clone())).or_default();
        *sum = sum.checked_add(posting.yen).map_err(|_| too_large())?;
    }
    Ok(sums)
}

/// The tax shared over accounts by their size, no yen lost. Where all of them came to nought the first takes it.
fn share(tax: Yen, amounts: &ByAccount) -> Vec<((Account, Option<Code>), Yen)> {
    let weights: Vec<u64> = amounts.values().map(|yen| yen.get().unsigned_abs()).collect();
    let shares = split(tax, &weights).unwrap_or_else(|_| {
        let mut shares = vec![Yen::ZERO; weights.len()];
        if let Some(first) = shares.first_mut() {
            *first = tax;
        }
        shares
    });
    amounts.keys().cloned().zip(shares).collect()
}
