//! JSON Lines into the book: acts, one a line, each decided like any other; or a whole book, verbatim, into an empty
//! one. The first line tells which: an export of entries begins with a line of kind `book`.

mod acts;
mod entries;
mod refused;

use crate::{
    Book,
    form::{
        CopyError,
        read::{CopyReader, begins_copy},
    },
    lines::Lines,
    writer::{Failure, Unaccepted},
};
pub use refused::RefusedLine;
use std::io;
use store::StoreError;
use tokio::io::AsyncBufRead;

/// New entries after which the engine looks at its tables anew.
const MANY: u64 = 1_000;

/// How acts are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// All or nothing. Entries verbatim always are.
    pub atomic: bool,
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub bytes: u64,
    /// Lines read, blank ones included.
    pub lines: u64,
}

/// Who wants to hear what becomes of the lines while it happens.
pub trait Listener: Send {
    /// What was read so far has been dealt with up to about here.
    fn progress(&mut self, _progress: Progress) {}

    /// A line was not accepted.
    fn refused(&mut self, _line: &RefusedLine) {}

    /// The act of a line is in the book, from now or from before, at this position.
    fn recorded(&mut self, _line: u64, _seq: u64) {}
}

/// Nobody wants to hear.
impl Listener for () {}

/// What became of the lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// New in the book.
    pub recorded: u64,
    /// In the book from before, under the same key.
    pub already: u64,
    /// Not accepted; the listener heard why.
    pub refused: u64,
    /// Not recorded because another line of an all-or-nothing import was refused, or because the book could not be
    /// written any more.
    pub not_recorded: u64,
}

impl Outcome {
    /// Whether every line is in the book.
    pub fn is_whole(&self) -> bool {
        self.refused == 0 && self.not_recorded == 0
    }
}

/// Why an import could not be done or finished.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The input cannot be read any further.
    #[error("取り込むファイルを読めません。")]
    Input(#[source] io::Error),
    /// The book cannot be written: what was answered before stands.
    #[error("{}{}", failure.sentence, so_far(outcome))]
    Stopped {
        /// Why.
        failure: Failure,
        /// What became of the lines before.
        outcome: Outcome,
    },
    /// The program is closing.
    #[error(transparent)]
    Writer(#[from] Unaccepted),
    /// The book cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A line of a book's copy is not what was written; nothing was taken.
    #[error(
        "帳簿の写しの{line}行目が正しくありません。{problem} 何も取り込んでいません。もとの帳簿から書き出し直してください。"
    )]
    Damaged {
        /// Which line.
        line: u64,
        /// What is wrong, a sentence.
        problem: String,
    },
    /// A book's copy without its last line; nothing was taken.
    #[error(
        "帳簿の写しが途中で切れています({line}行目までしかなく、最後の行がありません)。何も取り込んでいません。もとの帳簿から書き出し直してください。"
    )]
    Truncated {
        /// The last line there is.
        line: u64,
    },
    /// A book's copy with something that only a newer program knows; nothing was taken.
    #[error(
        "帳簿の写しの{line}行目の{what}は、新しい版のプログラムで書かれたものです。何も取り込んでいません。プログラムを新しくしてください。"
    )]
    Newer {
        /// Which line.
        line: u64,
        /// What.
        what: String,
    },
    /// A book's copy could not be written; nothing was taken.
    #[error("{}", .0.sentence)]
    NotRestored(Failure),
}

impl From<CopyError> for ImportError {
    fn from(error: CopyError) -> ImportError {
        match error {
            CopyError::Input(source) => ImportError::Input(source),
            CopyError::Damaged { line, problem } => ImportError::Damaged { line, problem },
            CopyError::Truncated { line } => ImportError::Truncated { line },
            CopyError::Newer { line, what } => ImportError::Newer { line, what },
        }
    }
}

fn so_far(outcome: &Outcome) -> String {
    let known = outcome.recorded + outcome.already;
    format!(
        " ここまでの{known}件は記録済みです。直ったら、同じファイルをもう一度取り込んでください。続きから記録します。"
    )
}

/// Reads JSON Lines into the book.
pub async fn import(
    book: &Book,
    input: impl AsyncBufRead + Unpin + Send,
    options: Options,
    listener: &mut impl Listener,
) -> Result<Outcome, ImportError> {
    let mut lines = Lines::new(input);
    let Some(first) = lines.next().await.map_err(ImportError::Input)? else {
        return Ok(Outcome::default());
    };
    let outcome = if begins_copy(&first) {
        entries::import(book, CopyReader::after(&first, lines)?, listener).await?
    } else {
        acts::import(book, first, lines, options, listener).await?
    };
    if outcome.recorded >= MANY {
        book.store().analyze().await?;
    }
    Ok(outcome)
}
