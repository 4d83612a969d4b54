//! 未入金・未払い: of each debt of an office what is open, what is overdue, and what was paid ahead (入金消込).
//!
//! Worked out of the book each time, never kept: what was sold or bought on account, by the paper that bills it where there is one;
//! payments clear what they name, then what is due first ([`domain::clearing`]). So what is open less what was paid ahead is
//! what the book says is owed. Consigned goods are no items: their 精算書 say what is open.

mod folded;
mod named;

use super::{
    ViewError,
    money::{DebtLine, debt_line},
    names::Named,
};
use crate::{Book, viewer::Viewer};
use domain::{
    account::{AccountKind, BookUnit},
    acts::debt::DebtKind,
    calendar::{Day, business_day},
    entry::ReferenceRole,
    id::{EntryId, OfficeId},
    money::Yen,
    refs::EntryRef,
    text::Code,
};
use folded::Of;
use serde::Serialize;
use utoipa::ToSchema;

/// A debt of an office and what it is made of.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OpenDebt {
    /// The debt.
    pub debt: DebtLine,
    /// What is open, what is due first at the top; nothing for debts that are settled by 精算書.
    pub items: Vec<OpenItem>,
    /// Paid beyond all of it.
    pub ahead: Yen,
    /// Open and past its day.
    pub overdue: Yen,
    /// Settled by 精算書.
    pub by_settlement: bool,
}

/// A sale, a purchase or a paper, and how far it is paid.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OpenItem {
    /// Its entry: of the paper where there is one.
    pub entry: EntryId,
    /// As a payment names it.
    pub reference: EntryRef,
    /// What it is: kind of act, or 請求書.
    pub label: &'static str,
    /// Its day.
    pub on: Day,
    /// Number on the paper, ours or theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// By when it is paid, where that was said or agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Day>,
    /// That day has passed.
    pub is_overdue: bool,
    /// All of it.
    pub yen: Yen,
    /// What of it is paid.
    pub paid: Yen,
    /// What is left.
    pub open: Yen,
}

/// Which items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only debts with this office or partner.
    pub with: Option<Code>,
    /// Only debts of this kind.
    pub what: Option<DebtKind>,
    /// Also what is paid.
    pub paid_too: bool,
    /// Only what is past its day.
    pub overdue_only: bool,
}

/// Open items of an office, debts in the order of [`super::money::money`]; `None` when its books are not for the viewer.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn open_items(
    book: &Book,
    viewer: &Viewer,
    office: &Code,
    wanted: &Wanted,
) -> Result<Option<Vec<OpenDebt>>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let gate = viewer.gate(&moment.masters);
    let Some(office) = moment.masters.office_by_code(office).map(|office| office.id) else {
        return Ok(None);
    };
    if !gate.sees_books(BookUnit::production(office), today) {
        return Ok(None);
    }
    let mut found = Vec::new();
    // a debt that is paid stands at nought
    let sums = if wanted.paid_too {
        moment.snapshot.accounts_of_office(office).await?
    } else {
        moment.snapshot.sums_of_office(office).await?
    };
    for sum in sums {
        if !gate.sees_books(sum.account.unit, today) {
            continue;
        }
        let Some(debt) = debt_line(&moment.masters, office, &sum, today) else {
            continue;
        };
        let is_with = |with: &Named| wanted.with.as_ref().is_none_or(|code| with.code == code.as_str());
        // what a person or an authority is owed stands in sums
        let Some((_, party)) = debt.with.as_ref().zip(sum.account.party) else {
            continue;
        };
        if !debt.with.as_ref().is_some_and(is_with) || wanted.what.is_some_and(|what| what != debt.what) {
            continue;
        }
        let by_settlement = matches!(
            debt.what,
            DebtKind::ConsignmentDeposit | DebtKind::ConsignmentReceivable
        );
        if by_settlement {
            let (items, ahead, overdue) = (Vec::new(), Yen::ZERO, Yen::ZERO);
            found.push(OpenDebt {
                debt,
                items,
                ahead,
                overdue,
                by_settlement,
            });
            continue;
        }
        let of = Of {
            office,
            party,
            account: sum.account,
            is_ours: debt.is_ours,
            from_the_beginning: wanted.paid_too,
        };
        let (mut items, ahead) = named::items(&moment, of, today).await?;
        let overdue = items.iter().filter(|item| item.is_overdue).map(|item| item.open);
        let overdue = Yen::sum(overdue).map_err(|_| ViewError::Broken { what: "合計" })?;
        items.retain(|item| {
            (wanted.paid_too || item.open.is_positive()) && (!wanted.overdue_only || item.is_overdue)
        });
        found.push(OpenDebt {
            debt,
            items,
            ahead,
            overdue,
            by_settlement,
        });
    }
    found.retain(|of| !wanted.overdue_only || of.overdue.is_positive());
    found.sort_by(|one, other| one.debt.order().cmp(&other.debt.order()));
    Ok(Some(found))
}

/// How far a paper is paid, as one of its two offices sees it; nothing where it bills nothing that is paid by itself.
///
/// # Errors
/// As [`open_items`].
pub async fn paid_of(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
    paper: EntryId,
) -> Result<Option<OpenItem>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let gate = viewer.gate(&moment.masters);
    let Some(entry) = moment.snapshot.entry(paper).await? else {
        return Ok(None);
    };
    let covered = (entry.references.iter())
        .filter(|reference| reference.role == ReferenceRole::Document)
        .map(|reference| EntryId(reference.id));
    let covered = moment
        .snapshot
        .entries_by_id(&covered.collect::<Vec<_>>())
        .await?;
    let parties = entry.offices.contains(&office);
    let debt = (covered.iter().filter(|_| parties))
        .flat_map(|entry| &entry.postings)
        .find_map(|posting| {
            let account = posting.account;
            let is_debt = matches!(account.kind, AccountKind::Receivable | AccountKind::Payable);
            let is_seen = account.unit.office() == Some(office) && gate.sees_books(account.unit, today);
            account
                .party
                .filter(|_| is_debt && is_seen)
                .map(|party| (account, party))
        });
    let Some((account, party)) = debt else {
        return Ok(None);
    };
    let of = Of {
        office,
        party,
        account,
        is_ours: account.kind == AccountKind::Payable,
        from_the_beginning: true,
    };
    let (items, _) = named::items(&moment, of, today).await?;
    Ok(items.into_iter().find(|item| item.entry == paper))
}
