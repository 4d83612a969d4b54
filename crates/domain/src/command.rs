//! A command: who wants which act recorded, under which key. Parsed once at the border; what is parsed cannot be wrong
//! in form.

mod shape;
mod strict;

use crate::{
    acts::Act,
    calendar::Day,
    entry::{Entry, TextRole},
    id::{self, Acting, EntryId, GroupId, NetworkId, OfficeId},
    masters::Masters,
    refusal::{Refusal, Why},
    text::{Code, Key, Note},
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
pub use strict::parse as parse_json;

/// Longest line of JSON that is read, in bytes.
pub const LINE_LIMIT: usize = 1_048_576;

/// The only form of acts so far.
pub const FORMAT: u16 = 1;

/// Who acts, by code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActingRef {
    /// The book's keeper.
    Keeper,
    /// A network.
    Network(Code),
    /// An office.
    Office(Code),
}

/// What every act carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Who acts.
    pub acting: ActingRef,
    /// Idempotency key.
    pub key: Key,
    /// Day of supply; valid-from of master data.
    pub supplied_on: Day,
    /// Import or bulk.
    pub group: Option<GroupId>,
    /// Free texts.
    pub texts: Vec<(TextRole, Note)>,
    /// SHA-256 of evidence files.
    pub evidence: Vec<[u8; 32]>,
}

/// A command.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// What every act carries.
    pub head: Head,
    /// The act.
    pub act: Act,
}

impl Command {
    /// Reads one line of JSON.
    pub fn parse(line: &str) -> Result<Command, Refusal> {
        if line.len() > LINE_LIMIT {
            return Err(malformed("", "1行が長すぎます(1MBまで)。伝票を分けてください。"));
        }
        Command::from_value(parse_json(line).map_err(|problem| malformed("", &problem.to_string()))?)
    }

    /// Reads a JSON object.
    pub fn from_value(value: Value) -> Result<Command, Refusal> {
        let Value::Object(mut fields) = value else {
            return Err(malformed("", "1行に1つ、{ } で囲んだ伝票を書いてください。"));
        };
        let kind: String = required(&mut fields, "kind")?;
        match optional::<u64>(&mut fields, "format")? {
            None => {}
            Some(format) if format == u64::from(FORMAT) => {}
            Some(format) => return Err(Refusal::at("format", Why::UnknownFormat { format })),
        }
        let head = Head::take(&mut fields)?;
        Ok(Command {
            head,
            act: Act::from_value(&kind, Value::Object(fields))?,
        })
    }

    /// The act's own fields as canonical JSON: keys sorted, no blanks, integers and texts only.
    pub fn payload(&self) -> Vec<u8> {
        serde_json::to_vec(&self.act.to_value()).unwrap_or_default()
    }

