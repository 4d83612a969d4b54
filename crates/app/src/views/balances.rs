//! 残高: what each bookkeeping unit has, owes, earned and spent.

use super::{
    ViewError,
    names::{self, Named},
};
use crate::{Book, moment::Moment, viewer::Viewer};
use domain::{
    account::{Account, AccountKind, BookUnit, Class, Section},
    calendar::{Day, FiscalYear, Month, business_day},
    id::{OfficeId, PartyId},
    masters::Masters,
    money::Yen,
};
use serde::Serialize;
use std::collections::BTreeSet;
use store::{AccountSum, Snapshot};
use utoipa::ToSchema;

/// Which balances are meant. What is had and owed is what there is at the end of the time; what was earned and spent is
/// counted over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// End of a day; earned and spent since the fiscal year (April) began.
    Day(Day),
    /// End of a month; earned and spent in the month.
    Month(Month),
}

/// Balances of all bookkeeping units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BalancesView {
    /// Last day counted.
    pub until: Day,
    /// First day of what was earned and spent.
    pub from: Day,
    /// By code.
    pub units: Vec<UnitBalances>,
}

/// Books of one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitBalances {
    /// Office, or corporation for its head office.
    pub unit: Named,
    /// Section of an office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<Section>,
    /// Accounts that are not nought, by kind and counterparty.
    pub rows: Vec<BalanceLine>,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BalanceLine {
    /// Kind.
    pub account: AccountKind,
    /// 勘定科目.
    pub label: &'static str,
    /// Counterparty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<Named>,
    /// Safe, till or bank account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cash_place: Option<Named>,
    /// Above nought as the kind usually stands: 資産 and 費用 in debit, 負債, 純資産 and 収益 in credit.
    pub yen: Yen,
}

/// Balances at a time, today when none is named.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn balances(book: &Book, viewer: &Viewer, at: Option<At>) -> Result<BalancesView, ViewError> {
    let Moment {
        snapshot, masters, ..
    } = book.moment().await?;
    let gate = viewer.gate(&masters);
    let at = at.unwrap_or_else(|| At::Day(business_day(book.outside().clock.now())));
    let (from, until) = match at {
        At::Month(month) => (month.first_day(), month.last_day()),
        At::Day(day) => (
            FiscalYear::of(day).months().next().map_or(day, Month::first_day),
            day,
        ),
    };
    let mut sums = sums(&snapshot, at, from).await?;
    sums.retain(|sum| gate.sees_books(sum.account.unit, until));
    // to a coordinator what was earned and spent counts from the day the office joined
    let offices: BTreeSet<OfficeId> = sums.iter().filter_map(|sum| sum.account.unit.office()).collect();
    for office in offices {
        let Some(since) = gate.sees_since(office, until).filter(|since| *since > from) else {
            continue;
        };
        let is_flow = |sum: &AccountSum| sum.account.unit.office() == Some(office) && flows(sum.account.kind);
        sums.retain(|sum| !is_flow(sum));
        let flow = snapshot.sums_of_days(Some(since), until).await?;
        sums.extend(flow.into_iter().filter(is_flow));
    }
    Ok(BalancesView {
        until,
        from,
        units: units(&masters, sums, until),
    })
}

impl BalancesView {
    /// Only what is owed, either way, and the wages.
    #[must_use]
    pub fn debts_and_wages(mut self) -> BalancesView {
        for unit in &mut self.units {
            unit.rows
                .retain(|row| row.is_debt() || matches!(row.account, AccountKind::Wages));
        }
        self.units.retain(|unit| !unit.rows.is_empty());
        self
    }
}

impl BalanceLine {
    fn is_debt(&self) -> bool {
        let balance = matches!(self.account.class(), Class::Asset | Class::Liability);
        balance && (self.party.is_some() || self.account == AccountKind::UnpaidWages)
    }
}

async fn sums(snapshot: &Snapshot, at: At, from: Day) -> Result<Vec<AccountSum>, ViewError> {
    let (stand, flow) = match at {
        At::Month(month) => (
            snapshot.sums_of_months(None, month).await?,
            snapshot.sums_of_months(Some(month), month).await?,
        ),
        At::Day(day) => (
            snapshot.sums_of_days(None, day).await?,
            snapshot.sums_of_days(Some(from), day).await?,
        ),
    };
    let stands = |sum: &AccountSum| !flows(sum.account.kind);
    let flow = flow.into_iter().filter(|sum| flows(sum.account.kind));
    Ok(stand.into_iter().filter(stands).chain(flow).collect())
}

fn flows(kind: AccountKind) -> bool {
    matches!(kind.class(), Class::Income | Class::Expense)
}

fn units(masters: &Masters, sums: Vec<AccountSum>, day: Day) -> Vec<UnitBalances> {
    let mut units: Vec<(BookUnit, UnitBalances)> = Vec::new();
    for AccountSum { account, yen } in sums {
        let line = BalanceLine {
            account: account.kind,
            label: account.kind.label(),
            party: account.party.map(|party| names::party(masters, party, day)),
            cash_place: cash_place(masters, &account),
            yen: match account.kind.class() {
                Class::Asset | Class::Expense => yen,
                Class::Liability | Class::Equity | Class::Income => yen.negated(),
            },
        };
        if let Some((_, unit)) = units.iter_mut().find(|(unit, _)| *unit == account.unit) {
            unit.rows.push(line);
        } else {
            let (party, section) = match account.unit {
                BookUnit::Office(office, section) => (PartyId::from(office), Some(section)),
                BookUnit::Head(corporation) => (PartyId::from(corporation), None),
            };
            let unit = names::party(masters, party, day);
            units.push((
                account.unit,
                UnitBalances {
                    unit,
                    section,
                    rows: vec![line],
                },
            ));
        }
    }
    let mut units: Vec<UnitBalances> = units.into_iter().map(|(_, unit)| unit).collect();
    for unit in &mut units {
        let key = |row: &BalanceLine| {
            (
                row.account.class(),
                row.account.number(),
                row.party.clone(),
                row.cash_place.clone(),
            )
        };
        unit.rows.sort_by_cached_key(key);
    }
    units.sort_by(|one, other| (&one.unit, one.section).cmp(&(&other.unit, other.section)));
    units
}

fn cash_place(masters: &Masters, account: &Account) -> Option<Named> {
    let place = masters.cash_place(account.cash_place?)?;
    Some(Named::new(place.code.as_str(), place.name.as_str()))
}
