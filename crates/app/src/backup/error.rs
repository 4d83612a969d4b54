//! Why a backup could not be made, read or brought back, in sentences that say what to do.

use crate::{export::ExportError, form::CopyError, import::ImportError, key::KeyFileError, log::LogError};
use domain::{calendar::Day, log::NoteError};
use std::{
    io,
    path::{Path, PathBuf},
};
use store::StoreError;

/// Why there is no backup, or why it was not brought back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The book cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no key to sign with.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The head could not be signed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The file of the backup is there already.
    #[error("「{}」がすでにあります。別の名前にするか、置きかえてよければ --replace を付けてください。", .0.display())]
    Exists(PathBuf),
    /// Another backup goes into the same file.
    #[error("ほかのバックアップが「{}」に書いている途中です。終わってから、もう一度試してください。", .0.display())]
    Busy(PathBuf),
    /// No room for the backup.
    #[error(
        "「{}」を書く場所の空きが足りません(または、ファイルの大きさの上限です)。バックアップは作っていません。空きを作るか、別のディスクを指定してください。", path.display()
    )]
    Full {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The backup cannot be written.
    #[error("「{}」に書けません。バックアップは作っていません。場所と書き込みの権限を確かめてください。", path.display())]
    Unwritable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file cannot be read.
    #[error("「{}」を読めません。名前と場所、読む権限を確かめてください。", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The backup is damaged, cut off, or none.
    #[error("バックアップ「{}」は使えません。{problem} 別のバックアップを使ってください。", path.display())]
    Unsound {
        /// Which file.
        path: PathBuf,
        /// What is wrong, a sentence.
        problem: String,
    },
    /// Written by a newer program.
    #[error("バックアップ「{}」を読めません。{problem}", path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// What is newer and what to do.
        problem: String,
    },
    /// A signed head kept elsewhere cannot be believed.
    #[error(
        "「{}」の証明を確かめられません({source})。この帳簿の鍵を --key で指定してください。この証明と比べないなら、ファイルを別の場所に移してください。", path.display()
    )]
    Head {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: NoteError,
    },
    /// The named file holds no signed head, or that of another book.
    #[error("「{}」は、このバックアップの帳簿の証明ではありません。log checkpoint の出力を控えたファイルを指定してください。", .0.display())]
    OtherHead(PathBuf),
    /// The book had gone further than the backup.
    #[error(
        "このバックアップは古いものです。伝票は{have}枚ですが、「{}」に{signed}枚までの署名された証明があります{}。戻すと、少なくとも{}枚の伝票がなくなります。もっと新しいバックアップを探してください。なくなってもよいときだけ、--older を付けてください。",
        path.display(), on(*day), signed - have
    )]
    Older {
        /// Entries in the backup.
        have: u64,
        /// Entries that were signed.
        signed: u64,
        /// When, as far as is known.
        day: Option<Day>,
        /// Where the signed head was found.
        path: PathBuf,
    },
    /// The backup has other entries than those that were signed.
    #[error(
        "このバックアップは、「{}」にある{signed}枚までの署名された証明{}と合いません。同じ帳簿なのに、それまでの伝票がちがいます。どちらかが書きかえられているので、戻しません。別のバックアップと比べ、連絡会の管理者に知らせてください。",
        path.display(), on(*day)
    )]
    Forks {
        /// Entries that were signed.
        signed: u64,
        /// When, as far as is known.
        day: Option<Day>,
        /// Where the signed head was found.
        path: PathBuf,
    },
    /// There is something at the place where the backup should go.
    #[error("{0}")]
    Occupied(Occupied),
    /// Another restore goes to the same place.
    #[error("ほかの復元が「{}」に書いている途中です。終わってから、もう一度試してください。", .0.display())]
    Restoring(PathBuf),
    /// Nothing was brought back: the entries could not be written.
    #[error("バックアップを戻せませんでした。何も書き込んでいません。{}", .0.to_string())]
    NotRestored(#[source] Box<ImportError>),
    /// The restored book is whole but could not get its name.
    #[error("戻した帳簿を「{}」に置けません。場所と書き込みの権限を確かめて、もう一度試してください。", path.display())]
    NotPlaced {
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// What is at the place where a backup should go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occupied {
    /// A book.
    Book {
        /// Where, as people write it.
        place: String,
        /// Entries it has; none when it cannot be read.
        size: Option<u64>,
        /// By how many it has more than the backup, being the same book.
        ahead: u64,
    },
    /// What belongs to a book that is no longer there; with it the newest entries of that book may be lost.
    Left(PathBuf),
}

impl std::fmt::Display for Occupied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Occupied::Book { place, size, ahead } => {
                match size {
                    None => write!(f, "「{place}」には、すでに帳簿か、読めないファイルがあります。")?,
                    Some(size) => write!(f, "「{place}」には、すでに帳簿があります(伝票{size}枚)。")?,
                }
                if *ahead > 0 {
                    write!(f, "バックアップより{ahead}枚多く記録されています。")?;
                }
                write!(
                    f,
                    "上書きはしません。--database で新しい場所を指定するか、いまの帳簿を別の名前に移してから、もう一度試してください。"
                )
            }
            Occupied::Left(path) => write!(
                f,
                "「{}」が残っています。前の帳簿の新しい伝票が入っているかもしれません。前の帳簿のファイルといっしょに、別の場所に移してから、もう一度試してください。",
                path.display()
            ),
        }
    }
}

fn on(day: Option<Day>) -> String {
    day.map(|day| format!("({day}に署名)")).unwrap_or_default()
}

impl BackupError {
    /// Whether the backup itself is the reason, not the machine: it is damaged, or behind or beside a signed head.
    pub fn is_about_backup(&self) -> bool {
        matches!(
            self,
            BackupError::Unsound { .. }
                | BackupError::Newer { .. }
                | BackupError::Older { .. }
                | BackupError::Forks { .. }
        )
    }

    /// What a reader of the backup met.
    pub(super) fn of_copy(path: &Path, error: CopyError) -> BackupError {
        let path = path.to_owned();
        match error {
            CopyError::Input(source) => BackupError::Unreadable { path, source },
            CopyError::Newer { .. } => BackupError::Newer {
                path,
                problem: error.to_string(),
            },
            CopyError::Damaged { .. } | CopyError::Truncated { .. } => BackupError::Unsound {
                path,
                problem: error.to_string(),
            },
        }
    }

    /// What the writer of the backup met.
    pub(super) fn of_export(path: &Path, error: ExportError) -> BackupError {
        match error {
            ExportError::Store(error) => error.into(),
            ExportError::Output(source) => BackupError::of_output(path, source),
            // acts are not written here
            ExportError::UnknownKind { .. } => StoreError::corrupt("entry").into(),
        }
    }

    /// Why a file could not be written.
    pub(super) fn of_output(path: &Path, source: io::Error) -> BackupError {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::FileTooLarge | io::ErrorKind::QuotaExceeded => {
                BackupError::Full { path, source }
            }
            io::ErrorKind::AlreadyExists => BackupError::Exists(path),
            _ => BackupError::Unwritable { path, source },
        }
    }
}
