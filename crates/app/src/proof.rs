//! Proofs for outsiders, made from the book: what is shown is chosen here, how it is checked stands in [`domain::proof`].

mod names;

use crate::{
    Book,
    entry_name::{self, NotNamed},
    log::{self, LogError},
    moment::Moment,
    viewer::{Gate, Viewer},
};
use domain::{
    canonical::{self, Content, Part, PartRole},
    entry::Entry,
    log::{BookKey, Checkpoint},
    masters::Masters,
    proof::{ConsistencyProof, EntryProof, NotProved, ProvedPart, ProvedText},
    refs::EntryPointer,
    text::Code,
};
use std::collections::BTreeSet;
use store::{StoreError, StoredEntry};

/// What of an entry is shown; of the rest only salted hashes are given away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disclosure {
    /// Everything.
    All,
    /// What an office may see: the shared part, its own postings, and the acting part if it acted itself.
    Office(Code),
    /// These parts.
    Parts(Vec<PartChoice>),
}

/// A part as people name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartChoice {
    /// Header and goods.
    Shared,
    /// Key, texts, payload.
    Acting,
    /// Recorder and time.
    Record,
    /// Postings of an office.
    Office(Code),
    /// Postings of a corporation's head office.
    Head(Code),
}

impl std::str::FromStr for PartChoice {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<PartChoice, &'static str> {
        let unknown =
            "shared、acting、record、office:事業所のコード、head:法人のコード のどれかを書いてください。";
        let code = |text: &str| text.parse::<Code>().map_err(|_| unknown);
        match text.split_once(':') {
            None if text == "shared" => Ok(PartChoice::Shared),
            None if text == "acting" => Ok(PartChoice::Acting),
            None if text == "record" => Ok(PartChoice::Record),
            Some(("office", office)) => code(office).map(PartChoice::Office),
            Some(("head", corporation)) => code(corporation).map(PartChoice::Head),
            _ => Err(unknown),
        }
    }
}

/// A head of the log as people name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadChoice {
    /// The head at this size; signed now if it never was.
    Size(u64),
    /// A signed head that was kept elsewhere.
    Note(String),
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// No such entry.
    #[error("伝票「{0}」は帳簿にありません。番号・ID・「事業所のコード/キー」を確かめてください。")]
    NoEntry(EntryPointer),
    /// The entry is not among the first so many.
    #[error(
        "伝票「{entry}」は{seq}番なので、{size}枚目までの証明には入りません。--size を大きくしてください。"
    )]
    Beyond {
        /// As asked for.
        entry: EntryPointer,
        /// Where it is.
        seq: u64,
        /// Size asked for.
        size: u64,
    },
    /// A code that the book does not know.
    #[error("コード「{0}」の事業所・法人は帳簿にありません。つづりを確かめてください。")]
    NoSuchCode(Code),
    /// The entry has nothing of this office.
    #[error(
        "伝票「{entry}」には、事業所「{office}」に見せる部分がありません。事業所のコードを確かめてください。"
    )]
    NotInvolved {
        /// As asked for.
        entry: EntryPointer,
        /// Whose.
        office: Code,
    },
    /// A head that was kept elsewhere is not one the log ever had: the book was rolled back or written anew.
    #[error(
        "{0}。この帳簿は、控えておいた証明の続きではありません。yokoito verify --head で確かめてください。"
    )]
    NotContinued(String),
    /// The proof would not convince anybody: the book is damaged.
    #[error("帳簿が壊れているため、証明を作れません({0})。yokoito verify で確かめてください。")]
    Damaged(NotProved),
}

impl From<NotNamed> for ProofError {
    fn from(error: NotNamed) -> ProofError {
        match error {
            NotNamed::Store(error) => error.into(),
            NotNamed::NoEntry(pointer) => ProofError::NoEntry(pointer),
            NotNamed::NoSuchCode(code) => ProofError::NoSuchCode(code),
        }
    }
}

impl From<StoreError> for ProofError {
    fn from(error: StoreError) -> ProofError {
        ProofError::Log(error.into())
    }
}

impl From<domain::log::ProofError> for ProofError {
    fn from(error: domain::log::ProofError) -> ProofError {
        ProofError::Log(error.into())
    }
}