    /// Writes the command as one JSON object that [`Command::from_value`] reads back.
    pub fn to_value(&self) -> Value {
        let mut fields = match self.act.to_value() {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("kind", self.act.kind().into());
        put("format", FORMAT.into());
        match &self.head.acting {
            ActingRef::Keeper => {}
            ActingRef::Network(code) => drop(put("acting_network", code.as_ref().into())),
            ActingRef::Office(code) => drop(put("office", code.as_ref().into())),
        }
        put("key", self.head.key.as_ref().into());
        put("supplied_on", self.head.supplied_on.to_string().into());
        if let Some(group) = self.head.group {
            put("group", group.to_string().into());
        }
        for (role, text) in &self.head.texts {
            put(text_field(*role), text.as_ref().into());
        }
        if !self.head.evidence.is_empty() {
            put(
                "evidence",
                self.head
                    .evidence
                    .iter()
                    .map(hex::encode)
                    .collect::<Vec<_>>()
                    .into(),
            );
        }
        Value::Object(fields)
    }

    /// Who acts, looked up; the network or office must be known.
    pub fn acting(&self, masters: &Masters) -> Result<Acting, Refusal> {
        let unknown = |code: &Code| {
            Refusal::at(
                "office",
                Why::ActingUnknown {
                    code: code.to_string(),
                },
            )
        };
        Ok(match &self.head.acting {
            ActingRef::Keeper => Acting::Keeper,
            ActingRef::Network(code) => Acting::Network(
                masters
                    .network_by_code(code)
                    .map(|network| network.id)
                    .ok_or_else(|| {
                        Refusal::at(
                            "acting_network",
                            Why::NetworkUnknown {
                                code: code.to_string(),
                            },
                        )
                    })?,
            ),
            ActingRef::Office(code) => Acting::Office(
                masters
                    .office_by_code(code)
                    .map(|office| office.id)
                    .ok_or_else(|| unknown(code))?,
            ),
        })
    }

    /// Hash of everything but the free texts and the group: the same key with another body is refused.
    pub fn body_hash(&self, acting: Acting) -> [u8; 32] {
        // a mirror takes over the original's days: the day it was asked for on stands nowhere in its entry
        let takes_back = matches!(self.act, Act::Reverse(_) | Act::Correct(_));
        let day = (!takes_back).then_some(self.head.supplied_on);
        hash_of_body(
            self.act.kind(),
            FORMAT,
            acting,
            day,
            &self.payload(),
            &self.head.evidence,
        )
    }
}

/// [`Command::body_hash`] of the command that an entry was made of, also of a kind this program does not know: for
/// verify, and for entries that come verbatim from another book.
pub fn body_hash_of(entry: &Entry) -> [u8; 32] {
    let day = entry.reverses.is_none().then_some(entry.supplied_on);
    hash_of_body(
        &entry.kind,
        entry.format,
        entry.acting,
        day,
        &entry.payload,
        &entry.evidence,
    )
}

fn hash_of_body(
    kind: &str,
    format: u16,
    acting: Acting,
    day: Option<Day>,
    payload: &[u8],
    evidence: &[[u8; 32]],
) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(b"yokoito body 1");
    part(kind.as_bytes());
    part(&format.to_be_bytes());
    part(acting.to_string().as_bytes());
    part(day.map(|day| day.to_string()).unwrap_or_default().as_bytes());
    part(payload);
    for evidence in evidence {
        part(evidence);
    }
    hash.finalize().into()
}

/// The id of the entry that an acting body records under a key.
pub fn entry_id(acting: Acting, key: &Key) -> EntryId {
    EntryId(id::derive(&acting, key, "entry", 0))
}

const fn text_field(role: TextRole) -> &'static str {
    match role {
        TextRole::Note => "note",
        TextRole::Reason => "reason",
    }
}

impl Head {
    fn take(fields: &mut Map<String, Value>) -> Result<Head, Refusal> {
        let office: Option<Code> = optional(fields, "office")?;
        let network: Option<Code> = optional(fields, "acting_network")?;
        let acting = match (office, network) {
            (None, None) => ActingRef::Keeper,
            (Some(code), None) if code.as_ref() == "keeper" => ActingRef::Keeper,
            (Some(code), None) => ActingRef::Office(code),
            (None, Some(code)) => ActingRef::Network(code),
            (Some(_), Some(_)) => {
                return Err(malformed(
                    "office",
                    "office と acting_network は、どちらか1つだけ書いてください。",
                ));
            }
        };
        let mut texts = Vec::new();
        for role in [TextRole::Note, TextRole::Reason] {
            if let Some(text) = optional(fields, text_field(role))? {
                texts.push((role, text));
            }
        }
        let evidence: Vec<String> = optional(fields, "evidence")?.unwrap_or_default();
        let evidence = evidence.iter().map(|text| {
            let bytes = hex::decode(text)
                .ok()
                .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            bytes.ok_or_else(|| malformed("evidence", "証拠書類は SHA-256 の16進64桁で書いてください。"))
        });
        Ok(Head {
            acting,
            key: required(fields, "key")?,
            supplied_on: required(fields, "supplied_on")?,
            group: optional(fields, "group")?,
            texts,
            evidence: evidence.collect::<Result<_, _>>()?,
        })
    }

