//! purchase 仕入: outside(supplier) → store, new lots. Expense by purpose +, cash or debt −. Books are tax-inclusive
//! (税込経理): the tax of a 外税 slip is part of what the goods cost.

mod cost;

pub use cost::StatedTax;

use super::{
    Rules,
    means::{Direction, Means},
    purpose::Purpose,
    their_invoice::TheirInvoice,
};
use crate::{
    account::{Account, BookUnit},
    calendar::Day,
    draft::{Draft, NewLot},
    id::OfficeId,
    masters::{Masters, Product},
    money::{Rounding, UnitPrice, Yen},
    place::{Place, PlaceKind},
    quantity::{Quantity, StatedQuantity},
    refs::ProductRef,
    refusal::{Refusal, Stop, Why, refuse},
    tax::{PriceBasis, TaxCategory, TaxRate},
    text::Code,
};
use cost::Bought;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Goods bought from a partner. What is bought without goods (services) is `spend`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Purchase {
    /// 仕入先.
    pub supplier: Code,
    /// What was bought: one lot a line.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub lines: Vec<PurchaseLine>,
    /// What the goods are for.
    #[serde(default)]
    pub purpose: Purpose,
    /// Whether the slip's amounts contain the tax.
    #[serde(default)]
    pub basis: PriceBasis,
    /// How the tax of a 外税 slip is rounded where the slip does not state it, and fractions of quantity × price.
    #[serde(default)]
    pub rounding: Rounding,
    /// The supplier's tax per class, as printed. On a 外税 slip it is what is added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stated_tax: Vec<StatedTax>,
    /// How it was paid; cash when missing.
    #[serde(default)]
    pub paid: Means,
    /// The supplier's invoice: its number, and by when it is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<TheirInvoice>,
}

/// One lot bought. Just one of `amount` and `unit_price`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PurchaseLine {
    /// Product.
    pub product: ProductRef,
    /// How much.
    pub quantity: StatedQuantity,
    /// Yen of the line, nought or more (goods given for nothing).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Yen>,
    /// Yen for one unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<UnitPrice>,
    /// Facts of the new lot.
    #[serde(default)]
    pub lot: NewLot,
    /// Purpose where it differs from the whole slip's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// Tax class, where the slip prints another than the product's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<TaxCategory>,
}

impl Rules for Purchase {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        let supplier = draft.partner("supplier", Some(&self.supplier))?;
        draft.lines_are_sound("lines", self.lines.len())?;
        if let Some(invoice) = &self.invoice {
            invoice.check(draft, "invoice")?;
        }
        draft.want_lots(self.lines.iter().filter_map(|line| line.lot.code.as_ref()))?;
        let mut bought = Vec::with_capacity(self.lines.len());
        for (n, line) in self.lines.iter().enumerate() {
            let field = format!("lines[{n}]");
            let product = draft.product(&format!("{field}.product"), &line.product)?;
            let quantity = draft.quantity(&format!("{field}.quantity"), product, &line.quantity)?;
            let (maker, from) = (office.into(), Some(supplier.into()));
            let lot = draft.make_lot(&format!("{field}.lot"), product, &line.lot, maker, None, from)?;
            let outside = Place::own(PlaceKind::Outside, supplier);
            draft.move_goods(&field, lot, outside, Place::store(office), quantity)?;
            bought.push(Bought {
                purpose: line.purpose.unwrap_or(self.purpose),
                tax: draft.rate(line.tax.unwrap_or(draft.product_facts(product)?.tax))?,
                yen: self.yen(draft, &field, line, product, quantity)?,
            });
        }
        self.post(draft, office, &bought)
    }
}

impl Purchase {
    fn yen(
        &self,
        draft: &Draft<'_>,
        field: &str,
        line: &PurchaseLine,
        product: &Product,
        quantity: Quantity,
    ) -> Result<Yen, Stop> {
        let field = format!("{field}.amount");
        match (line.amount, line.unit_price) {
            (Some(amount), None) if amount.get() < 0 => refuse(field, Why::AmountNegative),
            (Some(amount), None) => Ok(amount),
            (None, Some(unit_price)) => Ok(draft.amount_of(product, quantity, unit_price, self.rounding)?),
            _ => {
                let problem = "amount か unit_price の、どちらか1つを書いてください。".to_owned();
                refuse(field, Why::Malformed { problem })
            }
        }
    }

    /// One expense per purpose and rate, one payment per section.
    fn post(&self, draft: &mut Draft<'_>, office: OfficeId, bought: &[Bought]) -> Result<(), Stop> {
        let too_large = |_| Refusal::at("lines", Why::AmountTooLarge);
        let taxes = cost::taxes(bought, self.basis, self.rounding, &self.stated_tax)?;
        let costs = cost::with_tax(bought, &taxes).map_err(too_large)?;
        let mut expenses: BTreeMap<(Purpose, TaxRate), Yen> = BTreeMap::new();
        let mut sections: BTreeMap<BookUnit, Yen> = BTreeMap::new();
        for (Bought { purpose, tax, .. }, cost) in bought.iter().zip(costs) {
            let expense = expenses.entry((*purpose, *tax)).or_default();
            *expense = expense.checked_add(cost).map_err(too_large)?;
            let section = sections.entry(purpose.unit(office)).or_default();
            *section = section.checked_add(cost).map_err(too_large)?;
        }
        for ((purpose, tax), yen) in expenses {
            let account = Account::plain(purpose.unit(office), purpose.expense());
            // the yen posted contain the tax whatever the slip's basis: that stands in the payload
            draft.post_as(account, yen, tax, Some(PriceBasis::Inclusive), None);
        }
        for (unit, yen) in sections {
            let paid = self.paid.account(draft, "paid", unit, Direction::Out)?;
            draft.post(paid, yen.negated());
        }
        Ok(())
    }

    /// What each line cost with its tax, in yen: the price of the lot it brought in. Adds up to the expenses posted.
    /// `None` for a purchase that these masters would refuse.
    pub fn costs(&self, masters: &Masters, office: OfficeId, supplied_on: Day) -> Option<Vec<Yen>> {
        let bought = self.lines.iter().map(|line| {
            let owner = match &line.product.office {
                None => office,
                Some(code) => masters.office_by_code(code)?.id,
            };
            let product = masters.product_by_code(owner, &line.product.code)?;
            let category = line
                .tax
                .map_or_else(|| Some(product.facts.on_or_first(supplied_on)?.tax), Some)?;
            let tax = if category.is_taxed() {
                masters.rates().rate_on(category, supplied_on)?
            } else {
                TaxRate { category, percent: 0 }
            };
            let priced = || {
                let quantity = product
                    .unit
                    .decimal(product.unit.read(&line.quantity).ok()?.get());
                let amount = quantity.checked_mul(line.unit_price?.get())?;
                self.rounding.round(amount).ok()
            };
            let yen = line.amount.or_else(priced)?;
            let purpose = line.purpose.unwrap_or(self.purpose);
            Some(Bought { purpose, tax, yen })
        });
        let bought: Vec<Bought> = bought.collect::<Option<_>>()?;
        let taxes = cost::taxes(&bought, self.basis, self.rounding, &self.stated_tax).ok()?;
        cost::with_tax(&bought, &taxes).ok()
    }
}
