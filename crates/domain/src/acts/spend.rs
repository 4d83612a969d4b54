//! spend 経費: a cost without goods; paid, owed, or paid by another office for us (立替).

use super::Rules;
use super::{means::Direction, means::Means, months::Months, purse::Purse, their_invoice::TheirInvoice};
use crate::{
    account::{Account, AccountKind, BookUnit, Class, Section},
    commission::Percent,
    draft::{Amount, Draft},
    id::OfficeId,
    money::Yen,
    refusal::{Refusal, Stop, Why, refuse},
    tax::{PriceBasis, TaxCategory},
    text::{Code, LotCode},
};
use serde::{Deserialize, Serialize};

/// A cost of the acting office, tax included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Spend {
    /// 勘定科目: an expense.
    pub item: AccountKind,
    /// The whole amount, where it is of one tax class. Just one of `yen` and `lines`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yen: Option<Yen>,
    /// Tax class of `yen`; the usual one of the item when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<TaxCategory>,
    /// Amounts by tax class, each class once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<SpendLine>,
    /// Whose books: 就労支援事業 or 福祉事業.
    #[serde(default)]
    pub section: Section,
    /// 作業種別 it was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Code>,
    /// The lot it was for: it becomes part of that lot's cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_lot: Option<LotCode>,
    /// Months over which the cost counts; the month of the act when missing. The postings stand in one sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<Months>,
    /// Share of production in a cost that serves welfare too; all of it when missing. The postings carry the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Percent>,
    /// How it was paid; cash when neither this nor `paid_by_office` is there. Not for 減価償却.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<Means>,
    /// 立替: the office that paid it for us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_by_office: Option<Code>,
    /// Out of which purse that office paid; its cash when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_from: Option<Purse>,
    /// Who was paid, a partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<Code>,
    /// The supplier's invoice: its number, and by when it is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<TheirInvoice>,
}

/// Yen of one tax class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SpendLine {
    /// Class.
    pub category: TaxCategory,
    /// Tax-inclusive.
    pub yen: Yen,
}

impl Rules for Spend {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        let unit = BookUnit::Office(office, self.section);
        self.check_item()?;
        if let Some(months) = self.months {
            months.check("months")?;
        }
        if let Some(supplier) = &self.supplier {
            draft.partner("supplier", Some(supplier))?;
        }
        if let Some(invoice) = &self.invoice {
            invoice.check(draft, "invoice")?;
        }
        if let Some(lot) = &self.for_lot {
            lot_of(draft, office, lot)?;
        }
        let amounts = self.amounts(draft)?;
        for amount in &amounts {
            draft.post_amount(Account::plain(unit, self.item), amount, false);
        }
        self.post_other_side(draft, office, unit, Amount::total(&amounts)?)
    }
}

impl Spend {
    /// 勘定科目 that can be spent. Kinds with an act of their own are not: wages, losses of debts and cash, reserves, internal
    /// dealings.
    pub fn items() -> impl Iterator<Item = AccountKind> {
        use AccountKind as K;
        let has_own_act = |kind: AccountKind| {
            matches!(
                kind,
                K::Wages | K::InternalExpense | K::BadDebt | K::CashOverShort | K::ReserveTransfer
            )
        };
        let all = K::ALL.iter().copied();
        all.filter(move |kind| kind.class() == Class::Expense && !has_own_act(*kind))
    }

    fn check_item(&self) -> Result<(), Refusal> {
        let in_wrong_section = self.item == AccountKind::WelfareFood && self.section == Section::Production;
        if in_wrong_section || Spend::items().all(|item| item != self.item) {
            let kind = self.item.label();
            return Err(Refusal::at("item", Why::AccountWrong { kind }));
        }
        Ok(())
    }

