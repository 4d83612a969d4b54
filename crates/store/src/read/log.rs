//! The log as it stands: head, and entries verbatim in pages.

use crate::{
    Engine, Store, StoreError,
    write::{erase, load::count},
};
use domain::{
    canonical,
    decide::{SaltedText, StoredText},
    entry::Entry,
    log::{Hash, leaf_hash},
};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use std::collections::BTreeMap;

/// Size and root of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogHead {
    /// Entries.
    pub size: u64,
    /// Root of the Merkle tree.
    pub root: Hash,
}

/// An entry as it is kept: what an export writes verbatim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// The entry, decoded from its bytes.
    pub entry: Entry,
    /// Its canonical bytes.
    pub canonical: Vec<u8>,
    /// Seed of the salts of its parts.
    pub seed: [u8; 32],
    /// Hash of the command that its key stands for.
    pub body_hash: [u8; 32],
    /// Its free texts, in the order of their lines.
    pub texts: Vec<StoredText>,
}

impl StoredEntry {
    /// The leaf that its bytes and salts give.
    pub fn leaf(&self) -> Hash {
        let parts = canonical::parts(&self.entry);
        leaf_hash(&canonical::leaf_content(self.entry.seq, &parts, &self.seed))
    }
}

impl Store {
    /// Size and root of the log, as kept in the head row.
    ///
    /// # Errors
    /// As any statement.
    pub async fn log_head(&self) -> Result<LogHead, StoreError> {
        let db = &self.reader;
        let sql = "SELECT size, root FROM log_head WHERE id = 1";
        let row = db
            .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
            .await?;
        let row = row.ok_or_else(|| StoreError::corrupt("log_head"))?;
        let root = array(&row, 1, "log_head.root")?;
        Ok(LogHead {
            size: count(row.try_get_by_index(0)?)?,
            root: Hash::new(root),
        })
    }

    /// Entries with `from <= seq < to`, in order, each there.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for an entry that is missing or cannot be read, else as any statement.
    pub async fn log_page(&self, from: u64, to: u64) -> Result<Vec<StoredEntry>, StoreError> {
        let mut texts = texts(self, from, to).await?;
        let sql = "SELECT seq, canonical, salt, body_hash FROM entry";
        let mut entries = Vec::new();
        for (expected, row) in (from..to).zip(page(self, sql, "seq", from, to).await?) {
            let seq = count(row.try_get_by_index(0)?)?;
            if seq != expected {
                return Err(StoreError::corrupt(format!("entry {expected}")));
            }
            let canonical: Vec<u8> = row.try_get_by_index(1)?;
            entries.push(StoredEntry {
                entry: crate::write::load::decode(&canonical)?,
                canonical,
                seed: array(&row, 2, "entry.salt")?,
                body_hash: array(&row, 3, "entry.body_hash")?,
                texts: texts.remove(&seq).unwrap_or_default(),
            });
        }
        let reached = from.saturating_add(entries.len() as u64);
        if reached < to {
            Err(StoreError::corrupt(format!("entry {reached}")))
        } else {
            Ok(entries)
        }
    }

    /// Lets the engine look at its tables anew, so that it finds the short way to rows: worth it after many were added.
    ///
    /// # Errors
    /// As any statement.
    pub async fn analyze(&self) -> Result<(), StoreError> {
        let sql = match self.engine {
            Engine::Sqlite => "ANALYZE",
            // named, else a server would look at every other book as well
            Engine::Postgres => {
                "ANALYZE entry, entry_office, entry_ref, lot, place, account, movement, posting, link, stock, \
                 balance, balance_month"
            }
        };
        self.writer.execute_unprepared(sql).await?;
        Ok(())
    }
}

/// Free texts by entry, in the order of their lines.
async fn texts(store: &Store, from: u64, to: u64) -> Result<BTreeMap<u64, Vec<StoredText>>, StoreError> {
    let sql = "SELECT seq, role, salt, text FROM entry_text";
    let mut texts: BTreeMap<u64, Vec<StoredText>> = BTreeMap::new();
    for row in page(store, sql, "seq, line", from, to).await? {
        let role = erase::role(&row, 1)?;
        let text: Option<String> = row.try_get_by_index(3)?;
        let kept = match text {
            None => None,
            Some(text) => Some(SaltedText {
                salt: array(&row, 2, "entry_text.salt")?,
                text: text.parse().map_err(|_| StoreError::corrupt("entry_text.text"))?,
            }),
        };
        texts
            .entry(count(row.try_get_by_index(0)?)?)
            .or_default()
            .push(StoredText { role, kept });
    }
    Ok(texts)
}

async fn page(
    store: &Store,
    select: &str,
    order: &str,
    from: u64,
    to: u64,
) -> Result<Vec<QueryResult>, StoreError> {
    let number = |seq| i64::try_from(seq).map_err(|_| StoreError::corrupt("seq"));
    let p = |n| store.engine.parameter(n);
    let sql = format!(
        "{select} WHERE seq >= {} AND seq < {} ORDER BY {order}",
        p(1),
        p(2)
    );
    let values: [Value; 2] = [number(from)?.into(), number(to)?.into()];
    let db = &store.reader;
    Ok(db
        .query_all_raw(Statement::from_sql_and_values(
            db.get_database_backend(),
            sql,
            values,
        ))
        .await?)
}

fn array(row: &QueryResult, at: usize, what: &str) -> Result<[u8; 32], StoreError> {
    let bytes: Vec<u8> = row.try_get_by_index(at)?;
    bytes.try_into().map_err(|_| StoreError::corrupt(what))
}
