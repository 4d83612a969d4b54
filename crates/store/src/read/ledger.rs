//! The postings of an office over a time, entry by entry: what its journal is made of.

use super::{
    balances::{COLUMNS, read_account},
    snapshot::Snapshot,
};
use crate::{StoreError, write::load::count};
use domain::{
    account::Account,
    calendar::Day,
    id::OfficeId,
    money::Yen,
    tax::{PriceBasis, TaxCategory, TaxRate},
    text::Code,
};
use sea_orm::QueryResult;

/// A posting as it stands in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLine {
    /// Position of its entry.
    pub seq: u64,
    /// Account.
    pub account: Account,
    /// Debit above nought.
    pub yen: Yen,
    /// Class and rate as used.
    pub tax: TaxRate,
    /// 内税 or 外税, where it carries a price.
    pub basis: Option<PriceBasis>,
    /// 作業種別.
    pub work: Option<Code>,
    /// Day of supply.
    pub supplied_on: Day,
    /// Day it counts for.
    pub book_on: Day,
}

impl Snapshot {
    /// Postings of both sections of an office that count for `from <= day <= to`, in the order of the book.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a row that cannot be read, else as any statement.
    pub async fn ledger(
        &self,
        office: OfficeId,
        (from, to): (Day, Day),
    ) -> Result<Vec<LedgerLine>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, p.yen, p.seq, p.supplied_on, p.book_on, p.tax_category, p.tax_percent, p.basis, p.work \
             FROM account a JOIN posting p ON p.account_no = a.no \
             WHERE a.unit_kind = 1 AND a.unit = {} AND p.book_on BETWEEN {} AND {} ORDER BY p.seq, p.line",
            self.parameter(1),
            self.parameter(2),
            self.parameter(3)
        );
        let values = vec![office.0.into(), from.as_number().into(), to.as_number().into()];
        self.all(&sql, values).await?.iter().map(read).collect()
    }
}

fn read(row: &QueryResult) -> Result<LedgerLine, StoreError> {
    let corrupt = |column: &str| StoreError::corrupt(format!("posting.{column}"));
    let day = |number: i32| Day::from_number(number).map_err(|_| corrupt("day"));
    let category = u8::try_from(row.try_get_by_index::<i16>(10)?).ok();
    let percent = u8::try_from(row.try_get_by_index::<i16>(11)?);
    let work: Option<String> = row.try_get_by_index(13)?;
    Ok(LedgerLine {
        account: read_account(row)?,
        yen: Yen::try_new(row.try_get_by_index(6)?).map_err(|_| corrupt("yen"))?,
        seq: count(row.try_get_by_index(7)?)?,
        supplied_on: day(row.try_get_by_index(8)?)?,
        book_on: day(row.try_get_by_index(9)?)?,
        tax: TaxRate {
            category: category
                .and_then(TaxCategory::from_number)
                .ok_or_else(|| corrupt("tax_category"))?,
            percent: percent.map_err(|_| corrupt("tax_percent"))?,
        },
        basis: match row.try_get_by_index::<i16>(12)? {
            0 => None,
            1 => Some(PriceBasis::Inclusive),
            2 => Some(PriceBasis::Exclusive),
            _ => return Err(corrupt("basis")),
        },
        work: work
            .map(|work| work.parse())
            .transpose()
            .map_err(|_| corrupt("work"))?,
    })
}