    /// One amount per tax class.
    fn amounts(&self, draft: &Draft<'_>) -> Result<Vec<Amount>, Refusal> {
        let lines = match (self.yen, self.lines.as_slice()) {
            (Some(yen), []) => {
                let category = self.category.unwrap_or(usual_category(self.item));
                vec![("yen".to_owned(), SpendLine { category, yen })]
            }
            (None, [_, ..]) if self.category.is_none() => {
                draft.lines_are_sound("lines", self.lines.len())?;
                let lines = self.lines.iter().enumerate();
                lines
                    .map(|(n, line)| (format!("lines[{n}].yen"), *line))
                    .collect()
            }
            _ => {
                let problem = "yen(と category)か lines の、どちらか1つを書いてください。".to_owned();
                return Err(Refusal::at("yen", Why::Malformed { problem }));
            }
        };
        let mut amounts: Vec<Amount> = Vec::new();
        for (field, SpendLine { category, yen }) in lines {
            if !yen.is_positive() {
                return Err(Refusal::at(field, Why::AmountNotPositive));
            }
            if amounts.iter().any(|other| other.tax.category == category) {
                return Err(Refusal::at(field, Why::LineTwice));
            }
            amounts.push(Amount {
                yen,
                tax: draft.rate(category)?,
                basis: PriceBasis::Inclusive,
                work: self.work.clone(),
            });
        }
        Ok(amounts)
    }

    fn post_other_side(
        &self,
        draft: &mut Draft<'_>,
        office: OfficeId,
        unit: BookUnit,
        total: Yen,
    ) -> Result<(), Stop> {
        let clash = |field: &str, problem: &str| {
            let problem = problem.to_owned();
            refuse(field, Why::Malformed { problem })
        };
        if self.item == AccountKind::Depreciation {
            if self.paid.is_some() || self.paid_by_office.is_some() || self.paid_from.is_some() {
                return clash(
                    "paid",
                    "減価償却費は支払いがありません。支払い方を消してください。",
                );
            }
            let value = Account::plain(unit, AccountKind::AccumulatedDepreciation);
            draft.post(value, total.negated());
            return Ok(());
        }
        let Some(payer) = &self.paid_by_office else {
            if self.paid_from.is_some() {
                return clash(
                    "paid_from",
                    "paid_from は、立て替えた事業所(paid_by_office)があるときだけ書けます。",
                );
            }
            let means = self.paid.clone().unwrap_or_default();
            let account = means.account(draft, "paid", unit, Direction::Out)?;
            draft.post(account, total.negated());
            return Ok(());
        };
        if self.paid.is_some() {
            return clash(
                "paid_by_office",
                "paid か paid_by_office の、どちらか1つを書いてください。",
            );
        }
        let payer = draft.other_office("paid_by_office", payer)?;
        let theirs = BookUnit::production(payer);
        let purse = self.paid_from.clone().unwrap_or(Purse::Cash { place: None });
        let purse = purse.account(draft, "paid_from", payer, theirs)?;
        let (claim, debt) = if draft.same_corporation(office, payer) {
            (AccountKind::Internal, AccountKind::Internal)
        } else {
            (AccountKind::PaidForOthers, AccountKind::OwedForOthers)
        };
        draft.post(Account::with(unit, debt, payer), total.negated());
        draft.post(Account::with(theirs, claim, office), total);
        draft.post(purse, total.negated());
        Ok(())
    }
}

/// The class of an item where none is stated.
const fn usual_category(item: AccountKind) -> TaxCategory {
    use AccountKind as K;
    match item {
        K::Insurance => TaxCategory::NonTaxable,
        K::WelfareFood => TaxCategory::Reduced,
        K::StaffCost | K::CompensationPaid | K::ConsumptionTax | K::TaxesDues | K::Depreciation => {
            TaxCategory::OutOfScope
        }
        _ => TaxCategory::Standard,
    }
}

/// A lot may bear a cost of an office that made it, owns or owned it, holds or held it.
fn lot_of(draft: &Draft<'_>, office: OfficeId, code: &LotCode) -> Result<(), Stop> {
    let lot = draft.lot("for_lot", code)?;
    let fact = draft.facts().lot(lot.id)?;
    let passed = fact.is_some_and(|fact| {
        let places = fact.stock.keys();
        places
            .into_iter()
            .any(|place| place.owner == office.into() || place.holder == office.into())
    });
    if passed || lot.maker == office.into() {
        Ok(())
    } else {
        refuse(
            "for_lot",
            Why::LotUnknown {
                code: code.to_string(),
            },
        )
    }
}
