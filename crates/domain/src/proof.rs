//! Proofs for outsiders (証明): files that show, with the book's public key and nothing else, that an entry stands in the
//! book, or that an earlier head of the log is the beginning of a later one. Nothing here reads a book.
//!
//! A proof is JSON of one of two kinds, both at `format` 1 with exactly the fields named in [`form`]; blanks between them
//! do not matter, anything else does. Hashes are 64 small hexadecimal digits, bytes and salts base64.
//!
//! [`check`] also takes a checkpoint by itself. What it answers is proved by the key's signature over the log's head and
//! by hashes that lead to it, except for [`Names`]: what ids are called stands in other entries, so the keeper states it
//! and signs it separately.

mod consistency;
mod entry;
pub mod form;
mod names;

#[cfg(test)]
mod tests;

use crate::{
    canonical::{CanonicalError, PartRole},
    log::{Checkpoint, NoteError, VerifierKey, VerifyError},
};
pub use consistency::ConsistencyProof;
pub use entry::{EntryProof, ProvedEntry, ProvedPart, ProvedText, SaltedBytes};
pub use names::{Label, Names, PartyKind};

/// Longest file that is read, in bytes: more than an entry of the longest line can make.
pub const FILE_LIMIT: usize = 16 << 20;

/// What a file proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proved {
    /// A signed head: so many entries under this root.
    Head(Checkpoint),
    /// An entry is one of those under the head.
    Entry(Box<ProvedEntry>),
    /// The entries of the earlier head are the beginning of those of the later one, unchanged.
    Consistency {
        /// The earlier head.
        old: Checkpoint,
        /// The later head.
        new: Checkpoint,
    },
}

/// Why a file proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotProved {
    /// Too long to be one.
    #[error("証明のファイルにしては長すぎます。yokoito log が出したファイルを、そのまま渡してください。")]
    TooLong,
    /// Neither a proof nor a signed head.
    #[error(
        "証明の形になっていません({problem})。yokoito log が出したファイルの全体を、変えずに渡してください。"
    )]
    Form {
        /// What is wrong, with the field.
        problem: String,
    },
    /// A form of a later program.
    #[error("新しい版の証明です(kind {kind}、format {format})。新しい版の yokoito で調べてください。")]
    Newer {
        /// Kind as written.
        kind: String,
        /// Format as written.
        format: u64,
    },
    /// None of the keys is of the book that the file names.
    #[error(
        "帳簿「{origin}」の証明ですが、渡された公開鍵は帳簿「{}」のものです。この帳簿の公開鍵か確かめてください。",
        keys.join("」「")
    )]
    OtherBook {
        /// Whose proof it says it is.
        origin: String,
        /// Whose keys were given.
        keys: Vec<String>,
    },
    /// The signed head is of another book than the file says.
    #[error("証明は帳簿「{stated}」のものと書かれていますが、署名された先頭は帳簿「{signed}」のものです。")]
    OriginDiffers {
        /// The file says.
        stated: String,
        /// The note says.
        signed: String,
    },
    /// A signature.
    #[error("署名を確かめられません({0})。")]
    Note(#[from] NoteError),
    /// A part's bytes and salt do not give its hash.
    #[error("{}が、証明の中のハッシュと合いません。中身かソルトが変えられています。", part_name(.0))]
    PartDiffers(PartRole),
    /// A part is there twice, or not in its place.
    #[error("伝票の部分の並びが正しくありません。")]
    PartOrder,
    /// The path does not lead to the signed root.
    #[error("{0}。")]
    Path(#[from] VerifyError),
    /// A part that no entry has, though it is in the log: only a damaged book makes such.
    #[error("{}を読めません({error})。", part_name(.role))]
    Unreadable {
        /// Which part.
        role: PartRole,
        /// What the reader said.
        error: CanonicalError,
    },
    /// The parts contradict one another.
    #[error("伝票の中身が食いちがっています({0})。")]
    Contradiction(&'static str),
    /// A free text that is not the one sealed, or of which there is no seal to compare with.
    #[error(
        "{line}番目のメモ・理由の文が、伝票に封じられたハッシュと合いません。文かソルトが変えられています。"
    )]
    TextDiffers {
        /// Which, from 0.
        line: u64,
    },
    /// The list of names is not the keeper's, or of another entry.
    #[error("呼び名の一覧(names)が正しくありません({0})。")]
    Names(String),
}

/// A part for people, without the name of its owner.
const fn part_name(role: &PartRole) -> &'static str {
    match role {
        PartRole::Shared => "共通の部分",
        PartRole::Acting => "記録した側の部分",
        PartRole::Office(_) => "事業所の仕訳の部分",
        PartRole::Head(_) => "本部の仕訳の部分",
        PartRole::Record => "記録者と時刻の部分",
    }
}

/// Checks a proof, or a signed head, with public keys alone.
///
/// # Errors
/// [`NotProved`]: then nothing in the file may be believed.
pub fn check(text: &str, keys: &[VerifierKey]) -> Result<Proved, NotProved> {
    if text.len() > FILE_LIMIT {
        return Err(NotProved::TooLong);
    }
    if !text.trim_start().starts_with('{') {
        let origin = text.lines().next().unwrap_or_default();
        return Ok(Proved::Head(head(text, origin, keys)?));
    }
    match form::read(text)? {
        form::Form::Entry(form) => Ok(Proved::Entry(Box::new(EntryProof::try_from(*form)?.check(keys)?))),
        form::Form::Consistency(form) => ConsistencyProof::from(form).check(keys),
    }
}

/// A signed head of the book that is named, signed by a key of this book.
fn head(note: &str, origin: &str, keys: &[VerifierKey]) -> Result<Checkpoint, NotProved> {
    let checkpoint = Checkpoint::parse_and_verify(note, &keys_of(origin, keys)?)?;
    if checkpoint.origin() == origin {
        Ok(checkpoint)
    } else {
        Err(NotProved::OriginDiffers {
            stated: origin.to_owned(),
            signed: checkpoint.origin().to_owned(),
        })
    }
}

/// The keys of a book: a key bears the name of its book, so that who knows several books cannot be shown one for another.
fn keys_of(origin: &str, keys: &[VerifierKey]) -> Result<Vec<VerifierKey>, NotProved> {
    let own: Vec<_> = (keys.iter().filter(|key| key.name().as_str() == origin))
        .cloned()
        .collect();
    if own.is_empty() {
        return Err(NotProved::OtherBook {
            origin: printable(origin),
            keys: keys.iter().map(|key| key.name().to_string()).collect(),
        });
    }
    Ok(own)
}

/// Text of a file nobody has vouched for, as an error may show it.
fn printable(text: &str) -> String {
    let mut shown: String = text.chars().take(80).filter(|c| !c.is_control()).collect();
    if shown.is_empty() {
        "(名前なし)".clone_into(&mut shown);
    }
    shown
}
