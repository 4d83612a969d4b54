//! Free texts: erasing those of an entry, the single exception to "nothing is deleted".

use crate::{
    Book,
    entry_name::{self, NotNamed},
    writer::{Answer, Failure, Job, Unaccepted},
};
use domain::{
    acts::{
        Act,
        erase_text::{EraseText, Which},
    },
    calendar::business_day,
    command::{ActingRef, Command, Head},
    entry::TextRole,
    refs::{EntryPointer, EntryRef},
    refusal::Refusal,
    text::{Key, Note},
};
use std::time::Duration;
use store::StoreError;

/// Account that records what is done at the machine's command line.
const RECORDER: &str = "keeper";
/// How often a reader that is in the way is waited for; the engine waits a moment by itself each time.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(50);

/// What was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Position of the entry whose texts they were.
    pub of: u64,
    /// Its key.
    pub key: Key,
    /// Its kind, as people call it.
    pub label: &'static str,
    /// Which texts.
    pub roles: Vec<TextRole>,
    /// Position of the erasure.
    pub seq: u64,
    /// Whether the engine has let go of the bytes in its files; not yet while another program reads.
    pub is_scrubbed: bool,
}

/// Why nothing was erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No such entry.
    #[error(transparent)]
    NotNamed(#[from] NotNamed),
    /// The rules say no.
    #[error("{}", .0.sentence())]
    Refused(Refusal),
    /// It could not be recorded.
    #[error("{}", .0.sentence)]
    Failed(Failure),
    /// The program is closing.
    #[error(transparent)]
    Writer(#[from] Unaccepted),
}

/// Erases the free texts of an entry, or only its note or its reason, as the book's keeper: an entry of its own says
/// that they were erased, and why. It cannot be undone.
///
/// # Errors
/// [`EraseError`]; then nothing was erased.
pub async fn erase(
    book: &Book,
    pointer: &EntryPointer,
    only: Option<Which>,
    reason: Note,
) -> Result<Erased, EraseError> {
    let store = book.store();
    let (masters, head) = (store.masters().await?, store.log_head().await?);
    let of = entry_name::position(book, &masters, pointer, head.size).await?;
    let page = store.log_page(of, of + 1).await?;
    let entry = page.into_iter().next().map(|stored| stored.entry);
    let entry = entry.ok_or_else(|| StoreError::corrupt(format!("entry {of}")))?;
    let acting = Head::acting_ref(entry.acting, &masters);
    let (office, network) = match acting {
        None => return Err(StoreError::corrupt(format!("entry {of}: acting")).into()),
        Some(ActingRef::Keeper) => (None, None),
        Some(ActingRef::Office(code)) => (Some(code), None),
        Some(ActingRef::Network(code)) => (None, Some(code)),
    };
    let roles = store.kept_texts(entry.id).await?.into_iter();
    let roles = roles
        .filter(|role| only.is_none_or(|only| only.role() == *role))
        .collect();
    let act = EraseText {
        entry: EntryRef {
            office,
            network,
            key: entry.key.clone(),
        },
        only,
    };
    let seq = record(book, of, act, reason).await?;
    Ok(Erased {
        of,
        key: entry.key,
        label: Act::label(&entry.kind),
        roles,
        seq,
        is_scrubbed: scrub(book).await?,
    })
}

async fn record(book: &Book, of: u64, act: EraseText, reason: Note) -> Result<u64, EraseError> {
    let outside = book.outside();
    let [a, b, c, d, ..] = outside.random.seed();
    let key = format!("erase-{of}-{}", hex::encode([a, b, c, d]));
    let head = Head {
        acting: ActingRef::Keeper,
        key: key.parse().map_err(|_| StoreError::corrupt("key"))?,
        supplied_on: business_day(outside.clock.now()),
        group: None,
        texts: vec![(TextRole::Reason, reason)],
        evidence: Vec::new(),
    };
    let job = Job {
        commands: vec![Command {
            head,
            act: Act::EraseText(Box::new(act)),
        }],
        atomic: false,
        recorder: RECORDER.to_owned(),
        expects: Vec::new(),
    };
    match book.writer().record(job).await?.pop() {
        Some(Answer::Recorded(_, seq) | Answer::Already(_, seq)) => Ok(seq),
        Some(Answer::Refused(refusal)) => Err(EraseError::Refused(refusal)),
        Some(Answer::Failed(failure)) => Err(EraseError::Failed(failure)),
        Some(Answer::NotRecorded | Answer::Changed) | None => Err(Unaccepted::Closed.into()),
    }
}

/// The writer has tried it; a reader of another program may have been in the way.
async fn scrub(book: &Book) -> Result<bool, StoreError> {
    for _ in 0..TRIES {
        if book.store().scrub_erased().await? {
            return Ok(true);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(false)
}
