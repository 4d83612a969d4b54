//! 精算書: what stands between two offices and how it came about in a period, folded from the entries that it covers. The same
//! numbers for both: only signs turn with the side one looks from.

mod goods;

pub use goods::{Goods, first_kind, goods};

use crate::{
    account::{Account, AccountKind, Class},
    acts::Act,
    calendar::{Day, Month},
    decide::act_of,
    entry::{Entry, Posting},
    id::{EntryId, OfficeId, PartyId},
    masters::AgreementTerms,
    money::{Rounding, Yen, YenOverflow},
    tax::{DocumentTax, PriceBasis, TaxRate},
};
use std::collections::BTreeMap;

/// What an entry is in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    /// 売上, with what came back and was allowed.
    Sales,
    /// 手数料, and the tax of 外税 deliveries: what is settled once for the period.
    Settled,
    /// 支払.
    Paid,
    /// 相殺.
    SetOff,
    /// 弁償, 立替, 免除 and whatever else.
    Other,
}

impl Matter {
    /// Of an act, by the name of its kind.
    pub fn of(first: &str) -> Matter {
        match first {
            "sell" | "receive" | "return" | "allowance" | "earn" | "count" | "dispose" => Matter::Sales,
            "settle" => Matter::Settled,
            "pay" => Matter::Paid,
            "net" => Matter::SetOff,
            _ => Matter::Other,
        }
    }

    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Matter::Sales => "売上",
            Matter::Settled => "精算(手数料・消費税)",
            Matter::Paid => "支払",
            Matter::SetOff => "相殺",
            Matter::Other => "その他",
        }
    }
}

/// An entry in a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The entry.
    pub entry: EntryId,
    /// Position in the log.
    pub seq: u64,
    /// Kind of act, as the log names it.
    pub kind: String,
    /// As what it counts.
    pub matter: Matter,
    /// Day of supply.
    pub supplied_on: Day,
    /// Day it counts for.
    pub book_on: Day,
    /// What it changes: above nought in favour of the side one looks from.
    pub yen: Yen,
}

/// What a seller took in the period, by the basis of its prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sold {
    /// Who sold.
    pub seller: OfficeId,
    /// 内税 or 外税 prices.
    pub basis: PriceBasis,
    /// Sums and tax per rate, rounded once.
    pub tax: DocumentTax,
}

/// What an office took as commission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charged {
    /// Who took it.
    pub by: OfficeId,
    /// With the tax in it, per rate.
    pub tax: DocumentTax,
}

/// A statement from one side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// What stood before: above nought is owed to this side.
    pub opening: Yen,
    /// Sales of both sides.
    pub sold: Vec<Sold>,
    /// Commissions of both sides.
    pub charged: Vec<Charged>,
    /// What changed by each matter.
    pub by_matter: Vec<(Matter, Yen)>,
    /// Entry by entry, in the order of their days.
    pub lines: Vec<Line>,
    /// What stands at the end.
    pub closing: Yen,
}

/// Folds the entries that a statement covers, each with the kind of act at the start of its reversals ([`first_kind`]), as one
/// side sees them.
///
/// # Errors
/// When a sum leaves the range of [`Yen`].
pub fn fold<'e>(
    (own, other): (OfficeId, OfficeId),
    opening: Yen,
    entries: impl IntoIterator<Item = (&'e Entry, &'static str)>,
    rounding: Rounding,
) -> Result<Statement, YenOverflow> {
    let mut sold: BTreeMap<(OfficeId, PriceBasis), Vec<(TaxRate, Yen)>> = BTreeMap::new();
    let mut charged: BTreeMap<OfficeId, Vec<(TaxRate, Yen)>> = BTreeMap::new();
    let mut by_matter: BTreeMap<Matter, Yen> = BTreeMap::new();
    let mut lines = Vec::new();
    let mut closing = opening;
    for (entry, first) in entries {
        let debts = entry
            .postings
            .iter()
            .filter(|posting| is_debt(posting, own, other));
        let yen = Yen::sum(debts.map(|posting| posting.yen))?;
        let matter = Matter::of(first);
        for (seller, buyer) in [(own, other), (other, own)] {
            for posting in income_of(entry, first, seller, buyer) {
                let Some(basis) = posting.basis else { continue };
                let amount = (posting.tax, posting.yen.negated());
                if posting.account.kind == AccountKind::CommissionIncome {
                    charged.entry(seller).or_default().push(amount);
                } else {
                    sold.entry((seller, basis)).or_default().push(amount);
                }
            }
        }
        let sum = by_matter.entry(matter).or_default();
        *sum = sum.checked_add(yen)?;
        closing = closing.checked_add(yen)?;
        lines.push(Line {
            entry: entry.id,
            seq: entry.seq,
            kind: entry.kind.clone(),
            matter,
            supplied_on: entry.supplied_on,
            book_on: entry.book_on,
            yen,
        });
    }
    lines.sort_by_key(|line| (line.book_on, line.seq));
    let sold = sold.into_iter().map(|((seller, basis), amounts)| {
        let tax = DocumentTax::of(amounts, basis, rounding)?;
        Ok(Sold { seller, basis, tax })
    });
    let charged = charged.into_iter().map(|(by, amounts)| {
        let tax = DocumentTax::of(amounts, PriceBasis::Inclusive, rounding)?;
        Ok(Charged { by, tax })
    });
    Ok(Statement {
        opening,
        sold: sold.collect::<Result<_, _>>()?,
        charged: charged.collect::<Result<_, _>>()?,
        by_matter: by_matter.into_iter().collect(),
        lines,
        closing,
    })
}

