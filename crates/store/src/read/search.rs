//! Finding entries by day, amount, counterparty, product and kind, in any combination (the search that the rules for
//! electronic books ask for). Newest first, page by page from a position on.
//!
//! What narrows most is asked first: a counterparty or an amount leads over the accounts, a group, a lot over its movements, else
//! it is an office's entries or the days. What is found here may be more than a viewer sees; the gate decides.

use super::snapshot::{Snapshot, number};
use crate::{
    Engine, StoreError,
    write::{
        column::Column,
        erase,
        load::count,
        lookup::{Join, Lookup},
    },
};
use domain::{
    calendar::Day,
    entry::TextRole,
    id::{EntryId, OfficeId, PartyId},
};
use sea_orm::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use uuid::Uuid;

/// What is asked; what is missing narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Entries that touch one of these offices; none for all of the book.
    pub offices: Option<Vec<OfficeId>>,
    /// Kinds of acts.
    pub kinds: Vec<String>,
    /// Days of supply, both included.
    pub supplied: (Option<Day>, Option<Day>),
    /// Days it counts for, both included.
    pub booked: (Option<Day>, Option<Day>),
    /// Who is on the other side of a posting in the offices' books, one of these.
    pub counterparties: Vec<PartyId>,
    /// Amount of a posting in the offices' books, without its sign, both included.
    pub yen: (Option<i64>, Option<i64>),
    /// Number of a product that moved.
    pub product: Option<Uuid>,
    /// Code of a lot that moved.
    pub lot: Option<String>,
    /// Recorded together, under this number.
    pub group: Option<Uuid>,
    /// Only positions before this one.
    pub before: Option<u64>,
    /// Only among so many newest entries of the office, where it is one and nothing narrows more: what is looked for may be
    /// nowhere, and finding that out must not read years.
    pub newest: Option<u32>,
}

const TEXTS: Lookup = Lookup::by(
    &[("seq", Column::Big)],
    "t.seq, t.line, t.role, t.text",
    &[Join::inner(
        "entry_text",
        "t",
        "t.seq, t.line, t.role, t.text",
        "t.seq = k.seq",
    )],
);
const MIRRORS: Lookup = Lookup::by(
    &[("seq", Column::Big)],
    "e.reverses_seq, e.id",
    &[Join::inner(
        "entry",
        "e",
        "e.reverses_seq, e.id",
        "e.reverses_seq = k.seq",
    )],
);

/// What was sent for orders and still holds: an entry that puts a shipment right names the order itself.
pub(crate) const SENT: Lookup = Lookup::by(
    &[("seq", Column::Big)],
    "r.target_seq, m.reverses_seq",
    &[
        Join::inner(
            "entry_ref",
            "r",
            "r.target_seq, r.seq, r.role",
            "r.target_seq = k.seq AND r.role = 'order'",
        ),
        Join::outer("entry", "m", "m.reverses_seq", "m.reverses_seq = r.seq"),
    ],
);

/// A statement in the making.
struct Sql {
    engine: Engine,
    values: Vec<Value>,
}

impl Sql {
    /// The parameter that stands for a value.
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        self.engine.parameter(self.values.len())
    }

    fn list<T: Into<Value>>(&mut self, values: impl IntoIterator<Item = T>) -> String {
        let names: Vec<String> = values.into_iter().map(|value| self.bind(value)).collect();
        names.join(", ")
    }

    /// ` AND column BETWEEN …`, as far as there are limits.
    fn range<T: Into<Value>>(&mut self, column: &str, from: Option<T>, to: Option<T>) -> String {
        let mut sql = String::new();
        if let Some(from) = from {
            let from = self.bind(from);
            let _ = write!(sql, " AND {column} >= {from}");
        }
        if let Some(to) = to {
            let to = self.bind(to);
            let _ = write!(sql, " AND {column} <= {to}");
        }
        sql
    }
}

impl Search {
    fn has_posting(&self) -> bool {
        !self.counterparties.is_empty() || self.yen != (None, None)
    }

