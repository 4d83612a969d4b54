//! What is kept in sum, beside the rows it is the sum of: one statement each, so that both are of the same moment.
//!
//! Sums are taken in two halves of 32 bits: rows that somebody changed must not end the reading by an overflow.

use super::{LotName, Rows};
use crate::{StoreError, entity::account};
use sea_orm::{EntityTrait, FromQueryResult, QueryResult};

const HALVES: &str = "CAST(SUM(n / 4294967296) AS bigint), CAST(SUM(n % 4294967296) AS bigint)";

fn whole(row: &QueryResult, at: usize) -> Result<i128, StoreError> {
    let high: i64 = row.try_get_by_index(at)?;
    let low: i64 = row.try_get_by_index(at + 1)?;
    Ok((i128::from(high) << 32) + i128::from(low))
}

/// What is known of a lot at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockRow {
    /// A row of `stock`.
    Kept {
        /// Lot.
        lot_no: i64,
        /// Place.
        place_no: i64,
        /// Whether it is said to be an inner place.
        inner: bool,
        /// Quantity.
        quantity: i64,
        /// Last day.
        last_day: i32,
    },
    /// Movements of a day, in and out.
    Moved {
        /// Lot.
        lot_no: i64,
        /// Place.
        place_no: i64,
        /// Day.
        day: i32,
        /// Sum.
        sum: i128,
    },
}

/// What is known of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BalanceRow {
    /// A row of `balance`.
    Kept {
        /// Account.
        account_no: i64,
        /// Yen.
        yen: i64,
        /// Last day.
        last_day: i32,
    },
    /// A row of `balance_month`.
    Month {
        /// Account.
        account_no: i64,
        /// `yyyymm`.
        month: i32,
        /// Yen.
        yen: i64,
    },
    /// Postings of a month.
    Posted {
        /// Account.
        account_no: i64,
        /// `yyyymm`.
        month: i32,
        /// Sum.
        sum: i128,
        /// Last day.
        last_day: i32,
    },
}

/// What went from a lot into another, mirrors counted against what they mirror.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkSum {
    /// Input lot.
    pub input_no: i64,
    /// Output lot.
    pub output_no: i64,
    /// Net quantity.
    pub sum: i128,
}