/// 締日: the last day of a statement period that ended on a day or before it. Without a closing day months end it.
pub fn last_closing(closing_day: Option<u8>, day: Day) -> Option<Day> {
    let ends = |month: Month| match closing_day {
        None => Some(month.last_day()),
        Some(closing) => day_of(month, closing),
    };
    let this = ends(day.month()).filter(|end| *end <= day);
    this.or_else(|| day.month().prev().and_then(ends))
}

/// 締日 of the period that a day falls in.
pub fn next_closing(closing_day: Option<u8>, day: Day) -> Option<Day> {
    let end = match closing_day {
        None => Some(day.month().last_day()),
        Some(closing) => day_of(day.month(), closing),
    };
    match (end, closing_day) {
        (Some(end), Some(closing)) if end < day => day_of(day.month().next()?, closing),
        (end, _) => end,
    }
}

/// 支払日 of a period that ended on a day, where one was agreed on.
pub fn pay_on(terms: &AgreementTerms, to: Day) -> Option<Day> {
    if terms.pay_after_months.is_none() && terms.pay_day.is_none() {
        return None;
    }
    let mut month = to.month();
    for _ in 0..terms.pay_after_months.unwrap_or(1) {
        month = month.next()?;
    }
    match terms.pay_day {
        None => Some(month.last_day()),
        Some(day) => day_of(month, day),
    }
}

fn day_of(month: Month, day: u8) -> Option<Day> {
    Day::from_number(month.as_number() * 100 + i32::from(day)).ok()
}

/// The kind of act of an entry; of a correction that of its right version.
fn first_act(entry: &Entry) -> &'static str {
    match act_of(entry) {
        Some(Act::Correct(correct)) => correct.right.kind(),
        Some(act) => act.kind(),
        None => "",
    }
}

/// A debt of one side's books with the other side.
pub fn is_debt(posting: &Posting, own: OfficeId, other: OfficeId) -> bool {
    is_debt_account(posting.account, own, other)
}

/// An account of one side's books that says what the other side owes, or is owed.
pub fn is_debt_account(account: Account, own: OfficeId, other: OfficeId) -> bool {
    account.unit.office() == Some(own)
        && account.party == Some(PartyId::from(other))
        && matches!(account.kind.class(), Class::Asset | Class::Liability)
}

/// Income of an office in an entry in which it has a claim on the other side: an entry with several owners' goods has a part of
/// each, and what a shop took for goods of its own is nobody else's business.
fn income_of<'e>(
    entry: &'e Entry,
    first: &str,
    seller: OfficeId,
    buyer: OfficeId,
) -> impl Iterator<Item = &'e Posting> {
    let claims = entry
        .postings
        .iter()
        .any(|posting| is_debt(posting, seller, buyer) && posting.account.kind.class() == Class::Asset);
    let is_settled = first == "settle";
    (entry.postings.iter()).filter(move |posting| {
        posting.account.unit.office() == Some(seller)
            && posting.account.kind.class() == Class::Income
            && (claims || is_settled)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_ends_on_the_closing_day_or_with_the_month() {
        let end = |closing, day: &str| {
            let day = last_closing(closing, day.parse().unwrap());
            day.map(|day| day.to_string())
        };
        assert_eq!(end(None, "2026-07-10"), Some("2026-06-30".to_owned()));
        assert_eq!(end(None, "2026-06-30"), Some("2026-06-30".to_owned()));
        assert_eq!(end(Some(20), "2026-07-20"), Some("2026-07-20".to_owned()));
        assert_eq!(end(Some(20), "2026-07-19"), Some("2026-06-20".to_owned()));
        assert_eq!(end(Some(20), "2027-01-05"), Some("2026-12-20".to_owned()));
    }

    #[test]
    fn a_day_falls_in_the_period_that_closes_next() {
        let end = |closing, day: &str| next_closing(closing, day.parse().unwrap()).map(|day| day.to_string());
        assert_eq!(end(None, "2026-07-10"), Some("2026-07-31".to_owned()));
        assert_eq!(end(Some(20), "2026-07-20"), Some("2026-07-20".to_owned()));
        assert_eq!(end(Some(20), "2026-12-21"), Some("2027-01-20".to_owned()));
    }

    #[test]
    fn it_is_paid_so_many_months_later_on_the_day_agreed_on() {
        let terms = |text: &str| serde_json::from_str::<AgreementTerms>(text).unwrap();
        let to = "2026-11-30".parse().unwrap();
        let paid = |text: &str| pay_on(&terms(text), to).map(|day| day.to_string());
        assert_eq!(paid("{}"), None);
        assert_eq!(
            paid(r#"{"pay_after_months": 2, "pay_day": 10}"#),
            Some("2027-01-10".to_owned())
        );
        assert_eq!(paid(r#"{"pay_after_months": 1}"#), Some("2026-12-31".to_owned()));
        assert_eq!(
            paid(r#"{"pay_after_months": 0, "pay_day": 28}"#),
            Some("2026-11-28".to_owned())
        );
    }
}
