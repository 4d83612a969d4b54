//! Money in a draft: postings, prices, tax classes, and the check that every unit balances and every debt between two
//! offices is mirrored.

use super::Draft;
use crate::{
    account::{Account, AccountKind, BookUnit},
    entry::Posting,
    id::{CorporationId, OfficeId, PartyId},
    masters::{Channel, Masters, Price, Product},
    money::{POSTED_MAX, Rounding, UnitPrice, Yen},
    quantity::Quantity,
    refusal::{Refusal, Why},
    tax::{PriceBasis, SupplyMode, TaxCategory, TaxRate},
    text::Code,
};
use std::collections::BTreeMap;

/// Yen of one tax class, price basis and kind of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// Yen above nought.
    pub yen: Yen,
    /// Class and rate.
    pub tax: TaxRate,
    /// 内税・外税.
    pub basis: PriceBasis,
    /// Kind of work.
    pub work: Option<Code>,
}

impl Amount {
    /// Adds amounts of the same class, basis and kind of work together: one posting each.
    pub fn gather(amounts: impl IntoIterator<Item = Amount>) -> Result<Vec<Amount>, Refusal> {
        let mut sums: BTreeMap<(TaxRate, PriceBasis, Option<Code>), Yen> = BTreeMap::new();
        for Amount {
            yen,
            tax,
            basis,
            work,
        } in amounts
        {
            let sum = sums.entry((tax, basis, work)).or_insert(Yen::ZERO);
            *sum = sum.checked_add(yen).map_err(too_large)?;
        }
        let amounts = sums.into_iter().map(|((tax, basis, work), yen)| Amount {
            yen,
            tax,
            basis,
            work,
        });
        Ok(amounts.collect())
    }

    /// The total.
    pub fn total<'x>(amounts: impl IntoIterator<Item = &'x Amount>) -> Result<Yen, Refusal> {
        Yen::sum(amounts.into_iter().map(|amount| amount.yen)).map_err(too_large)
    }
}

fn too_large(_: crate::money::YenOverflow) -> Refusal {
    Refusal::at("", Why::AmountTooLarge)
}

impl<'a> Draft<'a> {
    /// Posts yen to an account without a tax class (debts, cash, wages). Nought is left out.
    pub fn post(&mut self, account: Account, yen: Yen) {
        self.post_as(account, yen, TaxRate::OUT_OF_SCOPE, None, None);
    }

    /// Posts yen with the tax class and basis of an amount; the sign is the caller's.
    pub fn post_amount(&mut self, account: Account, amount: &Amount, credit: bool) {
        let yen = if credit { amount.yen.negated() } else { amount.yen };
        self.post_as(account, yen, amount.tax, Some(amount.basis), amount.work.clone());
    }

    /// Posts yen. Nought is left out.
    pub fn post_as(
        &mut self,
        account: Account,
        yen: Yen,
        tax: TaxRate,
        basis: Option<PriceBasis>,
        work: Option<Code>,
    ) {
        if let Some(office) = account.unit.office() {
            self.offices.insert(office);
        }
        if !yen.is_zero() {
            self.postings.push(Posting {
                account,
                yen,
                tax,
                basis,
                work,
            });
        }
    }

    /// Whether two offices belong to one corporation on the day of supply.
    pub fn same_corporation(&self, one: OfficeId, other: OfficeId) -> bool {
        let corporation = |office| self.masters().corporation_of(office, self.supplied_on());
        corporation(one).is_some() && corporation(one) == corporation(other)
    }

    /// Class and rate of a category on the day of supply.
    pub fn rate(&self, category: TaxCategory) -> Result<TaxRate, Refusal> {
        if !category.is_taxed() {
            return Ok(TaxRate { category, percent: 0 });
        }
        let rate = self.masters().rates().rate_on(category, self.supplied_on());
        rate.ok_or_else(|| {
            Refusal::at(
                "supplied_on",
                Why::NoRate {
                    day: self.supplied_on(),
                },
            )
        })
    }

    /// Tax class of a supply: product × mode × day.
    pub fn tax_of(&self, product: &'a Product, mode: SupplyMode) -> Result<TaxRate, Refusal> {
        self.rate(self.product_facts(product)?.tax_for(mode))
    }

