//! allowance 値引: money off a receipt or sale afterwards, on both sides at the original's rate. No goods move.

use super::{
    Act, Rules,
    means::{Direction, Means},
    original::{Original, original, too_large},
};
use crate::{
    account::{Account, BookUnit, Class},
    draft::Draft,
    entry::{Entry, Posting},
    id::{OfficeId, PartyId},
    money::Yen,
    refs::EntryRef,
    refusal::{Refusal, Stop, Why, refuse},
    split::split,
    tax::TaxCategory,
    text::Code,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Money off a receipt (recorded by either office) or a sale of the acting office. Just one of the two. A reason is
/// due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// The receipt; name its office when the other one recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<EntryRef>,
    /// The sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<EntryRef>,
    /// How much, by tax class of the original.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub lines: Vec<AllowanceLine>,
    /// How a customer gets the money; when missing as the sale was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<Means>,
}

/// Yen off one tax class, in the price basis of the original (内税 with tax, 外税 without).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AllowanceLine {
    /// Tax class as in the original; 対象外 within one corporation.
    pub category: TaxCategory,
    /// Yen above nought.
    pub yen: Yen,
    /// Of a sale: whose goods sold on commission it is for; the seller's own when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Code>,
}

impl Rules for Allowance {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        draft.reason_is_due()?;
        draft.lines_are_sound("lines", self.lines.len())?;
        for (n, line) in self.lines.iter().enumerate() {
            if !line.yen.is_positive() {
                return refuse(format!("lines[{n}].yen"), Why::AmountNotPositive);
            }
            let same = |other: &AllowanceLine| (other.category, &other.owner) == (line.category, &line.owner);
            if self.lines.iter().take(n).any(same) {
                return refuse(format!("lines[{n}].category"), Why::LineTwice);
            }
        }
        match (&self.receipt, &self.sale) {
            (Some(receipt), None) => self.of_receipt(draft, office, receipt),
            (None, Some(sale)) => self.of_sale(draft, office, sale),
            _ => {
                let problem = "receipt か sale の、どちらか1つを書いてください。".to_owned();
                refuse("", Why::Malformed { problem })
            }
        }
    }
}

impl Allowance {
    fn of_receipt(&self, draft: &mut Draft<'_>, office: OfficeId, receipt: &EntryRef) -> Result<(), Stop> {
        if self.paid.is_some() {
            let problem = "paid は、お客様への販売の値引だけに書けます。".to_owned();
            return refuse("paid", Why::Malformed { problem });
        }
        let original = original(draft, "receipt", receipt, "receive")?;
        let not_a_party = || Refusal::at("receipt", Why::NotAParty);
        let buyer = original.entry.acting.office().ok_or_else(not_a_party)?;
        let mut units = original
            .postings
            .iter()
            .filter_map(|posting| posting.account.unit.office());
        let seller = units.find(|unit| *unit != buyer).ok_or_else(not_a_party)?;
        if office != seller && office != buyer {
            return Err(not_a_party().into());
        }
        let followers = original.followers(draft)?;
        for (n, line) in self.lines.iter().enumerate() {
            let field = format!("lines[{n}]");
            if line.owner.is_some() {
                let problem = "owner は、お客様への販売の値引だけに書けます。".to_owned();
                return refuse(format!("{field}.owner"), Why::Malformed { problem });
            }
            within_what_is_left(draft, &field, &original, &followers, seller, line)?;
            take_off(
                draft,
                original.postings,
                seller,
                Class::Income,
                line,
                buyer.into(),
            )?;
            take_off(
                draft,
                original.postings,
                buyer,
                Class::Expense,
                line,
                seller.into(),
            )?;
        }
        Ok(())
    }