/// Proves that an entry stands in the log of `size` entries, or of all there are: a file for outsiders.
///
/// # Errors
/// [`ProofError`]. What is handed out has been checked as its reader will check it.
pub async fn of_entry(
    book: &Book,
    viewer: &Viewer,
    key: &BookKey,
    pointer: &EntryPointer,
    disclosure: &Disclosure,
    size: Option<u64>,
) -> Result<String, ProofError> {
    let Moment {
        snapshot, masters, ..
    } = book.moment().await?;
    let head = log::head(book).await?;
    let seq = entry_name::position(book, &masters, pointer, head.size).await?;
    let size = size.unwrap_or(head.size);
    if seq >= size {
        return Err(ProofError::Beyond {
            entry: pointer.clone(),
            seq,
            size,
        });
    }
    let checkpoint = signed(book, viewer, key, size).await?;
    let stored = book.store().log_page(seq, seq + 1).await?;
    let stored = stored
        .into_iter()
        .next()
        .ok_or_else(|| StoreError::corrupt(format!("entry {seq}")))?;
    let parts =
        canonical::split(&stored.canonical).map_err(|error| StoreError::corrupt(error.to_string()))?;
    let mut shown = shown(&parts, &stored, &masters, pointer, disclosure)?;
    if !viewer.is_keeper() {
        let open = open_parts(viewer.gate(&masters), &stored.entry);
        shown.retain(|role| open.contains(role));
        if shown.is_empty() {
            return Err(ProofError::NoEntry(pointer.clone()));
        }
    }
    let mut contents = Vec::new();
    for part in parts.iter().filter(|part| shown.contains(&part.role)) {
        contents.push(
            part.content()
                .map_err(|error| StoreError::corrupt(error.to_string()))?,
        );
    }
    let names = names::of(&snapshot, &masters, stored.entry.supplied_on, &contents).await?;
    let origin = log::origin_of(book).await?;
    let proof = EntryProof {
        checkpoint,
        seq,
        parts: (parts.iter())
            .map(|part| {
                let salt = canonical::salt(&stored.seed, part.role);
                if shown.contains(&part.role) {
                    ProvedPart::shown(part, salt)
                } else {
                    ProvedPart::hidden(part, salt)
                }
            })
            .collect(),
        texts: texts(&stored, &contents),
        path: log::inclusion(book, seq, size).await?,
        names: names.sign(&origin, seq, key),
        origin,
    };
    let keys = log::public_keys(book.store()).await?;
    proof.check(&keys).map_err(ProofError::Damaged)?;
    Ok(proof.to_text())
}

/// The parts that a viewer may be shown. The shared part is one piece: where goods of others are in it that the viewer
/// may not see, it stays closed.
fn open_parts(gate: Gate<'_>, entry: &Entry) -> BTreeSet<PartRole> {
    let Some(parts) = gate.parts(entry) else {
        return BTreeSet::new();
    };
    let mut roles = parts.roles();
    let is_open = entry.offices.iter().all(|office| gate.knows_office(*office))
        && entry.movements.iter().all(|movement| {
            [movement.from, movement.to]
                .iter()
                .any(|place| gate.sees_goods(place.owner, place.holder, entry.book_on))
        });
    if !is_open {
        roles.remove(&PartRole::Shared);
    }
    roles
}

