//! Entries of a page with all their rows, and the rows these point to.

use super::{Rows, number};
use crate::{
    Engine, StoreError,
    entity::{
        account, entry, entry_office, entry_ref, entry_text, link, lot, movement, numbered, party, place,
        posting, product,
    },
};
use sea_orm::{EntityTrait, FromQueryResult, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

/// What other rows need to know of a lot.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct LotName {
    /// Number.
    pub no: i64,
    /// Id.
    pub id: Uuid,
    /// Code.
    pub code: String,
    /// Position of the entry it was born in.
    pub birth_seq: i64,
}

/// Rows with positions in a page, each table in the order of its key. A table that cannot be read is an error of its own,
/// so that the others still can be.
#[derive(Debug)]
pub struct EntryPage {
    /// `entry`.
    pub entries: Result<Vec<entry::Model>, StoreError>,
    /// `entry_text`.
    pub texts: Result<Vec<entry_text::Model>, StoreError>,
    /// `movement`.
    pub movements: Result<Vec<movement::Model>, StoreError>,
    /// `posting`.
    pub postings: Result<Vec<posting::Model>, StoreError>,
    /// `link`.
    pub links: Result<Vec<link::Model>, StoreError>,
    /// `entry_office`, of offices that have a number.
    pub offices: Result<Vec<entry_office::Model>, StoreError>,
    /// `numbered`.
    pub numbered: Result<Vec<numbered::Model>, StoreError>,
}