    fn of_sale(&self, draft: &mut Draft<'_>, seller: OfficeId, sale: &EntryRef) -> Result<(), Stop> {
        let original = original(draft, "sale", sale, "sell")?;
        if original.entry.acting != draft.acting() {
            return refuse("sale", Why::NotAParty);
        }
        let Act::Sell(sell) = &original.act else {
            return refuse("sale", Why::Broken { what: "payload" });
        };
        let followers = original.followers(draft)?;
        let unit = BookUnit::production(seller);
        let mut total = Yen::ZERO;
        for (n, line) in self.lines.iter().enumerate() {
            let field = format!("lines[{n}]");
            let owner = match &line.owner {
                None => seller,
                Some(code) => draft.other_office(&format!("{field}.owner"), code)?,
            };
            within_what_is_left(draft, &field, &original, &followers, owner, line)?;
            total = total.checked_add(line.yen).map_err(|_| too_large())?;
            if owner == seller {
                incomes_down(draft, original.postings, seller, Class::Income, line)?;
            } else {
                take_off(
                    draft,
                    original.postings,
                    owner,
                    Class::Income,
                    line,
                    seller.into(),
                )?;
                let deposit = debt(original.postings, unit, owner.into()).ok_or_else(broken)?;
                draft.post(deposit, line.yen);
            }
        }
        let paid = self.paid.as_ref().unwrap_or(&sell.paid);
        let account = paid.account(draft, "paid", unit, Direction::In)?;
        draft.post(account, total.negated());
        Ok(())
    }
}

/// Not more than the original at that rate, less what came back before.
fn within_what_is_left<'a>(
    draft: &Draft<'a>,
    field: &str,
    original: &Original<'a>,
    followers: &[&'a Entry],
    seller: OfficeId,
    line: &AllowanceLine,
) -> Result<(), Stop> {
    let left = original.income_left(draft, seller, followers)?;
    let of_class = left.iter().filter(|(tax, _)| tax.category == line.category);
    let left = Yen::sum(of_class.map(|(_, yen)| *yen)).map_err(|_| too_large())?;
    if line.yen > left {
        let (left, amount) = (left.get().max(0), line.yen.get());
        return refuse(
            format!("{field}.yen"),
            Why::MoreThanOriginalAmount { left, amount },
        );
    }
    Ok(())
}

/// One office's side: less income or expense, and less of the debt with the other.
fn take_off(
    draft: &mut Draft<'_>,
    postings: &[Posting],
    office: OfficeId,
    class: Class,
    line: &AllowanceLine,
    other: PartyId,
) -> Result<(), Refusal> {
    for (unit, yen) in incomes_down(draft, postings, office, class, line)? {
        let debt = debt(postings, unit, other).ok_or_else(broken)?;
        draft.post(debt, yen.negated());
    }
    Ok(())
}

/// Mirrors the yen over the accounts of a class that the original used, in their proportions. Returns what each unit's
/// other side has to take, with the sign of the mirrored postings.
fn incomes_down(
    draft: &mut Draft<'_>,
    postings: &[Posting],
    office: OfficeId,
    class: Class,
    line: &AllowanceLine,
) -> Result<BTreeMap<BookUnit, Yen>, Refusal> {
    let used: Vec<&Posting> = (postings.iter())
        .filter(|posting| {
            posting.account.unit.office() == Some(office)
                && posting.account.kind.class() == class
                && posting.tax.category == line.category
        })
        .collect();
    let weights: Vec<u64> = used
        .iter()
        .map(|posting| posting.yen.get().unsigned_abs())
        .collect();
    let shares = split(line.yen, &weights).map_err(|_| broken())?;
    let mut units: BTreeMap<BookUnit, Yen> = BTreeMap::new();
    for (posting, share) in used.into_iter().zip(shares) {
        // income stands on the credit side: less of it is a debit
        let yen = if class == Class::Income {
            share
        } else {
            share.negated()
        };
        draft.post_as(
            posting.account,
            yen,
            posting.tax,
            posting.basis,
            posting.work.clone(),
        );
        let unit = units.entry(posting.account.unit).or_default();
        *unit = unit.checked_add(yen).map_err(|_| too_large())?;
    }
    Ok(units)
}

/// The account on which the original booked a unit's debt with the other.
fn debt(postings: &[Posting], unit: BookUnit, other: PartyId) -> Option<Account> {
    let mut accounts = postings.iter().map(|posting| posting.account);
    accounts.find(|account| account.unit == unit && account.party == Some(other))
}

fn broken() -> Refusal {
    Refusal::at("", Why::Broken { what: "postings" })
}