    /// The unit price: the one stated, else the first channel that has one on the day of supply.
    pub fn price(
        &self,
        field: &str,
        product: &Product,
        stated: Option<UnitPrice>,
        basis: PriceBasis,
        channels: &[Channel],
    ) -> Result<Price, Refusal> {
        if let Some(unit_price) = stated {
            return Ok(Price { unit_price, basis });
        }
        let mut rows = channels
            .iter()
            .filter_map(|channel| self.masters().price(product.id, channel, self.supplied_on()));
        rows.next().copied().ok_or_else(|| {
            Refusal::at(
                format!("{field}.unit_price"),
                Why::NoPrice {
                    product: product.code.to_string(),
                },
            )
        })
    }

    /// Quantity × unit price, rounded once.
    pub fn amount_of(
        &self,
        product: &Product,
        quantity: Quantity,
        unit_price: UnitPrice,
        rounding: Rounding,
    ) -> Result<Yen, Refusal> {
        (product.amount_of(quantity, unit_price, rounding)).map_err(too_large)
    }

    /// A debt between two offices of the book and what it is for, on both sides: the creditor's claim + and income −,
    /// the debtor's expense + and debt −. Within one corporation as 内部勘定, 対象外.
    pub fn sell_between(
        &mut self,
        seller: OfficeId,
        buyer: OfficeId,
        amounts: &[Amount],
        income: AccountKind,
        (buys, expense): (BookUnit, AccountKind),
    ) -> Result<(), Refusal> {
        let total = Amount::total(amounts)?;
        let sells = BookUnit::production(seller);
        if self.same_corporation(seller, buyer) {
            self.post(Account::with(sells, AccountKind::Internal, buyer), total);
            self.post(
                Account::plain(sells, AccountKind::InternalIncome),
                total.negated(),
            );
            self.post(Account::plain(buys, AccountKind::InternalExpense), total);
            self.post(
                Account::with(buys, AccountKind::Internal, seller),
                total.negated(),
            );
            return Ok(());
        }
        self.post(Account::with(sells, AccountKind::Receivable, buyer), total);
        for amount in amounts {
            self.post_amount(Account::plain(sells, income), amount, true);
        }
        // the kind of work is the seller's own
        for Amount {
            yen,
            tax,
            basis,
            work: _,
        } in amounts
        {
            self.post_as(Account::plain(buys, expense), *yen, *tax, Some(*basis), None);
        }
        self.post(Account::with(buys, AccountKind::Payable, seller), total.negated());
        Ok(())
    }
}

/// No posting is beyond all reason, every unit balances (invariant 3), every account is sound, every debt between offices of the book is mirrored
/// (invariant 4), 内部勘定 between an office and its corporation's head office included.
pub(super) fn check(postings: &[Posting], masters: &Masters) -> Result<(), Refusal> {
    let mut units: BTreeMap<BookUnit, i128> = BTreeMap::new();
    let mut debts: BTreeMap<(PartyId, PartyId, AccountKind), i128> = BTreeMap::new();
    for Posting { account, yen, .. } in postings {
        let other = account
            .party
            .filter(|party| keeps_books(masters, account.kind, *party));
        if !account.is_sound() || account.kind == AccountKind::Internal && other.is_none() {
            return Err(Refusal::at(
                "",
                Why::AccountWrong {
                    kind: account.kind.label(),
                },
            ));
        }
        if yen.get().abs() > POSTED_MAX {
            return Err(Refusal::at("", Why::AmountTooLarge));
        }
        let yen = i128::from(yen.get());
        *units.entry(account.unit).or_default() += yen;
        let owner = match account.unit {
            BookUnit::Office(office, _) => PartyId::from(office),
            BookUnit::Head(corporation) => PartyId::from(corporation),
        };
        if let (Some(mirror), Some(other)) = (account.kind.mirror(), other) {
            *debts.entry((owner, other, account.kind)).or_default() += yen;
            *debts.entry((other, owner, mirror)).or_default() += yen;
        }
    }
    // each debt was added on its own row and on its mirror's row: a mirrored pair sums to nought on both
    if units.values().any(|sum| *sum != 0) || debts.values().any(|sum| *sum != 0) {
        return Err(Refusal::at("", Why::Unbalanced));
    }
    Ok(())
}

/// Whether the other side of a debt keeps its side in this book: an office, or for 内部勘定 a head office too.
fn keeps_books(masters: &Masters, kind: AccountKind, party: PartyId) -> bool {
    let is_head = || masters.corporation(CorporationId(party.0)).is_some();
    masters.as_office(party).is_some() || kind == AccountKind::Internal && is_head()
}
