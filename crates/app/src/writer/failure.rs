//! What the store's errors mean for those who wait for an answer.

use super::Failure;
use store::StoreError;

/// What to do about an error of the store.
pub(super) enum Remedy {
    /// Something passed or was lost: try the whole batch again; keys tell what had been committed.
    Again,
    /// One command may be the cause: halve until it stands alone.
    Halve,
    /// Nothing helps now: tell everyone.
    Tell,
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

pub(super) fn panicked() -> Failure {
    let sentence =
        "この伝票を処理できませんでした(プログラムの誤りです)。内容を控えて管理者に知らせてください。";
    Failure {
        code: "internal",
        sentence: sentence.to_owned(),
    }
}
