//! Why the store could not do what it was asked, told apart by what to do about it.

use std::io;
use std::sync::Arc;

use sea_orm::{DbErr, RuntimeErr};
use sqlx::error::DatabaseError;

/// The store's one error. Its sentence is for the people who run the program; the source is for its log.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// No connection, or it was lost: what was under way may or may not have been committed.
    #[error(
        "帳簿につながりません。ファイルの場所と書き込みの権限、またはデータベースの動作と接続先・パスワードを確かめて、もう一度試してください。"
    )]
    Unavailable {
        /// What the driver said.
        #[source]
        source: DbErr,
    },
    /// No room; nothing of this transaction was kept.
    #[error(
        "ディスクがいっぱいで帳簿に書けません。空きを作ってから、もう一度試してください。記録済みの伝票は無事です。"
    )]
    DiskFull {
        /// What the driver said.
        #[source]
        source: DbErr,
    },
    /// Another program held its lock longer than we wait.
    #[error(
        "ほかのプログラムが帳簿を使っているため、待っても書けませんでした。動いている横糸やバックアップが終わってから、もう一度試してください。"
    )]
    Locked {
        /// What the driver said.
        #[source]
        source: DbErr,
    },
    /// A constraint or an append-only trigger refused the row. On both engines `constraint` is the name in the
    /// migrations or, for unique keys and missing values, table and columns with `_` between them.
    #[error(
        "帳簿の決まり（{constraint}）に合わない記録のため、書きませんでした。同じ操作で繰り返すときは、この文を添えて管理者に知らせてください。"
    )]
    Conflict {
        /// Which one.
        constraint: String,
        /// What the driver said.
        #[source]
        source: DbErr,
    },
    /// Two transactions met; the whole transaction may be tried again.
    #[error("ほかの書き込みと重なりました。もう一度試してください。")]
    Retry {
        /// What the driver said.
        #[source]
        source: DbErr,
    },
    /// The head was not where it was read: another program wrote in between, in spite of the lock.
    #[error("ほかの書き込みと重なりました。もう一度試してください。")]
    Moved,
    /// Stored bytes are not what was written.
    #[error(
        "帳簿の記録が壊れています（{what}）。書き込みを止め、yokoito verify で確かめて、バックアップから戻してください。"
    )]
    Corrupt {
        /// What is damaged.
        what: String,
    },
    /// The tables were changed by a newer program; carries the migrations unknown to this one.
    #[error("この帳簿は新しい版のプログラムで使われています（{}）。プログラムを新しい版に替えてください。", unknown.join("、"))]
    Newer {
        /// Names of the migrations.
        unknown: Vec<String>,
    },
    /// What should not happen: a statement the engine does not accept.
    #[error("帳簿の処理で思わぬ誤りが起きました。プログラムの記録（ログ）を添えて管理者に知らせてください。")]
    Driver {
        /// What the driver said.
        #[source]
        source: DbErr,
    },
}

impl StoreError {
    /// Damage that was found while reading: `what` names table and row.
    pub fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt { what: what.into() }
    }

    /// Whether the same transaction, begun anew, may well succeed without anybody doing anything.
    pub fn may_retry(&self) -> bool {
        matches!(self, Self::Retry { .. } | Self::Locked { .. } | Self::Moved)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))).into()
    }
}

impl From<DbErr> for StoreError {
    fn from(source: DbErr) -> Self {
        match class(&source) {
            Class::Unavailable => Self::Unavailable { source },
            Class::DiskFull => Self::DiskFull { source },
            Class::Locked => Self::Locked { source },
            Class::Conflict(constraint) => Self::Conflict { constraint, source },
            Class::Retry => Self::Retry { source },
            Class::Corrupt => Self::Corrupt {
                what: source.to_string(),
            },
            Class::Driver => Self::Driver { source },
        }
    }
}

/// [`StoreError`] without its source.
#[derive(Debug, PartialEq, Eq)]
enum Class {
    Unavailable,
    DiskFull,
    Locked,
    Conflict(String),
    Retry,
    Corrupt,
    Driver,
}

fn class(error: &DbErr) -> Class {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => class_of_driver(error),
        // a pool that gives nothing for so long is mostly one whose server is gone: it tries again in silence
        DbErr::ConnectionAcquire(_) | DbErr::Conn(RuntimeErr::Internal(_)) => Class::Unavailable,
        DbErr::TryIntoErr { .. } | DbErr::Type(_) | DbErr::Json(_) => Class::Corrupt,
        _ => Class::Driver,
    }
}

fn class_of_driver(error: &sqlx::Error) -> Class {
    match error {
        sqlx::Error::Database(error) => class_of_code(error.as_ref()),
        sqlx::Error::Io(error) if error.kind() == io::ErrorKind::StorageFull => Class::DiskFull,
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolClosed
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => Class::Unavailable,
        sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => Class::Corrupt,
        _ => Class::Driver,
    }
}

