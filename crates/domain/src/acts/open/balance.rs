//! Opening balances: each against 開始残高 of its own section, debts between offices mirrored in the other's books.

use super::confirmed;
use crate::{
    account::{Account, AccountKind, BookUnit, Class, Counterparty, Section},
    acts::means::cash_account,
    draft::Draft,
    id::{OfficeId, PartyId},
    masters::CashPlaceKind,
    money::Yen,
    refusal::{Refusal, Stop, Why, refuse},
    text::Code,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The balance of one account on the day the office joins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpeningBalance {
    /// Asset, liability or reserve; never 開始残高 itself, income or expense.
    pub account: AccountKind,
    /// Partner, for debts with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<Code>,
    /// Office of the book, for debts with one; it must be in `agreed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_office: Option<Code>,
    /// Section of that office; 就労支援事業 when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub their_section: Option<Section>,
    /// Cash or bank place; the office's first of the kind when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_place: Option<Code>,
    /// Yen: debit +, credit −. What the office owes and its reserves stand below nought.
    pub yen: Yen,
    /// Section; 就労支援事業 when missing.
    #[serde(default)]
    pub section: Section,
}

pub(super) fn post(
    draft: &mut Draft<'_>,
    office: OfficeId,
    balances: &[OpeningBalance],
    agreed: &[Code],
) -> Result<(), Stop> {
    let mut sums: BTreeMap<BookUnit, Yen> = BTreeMap::new();
    let mut seen = Vec::with_capacity(balances.len());
    for (n, line) in balances.iter().enumerate() {
        let field = format!("balances[{n}]");
        let account = account(draft, &field, office, line)?;
        if seen.contains(&account) {
            return refuse(format!("{field}.account"), Why::LineTwice);
        }
        seen.push(account);
        let mut both = vec![(account, line.yen)];
        if let Some(code) = &line.with_office {
            confirmed(agreed, code)?;
            both.push((mirror(&field, office, account, line)?, line.yen.negated()));
        }
        for (account, yen) in both {
            draft.post(account, yen);
            let sum = sums.entry(account.unit).or_default();
            let too_large = |_| Refusal::at(format!("{field}.yen"), Why::AmountTooLarge);
            *sum = sum.checked_add(yen).map_err(too_large)?;
        }
    }
    for (unit, sum) in sums {
        draft.post(Account::plain(unit, AccountKind::OpeningBalance), sum.negated());
    }
    Ok(())
}

fn account(
    draft: &mut Draft<'_>,
    field: &str,
    office: OfficeId,
    line: &OpeningBalance,
) -> Result<Account, Stop> {
    let kind = line.account;
    let wrong = |name: &str| {
        Refusal::at(
            format!("{field}.{name}"),
            Why::AccountWrong { kind: kind.label() },
        )
    };
    let is_opening = matches!(kind.class(), Class::Asset | Class::Liability | Class::Equity);
    if !is_opening || kind == AccountKind::OpeningBalance {
        return Err(wrong("account").into());
    }
    let (party, place) = (
        kind.counterparty() == Counterparty::Party,
        kind.counterparty() == Counterparty::CashPlace,
    );
    for (name, given, fits) in [
        ("partner", line.partner.is_some(), party),
        ("with_office", line.with_office.is_some(), party),
        (
            "their_section",
            line.their_section.is_some(),
            line.with_office.is_some(),
        ),
        ("cash_place", line.cash_place.is_some(), place),
    ] {
        if given && !fits {
            return Err(wrong(name).into());
        }
    }
    let unit = BookUnit::Office(office, line.section);
    match kind.counterparty() {
        Counterparty::None => Ok(Account::plain(unit, kind)),
        Counterparty::Party => Ok(Account::with(
            unit,
            kind,
            counterparty(draft, field, office, line)?,
        )),
        Counterparty::CashPlace => {
            let holds = match kind {
                AccountKind::Bank => CashPlaceKind::Bank,
                AccountKind::TillCash => CashPlaceKind::Till,
                _ => CashPlaceKind::Cash,
            };
            let at = format!("{field}.cash_place");
            let (place, holds) = draft.cash_place(&at, holds, line.cash_place.as_ref())?;
            if cash_account(holds) != kind {
                return Err(wrong("cash_place").into());
            }
            Ok(Account::cash(unit, kind, place))
        }
    }
}

/// A partner, or an office of the book: of the same corporation in 内部勘定, of another one in the other kinds.
fn counterparty(
    draft: &mut Draft<'_>,
    field: &str,
    office: OfficeId,
    line: &OpeningBalance,
) -> Result<PartyId, Stop> {
    let kind = line.account;
    match (&line.partner, &line.with_office) {
        (Some(code), None) if kind != AccountKind::Internal => {
            Ok(draft.partner(&format!("{field}.partner"), Some(code))?.into())
        }
        (None, Some(code)) => {
            let field = format!("{field}.with_office");
            let other = draft.other_office(&field, code)?;
            let internal = kind == AccountKind::Internal;
            let same = draft.same_corporation(office, other);
            if internal && !same {
                return refuse(field, Why::NotSameCorporation);
            }
            if same != internal || kind.mirror().is_none() {
                return refuse(field, Why::AccountWrong { kind: kind.label() });
            }
            Ok(other.into())
        }
        _ => {
            let problem =
                "partner(取引先)か with_office(帳簿の事業所)の、どちらか1つを書いてください。".to_owned();
            refuse(format!("{field}.partner"), Why::Malformed { problem })
        }
    }
}

/// The other office's side of a debt.
fn mirror(
    field: &str,
    office: OfficeId,
    account: Account,
    line: &OpeningBalance,
) -> Result<Account, Refusal> {
    let wrong = Why::AccountWrong {
        kind: account.kind.label(),
    };
    match (account.party, account.kind.mirror()) {
        (Some(other), Some(kind)) => {
            let unit = BookUnit::Office(OfficeId(other.0), line.their_section.unwrap_or_default());
            Ok(Account::with(unit, kind, office))
        }
        _ => Err(Refusal::at(format!("{field}.with_office"), wrong)),
    }
}
