//! The lines of a book's copy: what `export` and `backup` write, `import` and `restore` read back.
//!
//! The first line says which book and how much of it; then come the entries in order, each signed head right after the
//! last entry it covers; then, in a backup, what is kept beside the book, a row a line, of the kind of its table
//! ([`store::access::Kept`]); the last line says that it was all. What is kept later gets lines of its own kinds between
//! the first and the last: a program that does not know a kind refuses the copy and says so.

pub(crate) mod fingerprint;
pub mod identity;
pub(crate) mod read;

pub use read::CopyError;

use domain::entry::TextRole;
use serde::{Deserialize, Serialize};

/// The only form of copies so far.
pub const FORMAT: u16 = 1;

/// The first line: which book, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookLine {
    /// `book`.
    pub kind: String,
    /// Version of the form.
    pub format: u16,
    /// Entries in the copy.
    pub size: u64,
    /// Root of the log, hexadecimal.
    pub root: String,
    /// Missing from an empty book that was never signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityLine>,
}

/// What makes a book this one wherever it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityLine {
    /// Id of the book.
    pub id: String,
    /// When it was made, UTC.
    pub made_at: String,
    /// Public keys whose signatures count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<KeyLine>,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyLine {
    /// Id in signed notes.
    pub id: String,
    /// Ed25519, base64.
    pub public_key: String,
    /// Name in signed notes.
    pub name: String,
    /// When it was made known, UTC.
    pub from: String,
}

/// A signed head, right after the last entry it covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckpointLine {
    /// `checkpoint`.
    pub kind: String,
    /// Entries it covers.
    pub size: u64,
    /// When it was signed, UTC.
    pub at: String,
    /// The signed note.
    pub note: String,
}

/// The last line: a file without it was cut off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndLine {
    /// `end`.
    pub kind: String,
    /// Version of the form.
    pub format: u16,
    /// Entries in the copy.
    pub size: u64,
    /// Root of the log, hexadecimal.
    pub root: String,
    /// SHA-256 of all lines before this one, hexadecimal.
    pub sha256: String,
}

/// An entry, verbatim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryLine {
    /// `entry`.
    pub kind: String,
    /// Position in the log, from 0.
    pub seq: u64,
    /// When it was recorded; stands in the bytes as well, here for people.
    pub recorded_at: String,
    /// Canonical bytes, base64.
    pub canonical: String,
    /// Seed of the salts of its parts, base64.
    pub salt: String,
    /// Hash of the command that its key stands for, base64.
    pub body_hash: String,
    /// Free texts, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<TextLine>,
}

/// A free text; an erased one has neither salt nor text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextLine {
    /// What text.
    pub role: Role,
    /// Its salt, base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// [`TextRole`] as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// メモ.
    Note,
    /// 理由.
    Reason,
}

impl From<Role> for TextRole {
    fn from(role: Role) -> TextRole {
        match role {
            Role::Note => TextRole::Note,
            Role::Reason => TextRole::Reason,
        }
    }
}

impl From<TextRole> for Role {
    fn from(role: TextRole) -> Role {
        match role {
            TextRole::Note => Role::Note,
            TextRole::Reason => Role::Reason,
        }
    }
}
