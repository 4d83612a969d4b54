//! 仕訳データ: the journal as a file for an accounting program, its columns and names as the office has set them.

mod likes;

pub use likes::{JournalColumn, JournalField, JournalLikes, tax_name, usual_tax};

use crate::{
    table::{Cell, List},
    views::journal::{Journal, JournalLine, JournalSide},
};
use domain::calendar::Day;

/// The journal as a list.
pub fn list(journal: &Journal, likes: &JournalLikes) -> List {
    let headings = likes.columns.iter();
    let headings = headings.map(|column| JournalLikes::heading(column).to_owned());
    let row = |line: &JournalLine| {
        let columns = likes.columns.iter();
        columns.map(|column| cell(line, column.field, likes)).collect()
    };
    List {
        name: "仕訳データ".to_owned(),
        headings: headings.collect(),
        rows: journal.lines.iter().map(row).collect(),
    }
}

fn cell(line: &JournalLine, field: JournalField, likes: &JournalLikes) -> Cell {
    let (debit, credit) = (line.debit.as_ref(), line.credit.as_ref());
    let account = |side: Option<&JournalSide>| Cell::text(side.map_or("", |side| likes.account(side)));
    let sub = |side: Option<&JournalSide>| {
        let sub = side.and_then(|side| side.sub.as_ref());
        Cell::text(sub.map_or("", |sub| sub.name.as_str()))
    };
    let tax = |side: Option<&JournalSide>| {
        Cell::text(side.map_or_else(String::new, |side| likes.tax(side.side, side.rate)))
    };
    let yen =
        |side: Option<&JournalSide>| side.map_or(Cell::Empty, |side| Cell::Number(side.yen.get().into()));
    match field {
        JournalField::Number => Cell::Number(line.number.into()),
        JournalField::BookOn => day(line.book_on),
        JournalField::SuppliedOn => day(line.supplied_on),
        JournalField::Section => Cell::text(line.section.label()),
        JournalField::DebitAccount => account(debit),
        JournalField::DebitSub => sub(debit),
        JournalField::DebitTax => tax(debit),
        JournalField::DebitYen => yen(debit),
        JournalField::CreditAccount => account(credit),
        JournalField::CreditSub => sub(credit),
        JournalField::CreditTax => tax(credit),
        JournalField::CreditYen => yen(credit),
        JournalField::Work => Cell::text(line.work.clone().unwrap_or_default()),
        JournalField::Internal => Cell::text(if line.is_internal { "内部取引" } else { "" }),
        JournalField::Memo => Cell::text(line.memo.clone()),
        JournalField::Entry => Cell::text(line.entry.0.to_string()),
    }
}

/// Accounting programs read `2026/06/05`.
fn day(day: Day) -> Cell {
    Cell::text(day.to_string().replace('-', "/"))
}
