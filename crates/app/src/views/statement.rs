//! 取引の明細: what stands between an office and another party over a time, in that office's books. Both offices' sides
//! are postings of the same entries, so the two statements mirror each other to the yen.

use super::{
    ViewError,
    names::{Named, party},
};
use crate::{Book, moment::Moment, viewer::Viewer};
use domain::{
    account::{Account, AccountKind, BookUnit, Class, Section},
    acts::Act,
    calendar::Day,
    id::{EntryId, OfficeId, PartyId},
    money::{Yen, YenOverflow},
    text::Code,
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A statement.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StatementView {
    /// In whose books.
    pub office: Named,
    /// With whom.
    pub counterparty: Named,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Debts of each kind.
    pub accounts: Vec<StatementAccount>,
    /// All debts together at the end: above nought is owed to the office, below nought it owes.
    pub balance: Yen,
}

/// A kind of debt.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StatementAccount {
    /// Section of the office.
    pub section: Section,
    /// Kind.
    pub account: AccountKind,
    /// 勘定科目.
    pub label: &'static str,
    /// Before the first day: above nought is owed to the office, below nought it owes.
    pub opening: Yen,
    /// What came in the time.
    pub lines: Vec<StatementLine>,
    /// After the last day.
    pub closing: Yen,
}

/// A posting.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StatementLine {
    /// Its entry.
    pub entry: EntryId,
    /// Kind of act, for people.
    pub act: &'static str,
    /// Day of supply.
    pub supplied_on: Day,
    /// Day it counts for.
    pub book_on: Day,
    /// Above nought in the office's favour.
    pub yen: Yen,
}

/// The statement of an office with an office or partner; `None` when either does not exist for the viewer.
///
/// # Errors
/// [`ViewError::Store`]; [`ViewError::Broken`] for sums beyond all bounds.
pub async fn statement(
    book: &Book,
    viewer: &Viewer,
    office: &Code,
    with: &Code,
    (from, to): (Day, Day),
) -> Result<Option<StatementView>, ViewError> {
    let Moment {
        snapshot, masters, ..
    } = book.moment().await?;
    let gate = viewer.gate(&masters);
    let Some(own) = masters.office_by_code(office).map(|known| known.id) else {
        return Ok(None);
    };
    if !gate.sees_books(BookUnit::production(own), to) {
        return Ok(None);
    }
    let neighbour = masters.office_by_code(with).map(|known| known.id);
    let neighbour = neighbour
        .filter(|known| gate.knows_office(*known))
        .map(PartyId::from);
    let partner = || masters.partner_by_code(Some(own), with).map(PartyId::from);
    let Some(other) = neighbour.or_else(partner) else {
        return Ok(None);
    };
    // to a coordinator what was before the office joined is one sum, whatever day they ask from
    let from = gate.sees_since(own, to).map_or(from, |since| from.max(since));
    let mut accounts: BTreeMap<Account, StatementAccount> = BTreeMap::new();
    for sum in snapshot.sums_with(own, other, from).await? {
        if is_debt(&sum.account) {
            of(&mut accounts, sum.account).opening = sum.yen;
        }
    }
    let lines = snapshot.postings_with(own, other, (Some(from), to)).await?;
    let seqs: Vec<u64> = lines.iter().map(|line| line.seq).collect();
    let entries = snapshot.whole_entries(&seqs).await?;
    for line in lines.iter().filter(|line| is_debt(&line.account)) {
        let entry = entries.get(&line.seq).ok_or(ViewError::Broken { what: "伝票" })?;
        of(&mut accounts, line.account).lines.push(StatementLine {
            entry: entry.entry.id,
            act: Act::label(&entry.entry.kind),
            supplied_on: line.supplied_on,
            book_on: line.book_on,
            yen: line.yen,
        });
    }
    let mut accounts: Vec<StatementAccount> = accounts.into_values().collect();
    for account in &mut accounts {
        let lines = account.lines.iter().map(|line| line.yen);
        account.closing = Yen::sum(std::iter::once(account.opening).chain(lines)).map_err(beyond)?;
    }
    Ok(Some(StatementView {
        office: party(&masters, own.into(), to),
        counterparty: party(&masters, other, to),
        from,
        to,
        balance: Yen::sum(accounts.iter().map(|account| account.closing)).map_err(beyond)?,
        accounts,
    }))
}

fn is_debt(account: &Account) -> bool {
    matches!(account.kind.class(), Class::Asset | Class::Liability)
}

fn of(accounts: &mut BTreeMap<Account, StatementAccount>, account: Account) -> &mut StatementAccount {
    accounts.entry(account).or_insert_with(|| StatementAccount {
        section: match account.unit {
            BookUnit::Office(OfficeId(_), section) => section,
            BookUnit::Head(_) => Section::Production,
        },
        account: account.kind,
        label: account.kind.label(),
        opening: Yen::ZERO,
        lines: Vec::new(),
        closing: Yen::ZERO,
    })
}

fn beyond(_: YenOverflow) -> ViewError {
    ViewError::Broken { what: "金額" }
}
