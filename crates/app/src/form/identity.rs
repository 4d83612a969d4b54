//! A book's identity to and from its lines.

use super::{CheckpointLine, IdentityLine, KeyLine};
use crate::log;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{calendar::Instant, log::Checkpoint};
use store::{
    Identity, LogHead, StoreError,
    entity::{book, book_key, log_checkpoint},
};

/// Writes id and keys.
pub fn write(identity: &Identity) -> Result<IdentityLine, StoreError> {
    let keys = identity.keys.iter().map(|key| {
        Ok(KeyLine {
            id: key.key_id.clone(),
            public_key: STANDARD.encode(&key.public_key),
            name: key.name.clone(),
            from: written(key.from_at, "book_key.from_at")?,
        })
    });
    Ok(IdentityLine {
        id: identity.book.book_id.hyphenated().to_string(),
        made_at: written(identity.book.made_at, "book.made_at")?,
        keys: keys.collect::<Result<_, StoreError>>()?,
    })
}

/// Writes a signed head.
pub fn write_checkpoint(checkpoint: &log_checkpoint::Model) -> Result<CheckpointLine, StoreError> {
    Ok(CheckpointLine {
        kind: "checkpoint".to_owned(),
        size: u64::try_from(checkpoint.size).map_err(|_| StoreError::corrupt("log_checkpoint.size"))?,
        at: written(checkpoint.at, "log_checkpoint.at")?,
        note: checkpoint.note.clone(),
    })
}

fn written(millis: i64, what: &str) -> Result<String, StoreError> {
    let time = Instant::from_millis(millis).map_err(|_| StoreError::corrupt(what))?;
    Ok(time.to_string())
}

/// Reads id and keys; each key must be one.
pub fn read(line: IdentityLine) -> Result<Identity, &'static str> {
    let book = book::Model {
        id: 1,
        book_id: uuid::Uuid::try_parse(&line.id).map_err(|_| "帳簿の番号(id)を読めません。")?,
        format: crate::FORMAT,
        made_at: time(&line.made_at)?,
    };
    let mut keys = Vec::new();
    for key in line.keys {
        let key = book_key::Model {
            key_id: key.id,
            public_key: STANDARD
                .decode(&key.public_key)
                .map_err(|_| "公開鍵を読めません。")?,
            name: key.name,
            from_at: time(&key.from)?,
        };
        log::public_key(&key).map_err(|_| "公開鍵を読めません。")?;
        keys.push(key);
    }
    Ok(Identity {
        book,
        keys,
        checkpoints: Vec::new(),
    })
}

/// Reads a signed head that stands after so many entries.
pub fn read_checkpoint(
    line: CheckpointLine,
    identity: &Identity,
    here: LogHead,
) -> Result<log_checkpoint::Model, &'static str> {
    let read = log_checkpoint::Model {
        size: i64::try_from(line.size).map_err(|_| "枚数(size)を読めません。")?,
        note: line.note,
        at: time(&line.at)?,
    };
    is_sound(&read, identity, here)?;
    Ok(read)
}

/// Whether a signed head is signed by a key of the book, for this book, about just the entries before it.
pub fn is_sound(
    checkpoint: &log_checkpoint::Model,
    identity: &Identity,
    here: LogHead,
) -> Result<(), &'static str> {
    let unsound = "署名された証明が、この帳簿のものではありません。";
    let keys: Vec<_> = identity
        .keys
        .iter()
        .filter_map(|key| log::public_key(key).ok())
        .collect();
    let signed = Checkpoint::parse_and_verify(&checkpoint.note, &keys).map_err(|_| unsound)?;
    if signed.origin() != log::origin(identity.book.book_id)
        || i64::try_from(signed.size()) != Ok(checkpoint.size)
    {
        return Err(unsound);
    }
    if signed.size() != here.size {
        return Err("署名された証明が、ちがう場所にあります。");
    }
    if signed.root() != here.root {
        return Err("ここまでの伝票が、署名された証明と合いません。");
    }
    Ok(())
}

fn time(text: &str) -> Result<i64, &'static str> {
    let time = text.parse::<Instant>().map_err(|_| "時刻を読めません。")?;
    Ok(time.millis())
}