/// The parts to show. An office that the entry does not touch has nothing to be shown.
fn shown(
    parts: &[Part],
    stored: &StoredEntry,
    masters: &Masters,
    pointer: &EntryPointer,
    disclosure: &Disclosure,
) -> Result<BTreeSet<PartRole>, ProofError> {
    let there: BTreeSet<PartRole> = parts.iter().map(|part| part.role).collect();
    let office_by = |code: &Code| {
        let office = masters.office_by_code(code).map(|office| office.id);
        office.ok_or_else(|| ProofError::NoSuchCode(code.clone()))
    };
    let not_involved = |code: &Code| ProofError::NotInvolved {
        entry: pointer.clone(),
        office: code.clone(),
    };
    match disclosure {
        Disclosure::All => Ok(there),
        Disclosure::Office(code) => {
            let office = office_by(code)?;
            let acted = stored.entry.acting.office() == Some(office);
            let own = PartRole::Office(office);
            if !acted && !stored.entry.offices.contains(&office) && !there.contains(&own) {
                return Err(not_involved(code));
            }
            let mut shown = BTreeSet::from([PartRole::Shared]);
            shown.extend(acted.then_some(PartRole::Acting));
            shown.extend(there.contains(&own).then_some(own));
            Ok(shown)
        }
        Disclosure::Parts(choices) => {
            let mut shown = BTreeSet::new();
            for choice in choices {
                let (role, code) = match choice {
                    PartChoice::Shared => (PartRole::Shared, None),
                    PartChoice::Acting => (PartRole::Acting, None),
                    PartChoice::Record => (PartRole::Record, None),
                    PartChoice::Office(code) => (PartRole::Office(office_by(code)?), Some(code)),
                    PartChoice::Head(code) => {
                        let head = masters.corporation_by_code(code).map(|head| head.id);
                        let head = head.ok_or_else(|| ProofError::NoSuchCode(code.clone()))?;
                        (PartRole::Head(head), Some(code))
                    }
                };
                if let Some(code) = code.filter(|_| !there.contains(&role)) {
                    return Err(not_involved(code));
                }
                shown.insert(role);
            }
            Ok(shown)
        }
    }
}

/// Free texts go with the acting part; one that was erased cannot be shown.
fn texts(stored: &StoredEntry, contents: &[Content]) -> Vec<ProvedText> {
    if !contents
        .iter()
        .any(|content| matches!(content, Content::Acting(_)))
    {
        return Vec::new();
    }
    let kept = (0_u64..).zip(&stored.texts).filter_map(|(line, text)| {
        let kept = text.kept.as_ref()?;
        Some(ProvedText {
            line,
            salt: kept.salt,
            text: kept.text.clone(),
        })
    });
    kept.collect()
}

/// Proves that an earlier head is the beginning of a later one: a file for outsiders.
///
/// # Errors
/// [`ProofError`]; [`ProofError::NotContinued`] when a head kept elsewhere is none this log ever had.
pub async fn of_consistency(
    book: &Book,
    viewer: &Viewer,
    key: &BookKey,
    old: &HeadChoice,
    new: Option<&HeadChoice>,
) -> Result<String, ProofError> {
    // heads say nothing of the entries but how many there are: everyone who comes in may ask
    let now = log::head(book).await?.size;
    let old = chosen(book, viewer, key, old).await?;
    let new = chosen(book, viewer, key, new.unwrap_or(&HeadChoice::Size(now))).await?;
    let proof = ConsistencyProof {
        origin: log::origin_of(book).await?,
        path: log::consistency(book, old.1.size(), new.1.size()).await?,
        old: old.0,
        new: new.0,
    };
    let keys = log::public_keys(book.store()).await?;
    proof.check(&keys).map_err(ProofError::Damaged)?;
    Ok(proof.to_text())
}

/// The head that a proof stands on. What the keeper signs is kept; who only reads leaves nothing in the book.
async fn signed(book: &Book, viewer: &Viewer, key: &BookKey, size: u64) -> Result<String, LogError> {
    if viewer.is_keeper() {
        log::checkpoint_at(book, key, size).await
    } else {
        log::checkpoint_for_reading(book, key, size).await
    }
}

/// A signed head, as note and as read; one that was kept elsewhere must be one the log had.
async fn chosen(
    book: &Book,
    viewer: &Viewer,
    key: &BookKey,
    choice: &HeadChoice,
) -> Result<(String, Checkpoint), ProofError> {
    let note = match choice {
        HeadChoice::Size(size) => signed(book, viewer, key, *size).await?,
        HeadChoice::Note(note) => note.clone(),
    };
    let read = log::read_checkpoint(book, &note).await?;
    if matches!(choice, HeadChoice::Note(_)) {
        let have = log::head(book).await?.size;
        let size = read.size();
        if size > have {
            let problem = format!("証明には{size}枚とありますが、帳簿には{have}枚しかありません");
            return Err(ProofError::NotContinued(problem));
        }
        if log::root_at(book.store(), size).await? != read.root() {
            let problem = format!("証明した{size}枚目までの記録が、そのあと書き換えられています");
            return Err(ProofError::NotContinued(problem));
        }
    }
    Ok((note, read))
}