fn class_of_code(error: &dyn DatabaseError) -> Class {
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
        sqlite(code.parse().unwrap_or_default(), error.message())
    } else {
        postgres(&code, error)
    }
}

/// Extended result codes of SQLite; the lowest byte is the primary code.
fn sqlite(code: i32, message: &str) -> Class {
    match (code, code & 0xff) {
        (517, _) | (_, 6) => Class::Retry, // BUSY_SNAPSHOT, LOCKED: a transaction of ours was in the way
        (_, 5) => Class::Locked,           // BUSY, after busy_timeout
        (_, 8 | 10 | 14 | 23) => Class::Unavailable, // READONLY, IOERR, CANTOPEN, AUTH
        (_, 11 | 26) => Class::Corrupt,    // CORRUPT, NOTADB
        (_, 13) => Class::DiskFull,        // FULL
        (_, 19) => Class::Conflict(constraint(message)),
        _ => Class::Driver,
    }
}

/// SQLite names constraints in its message: `UNIQUE constraint failed: entry.acting, entry.key` becomes
/// `entry_acting_key`, the name PostgreSQL's migration gives.
fn constraint(message: &str) -> String {
    let Some((kind, what)) = message.split_once(" constraint failed: ") else {
        return message.to_owned();
    };
    if kind == "CHECK" {
        return what.to_owned();
    }
    let mut columns = what
        .split(", ")
        .map(|column| column.split_once('.').unwrap_or(("", column)));
    let first = columns
        .next()
        .map(|(table, column)| format!("{table}_{column}"))
        .unwrap_or_default();
    columns.fold(first, |name, (_, column)| format!("{name}_{column}"))
}

/// SQLSTATE: five characters, the first two are the class.
fn postgres(code: &str, error: &dyn DatabaseError) -> Class {
    match code {
        "40001" | "40P01" => Class::Retry, // serialization failure, deadlock
        "55P03" => Class::Locked,          // lock_timeout
        "53100" => Class::DiskFull,
        "P0001" => Class::Conflict(error.message().to_owned()), // our triggers
        "23502" => Class::Conflict(missing_value(error)),
        "25P03" | "3D000" | "3F000" => Class::Unavailable, // idle too long; no such database, schema
        _ => match code.get(..2) {
            Some("23") => Class::Conflict(error.constraint().unwrap_or(error.message()).to_owned()),
            // connection, authorization, too many connections, shut down
            Some("08" | "28" | "53" | "57" | "58") => Class::Unavailable,
            Some("XX") => Class::Corrupt,
            _ => Class::Driver,
        },
    }
}

/// NOT NULL has no name before PostgreSQL 18.
fn missing_value(error: &dyn DatabaseError) -> String {
    let column = error
        .try_downcast_ref::<sqlx::postgres::PgDatabaseError>()
        .and_then(|error| error.column());
    format!(
        "{}_{}",
        error.table().unwrap_or_default(),
        column.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_codes_are_told_apart() {
        // https://www.sqlite.org/rescode.html
        for (code, expected) in [
            (5, Class::Locked),
            (261, Class::Locked),
            (517, Class::Retry),
            (6, Class::Retry),
            (13, Class::DiskFull),
            (14, Class::Unavailable),
            (778, Class::Unavailable),
            (1032, Class::Unavailable),
            (11, Class::Corrupt),
            (26, Class::Corrupt),
            (1, Class::Driver),
        ] {
            assert_eq!(sqlite(code, ""), expected, "{code}");
        }
    }

    #[test]
    fn sqlite_constraints_get_the_names_of_postgres() {
        for (message, name) in [
            (
                "UNIQUE constraint failed: entry.acting, entry.key",
                "entry_acting_key",
            ),
            ("UNIQUE constraint failed: entry.seq", "entry_seq"),
            ("NOT NULL constraint failed: entry.id", "entry_id"),
            (
                "CHECK constraint failed: stock_inner_not_negative",
                "stock_inner_not_negative",
            ),
            ("append-only: entry", "append-only: entry"),
        ] {
            assert_eq!(constraint(message), name);
        }
    }

    #[test]
    fn a_full_disk_is_not_a_lost_connection() {
        let full = sqlx::Error::Io(io::Error::from(io::ErrorKind::StorageFull));
        assert!(matches!(StoreError::from(full), StoreError::DiskFull { .. }));
        let lost = sqlx::Error::Io(io::Error::from(io::ErrorKind::ConnectionReset));
        assert!(matches!(StoreError::from(lost), StoreError::Unavailable { .. }));
    }

    #[test]
    fn only_what_time_heals_is_tried_again() {
        let source = DbErr::Custom(String::new());
        assert!(
            StoreError::Retry {
                source: source.clone()
            }
            .may_retry()
        );
        assert!(!StoreError::DiskFull { source }.may_retry());
        assert!(!StoreError::from(sqlx::Error::PoolTimedOut).may_retry());
        assert!(!StoreError::corrupt("entry 5").may_retry());
    }
}
