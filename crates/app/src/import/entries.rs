//! A whole book's copy: every entry is checked against its own bytes, and all of them against the root of the log, before
//! the writer keeps any.

use super::{
    ImportError, Listener, Outcome,
    lines::{Content, Line, Lines},
};
use crate::{
    Book,
    form::{BookLine, CheckpointLine, EndLine, EntryLine, TextLine, identity},
    writer::Restoring,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    acts::Act,
    canonical,
    command::{body_hash_of, entry_id, parse_json},
    decide::{Decided, SaltedText, StoredText},
    entry::Entry,
    log::{Frontier, Hash, leaf_hash},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{Identity, LogHead};
use tokio::io::AsyncBufRead;

/// Longest line: an act of 1 MB grows when its lots and movements are written out and spelled in base64.
const LINE_LIMIT: usize = 64 << 20;
/// Entries handed to the writer at once, and bytes of their lines.
const CHUNK_ENTRIES: usize = 1_000;
const CHUNK_BYTES: usize = 16 << 20;

/// Whether a first line begins a book's copy.
pub(super) fn is_header(line: &Line) -> bool {
    matches!(&line.content, Content::Text(text) if kind_of(text).as_deref() == Some("book"))
}

fn kind_of(text: &str) -> Option<String> {
    let value = parse_json(text).ok()?;
    Some(value.get("kind")?.as_str()?.to_owned())
}

fn damaged(line: u64, problem: impl Into<String>) -> ImportError {
    ImportError::Damaged {
        line,
        problem: problem.into(),
    }
}

pub(super) async fn import(
    book: &Book,
    first: Line,
    mut lines: Lines<impl AsyncBufRead + Unpin + Send>,
    listener: &mut impl Listener,
) -> Result<Outcome, ImportError> {
    lines.allow(LINE_LIMIT);
    let number = first.number;
    let line: BookLine = parse(number, read(first)?.1)?;
    let header = head(number, line.format, line.size, &line.root)?;
    let identity = line.identity.map(identity::read).transpose();
    let identity = identity.map_err(|problem| damaged(number, problem))?;
    if identity.is_none() && header.size > 0 {
        return Err(damaged(number, "帳簿の番号(identity)がありません。"));
    }
    // the same copy again: nothing to do
    if book.store().log_head().await? == header && header.size > 0 {
        return Ok(Outcome {
            already: header.size,
            ..Outcome::default()
        });
    }
    let restore = book.writer().restore().await?;
    let (entries, outcome) = (restore.entries, restore.outcome);
    let checked = async {
        let mut copy = Copy {
            header,
            identity,
            frontier: Frontier::default(),
            last_recorded_at: i64::MIN,
        };
        loop {
            let (chunk, is_end) = copy.chunk(&mut lines).await?;
            if entries.send(Restoring::Entries(chunk)).await.is_err() {
                // the writer gave up: the outcome says why
                return Ok(());
            }
            listener.progress(lines.read());
            if is_end {
                let identity = copy.identity.take().map(Box::new);
                drop(entries.send(Restoring::End(identity)).await);
                return Ok(());
            }
        }
    };
    let checked: Result<(), ImportError> = checked.await;
    // without an end the writer rolls back
    drop(entries);
    let outcome = outcome.await?;
    checked?;
    outcome.map_err(ImportError::NotRestored)?;
    Ok(Outcome {
        recorded: header.size,
        ..Outcome::default()
    })
}

/// What is known of a copy while it is read.
struct Copy {
    header: LogHead,
    identity: Option<Identity>,
    frontier: Frontier,
    last_recorded_at: i64,
}

impl Copy {
    /// The next entries, and whether the copy ended with them.
    async fn chunk(
        &mut self,
        lines: &mut Lines<impl AsyncBufRead + Unpin + Send>,
    ) -> Result<(Vec<Decided>, bool), ImportError> {
        let mut chunk = Vec::new();
        let start = lines.read().bytes;
        while chunk.len() < CHUNK_ENTRIES && lines.read().bytes - start < CHUNK_BYTES as u64 {
            let Some(line) = lines.next().await.map_err(ImportError::Input)? else {
                return Err(ImportError::Truncated {
                    line: lines.read().lines,
                });
            };
            let number = line.number;
            let is_last = self.frontier.size() == self.header.size;
            let (kind, value) = read(line).map_err(|error| cut_off(error, lines.read().lines))?;
            match kind.as_str() {
                "entry" if is_last => {
                    return Err(damaged(number, "1行目に書かれた数より多くの伝票があります。"));
                }
                "entry" => chunk.push(
                    self.entry(&parse(number, value)?)
                        .map_err(|problem| damaged(number, problem))?,
                ),
                "checkpoint" => self.checkpoint(number, value)?,
                "end" => {
                    self.end(number, value)?;
                    if lines.next().await.map_err(ImportError::Input)?.is_some() {
                        return Err(damaged(
                            lines.read().lines,
                            "最後の行のあとに、まだ行があります。",
                        ));
                    }
                    return Ok((chunk, true));
                }
                _ => return Err(damaged(number, "帳簿の写しの行ではありません。")),
            }
        }
        Ok((chunk, false))
    }

    fn checkpoint(&mut self, number: u64, value: Value) -> Result<(), ImportError> {
        let line: CheckpointLine = parse(number, value)?;
        let Some(identity) = &mut self.identity else {
            return Err(damaged(number, "帳簿の番号(identity)がありません。"));
        };
        let read = identity::read_checkpoint(line, identity, self.header.size);
        identity
            .checkpoints
            .push(read.map_err(|problem| damaged(number, problem))?);
        Ok(())
    }

    fn end(&self, number: u64, value: Value) -> Result<(), ImportError> {
        let found = LogHead {
            size: self.frontier.size(),
            root: self.frontier.root(),
        };
        if found.size < self.header.size {
            return Err(damaged(
                number,
                format!(
                    "伝票が足りません({}件のはずが{}件)。",
                    self.header.size, found.size
                ),
            ));
        }
        let line: EndLine = parse(number, value)?;
        let last = head(number, line.format, line.size, &line.root)?;
        if last != self.header || found != self.header {
            return Err(damaged(number, "伝票の全体が、記録の証明(root)と合いません。"));
        }
        Ok(())
    }

    /// An entry that is what its line says, in its place.
    fn entry(&mut self, line: &EntryLine) -> Result<Decided, String> {
        let bytes = STANDARD
            .decode(&line.canonical)
            .map_err(|_| "canonical を読めません。")?;
        let entry = canonical::decode(&bytes).map_err(|error| error.to_string())?;
        if (line.seq, entry.seq) != (self.frontier.size(), self.frontier.size()) {
            return Err(format!(
                "{}番目の伝票のはずが、{}番目です。",
                self.frontier.size(),
                line.seq
            ));
        }
        if entry.id != entry_id(entry.acting, &entry.key) {
            return Err("伝票の番号(id)が key と合いません。".to_owned());
        }
        if entry.recorded_at.to_string() != line.recorded_at
            || entry.recorded_at.millis() < self.last_recorded_at
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
        self.frontier.append(leaf_hash(&leaf));
        self.last_recorded_at = entry.recorded_at.millis();
        Ok(Decided {
            entry,
            seed,
            texts,
            body_hash,
        })
    }
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

/// Size and root of the first or last line.
fn head(number: u64, format: u16, size: u64, root: &str) -> Result<LogHead, ImportError> {
    if format != crate::form::FORMAT {
        let problem = format!("この版({format})の写しは読めません。プログラムを新しくしてください。");
        return Err(damaged(number, problem));
    }
    let root = hex::decode(root)
        .ok()
        .and_then(|root| <[u8; 32]>::try_from(root).ok());
    let root = root.ok_or_else(|| damaged(number, "root を読めません。"))?;
    Ok(LogHead {
        size,
        root: Hash::new(root),
    })
}

fn hash(text: &str) -> Result<[u8; 32], String> {
    let bytes = STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| "32バイトの値(base64)を読めません。".to_owned())
}

/// Kind and content of a line.
fn read(line: Line) -> Result<(String, Value), ImportError> {
    let text = match line.content {
        Content::Text(text) => text,
        Content::TooLong => return Err(damaged(line.number, "行が長すぎます。")),
        Content::NotUtf8(_) => return Err(damaged(line.number, "文字が壊れています。")),
    };
    let value = parse_json(&text).map_err(|error| damaged(line.number, error.to_string()))?;
    let kind = value
        .get("kind")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    Ok((kind, value))
}

/// A last line that cannot be read was cut off.
fn cut_off(error: ImportError, last: u64) -> ImportError {
    match error {
        ImportError::Damaged { line, problem } if line == last && problem.contains("途中で切れています") => {
            ImportError::Truncated { line }
        }
        error => error,
    }
}

fn parse<T: DeserializeOwned>(number: u64, value: Value) -> Result<T, ImportError> {
    serde_json::from_value(value).map_err(|error| damaged(number, format!("項目を読めません({error})。")))
}
