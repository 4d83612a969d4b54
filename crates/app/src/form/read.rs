//! Reads a book's copy line by line: every entry is checked against its own bytes, every signed head where it stands,
//! all of them against the root of the log, every byte against the last line.

mod entry;

use super::{BookLine, CheckpointLine, EndLine, FORMAT, fingerprint::Fingerprint, identity};
use crate::lines::{Content, Line, Lines};
use domain::{
    acts::Act,
    calendar::Instant,
    command::parse_json,
    decide::Decided,
    log::{Frontier, Hash},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{collections::BTreeMap, io};
use store::{Identity, LogHead, access::Kept};
use tokio::io::AsyncBufRead;

/// Longest line: an act of 1 MB grows when its lots and movements are written out and spelled in base64.
pub(crate) const LINE_LIMIT: usize = 64 << 20;

/// Why a copy cannot be believed.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// It cannot be read any further.
    #[error("ファイルを読めません。")]
    Input(#[source] io::Error),
    /// A line is not what was written.
    #[error("{line}行目が正しくありません。{problem}")]
    Damaged {
        /// Which line.
        line: u64,
        /// What is wrong, a sentence.
        problem: String,
    },
    /// It ends before its last line.
    #[error("途中で切れています({line}行目までしかなく、最後の行がありません)。")]
    Truncated {
        /// The last line there is.
        line: u64,
    },
    /// Something on a line that this program does not know.
    #[error(
        "{line}行目の{what}は、新しい版のプログラムで書かれたものです。プログラムを新しくしてから、もう一度試してください。"
    )]
    Newer {
        /// Which line.
        line: u64,
        /// What.
        what: String,
    },
}

fn damaged(line: u64, problem: impl Into<String>) -> CopyError {
    CopyError::Damaged {
        line,
        problem: problem.into(),
    }
}

/// Whether a first line begins a book's copy.
pub(crate) fn begins_copy(line: &Line) -> bool {
    let Content::Text(text) = &line.content else {
        return false;
    };
    let kind = parse_json(text).ok().and_then(|value| value.get("kind").cloned());
    kind.is_some_and(|kind| kind == "book")
}

/// A copy being read.
pub(crate) struct CopyReader<R> {
    lines: Lines<R>,
    header: LogHead,
    identity: Option<Identity>,
    frontier: Frontier,
    fingerprint: Fingerprint,
    last_recorded_at: Option<Instant>,
    /// Sizes whose root somebody wants to know.
    roots: BTreeMap<u64, Option<Hash>>,
    is_over: bool,
}

impl<R: AsyncBufRead + Unpin> CopyReader<R> {
    /// Reads the first line. What follows is read by [`CopyReader::next`].
    pub async fn begin(mut lines: Lines<R>) -> Result<CopyReader<R>, CopyError> {
        let first = lines.next().await.map_err(|error| unread(error, 0))?;
        let first = first.ok_or(CopyError::Truncated { line: 0 })?;
        CopyReader::after(&first, lines)
    }

    /// Goes on after a first line that has been read.
    pub fn after(first: &Line, mut lines: Lines<R>) -> Result<CopyReader<R>, CopyError> {
        lines.allow(LINE_LIMIT);
        if !begins_copy(first) {
            return Err(damaged(
                first.number,
                "帳簿の写しの1行目(kind が book の行)ではありません。",
            ));
        }
        let number = first.number;
        let (_, value) = read(first)?;
        let mut fingerprint = Fingerprint::default();
        fingerprint.line(first.text());
        format_of(number, &value)?;
        let line: BookLine = parse(number, value)?;
        let header = head(number, line.size, &line.root)?;
        let identity = line.identity.map(identity::read).transpose();
        let identity = identity.map_err(|problem| damaged(number, problem))?;
        if identity.is_none() && header.size > 0 {
            return Err(damaged(number, "帳簿の番号(identity)がありません。"));
        }
        Ok(CopyReader {
            lines,
            header,
            identity,
            frontier: Frontier::default(),
            fingerprint,
            last_recorded_at: None,
            roots: BTreeMap::new(),
            is_over: false,
        })
    }

    /// Size and root that the first line states.
    pub fn header(&self) -> LogHead {
        self.header
    }

    /// Whose copy it is, with the signed heads met so far.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    /// The identity, handed over.
    pub fn into_identity(self) -> Option<Identity> {
        self.identity
    }

    /// When the last entry so far was recorded.
    pub fn last_recorded_at(&self) -> Option<Instant> {
        self.last_recorded_at
    }

    /// How far it has been read.
    pub fn lines(&self) -> &Lines<R> {
        &self.lines
    }

    /// Asks for the root that the first so many entries have; to be called before the first entry is read.
    pub fn watch(&mut self, size: u64) {
        let now = (size == self.frontier.size()).then(|| self.frontier.root());
        self.roots.insert(size, now);
    }

    /// The roots asked for; none for a size that was not reached.
    pub fn roots(&self) -> &BTreeMap<u64, Option<Hash>> {
        &self.roots
    }

