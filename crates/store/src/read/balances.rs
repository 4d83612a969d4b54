//! Sums of accounts: by the kept sums where months are whole, by the postings for any day.

use super::snapshot::Snapshot;
use crate::StoreError;
use domain::{
    account::{Account, AccountKind, BookUnit, Section},
    calendar::{Day, Month},
    id::{CashPlaceId, CorporationId, OfficeId, PartyId},
    money::Yen,
};
use sea_orm::QueryResult;
use uuid::Uuid;

/// An account with a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountSum {
    /// Account.
    pub account: Account,
    /// Debit above nought; never nought.
    pub yen: Yen,
}

pub(super) const COLUMNS: &str = "a.unit_kind, a.unit, a.section, a.kind, a.party, a.cash_place";

impl Snapshot {
    /// Sums of postings that count for `from <= day <= to`; from the first day on when `from` is missing.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for an account that cannot be read, else as any statement.
    pub async fn sums_of_days(&self, from: Option<Day>, to: Day) -> Result<Vec<AccountSum>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, s.yen FROM (SELECT account_no, CAST(SUM(yen) AS bigint) AS yen FROM posting \
             WHERE book_on BETWEEN {} AND {} GROUP BY account_no) s JOIN account a ON a.no = s.account_no \
             WHERE s.yen <> 0",
            self.parameter(1),
            self.parameter(2)
        );
        let from = from.map_or(0, Day::as_number);
        read(&self.all(&sql, vec![from.into(), to.as_number().into()]).await?)
    }

    /// What stands on the accounts of an office now, in both sections, without those at nought.
    ///
    /// # Errors
    /// As [`Snapshot::sums_of_days`].
    pub async fn sums_of_office(&self, office: OfficeId) -> Result<Vec<AccountSum>, StoreError> {
        self.accounts_where(office, " AND b.yen <> 0").await
    }

    /// All accounts of an office that anything was ever posted to, also those that stand at nought now.
    ///
    /// # Errors
    /// As [`Snapshot::sums_of_days`].
    pub async fn accounts_of_office(&self, office: OfficeId) -> Result<Vec<AccountSum>, StoreError> {
        self.accounts_where(office, "").await
    }

    async fn accounts_where(&self, office: OfficeId, only: &str) -> Result<Vec<AccountSum>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, b.yen FROM account a JOIN balance b ON b.account_no = a.no \
             WHERE a.unit_kind = 1 AND a.unit = {}{only}",
            self.parameter(1),
        );
        read(&self.all(&sql, vec![office.0.into()]).await?)
    }

    /// What stands on the accounts of many offices now, in both sections.
    ///
    /// # Errors
    /// As [`Snapshot::sums_of_days`].
    pub async fn sums_of_offices(&self, offices: &[OfficeId]) -> Result<Vec<AccountSum>, StoreError> {
        /// Offices of one statement: engines take so many parameters without a word.
        const AT_ONCE: usize = 500;
        let mut sums = Vec::new();
        for some in offices.chunks(AT_ONCE) {
            let names: Vec<String> = (1..=some.len()).map(|n| self.parameter(n)).collect();
            let sql = format!(
                "SELECT {COLUMNS}, b.yen FROM account a JOIN balance b ON b.account_no = a.no \
                 WHERE a.unit_kind = 1 AND a.unit IN ({}) AND b.yen <> 0",
                names.join(", ")
            );
            let values = some.iter().map(|office| office.0.into()).collect();
            sums.extend(read(&self.all(&sql, values).await?)?);
        }
        Ok(sums)
    }

    /// Sums of postings of whole months, `from <= month <= to`; from the first month on when `from` is missing.
    ///
    /// # Errors
    /// As [`Snapshot::sums_of_days`].
    pub async fn sums_of_months(
        &self,
        from: Option<Month>,
        to: Month,
    ) -> Result<Vec<AccountSum>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, s.yen FROM (SELECT account_no, CAST(SUM(yen) AS bigint) AS yen FROM balance_month \
             WHERE month BETWEEN {} AND {} GROUP BY account_no) s JOIN account a ON a.no = s.account_no \
             WHERE s.yen <> 0",
            self.parameter(1),
            self.parameter(2)
        );
        let from = from.map_or(0, Month::as_number);
        read(&self.all(&sql, vec![from.into(), to.as_number().into()]).await?)
    }
}

pub(super) fn read(rows: &[QueryResult]) -> Result<Vec<AccountSum>, StoreError> {
    let rows = rows.iter().map(|row| {
        let yen = Yen::try_new(row.try_get_by_index(6)?).map_err(|_| StoreError::corrupt("balance.yen"))?;
        Ok(AccountSum {
            account: read_account(row)?,
            yen,
        })
    });
    rows.collect()
}

/// An account from the first six columns of a row.
pub(super) fn read_account(row: &QueryResult) -> Result<Account, StoreError> {
    let corrupt = |column: &str| StoreError::corrupt(format!("account.{column}"));
    let unit: Uuid = row.try_get_by_index(1)?;
    let unit = match (row.try_get_by_index::<i16>(0)?, row.try_get_by_index::<i16>(2)?) {
        (1, 1) => BookUnit::Office(OfficeId(unit), Section::Production),
        (1, 2) => BookUnit::Office(OfficeId(unit), Section::Welfare),
        (2, 0) => BookUnit::Head(CorporationId(unit)),
        _ => return Err(corrupt("unit")),
    };
    let kind = u8::try_from(row.try_get_by_index::<i16>(3)?)
        .ok()
        .and_then(AccountKind::from_number);
    let (party, cash_place): (Uuid, Uuid) = (row.try_get_by_index(4)?, row.try_get_by_index(5)?);
    Ok(Account {
        unit,
        kind: kind.ok_or_else(|| corrupt("kind"))?,
        party: (!party.is_nil()).then_some(PartyId(party)),
        cash_place: (!cash_place.is_nil()).then_some(CashPlaceId(cash_place)),
    })
}
