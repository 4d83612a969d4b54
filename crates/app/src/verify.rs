//! verify: replays the book and checks that the nine invariants hold, in both directions: what the entries say must stand
//! in the rows, and nothing else may.
//!
//! It reads pages up to the size the log has at its beginning, so recording goes on meanwhile; sums and head are compared
//! within one statement each, so they are of one moment. Memory grows with the offices, products and accounts of a book,
//! not with its entries.
//!
//! 1. Entries ([`entries`]): the bytes are read; leaf, rows and texts must be what they say; then the rules themselves.
//! 2. Tiles ([`tiles`]) must be the hashes over the leaves, the head their root, checkpoints earlier roots ([`head`]).
//! 3. Rows, now known to be the entries', are folded by lot and by account and compared with the sums kept ([`sums`]).
//! 4. What is left over belongs to nothing ([`beyond`]).

mod beyond;
mod entries;
mod head;
mod masters;
mod page;
mod rows;
mod sums;
mod tiles;
mod words;

use crate::{Book, viewer::AtTheMachine};
use domain::{
    log::Frontier,
    verify::{EntryCheck, Finding, Invariant, Line, Problem, Report, Subject},
};
use masters::Named;
use store::{Store, StoreError};

/// What was found, with the names that its sentences need.
#[derive(Debug)]
pub struct Verified {
    report: Report,
    named: Named,
    size: u64,
}

impl Verified {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.report.is_clean()
    }

    /// The nine lines, in order.
    pub fn lines(&self) -> &[Line] {
        self.report.lines()
    }

    /// All findings that were kept.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.report.findings()
    }

    /// How many entries the log has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// A finding in a sentence for people.
    pub fn sentence(&self, finding: &Finding) -> String {
        words::sentence(finding, self.named.masters())
    }
}

/// Verifies a book. `head` is a signed head kept elsewhere, as text: the book must continue it.
///
/// # Errors
/// When the book cannot be read at all; damage is no error but a finding.
pub async fn verify(book: &Book, _: AtTheMachine, head: Option<&str>) -> Result<Verified, StoreError> {
    verify_store(book.store(), AtTheMachine, head).await
}

/// [`verify`] of a book that was opened to be read only.
///
/// # Errors
/// As [`verify`].
pub async fn verify_store(
    store: &Store,
    _: AtTheMachine,
    head: Option<&str>,
) -> Result<Verified, StoreError> {
    let mut audit = Audit::new(store.clone());
    let size = audit.start().await?;
    audit.entries(0, size).await?;
    let size = audit.head(size).await?;
    audit.checkpoints().await?;
    if let Some(note) = head {
        audit.kept_elsewhere(note).await?;
    }
    audit.lots().await?;
    audit.accounts().await?;
    audit.masters(size).await?;
    audit.beyond(size).await?;
    Ok(Verified {
        report: audit.report,
        named: audit.named,
        size,
    })
}

/// A verification in progress.
struct Audit {
    store: Store,
    report: Report,
    checks: EntryCheck,
    named: Named,
    /// The tree over the leaves read so far; none after a gap that tiles cannot fill.
    log: Option<Frontier>,
    /// Number of the last lot: lots have numbers in the order of their births.
    last_lot: i64,
    /// An entry could not be read since: nobody knows how many lots were born in it.
    gap: bool,
    seen: Seen,
    last_recorded_at: i64,
}

/// Rows that were found to belong to entries, of tables that are looked up from the entries only.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    references: u64,
    amendments: u64,
    births: u64,
}

impl Audit {
    fn new(store: Store) -> Audit {
        Audit {
            store,
            report: Report::default(),
            checks: EntryCheck::default(),
            named: Named::default(),
            log: Some(Frontier::default()),
            last_lot: 0,
            gap: false,
            seen: Seen::default(),
            last_recorded_at: 0,
        }
    }

    fn add(&mut self, invariant: Invariant, about: impl IntoIterator<Item = Subject>, problem: Problem) {
        self.report.add(Finding::new(invariant, about, problem));
    }

    /// Rows that do not fit their columns are a finding; the rest is verified as if they were not there.
    fn readable<T: Default>(
        &mut self,
        table: &'static str,
        read: Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match read {
            Err(StoreError::Corrupt { what }) => {
                let problem = Problem::RowUnreadable { table, problem: what };
                self.add(Invariant::Projected, [], problem);
                Ok(T::default())
            }
            read => read,
        }
    }
}