    /// The next entry; `None` when the copy has come to its end and is whole.
    pub async fn next(&mut self) -> Result<Option<Decided>, CopyError> {
        while !self.is_over {
            let line = self.lines.next().await;
            let line = line.map_err(|error| unread(error, self.lines.read().lines))?;
            let Some(line) = line else {
                return Err(CopyError::Truncated {
                    line: self.lines.read().lines,
                });
            };
            let (kind, value) = read(&line).map_err(|error| cut_off(error, self.lines.read().lines))?;
            let number = line.number;
            if kind == "end" {
                self.end(number, value).await?;
                continue;
            }
            self.fingerprint.line(line.text());
            match kind.as_str() {
                "entry" if self.frontier.size() == self.header.size => {
                    return Err(damaged(number, "1行目に書かれた数より多くの伝票があります。"));
                }
                "entry" => {
                    let entry = self.entry(&parse(number, value)?);
                    return entry.map(Some).map_err(|problem| damaged(number, problem));
                }
                "checkpoint" => self.checkpoint(number, value)?,
                beside if Kept::KINDS.contains(&beside) => {
                    // what is kept beside the book comes last; a restore reads it again by itself
                    if self.frontier.size() < self.header.size {
                        return Err(damaged(number, "伝票より前にある行です。"));
                    }
                    parse::<Kept>(number, value)?;
                }
                "" => return Err(damaged(number, "kind がありません。")),
                known if known == "book" || Act::KINDS.iter().any(|(kind, _)| *kind == known) => {
                    return Err(damaged(number, "帳簿の写しの行ではありません。"));
                }
                unknown => {
                    return Err(CopyError::Newer {
                        line: number,
                        what: format!("種類({unknown})"),
                    });
                }
            }
        }
        Ok(None)
    }

    /// An entry that is what its line says, in its place.
    fn entry(&mut self, line: &super::EntryLine) -> Result<Decided, String> {
        let (decided, leaf) = entry::read(line, self.frontier.size(), self.last_recorded_at)?;
        self.frontier.append(leaf);
        self.last_recorded_at = Some(decided.entry.recorded_at);
        if let Some(root) = self.roots.get_mut(&self.frontier.size()) {
            *root = Some(self.frontier.root());
        }
        Ok(decided)
    }

    /// A signed head stands right after the last entry it covers.
    fn checkpoint(&mut self, number: u64, value: Value) -> Result<(), CopyError> {
        let line: CheckpointLine = parse(number, value)?;
        let Some(identity) = &mut self.identity else {
            return Err(damaged(number, "帳簿の番号(identity)がありません。"));
        };
        let here = LogHead {
            size: self.frontier.size(),
            root: self.frontier.root(),
        };
        let read = identity::read_checkpoint(line, identity, here);
        let read = read.map_err(|problem| damaged(number, problem))?;
        if identity
            .checkpoints
            .last()
            .is_some_and(|last| last.size >= read.size)
        {
            return Err(damaged(number, "同じ枚数の証明が2つあります。"));
        }
        identity.checkpoints.push(read);
        Ok(())
    }

    async fn end(&mut self, number: u64, value: Value) -> Result<(), CopyError> {
        let found = LogHead {
            size: self.frontier.size(),
            root: self.frontier.root(),
        };
        if found.size < self.header.size {
            let problem = format!(
                "伝票が足りません({}件のはずが{}件)。",
                self.header.size, found.size
            );
            return Err(damaged(number, problem));
        }
        format_of(number, &value)?;
        let line: EndLine = parse(number, value)?;
        let last = head(number, line.size, &line.root)?;
        if last != self.header || found != self.header {
            return Err(damaged(number, "伝票の全体が、記録の証明(root)と合いません。"));
        }
        if line.sha256 != self.fingerprint.to_hex() {
            return Err(damaged(
                number,
                "ファイルの全体が、書いたときの値(sha256)と合いません。どこかの行が変わっています。",
            ));
        }
        let more = self.lines.next().await;
        if more.map_err(|error| unread(error, number))?.is_some() {
            return Err(damaged(
                self.lines.read().lines,
                "最後の行のあとに、まだ行があります。",
            ));
        }
        self.is_over = true;
        Ok(())
    }
}

/// A compressed file that was cut off or changed says so itself.
fn unread(error: io::Error, line: u64) -> CopyError {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        CopyError::Truncated { line }
    } else if error.raw_os_error().is_none() {
        // not from the system, so from the reader of what is compressed
        damaged(line + 1, "圧縮された中身が壊れています。")
    } else {
        CopyError::Input(error)
    }
}

/// Kind and content of a line.
fn read(line: &Line) -> Result<(String, Value), CopyError> {
    let text = match &line.content {
        Content::Text(text) => text,
        Content::TooLong => return Err(damaged(line.number, "行が長すぎます。")),
        Content::NotUtf8(_) => return Err(damaged(line.number, "文字が壊れています。")),
    };
    let value = parse_json(text).map_err(|error| damaged(line.number, error.to_string()))?;
    let kind = value
        .get("kind")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    Ok((kind, value))
}

/// A last line that cannot be read was cut off.
fn cut_off(error: CopyError, last: u64) -> CopyError {
    match error {
        CopyError::Damaged { line, problem } if line == last && problem.contains("途中で切れています") => {
            CopyError::Truncated { line }
        }
        error => error,
    }
}

/// The version of the form: a newer one is said to be newer before its unknown fields are stumbled over.
fn format_of(number: u64, value: &Value) -> Result<(), CopyError> {
    let format = value.get("format").and_then(Value::as_u64).unwrap_or_default();
    match u16::try_from(format) {
        Ok(FORMAT) => Ok(()),
        _ if format > u64::from(FORMAT) => Err(CopyError::Newer {
            line: number,
            what: format!("形式の版({format})"),
        }),
        _ => Err(damaged(number, "形式の版(format)を読めません。")),
    }
}

/// Size and root of the first or last line.
fn head(number: u64, size: u64, root: &str) -> Result<LogHead, CopyError> {
    let root = hex::decode(root)
        .ok()
        .and_then(|root| <[u8; 32]>::try_from(root).ok());
    let root = root.ok_or_else(|| damaged(number, "root を読めません。"))?;
    Ok(LogHead {
        size,
        root: Hash::new(root),
    })
}

fn parse<T: DeserializeOwned>(number: u64, value: Value) -> Result<T, CopyError> {
    serde_json::from_value(value).map_err(|error| damaged(number, format!("項目を読めません({error})。")))
}
