//! Erasing free texts: what an entry of this kind names loses salt and text in the transaction that records the entry.
//! Then the engine is told to let go of the bytes.

use crate::{Engine, Store, StoreError, pool::BUSY};
use domain::{acts::erase_text::erased_by, decide::Decided, entry::TextRole, id::EntryId};
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Statement, Value};
use std::time::Duration;

/// How long a reader is waited for that holds an old page; whoever wants to record waits as well.
const READER: Duration = Duration::from_millis(200);

/// Free texts of an entry that were not erased; the key of the entry is the first parameter.
const KEPT: &str = "SELECT role FROM entry_text WHERE seq = (SELECT seq FROM entry WHERE id = {1}) \
                    AND text IS NOT NULL ORDER BY line";
const ERASE: &str = "UPDATE entry_text SET salt = NULL, text = NULL \
                     WHERE seq = (SELECT seq FROM entry WHERE id = {1}) AND text IS NOT NULL";

/// Erases what new entries erase; the answer is whether any does. The entries' own rows are there already.
pub(super) async fn erase(
    tx: &impl ConnectionTrait,
    engine: Engine,
    entries: &[Decided],
) -> Result<bool, StoreError> {
    let mut erases = false;
    for (target, only) in entries.iter().filter_map(|decided| erased_by(&decided.entry)) {
        erases = true;
        let mut values: Vec<Value> = vec![target.0.into()];
        let sql = match only {
            None => ERASE.to_owned(),
            Some(role) => {
                values.push(name(role).into());
                format!("{ERASE} AND role = {{2}}")
            }
        };
        tx.execute_raw(statement(tx, engine, &sql, values)).await?;
    }
    Ok(erases)
}

/// The roles of an entry's free texts that were not erased, in the order of their lines.
pub(super) async fn kept(
    db: &impl ConnectionTrait,
    engine: Engine,
    id: EntryId,
) -> Result<Vec<TextRole>, StoreError> {
    let rows = db
        .query_all_raw(statement(db, engine, KEPT, vec![id.0.into()]))
        .await?;
    rows.iter().map(|row| role(row, 0)).collect()
}

/// The role of a text, as its row has it.
pub(crate) fn role(row: &QueryResult, at: usize) -> Result<TextRole, StoreError> {
    let role: String = row.try_get_by_index(at)?;
    [TextRole::Note, TextRole::Reason]
        .into_iter()
        .find(|known| name(*known) == role)
        .ok_or_else(|| StoreError::corrupt("entry_text.role"))
}

pub(super) const fn name(role: TextRole) -> &'static str {
    match role {
        TextRole::Note => "note",
        TextRole::Reason => "reason",
    }
}

fn statement(db: &impl ConnectionTrait, engine: Engine, sql: &str, values: Vec<Value>) -> Statement {
    let mut sql = sql.to_owned();
    for n in 1..=values.len() {
        sql = sql.replace(&format!("{{{n}}}"), &engine.parameter(n));
    }
    Statement::from_sql_and_values(db.get_database_backend(), sql, values)
}

/// Lets the engine throw away what erased texts left behind it; false when somebody reads and it has to be done again.
///
/// SQLite overwrites what is deleted (`secure_delete`), but its write-ahead log keeps earlier pages until it is folded
/// back and emptied. PostgreSQL keeps dead rows until VACUUM; their bytes go when the page is written again, and copies
/// in its own write-ahead log, replicas and archives are beyond our reach.
pub(super) async fn scrub(writer: &DatabaseConnection, engine: Engine) -> Result<bool, StoreError> {
    match engine {
        Engine::Postgres => {
            writer.execute_unprepared("VACUUM entry_text").await?;
            Ok(true)
        }
        Engine::Sqlite => {
            wait_for(writer, READER).await?;
            let emptied = empty_log(writer).await;
            wait_for(writer, BUSY).await?;
            emptied
        }
    }
}

async fn empty_log(writer: &DatabaseConnection) -> Result<bool, StoreError> {
    let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
    let row = writer
        .query_one_raw(Statement::from_string(writer.get_database_backend(), sql))
        .await?;
    let busy: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(busy == 0)
}

async fn wait_for(writer: &DatabaseConnection, time: Duration) -> Result<(), StoreError> {
    let sql = format!("PRAGMA busy_timeout = {}", time.as_millis());
    writer.execute_unprepared(&sql).await?;
    Ok(())
}

impl Store {
    /// Lets the engine throw away the bytes of erased texts; false when a reader is in the way and it has to be done
    /// again. Whatever commits an erasure has tried it once.
    ///
    /// # Errors
    /// As any statement.
    pub async fn scrub_erased(&self) -> Result<bool, StoreError> {
        scrub(&self.writer, self.engine).await
    }

    /// The roles of an entry's free texts that were not erased.
    ///
    /// # Errors
    /// As any statement.
    pub async fn kept_texts(&self, id: EntryId) -> Result<Vec<TextRole>, StoreError> {
        kept(&self.reader, self.engine, id).await
    }
}
