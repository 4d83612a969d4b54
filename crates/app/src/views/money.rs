//! お金: what an office has in its purses now, who owes it and whom it owes.

use super::{
    ViewError,
    names::{self, Named},
};
use crate::{Book, viewer::Viewer};
use domain::{
    account::{AccountKind, BookUnit, Section},
    acts::debt::DebtKind,
    calendar::{Day, business_day},
    id::{CashPlaceId, OfficeId},
    masters::{CashPlaceKind, Masters},
    money::Yen,
};
use serde::Serialize;
use std::collections::BTreeMap;
use store::AccountSum;
use utoipa::ToSchema;

/// Money of an office.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MoneyView)]
pub struct Money {
    /// All cash boxes, tills and bank accounts, also empty ones.
    pub purses: Vec<Purse>,
    /// Debts, what the office is owed first.
    pub debts: Vec<DebtLine>,
}

/// A cash box, till or bank account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PurseView)]
pub struct Purse {
    /// Which.
    pub place: Named,
    /// Kind.
    pub holds: CashPlaceKind,
    /// What is in it by the book, of both sections.
    pub yen: Yen,
}

/// A debt, of one section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DebtLine {
    /// As an act names it.
    pub what: DebtKind,
    /// 勘定科目.
    pub label: &'static str,
    /// With whom; nobody for unpaid wages.
    pub with: Option<Named>,
    /// In whose books of the office it stands.
    pub section: Section,
    /// Whether that is an office of the book; else it is a partner.
    pub is_office: bool,
    /// The office itself owes.
    pub is_ours: bool,
    /// How much; below nought where more was paid than was owed.
    pub yen: Yen,
}

/// Money of an office, to those who may see its books.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn money(book: &Book, viewer: &Viewer, office: OfficeId) -> Result<Money, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let masters = &moment.masters;
    let gate = viewer.gate(masters);
    let mut money = Money::default();
    let mut purses: BTreeMap<CashPlaceId, i64> = BTreeMap::new();
    for sum in moment.snapshot.sums_of_office(office).await? {
        let account = sum.account;
        if !gate.sees_books(account.unit, today) {
            continue;
        }
        if let Some(place) = account.cash_place {
            let there = purses.entry(place).or_default();
            *there = there.saturating_add(sum.yen.get());
            continue;
        }
        money.debts.extend(debt_line(masters, office, &sum, today));
    }
    let own = masters.cash_places().filter(|place| place.office == office);
    for place in own.filter(|_| gate.follows(office, today)) {
        let there = purses.get(&place.id).copied().unwrap_or_default();
        money.purses.push(Purse {
            place: Named::new(place.code.as_str(), place.name.as_str()),
            holds: place.kind,
            yen: Yen::try_new(there).map_err(|_| ViewError::Broken { what: "balance" })?,
        });
    }
    money
        .purses
        .sort_by(|one, other| one.place.code.cmp(&other.place.code));
    money.debts.sort_by(|one, other| one.order().cmp(&other.order()));
    Ok(money)
}

impl DebtLine {
    /// What the office is owed first.
    pub(super) fn order(&self) -> impl Ord + '_ {
        (self.is_ours, self.section, self.label, &self.with)
    }
}

/// The debt of an account, if it holds one. What the two sections of an office owe each other is no debt that anybody pays.
pub(super) fn debt_line(
    masters: &Masters,
    office: OfficeId,
    sum: &AccountSum,
    today: Day,
) -> Option<DebtLine> {
    let account = sum.account;
    let BookUnit::Office(_, section) = account.unit else {
        return None;
    };
    let what = debt_kind(account.kind, sum.yen).filter(|_| account.party != Some(office.into()))?;
    let as_office = account.party.map(|party| masters.as_office(party).is_some());
    Some(DebtLine {
        what,
        section,
        label: account.kind.label(),
        with: account.party.map(|party| names::party(masters, party, today)),
        is_office: as_office.unwrap_or_default(),
        is_ours: what.is_ours(),
        yen: if what.is_ours() {
            sum.yen.negated()
        } else {
            sum.yen
        },
    })
}

/// The debt that an account holds; 内部勘定 are one or the other, as they stand.
fn debt_kind(kind: AccountKind, yen: Yen) -> Option<DebtKind> {
    Some(match kind {
        AccountKind::Receivable => DebtKind::Receivable,
        AccountKind::ConsignmentReceivable => DebtKind::ConsignmentReceivable,
        AccountKind::CashlessReceivable => DebtKind::Cashless,
        AccountKind::VoucherReceivable => DebtKind::Voucher,
        AccountKind::PaidForOthers => DebtKind::PaidForOthers,
        AccountKind::Payable => DebtKind::Payable,
        AccountKind::ConsignmentDeposit => DebtKind::ConsignmentDeposit,
        AccountKind::OwedForOthers => DebtKind::OwedForOthers,
        AccountKind::UnpaidWages => DebtKind::UnpaidWages,
        AccountKind::DepositHeld => DebtKind::DepositHeld,
        AccountKind::Internal if yen < Yen::ZERO => DebtKind::InternalPayable,
        AccountKind::Internal => DebtKind::InternalReceivable,
        _ => return None,
    })
}
