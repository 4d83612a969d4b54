//! The fields of a proof's file. Once given out, a file is checked for years: fields keep name and meaning for ever, a
//! change is a new `format`.

use super::NotProved;
use crate::{
    command::{parse_json, read_field},
    log::Hash,
    refusal::Refusal,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;
use uuid::Uuid;

/// The only form so far.
pub const FORMAT: u16 = 1;
/// `kind` of a proof that an entry stands in the log.
pub const ENTRY: &str = "entry_proof";
/// `kind` of a proof that one head continues another.
pub const CONSISTENCY: &str = "consistency_proof";

/// An entry stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryForm {
    /// `entry_proof`.
    pub kind: String,
    /// Version of the form.
    pub format: u16,
    /// Which book: the first line of its checkpoints and the name of its keys.
    pub origin: String,
    /// The signed head under which the entry stands: a checkpoint as a signed note.
    pub checkpoint: String,
    /// Position of the entry, from 0.
    pub seq: u64,
    /// All parts of the entry, in their order: with `seq` they are the content of the leaf.
    pub parts: Vec<PartForm>,
    /// Free texts that are shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<TextForm>,
    /// Hashes, lowest first, that lead from the leaf to the root.
    pub path: Vec<Digest>,
    /// What ids in the shown parts are called: a signed note, see [`Names`](super::Names).
    pub names: String,
}

/// One part: its hash, and where it is shown its bytes and the salt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartForm {
    /// `shared`, `acting`, `office`, `head` or `record`.
    pub part: PartName,
    /// Id of the office or corporation whose postings these are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Uuid>,
    /// SHA-256 of `yokoito part 1`, salt and bytes.
    pub hash: Digest,
    /// 32 bytes; only with `bytes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<Bytes>,
    /// Canonical bytes; only with `salt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Bytes>,
}

/// Names of the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartName {
    /// Header and goods.
    Shared,
    /// Key, texts, payload.
    Acting,
    /// Postings of an office.
    Office,
    /// Postings of a head office.
    Head,
    /// Recorder and time.
    Record,
}

/// A free text: SHA-256 of `yokoito text 1`, salt and text is sealed in the acting part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextForm {
    /// Which of the entry's texts, from 0.
    pub line: u64,
    /// 32 bytes.
    pub salt: Bytes,
    /// The text.
    pub text: String,
}

/// One head continues another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsistencyForm {
    /// `consistency_proof`.
    pub kind: String,
    /// Version of the form.
    pub format: u16,
    /// Which book.
    pub origin: String,
    /// The earlier signed head.
    pub old: String,
    /// The later signed head.
    pub new: String,
    /// Hashes, lowest first, that show it.
    pub path: Vec<Digest>,
}

/// A file as read.
pub(super) enum Form {
    Entry(Box<EntryForm>),
    Consistency(ConsistencyForm),
}

pub(super) fn read(text: &str) -> Result<Form, NotProved> {
    let value = parse_json(text).map_err(|error| NotProved::Form {
        problem: error.to_string().trim_end_matches('。').to_owned(),
    })?;
    let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default();
    let format = value.get("format").and_then(Value::as_u64).unwrap_or_default();
    if format > u64::from(FORMAT) {
        return Err(NotProved::Newer {
            kind: super::printable(kind),
            format,
        });
    }
    match (kind, format) {
        (ENTRY, 1) => Ok(Form::Entry(
            read_field("", value).map_err(|refusal| unfit(&refusal))?,
        )),
        (CONSISTENCY, 1) => Ok(Form::Consistency(
            read_field("", value).map_err(|refusal| unfit(&refusal))?,
        )),
        _ => Err(NotProved::Form {
            problem: "kind と format が証明のものではありません".to_owned(),
        }),
    }
}

fn unfit(refusal: &Refusal) -> NotProved {
    let sentence = refusal.why.to_string();
    let sentence = sentence.trim_end_matches('。');
    NotProved::Form {
        problem: if refusal.field.is_empty() {
            sentence.to_owned()
        } else {
            format!("{}: {sentence}", super::printable(&refusal.field))
        },
    }
}

/// Writes a file: one field a line, so that people find their way.
pub(super) fn write(form: &impl Serialize) -> String {
    // a struct of texts and numbers can always be written
    serde_json::to_string_pretty(form).unwrap_or_default() + "\n"
}

/// 32 bytes as 64 small hexadecimal digits: one spelling only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    pub(super) const fn hash(self) -> Hash {
        Hash::new(self.0)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        output.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Digest, D::Error> {
        let text = String::deserialize(input)?;
        let mut bytes = [0; 32];
        match hex::decode_to_slice(&text, &mut bytes) {
            Ok(()) if hex::encode(bytes) == text => Ok(Digest(bytes)),
            _ => Err(D::Error::custom("ハッシュは小文字の16進数64桁です。")),
        }
    }
}

/// Bytes as base64: one spelling only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        output.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Bytes, D::Error> {
        let text = String::deserialize(input)?;
        match STANDARD.decode(&text) {
            Ok(bytes) if STANDARD.encode(&bytes) == text => Ok(Bytes(bytes)),
            _ => Err(D::Error::custom("base64 ではありません。")),
        }
    }
}
