//! 仕訳帳: the postings of an office over a time as lines of debit and credit, for its accounting program. An entry keeps one
//! number on all its lines (複合仕訳), and balances within each section.

mod net;

use super::{
    ViewError,
    names::{self, Named},
};
use crate::{Book, moment::Moment, viewer::Viewer};
use domain::{
    account::{Account, AccountKind, BookUnit, Class, Section},
    acts::Act,
    calendar::Day,
    entry::{Entry, TextRole},
    id::{EntryId, OfficeId},
    masters::Masters,
    money::{Yen, YenOverflow},
    tax::{TaxCategory, TaxRate},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::LedgerLine;
use utoipa::ToSchema;

/// Which lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalQuestion {
    /// First and last day they count for.
    pub days: (Day, Day),
    /// 税込 or 税抜.
    pub tax: TaxStyle,
    /// Whether the office's own notes stand in the memo.
    pub notes: bool,
}

/// How amounts are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaxStyle {
    /// 税込経理.
    #[default]
    Inclusive,
    /// 税抜経理: the tax stands on lines of its own, 仮受消費税 and 仮払消費税.
    Exclusive,
}

/// 仕訳帳.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Journal {
    /// Whose.
    pub office: Named,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// 税込 or 税抜.
    pub tax: TaxStyle,
    /// In the order of the book.
    pub lines: Vec<JournalLine>,
    /// All debits.
    pub debit: Yen,
    /// All credits: the same.
    pub credit: Yen,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct JournalLine {
    /// 伝票番号: position in the log, the same on all lines of an entry.
    pub number: u64,
    /// The entry.
    pub entry: EntryId,
    /// Day it counts for.
    pub book_on: Day,
    /// Day of supply.
    pub supplied_on: Day,
    /// Section.
    pub section: Section,
    /// 借方.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debit: Option<JournalSide>,
    /// 貸方.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<JournalSide>,
    /// 作業種別.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<String>,
    /// 摘要.
    pub memo: String,
    /// Within one corporation: no sale to anybody.
    pub is_internal: bool,
}

/// One side of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct JournalSide {
    /// Name of the account in programs: that of its kind, `tax_received` or `tax_paid`.
    pub account: String,
    /// 勘定科目.
    pub label: &'static str,
    /// 補助科目: counterparty, or cash box.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<Named>,
    /// Class and rate.
    pub rate: TaxRate,
    /// Whose tax it is.
    pub side: TaxSide,
    /// Yen, above nought.
    pub yen: Yen,
}

/// Whether a rate is that of a sale or of a purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaxSide {
    /// 売上.
    Sales,
    /// 仕入.
    Purchases,
    /// Neither.
    None,
}

impl TaxSide {
    /// By the account.
    pub fn of(kind: AccountKind, rate: TaxRate) -> TaxSide {
        match kind.class() {
            _ if rate.category == TaxCategory::OutOfScope => TaxSide::None,
            Class::Income => TaxSide::Sales,
            Class::Expense => TaxSide::Purchases,
            Class::Asset | Class::Liability | Class::Equity => TaxSide::None,
        }
    }
}

/// What a line stands on: an account of the book, or one of the two that only 税抜 has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum On {
    Book(Account),
    /// 仮受消費税.
    TaxReceived(BookUnit),
    /// 仮払消費税.
    TaxPaid(BookUnit),
}

impl On {
    fn name(self) -> (String, &'static str) {
        match self {
            On::Book(account) => (name_of(account.kind), account.kind.label()),
            On::TaxReceived(_) => ("tax_received".to_owned(), "仮受消費税"),
            On::TaxPaid(_) => ("tax_paid".to_owned(), "仮払消費税"),
        }
    }

    fn unit(self) -> BookUnit {
        match self {
            On::Book(account) => account.unit,
            On::TaxReceived(unit) | On::TaxPaid(unit) => unit,
        }
    }
}

/// Name of an account kind in programs.
pub fn name_of(kind: AccountKind) -> String {
    let name = serde_json::to_value(kind).ok();
    let name = name.as_ref().and_then(serde_json::Value::as_str);
    name.unwrap_or_default().to_owned()
}

/// A posting on its way to a side.
#[derive(Clone, Debug)]
struct Part {
    on: On,
    yen: Yen,
    rate: TaxRate,
    side: TaxSide,
    work: Option<String>,
}