    /// A network or office as the acting body, for callers inside the program.
    pub fn acting_ref(acting: Acting, masters: &Masters) -> Option<ActingRef> {
        Some(match acting {
            Acting::Keeper => ActingRef::Keeper,
            Acting::Network(NetworkId(id)) => {
                ActingRef::Network(masters.networks.get(&NetworkId(id))?.code.clone())
            }
            Acting::Office(OfficeId(id)) => ActingRef::Office(masters.office(OfficeId(id))?.code.clone()),
        })
    }
}

fn malformed(field: &str, problem: &str) -> Refusal {
    Refusal::at(
        field,
        Why::Malformed {
            problem: problem.to_owned(),
        },
    )
}

fn optional<T: serde::de::DeserializeOwned>(
    fields: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<T>, Refusal> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => read_field(name, value).map(Some),
    }
}

fn required<T: serde::de::DeserializeOwned>(
    fields: &mut Map<String, Value>,
    name: &str,
) -> Result<T, Refusal> {
    optional(fields, name)?.ok_or_else(|| malformed(name, "書かれていません。書いてください。"))
}

/// Reads a JSON value into a type, in one form only (fields by name, choices by their text); the refusal names the field
/// within it.
///
/// # Errors
/// [`Why::Malformed`] with a Japanese sentence.
pub fn read_field<T: serde::de::DeserializeOwned>(name: &str, value: Value) -> Result<T, Refusal> {
    serde_path_to_error::deserialize(shape::Shape::new(value)).map_err(|error| {
        let path = error.path().to_string();
        let field = match (name, path.as_str()) {
            ("", path) => path.trim_start_matches('.').to_owned(),
            (name, ".") => name.to_owned(),
            (name, path) if path.starts_with('[') => format!("{name}{path}"),
            (name, path) => format!("{name}.{path}"),
        };
        let field = if field == "." { String::new() } else { field };
        malformed(&field, &in_japanese(&error.into_inner().to_string()))
    })
}

/// The messages of serde's readers, for people.
pub fn in_japanese(message: &str) -> String {
    let name = || message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("missing field") {
        format!("「{}」が書かれていません。書いてください。", name())
    } else if message.starts_with("unknown field") {
        format!("「{}」という項目はありません。つづりを確かめてください。", name())
    } else if message.starts_with("unknown variant") {
        format!("「{}」は選べません。書き方を確かめてください。", name())
    } else if message.starts_with("duplicate field") {
        format!("「{}」が2回あります。1回だけ書いてください。", name())
    } else if message.is_ascii()
        || message.starts_with("invalid type")
        || message.starts_with("invalid value")
    {
        // what was typed stands in it: 千 makes it no sentence in Japanese
        format!("書き方がちがいます。{}", form(message))
    } else {
        message.to_owned()
    }
}

/// How a value is to be written, by what a reader expected.
fn form(message: &str) -> &'static str {
    let expected = message.rsplit("expected ").next().unwrap_or(message);
    let first = expected.split([' ', ',']).next().unwrap_or(expected);
    let is_number =
        message.contains("integer") || message.contains("digit") || message.contains("number too");
    match first {
        "a" if expected.starts_with("a string") => "\" \" で囲んだ文字で書いてください。",
        "string" => "\" \" で囲んだ文字で書いてください。",
        "a" if expected.starts_with("a boolean") => "true か false で書いてください。",
        "a" if expected.starts_with("a sequence") => "[ ] で囲んだ並びで書いてください。",
        "a" if expected.starts_with("a map") => "{ } で囲んで書いてください。",
        "struct" | "map" => "{ } で囲んで書いてください。",
        "i64" | "u64" | "i32" | "u32" | "u16" | "u8" | "usize" => {
            "数字だけで書いてください(整数。\" \" で囲みません)。"
        }
        _ if is_number => "整数で書いてください。",
        _ if message.contains("`true` or `false`") => "true か false で書いてください。",
        _ => "/docs か説明書で、形を確かめてください。",
    }
}

#[cfg(test)]
mod tests;
