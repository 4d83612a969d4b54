//! What goes wrong below the rules, and what it means for those who wait for an answer.

use super::Failure;
use domain::id::EntryId;
use std::{collections::HashSet, fmt};
use store::StoreError;

/// Why a batch was not recorded.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The store could not take it.
    Store(StoreError),
    /// A fault of the program.
    Panic,
    /// Nothing came back for long, and nothing said that the connection is lost.
    Silence,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Something passed or was lost: try the whole batch again; keys tell what had been committed.
    Again,
    /// One command may be the cause: halve until it stands alone.
    Halve,
    /// Nothing helps now: tell everyone.
    Tell,
}

impl Trouble {
    pub fn remedy(&self) -> Remedy {
        match self {
            Trouble::Store(error) => remedy(error),
            Trouble::Panic => Remedy::Halve,
            Trouble::Silence => Remedy::Again,
        }
    }

    /// What callers are told. After a commit whose outcome was never heard nobody knows whether they are recorded.
    pub fn failure(&self, unheard: &HashSet<EntryId>) -> Failure {
        match self {
            _ if !unheard.is_empty() => unknown(),
            Trouble::Store(error) => failure(error),
            Trouble::Panic => panicked(),
            Trouble::Silence => silence(),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Store(error) => error.fmt(f),
            Trouble::Panic => f.write_str("a panic"),
            Trouble::Silence => f.write_str("no answer"),
        }
    }
}

pub(super) fn remedy(error: &StoreError) -> Remedy {
    match error {
        StoreError::Unavailable { .. }
        | StoreError::Retry { .. }
        | StoreError::Locked { .. }
        | StoreError::Moved => Remedy::Again,
        StoreError::Conflict { .. } | StoreError::Driver { .. } | StoreError::Corrupt { .. } => Remedy::Halve,
        StoreError::DiskFull { .. } | StoreError::Newer { .. } => Remedy::Tell,
    }
}

pub(super) fn failure(error: &StoreError) -> Failure {
    let code = match error {
        StoreError::Unavailable { .. } => "book-unavailable",
        StoreError::Retry { .. } | StoreError::Locked { .. } | StoreError::Moved => "book-locked",
        StoreError::Conflict { .. } | StoreError::Driver { .. } => "internal",
        StoreError::Corrupt { .. } => "book-corrupt",
        StoreError::DiskFull { .. } => "disk-full",
        StoreError::Newer { .. } => "book-newer",
    };
    Failure {
        code,
        sentence: error.to_string(),
    }
}

impl From<&StoreError> for Failure {
    /// What is told of an error of the store, whatever was asked of it.
    fn from(error: &StoreError) -> Failure {
        failure(error)
    }
}

pub(super) fn panicked() -> Failure {
    let sentence =
        "この伝票を処理できませんでした(プログラムの誤りです)。内容を控えて管理者に知らせてください。";
    Failure {
        code: "internal",
        sentence: sentence.to_owned(),
    }
}

fn silence() -> Failure {
    let sentence =
        "帳簿のデータベースから返事がありません。動作とネットワークを確かめて、もう一度送ってください。";
    Failure {
        code: "book-unavailable",
        sentence: sentence.to_owned(),
    }
}

fn unknown() -> Failure {
    let sentence = "記録できたかどうか、確かめられませんでした。少し待って、同じキーでもう一度送ってください。\
                    記録済みなら、二重にはなりません。";
    Failure {
        code: "outcome-unknown",
        sentence: sentence.to_owned(),
    }
}