    /// Positions by what narrows most, as `SELECT seq …`.
    fn first(&self, sql: &mut Sql, limit: u32) -> Result<String, StoreError> {
        let days = |sql: &mut Sql, column: &str| {
            let number = |day: Option<Day>| day.map(Day::as_number);
            sql.range(column, number(self.booked.0), number(self.booked.1))
        };
        if self.has_posting() {
            let mut first =
                "SELECT DISTINCT p.seq FROM account a JOIN posting p ON p.account_no = a.no WHERE 1 = 1"
                    .to_owned();
            if let Some(offices) = &self.offices {
                let units = sql.list(offices.iter().map(|office| office.0));
                let _ = write!(first, " AND a.unit_kind = 1 AND a.unit IN ({units})");
            }
            if !self.counterparties.is_empty() {
                let parties = sql.list(self.counterparties.iter().map(|party| party.0));
                let _ = write!(first, " AND a.party IN ({parties})");
            }
            first += &days(sql, "p.book_on");
            first += &sql.range("ABS(p.yen)", self.yen.0, self.yen.1);
            return Ok(first);
        }
        if let Some(group) = self.group {
            let group = sql.bind(group);
            return Ok(format!("SELECT seq FROM entry WHERE group_id = {group}"));
        }
        if let Some(lot) = &self.lot {
            let lot = sql.bind(lot.clone());
            return Ok(format!(
                "SELECT DISTINCT m.seq FROM lot l JOIN movement m ON m.lot_no = l.no WHERE l.code = {lot}"
            ));
        }
        if let Some(product) = self.product {
            let product = sql.bind(product);
            return Ok(format!(
                "SELECT DISTINCT m.seq FROM product q JOIN lot l ON l.product_no = q.no \
                 JOIN movement m ON m.lot_no = l.no WHERE q.id = {product}{}",
                days(sql, "m.book_on")
            ));
        }
        match &self.offices {
            Some(offices) if offices.len() == 1 => self.of_one(sql, offices, limit),
            Some(offices) => {
                let ids = sql.list(offices.iter().map(|office| office.0));
                Ok(format!(
                    "SELECT DISTINCT o.seq FROM party y JOIN entry_office o ON o.office_no = y.no WHERE y.id IN ({ids})"
                ))
            }
            None => Ok("SELECT seq FROM entry".to_owned()),
        }
    }

    /// An office's entries in the order of the key, so that a page of the newest reads no more than a page. What is cut off
    /// here is not joined: a planner that counts an office's entries would rather read and sort them all.
    fn of_one(&self, sql: &mut Sql, office: &[OfficeId], limit: u32) -> Result<String, StoreError> {
        let office = sql.list(office.iter().map(|office| office.0));
        let mut text = format!(
            "SELECT o.seq FROM entry_office o WHERE o.office_no = (SELECT y.no FROM party y WHERE y.id = {office})"
        );
        if let Some(before) = self.before {
            let before = sql.bind(number(before)?);
            let _ = write!(text, " AND o.seq < {before}");
        }
        let is_narrowed =
            !self.kinds.is_empty() || (self.supplied, self.booked) != ((None, None), (None, None));
        let newest = if is_narrowed { self.newest } else { Some(limit) };
        if let Some(newest) = newest {
            let _ = write!(text, " ORDER BY o.seq DESC LIMIT {newest}");
        }
        Ok(text)
    }