impl Rows<'_> {
    /// The rows of the entries `from <= seq < to`.
    pub async fn entry_page(&self, from: u64, to: u64) -> EntryPage {
        let (entries, texts, movements, postings, links, offices, numbered) = tokio::join!(
            self.page::<entry::Entity>("entry", "seq", from, to),
            self.page::<entry_text::Entity>("entry_text", "seq, line", from, to),
            self.page::<movement::Entity>("movement", "seq, line", from, to),
            self.page::<posting::Entity>("posting", "seq, line", from, to),
            self.page::<link::Entity>("link", "seq, line", from, to),
            self.offices(from, to),
            self.page::<numbered::Entity>("numbered", "seq", from, to),
        );
        EntryPage {
            entries,
            texts,
            movements,
            postings,
            links,
            offices,
            numbered,
        }
    }

    async fn page<E: EntityTrait>(
        &self,
        table: &str,
        order: &str,
        from: u64,
        to: u64,
    ) -> Result<Vec<E::Model>, StoreError> {
        let sql = format!("SELECT * FROM {table} WHERE seq >= {{1}} AND seq < {{2}} ORDER BY {order}");
        let statement = self.statement(&sql, vec![number(from)?.into(), number(to)?.into()]);
        Ok(E::find().from_raw_sql(statement).all(&self.store.scanner).await?)
    }

    /// The table is sorted by office: each office's rows are looked up by themselves, in this order on both engines.
    async fn offices(&self, from: u64, to: u64) -> Result<Vec<entry_office::Model>, StoreError> {
        let sql = match self.store.engine {
            Engine::Sqlite => {
                "SELECT o.office_no, o.seq FROM party p CROSS JOIN entry_office o \
                 WHERE p.kind = 0 AND o.office_no = p.no AND o.seq >= {1} AND o.seq < {2}"
            }
            Engine::Postgres => {
                "SELECT o.office_no, o.seq FROM party p CROSS JOIN LATERAL (SELECT office_no, seq FROM entry_office \
                 WHERE office_no = p.no AND seq >= {1} AND seq < {2} OFFSET 0) o WHERE p.kind = 0"
            }
        };
        let statement = self.statement(sql, vec![number(from)?.into(), number(to)?.into()]);
        Ok(entry_office::Entity::find()
            .from_raw_sql(statement)
            .all(&self.store.scanner)
            .await?)
    }

    /// The next position at or after one that has an entry.
    ///
    /// # Errors
    /// As any statement.
    pub async fn next_entry(&self, from: u64) -> Result<Option<u64>, StoreError> {
        let sql = "SELECT seq FROM entry WHERE seq >= {1} ORDER BY seq LIMIT 1";
        let rows = self.select(sql, vec![number(from)?.into()]).await?;
        let seq: Option<i64> = rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(seq.and_then(|seq| u64::try_from(seq).ok()))
    }

    /// Lots by number.
    ///
    /// # Errors
    /// As any statement.
    pub async fn lot_names(&self, numbers: &[i64]) -> Result<HashMap<i64, LotName>, StoreError> {
        let (among, list) = self.among("no", numbers);
        let sql = format!("SELECT no, id, code, birth_seq FROM lot WHERE {among}");
        let found = LotName::find_by_statement(self.statement(&sql, vec![list]))
            .all(&self.store.scanner)
            .await?;
        Ok(found.into_iter().map(|lot| (lot.no, lot)).collect())
    }

    /// Whole rows of lots by id.
    ///
    /// # Errors
    /// As any statement.
    pub async fn lots(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, lot::Model>, StoreError> {
        let (among, list) = self.among_ids("id", ids);
        let statement = self.statement(&format!("SELECT * FROM lot WHERE {among}"), vec![list]);
        let found = lot::Entity::find()
            .from_raw_sql(statement)
            .all(&self.store.scanner)
            .await?;
        Ok(found.into_iter().map(|lot| (lot.id, lot)).collect())
    }

    /// Amended facts of lots: number, position, facts.
    ///
    /// # Errors
    /// As any statement.
    pub async fn amendments(&self, lots: &[i64]) -> Result<Vec<(i64, i64, String)>, StoreError> {
        let (among, list) = self.among("lot_no", lots);
        let sql = format!("SELECT lot_no, seq, facts FROM lot_amendment WHERE {among}");
        let rows = self.select(&sql, vec![list]).await?;
        let read = |row: &sea_orm::QueryResult| {
            Ok((
                row.try_get_by_index(0)?,
                row.try_get_by_index(1)?,
                row.try_get_by_index(2)?,
            ))
        };
        rows.iter().map(read).collect()
    }

    /// Places by number.
    ///
    /// # Errors
    /// As any statement.
    pub async fn places(&self, numbers: &[i64]) -> Result<HashMap<i64, place::Model>, StoreError> {
        let (among, list) = self.among("no", numbers);
        let statement = self.statement(&format!("SELECT * FROM place WHERE {among}"), vec![list]);
        let found = place::Entity::find()
            .from_raw_sql(statement)
            .all(&self.store.scanner)
            .await?;
        Ok(found.into_iter().map(|place| (place.no, place)).collect())
    }

    /// Accounts by number.
    ///
    /// # Errors
    /// As any statement.
    pub async fn accounts(&self, numbers: &[i64]) -> Result<HashMap<i64, account::Model>, StoreError> {
        let (among, list) = self.among("no", numbers);
        let statement = self.statement(&format!("SELECT * FROM account WHERE {among}"), vec![list]);
        let found = account::Entity::find()
            .from_raw_sql(statement)
            .all(&self.store.scanner)
            .await?;
        Ok(found.into_iter().map(|account| (account.no, account)).collect())
    }

    /// Positions of entries by id.
    ///
    /// # Errors
    /// As any statement.
    pub async fn positions(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, i64>, StoreError> {
        let (among, list) = self.among_ids("id", ids);
        let rows = self
            .select(&format!("SELECT id, seq FROM entry WHERE {among}"), vec![list])
            .await?;
        rows.iter()
            .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
            .collect()
    }

    /// References to entries at these positions, from entries `from <= seq < to`.
    ///
    /// # Errors
    /// As any statement.
    pub async fn references_to(
        &self,
        targets: &[i64],
        from: u64,
        to: u64,
    ) -> Result<Vec<entry_ref::Model>, StoreError> {
        let (among, list) = self.among("target_seq", targets);
        let sql = format!("SELECT * FROM entry_ref WHERE {among} AND seq >= {{2}} AND seq < {{3}}");
        let statement = self.statement(&sql, vec![list, number(from)?.into(), number(to)?.into()]);
        Ok(entry_ref::Entity::find()
            .from_raw_sql(statement)
            .all(&self.store.scanner)
            .await?)
    }

    /// All parties, by number.
    ///
    /// # Errors
    /// As any statement.
    pub async fn parties(&self) -> Result<Vec<party::Model>, StoreError> {
        Ok(party::Entity::find()
            .order_by_asc(party::Column::No)
            .all(&self.store.scanner)
            .await?)
    }

    /// All products, by number.
    ///
    /// # Errors
    /// As any statement.
    pub async fn products(&self) -> Result<Vec<product::Model>, StoreError> {
        Ok(product::Entity::find()
            .order_by_asc(product::Column::No)
            .all(&self.store.scanner)
            .await?)
    }
}