/// The journal of an office, to those who may see its books.
///
/// # Errors
/// [`ViewError::Store`]; [`ViewError::Broken`] for sums beyond all bounds.
pub async fn journal(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
    question: JournalQuestion,
) -> Result<Option<Journal>, ViewError> {
    let moment = book.moment().await?;
    let (from, to) = question.days;
    let gate = viewer.gate(&moment.masters);
    if !gate.sees_books(BookUnit::production(office), to) {
        return Ok(None);
    }
    // to a coordinator what was before the office joined is closed
    let from = gate.sees_since(office, to).map_or(from, |since| from.max(since));
    let ledger = moment.snapshot.ledger(office, (from, to)).await?;
    let seqs: Vec<u64> = ledger.iter().map(|line| line.seq).collect();
    let entries = moment.snapshot.whole_entries(&seqs).await?;
    let texts = if question.notes {
        moment.snapshot.texts_of(&seqs).await?
    } else {
        BTreeMap::new()
    };
    let mut lines = Vec::new();
    for of_entry in ledger.chunk_by(|one, other| one.seq == other.seq) {
        let Some(first) = of_entry.first() else { continue };
        let entry = &entries
            .get(&first.seq)
            .ok_or(ViewError::Broken { what: "伝票" })?
            .entry;
        let note = texts.get(&first.seq).into_iter().flatten();
        let note = note
            .filter(|(role, _)| *role == TextRole::Note && gate.sees_acting(entry.acting, entry.book_on))
            .map(|(_, note)| note.as_str());
        let memo = [Act::label(&entry.kind)].into_iter().chain(note);
        let memo = memo.collect::<Vec<_>>().join(" ");
        lines.extend(of(&moment, entry, of_entry, question.tax, &memo)?);
    }
    let sum = |side: fn(&JournalLine) -> Option<&JournalSide>| {
        Yen::sum(lines.iter().filter_map(side).map(|side| side.yen)).map_err(beyond)
    };
    let debit = sum(|line| line.debit.as_ref())?;
    let credit = sum(|line| line.credit.as_ref())?;
    Ok(Some(Journal {
        office: names::party(&moment.masters, office.into(), to),
        from,
        to,
        tax: question.tax,
        debit,
        credit,
        lines,
    }))
}

/// The lines of an entry, one section after the other.
fn of(
    moment: &Moment,
    entry: &Entry,
    ledger: &[LedgerLine],
    style: TaxStyle,
    memo: &str,
) -> Result<Vec<JournalLine>, ViewError> {
    let mut parts: Vec<Part> = ledger
        .iter()
        .map(|line| Part {
            on: On::Book(line.account),
            yen: line.yen,
            rate: line.tax,
            side: TaxSide::of(line.account.kind, line.tax),
            work: line.work.as_ref().map(ToString::to_string),
        })
        .collect();
    if style == TaxStyle::Exclusive {
        parts = net::of(ledger, parts).map_err(beyond)?;
    }
    let mut lines = Vec::new();
    for section in [Section::Production, Section::Welfare] {
        let of_section = |part: &&Part| matches!(part.on.unit(), BookUnit::Office(_, own) if own == section);
        let is_internal = |part: &Part| matches!(part.on, On::Book(account) if is_internal(account.kind));
        let parts: Vec<&Part> = parts.iter().filter(of_section).collect();
        let internal = parts.iter().any(|part| is_internal(part));
        let side = |part: &Part| side(&moment.masters, part, entry.book_on);
        let (debits, credits): (Vec<&Part>, Vec<&Part>) =
            parts.into_iter().partition(|part| part.yen > Yen::ZERO);
        for at in 0..debits.len().max(credits.len()) {
            let (debit, credit) = (debits.get(at), credits.get(at));
            let work = [debit, credit]
                .into_iter()
                .flatten()
                .find_map(|part| part.work.clone());
            lines.push(JournalLine {
                number: entry.seq,
                entry: entry.id,
                book_on: entry.book_on,
                supplied_on: entry.supplied_on,
                section,
                debit: debit.map(|part| side(part)),
                credit: credit.map(|part| side(part)),
                work,
                memo: memo.to_owned(),
                is_internal: internal,
            });
        }
    }
    Ok(lines)
}

fn side(masters: &Masters, part: &Part, day: Day) -> JournalSide {
    let (account, label) = part.on.name();
    let sub = match part.on {
        On::Book(account) => account
            .party
            .map(|party| names::party(masters, party, day))
            .or_else(|| {
                let place = masters.cash_place(account.cash_place?)?;
                Some(Named::new(place.code.as_str(), place.name.as_str()))
            }),
        On::TaxReceived(_) | On::TaxPaid(_) => None,
    };
    JournalSide {
        account,
        label,
        sub,
        rate: part.rate,
        side: part.side,
        yen: if part.yen < Yen::ZERO {
            part.yen.negated()
        } else {
            part.yen
        },
    }
}

/// 内部取引.
pub(super) fn is_internal(kind: AccountKind) -> bool {
    matches!(
        kind,
        AccountKind::Internal | AccountKind::InternalIncome | AccountKind::InternalExpense
    )
}

fn beyond(_: YenOverflow) -> ViewError {
    ViewError::Broken { what: "金額" }
}