    fn statement(&self, engine: Engine, limit: u32) -> Result<(String, Vec<Value>), StoreError> {
        let mut sql = Sql {
            engine,
            values: Vec::new(),
        };
        let mut text = format!(
            "SELECT f.seq FROM ({}) f JOIN entry e ON e.seq = f.seq WHERE 1 = 1",
            self.first(&mut sql, limit)?
        );
        if let Some(before) = self.before {
            let before = sql.bind(number(before)?);
            let _ = write!(text, " AND f.seq < {before}");
        }
        if !self.kinds.is_empty() {
            let kinds = sql.list(self.kinds.iter().cloned());
            let _ = write!(text, " AND e.kind IN ({kinds})");
        }
        let number = |day: Option<Day>| day.map(Day::as_number);
        text += &sql.range("e.supplied_on", number(self.supplied.0), number(self.supplied.1));
        text += &sql.range("e.book_on", number(self.booked.0), number(self.booked.1));
        // the others of those that could have come first
        if let (true, Some(group)) = (self.has_posting(), self.group) {
            let group = sql.bind(group);
            let _ = write!(text, " AND e.group_id = {group}");
        }
        if self.has_posting() || self.group.is_some() || self.lot.is_some() {
            if let Some(product) = self.product {
                let product = sql.bind(product);
                let _ = write!(
                    text,
                    " AND EXISTS (SELECT 1 FROM movement m JOIN lot l ON l.no = m.lot_no JOIN product q \
                     ON q.no = l.product_no WHERE m.seq = e.seq AND q.id = {product})"
                );
            }
            if let (true, Some(lot)) = (self.has_posting() || self.group.is_some(), &self.lot) {
                let lot = sql.bind(lot.clone());
                let _ = write!(
                    text,
                    " AND EXISTS (SELECT 1 FROM movement m JOIN lot l ON l.no = m.lot_no \
                     WHERE m.seq = e.seq AND l.code = {lot})"
                );
            }
        }
        if let (Some(offices), true) = (
            &self.offices,
            self.has_posting() || self.group.is_some() || self.lot.is_some() || self.product.is_some(),
        ) {
            let ids = sql.list(offices.iter().map(|office| office.0));
            let _ = write!(
                text,
                " AND EXISTS (SELECT 1 FROM entry_office o JOIN party y ON y.no = o.office_no \
                 WHERE o.seq = e.seq AND y.id IN ({ids}))"
            );
        }
        let _ = write!(text, " ORDER BY f.seq DESC LIMIT {limit}");
        Ok((text, sql.values))
    }
}

impl Snapshot {
    /// Positions of the entries that fit, newest first, at most so many.
    ///
    /// # Errors
    /// As any statement.
    pub async fn search(&self, search: &Search, limit: u32) -> Result<Vec<u64>, StoreError> {
        if search.offices.as_ref().is_some_and(Vec::is_empty) {
            return Ok(Vec::new());
        }
        let (sql, values) = search.statement(self.engine, limit)?;
        let rows = self.all(&sql, values).await?;
        rows.iter().map(|row| count(row.try_get_by_index(0)?)).collect()
    }

    /// Free texts of entries that were not erased.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for an unknown role, else as any statement.
    pub async fn texts_of(&self, seqs: &[u64]) -> Result<BTreeMap<u64, Vec<(TextRole, String)>>, StoreError> {
        let seqs = seqs.iter().copied().map(number).collect::<Result<Vec<_>, _>>()?;
        let mut lines = BTreeMap::new();
        for row in self.by_keys(&TEXTS, &seqs).await? {
            let at: (u64, i32) = (count(row.try_get_by_index(0)?)?, row.try_get_by_index(1)?);
            if let Some(text) = row.try_get_by_index::<Option<String>>(3)? {
                lines.insert(at, (erase::role(&row, 2)?, text));
            }
        }
        let mut texts: BTreeMap<u64, Vec<(TextRole, String)>> = BTreeMap::new();
        for ((seq, _), line) in lines {
            texts.entry(seq).or_default().push(line);
        }
        Ok(texts)
    }

    /// Those of these orders for which something was sent that was not taken back.
    ///
    /// # Errors
    /// As any statement.
    pub async fn sent_for(&self, orders: &[u64]) -> Result<BTreeSet<u64>, StoreError> {
        let seqs = orders
            .iter()
            .copied()
            .map(number)
            .collect::<Result<Vec<_>, _>>()?;
        let rows = self.by_keys(&SENT, &seqs).await?;
        let mut sent = BTreeSet::new();
        for row in &rows {
            if row.try_get_by_index::<Option<i64>>(1)?.is_none() {
                sent.insert(count(row.try_get_by_index(0)?)?);
            }
        }
        Ok(sent)
    }

    /// The entries that take these back or put them right.
    ///
    /// # Errors
    /// As any statement.
    pub async fn mirrors_of(&self, seqs: &[u64]) -> Result<BTreeMap<u64, EntryId>, StoreError> {
        let seqs = seqs.iter().copied().map(number).collect::<Result<Vec<_>, _>>()?;
        let rows = self.by_keys(&MIRRORS, &seqs).await?;
        rows.iter()
            .map(|row| {
                Ok((
                    count(row.try_get_by_index(0)?)?,
                    EntryId(row.try_get_by_index(1)?),
                ))
            })
            .collect()
    }
}