impl Rows<'_> {
    /// The next lots after a number, in order.
    ///
    /// # Errors
    /// As any statement.
    pub async fn lots_after(&self, after: i64, limit: i64) -> Result<Vec<LotName>, StoreError> {
        let sql = "SELECT no, id, code, birth_seq FROM lot WHERE no > {1} ORDER BY no LIMIT {2}";
        let statement = self.statement(sql, vec![after.into(), limit.into()]);
        Ok(LotName::find_by_statement(statement)
            .all(&self.store.scanner)
            .await?)
    }

    /// Stock and movements of lots `first <= no <= last`, by lot, place and day; the row of `stock` comes first.
    ///
    /// # Errors
    /// As any statement.
    pub async fn stock_rows(&self, first: i64, last: i64) -> Result<Vec<StockRow>, StoreError> {
        let sql = format!(
            "SELECT lot_no, place_no, 0 AS what, last_day, quantity, \
             CAST(CASE WHEN inner_place THEN 1 ELSE 0 END AS bigint) \
             FROM stock WHERE lot_no >= {{1}} AND lot_no <= {{2}} UNION ALL \
             SELECT lot_no, place_no, 1, book_on, {HALVES} FROM (\
             SELECT lot_no, to_no AS place_no, book_on, quantity AS n FROM movement \
             WHERE lot_no >= {{1}} AND lot_no <= {{2}} UNION ALL \
             SELECT lot_no, from_no AS place_no, book_on, -quantity AS n FROM movement \
             WHERE lot_no >= {{1}} AND lot_no <= {{2}}) legs GROUP BY lot_no, place_no, book_on ORDER BY 1, 2, 3, 4"
        );
        let rows = self.select(&sql, vec![first.into(), last.into()]).await?;
        let read = |row: &QueryResult| {
            let (lot_no, place_no) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let (what, day): (i32, i32) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
            Ok(if what == 0 {
                StockRow::Kept {
                    lot_no,
                    place_no,
                    inner: row.try_get_by_index::<i64>(5)? == 1,
                    quantity: row.try_get_by_index(4)?,
                    last_day: day,
                }
            } else {
                StockRow::Moved {
                    lot_no,
                    place_no,
                    day,
                    sum: whole(row, 4)?,
                }
            })
        };
        rows.iter().map(read).collect()
    }

    /// Links from lots `first <= no <= last`, added up by input and output.
    ///
    /// # Errors
    /// As any statement.
    pub async fn link_sums(&self, first: i64, last: i64) -> Result<Vec<LinkSum>, StoreError> {
        let sql = format!(
            "SELECT input_no, output_no, {HALVES} FROM (SELECT input_no, output_no, quantity AS n FROM link \
             WHERE input_no >= {{1}} AND input_no <= {{2}}) l GROUP BY input_no, output_no"
        );
        self.select(&sql, vec![first.into(), last.into()])
            .await?
            .iter()
            .map(link_sum)
            .collect()
    }

    /// Links from these lots, added up by input and output.
    ///
    /// # Errors
    /// As any statement.
    pub async fn links_out_of(&self, lots: &[i64]) -> Result<Vec<LinkSum>, StoreError> {
        let (among, list) = self.among("input_no", lots);
        let sql = format!(
            "SELECT input_no, output_no, {HALVES} FROM (SELECT input_no, output_no, quantity AS n FROM link \
             WHERE {among}) l GROUP BY input_no, output_no"
        );
        self.select(&sql, vec![list])
            .await?
            .iter()
            .map(link_sum)
            .collect()
    }

    /// The next accounts after a number, in order.
    ///
    /// # Errors
    /// As any statement.
    pub async fn accounts_after(&self, after: i64, limit: i64) -> Result<Vec<account::Model>, StoreError> {
        let sql = "SELECT * FROM account WHERE no > {1} ORDER BY no LIMIT {2}";
        let statement = self.statement(sql, vec![after.into(), limit.into()]);
        Ok(account::Entity::find()
            .from_raw_sql(statement)
            .all(&self.store.scanner)
            .await?)
    }

    /// Balances and postings of accounts `first <= no <= last`, by account: first the balance, then the months kept, then
    /// the months of the postings.
    ///
    /// # Errors
    /// As any statement.
    pub async fn balance_rows(&self, first: i64, last: i64) -> Result<Vec<BalanceRow>, StoreError> {
        let sql = format!(
            "SELECT account_no, 0 AS what, 0 AS month, yen, CAST(0 AS bigint), last_day FROM balance \
             WHERE account_no >= {{1}} AND account_no <= {{2}} UNION ALL \
             SELECT account_no, 1, month, yen, CAST(0 AS bigint), 0 FROM balance_month \
             WHERE account_no >= {{1}} AND account_no <= {{2}} UNION ALL \
             SELECT account_no, 2, month, {HALVES}, MAX(book_on) FROM (\
             SELECT account_no, book_on, book_on / 100 AS month, yen AS n FROM posting \
             WHERE account_no >= {{1}} AND account_no <= {{2}}) p GROUP BY account_no, month ORDER BY 1, 2, 3"
        );
        let rows = self.select(&sql, vec![first.into(), last.into()]).await?;
        let read = |row: &QueryResult| {
            let account_no = row.try_get_by_index(0)?;
            let (what, month): (i32, i32) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            Ok(match what {
                0 => BalanceRow::Kept {
                    account_no,
                    yen: row.try_get_by_index(3)?,
                    last_day: row.try_get_by_index(5)?,
                },
                1 => BalanceRow::Month {
                    account_no,
                    month,
                    yen: row.try_get_by_index(3)?,
                },
                _ => BalanceRow::Posted {
                    account_no,
                    month,
                    sum: whole(row, 3)?,
                    last_day: row.try_get_by_index(5)?,
                },
            })
        };
        rows.iter().map(read).collect()
    }

    /// What all balances of the book sum to.
    ///
    /// # Errors
    /// As any statement.
    pub async fn sum_of_balances(&self) -> Result<i128, StoreError> {
        let sql = "SELECT CAST(COALESCE(SUM(yen / 4294967296), 0) AS bigint), \
                   CAST(COALESCE(SUM(yen % 4294967296), 0) AS bigint) FROM balance";
        let rows = self.select(sql, Vec::new()).await?;
        rows.first().map_or(Ok(0), |row| whole(row, 0))
    }
}

fn link_sum(row: &QueryResult) -> Result<LinkSum, StoreError> {
    let (input_no, output_no) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(LinkSum {
        input_no,
        output_no,
        sum: whole(row, 2)?,
    })
}
