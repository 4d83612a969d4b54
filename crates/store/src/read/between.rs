//! What stands between two parties in the books of one of them.

use super::{
    balances::{AccountSum, COLUMNS, read_account},
    snapshot::{Snapshot, number},
};
use crate::{StoreError, write::load::count};
use domain::{
    account::Account,
    calendar::Day,
    id::{OfficeId, PartyId},
    money::Yen,
};

/// A posting with the days of its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostedLine {
    /// Position of its entry.
    pub seq: u64,
    /// Account.
    pub account: Account,
    /// Debit above nought.
    pub yen: Yen,
    /// Day of supply.
    pub supplied_on: Day,
    /// Day it counts for.
    pub book_on: Day,
}

/// Which entries of a pair a statement covers: those that count for its days, and those of earlier days that were recorded
/// after the statement before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Position of the statement before it.
    pub after: Option<u64>,
    /// Position of the statement itself, once it is agreed on.
    pub before: Option<u64>,
}

impl Snapshot {
    /// Positions of the entries that a statement of an office with a party covers, in the order of their days.
    ///
    /// # Errors
    /// As any statement.
    pub async fn covered(
        &self,
        office: OfficeId,
        party: PartyId,
        window: Window,
    ) -> Result<Vec<u64>, StoreError> {
        let p = |n| self.parameter(n);
        let sql = format!(
            "SELECT DISTINCT p.book_on, p.seq FROM account a JOIN posting p ON p.account_no = a.no \
             WHERE a.unit_kind = 1 AND a.unit = {} AND a.party = {} AND p.book_on <= {} \
             AND (p.book_on >= {} OR p.seq > {}) AND p.seq < {} ORDER BY p.book_on, p.seq",
            p(1),
            p(2),
            p(3),
            p(4),
            p(5),
            p(6)
        );
        let values = vec![
            office.0.into(),
            party.0.into(),
            window.to.as_number().into(),
            window.from.as_number().into(),
            window.after.map_or(Ok(i64::MAX), number)?.into(),
            window.before.map_or(Ok(i64::MAX), number)?.into(),
        ];
        let rows = self.all(&sql, values).await?;
        rows.iter().map(|row| count(row.try_get_by_index(1)?)).collect()
    }

    /// Sums of an office's accounts with a party before a day.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for an account that cannot be read, else as any statement.
    pub async fn sums_with(
        &self,
        office: OfficeId,
        party: PartyId,
        before: Day,
    ) -> Result<Vec<AccountSum>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, CAST(SUM(p.yen) AS bigint) FROM account a JOIN posting p ON p.account_no = a.no \
             WHERE a.unit_kind = 1 AND a.unit = {} AND a.party = {} AND p.book_on < {} GROUP BY {COLUMNS}",
            self.parameter(1),
            self.parameter(2),
            self.parameter(3)
        );
        let values = vec![office.0.into(), party.0.into(), before.as_number().into()];
        let mut sums = super::balances::read(&self.all(&sql, values).await?)?;
        sums.retain(|sum| sum.yen != Yen::ZERO);
        Ok(sums)
    }

    /// Postings of an office's accounts with a party that count for `from <= day <= to` (from the beginning without a first day),
    /// oldest first.
    ///
    /// # Errors
    /// As [`Snapshot::sums_with`].
    pub async fn postings_with(
        &self,
        office: OfficeId,
        party: PartyId,
        (from, to): (Option<Day>, Day),
    ) -> Result<Vec<PostedLine>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, p.yen, p.seq, p.supplied_on, p.book_on FROM account a \
             JOIN posting p ON p.account_no = a.no \
             WHERE a.unit_kind = 1 AND a.unit = {} AND a.party = {} AND p.book_on BETWEEN {} AND {} \
             ORDER BY p.book_on, p.seq, p.line",
            self.parameter(1),
            self.parameter(2),
            self.parameter(3),
            self.parameter(4)
        );
        let values = vec![
            office.0.into(),
            party.0.into(),
            from.map_or(0, Day::as_number).into(),
            to.as_number().into(),
        ];
        let day = |number: i32| Day::from_number(number).map_err(|_| StoreError::corrupt("posting day"));
        let rows = self.all(&sql, values).await?;
        rows.iter()
            .map(|row| {
                Ok(PostedLine {
                    account: read_account(row)?,
                    yen: Yen::try_new(row.try_get_by_index(6)?)
                        .map_err(|_| StoreError::corrupt("posting.yen"))?,
                    seq: count(row.try_get_by_index(7)?)?,
                    supplied_on: day(row.try_get_by_index(8)?)?,
                    book_on: day(row.try_get_by_index(9)?)?,
                })
            })
            .collect()
    }

    /// All that lies at inner places of these owners or holders, by all entries.
    ///
    /// # Errors
    /// As [`Snapshot::stock`].
    pub async fn stock_of_parties(
        &self,
        parties: &[PartyId],
    ) -> Result<Vec<super::stock::StockRow>, StoreError> {
        let ids = |from: usize| {
            let names: Vec<String> = (0..parties.len()).map(|n| self.parameter(from + n)).collect();
            names.join(", ")
        };
        let sql = format!(
            "SELECT s.lot_no, s.quantity, p.kind, p.owner, p.holder, p.ref FROM stock s \
             JOIN place p ON p.no = s.place_no WHERE s.there AND (p.owner IN ({}) OR p.holder IN ({}))",
            ids(1),
            ids(1 + parties.len())
        );
        let values = parties
            .iter()
            .chain(parties)
            .map(|party| party.0.into())
            .collect();
        super::stock::read(&self.all(&sql, values).await?)
    }
}
