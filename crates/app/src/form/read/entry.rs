//! One line of an entry: bytes, id, body and free texts must belong together.

use crate::form::{EntryLine, TextLine};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    acts::Act,
    calendar::Instant,
    canonical,
    command::{body_hash_of, entry_id},
    decide::{Decided, SaltedText, StoredText},
    entry::Entry,
    log::{Hash, leaf_hash},
};

/// The entry of a line that stands at a position, with its leaf; `last` is when the one before it was recorded.
pub(super) fn read(line: &EntryLine, seq: u64, last: Option<Instant>) -> Result<(Decided, Hash), String> {
    let bytes = STANDARD
        .decode(&line.canonical)
        .map_err(|_| "canonical を読めません。")?;
    let entry = canonical::decode(&bytes).map_err(|error| error.to_string())?;
    if (line.seq, entry.seq) != (seq, seq) {
        return Err(format!("{seq}番目の伝票のはずが、{}番目です。", line.seq));
    }
    if entry.id != entry_id(entry.acting, &entry.key) {
        return Err("伝票の番号(id)が key と合いません。".to_owned());
    }
    if entry.recorded_at.to_string() != line.recorded_at || last.is_some_and(|last| entry.recorded_at < last)
    {
        return Err("記録の時刻が合いません。".to_owned());
    }
    if !entry.unbalanced().is_empty() {
        return Err("借方と貸方が合いません。".to_owned());
    }
    let (seed, body_hash) = (hash(&line.salt)?, hash(&line.body_hash)?);
    // of a kind that only a newer program knows, how its body is hashed may be new as well
    if Act::KINDS.iter().any(|(kind, _)| *kind == entry.kind) && body_hash != body_hash_of(&entry) {
        return Err("body_hash が伝票と合いません。".to_owned());
    }
    let texts = texts(&entry, &line.texts)?;
    let leaf = canonical::leaf_content(entry.seq, &canonical::parts(&entry), &seed);
    let decided = Decided {
        entry,
        seed,
        texts,
        body_hash,
    };
    Ok((decided, leaf_hash(&leaf)))
}

fn texts(entry: &Entry, lines: &[TextLine]) -> Result<Vec<StoredText>, String> {
    if entry.texts.len() != lines.len() {
        return Err("メモや理由の数が伝票と合いません。".to_owned());
    }
    let pairs = entry.texts.iter().zip(lines);
    let texts = pairs.map(|(seal, line)| {
        let kept = match (&line.salt, &line.text) {
            (None, None) => None,
            (Some(salt), Some(text)) => {
                let salt = hash(salt)?;
                let text = text
                    .parse()
                    .map_err(|_| "メモや理由に使えない文字があります。".to_owned())?;
                Some(SaltedText { salt, text })
            }
            _ => return Err("メモや理由の片方(salt と text)がありません。".to_owned()),
        };
        let fits = kept
            .as_ref()
            .is_none_or(|kept| canonical::text_commitment(&kept.salt, kept.text.as_ref()) == seal.commitment);
        if !fits || seal.role != line.role.into() {
            return Err("メモや理由が、記録された封印と合いません。".to_owned());
        }
        Ok(StoredText {
            role: seal.role,
            kept,
        })
    });
    texts.collect()
}

fn hash(text: &str) -> Result<[u8; 32], String> {
    let bytes = STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| "32バイトの値(base64)を読めません。".to_owned())
}
