//! doctor 診断: what is wrong with a book, which entries are safe, which backup to bring back, and what to do next, the
//! most urgent first. It works on damaged books and never writes: not a table, not a key, not a file beside the book.
//!
//! - [`examine`] reads whatever can be read and notes what cannot ([`Diagnosis`]);
//! - [`advise`] turns that into advice: a plain function, tested case by case.

mod advice;
mod backups;
mod entries;
mod examine;
mod heads;
mod safety;

pub use advice::{Advice, Urgency, advise};
pub use backups::{BackupVerdict, ExaminedBackup};
pub use examine::examine;
pub use heads::{ExaminedHead, HeadVerdict};
pub use safety::{Range, Safety};

use crate::key::KeyState;
use std::path::PathBuf;
use store::{Engine, inspect::Schema};

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The key file, where one was named.
    pub key: Option<PathBuf>,
    /// A signed head that was kept elsewhere: file and note.
    pub head: Option<(PathBuf, String)>,
    /// Backups to choose from.
    pub backups: Vec<PathBuf>,
}

/// Whether the book could be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It could.
    Opened,
    /// There is no such file.
    Missing,
    /// The file or the server cannot be reached; what the system said.
    Unreachable(String),
    /// The file is no database, or its first page is damaged.
    NotADatabase,
    /// An empty file or database, or a schema that is not there: no book was ever made here.
    NoBook,
    /// A write that was cut off waits to be taken back, which only a writer can do.
    HalfWritten,
}

/// What one of the nine lines of `verify` found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Number of the invariant.
    pub number: u8,
    /// What should hold.
    pub label: &'static str,
    /// How many findings.
    pub count: u64,
    /// The first of them, as sentences.
    pub examples: Vec<String>,
}

/// A setting that should be another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Name as the engine has it.
    pub name: &'static str,
    /// What it is.
    pub value: String,
}

/// Room on the disk of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disk {
    /// Bytes that are free.
    pub free: u64,
    /// Bytes the book takes.
    pub book: u64,
}

/// Less than this is nearly full, however small the book.
const LEAST_FREE: u64 = 256 << 20;

impl Disk {
    /// Whether there is hardly room to go on: less than a quarter of the book, or than 256 MiB.
    pub fn is_nearly_full(self) -> bool {
        self.free < LEAST_FREE.max(self.book / 4)
    }
}

/// All that was found.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// The book's address, without password.
    pub place: String,
    /// What it is kept in.
    pub engine: Engine,
    /// The file of a SQLite book.
    pub file: Option<PathBuf>,
    /// Whether it could be opened.
    pub reach: Reach,
    /// Pages the file should have and has, when some are missing.
    pub cut_off: Option<(u64, u64)>,
    /// Tables, indexes, triggers, migrations; none when they could not be read.
    pub schema: Option<Schema>,
    /// What the engine's own check of all pages found.
    pub pages: Vec<String>,
    /// Settings that should be others.
    pub settings: Vec<Setting>,
    /// Name of the book's log, by its row or else by its key.
    pub origin: Option<String>,
    /// Entries, as far as is known.
    pub size: Option<u64>,
    /// Which of them are safe; none when they could not be looked at.
    pub safety: Option<Safety>,
    /// What verify found, by line; an error when it could not be carried through.
    pub verified: Option<Result<Vec<Group>, String>>,
    /// The key file.
    pub key: KeyState,
    /// Signed heads kept outside the book.
    pub heads: Vec<ExaminedHead>,
    /// Entries under the newest signed head that is known; none if nothing was ever signed.
    pub signed: Option<u64>,
    /// Backups that were looked at, in the order in which they were named.
    pub backups: Vec<ExaminedBackup>,
    /// Room on its disk, where that can be known.
    pub disk: Option<Disk>,
    /// The file was changed while it was looked at, twice.
    pub changed_meanwhile: bool,
}

impl Diagnosis {
    /// A book of which nothing is known yet.
    pub fn unknown(place: String, engine: Engine) -> Diagnosis {
        Diagnosis {
            place,
            engine,
            file: None,
            reach: Reach::Opened,
            cut_off: None,
            schema: None,
            pages: Vec::new(),
            settings: Vec::new(),
            origin: None,
            size: None,
            safety: None,
            verified: None,
            key: KeyState::NotNeeded,
            heads: Vec::new(),
            signed: None,
            backups: Vec::new(),
            disk: None,
            changed_meanwhile: false,
        }
    }

    /// The good backup with the most entries; of equal ones the one named first.
    pub fn best_backup(&self) -> Option<&ExaminedBackup> {
        let good = self
            .backups
            .iter()
            .filter_map(|backup| Some((backup.good_size()?, backup)));
        good.rev().max_by_key(|(size, _)| *size).map(|(_, backup)| backup)
    }

    /// The most entries that the book, a signed head of it or a good backup speaks of.
    pub fn largest_known(&self) -> u64 {
        let heads = self.heads.iter().filter_map(ExaminedHead::trusted_size);
        let backups = self.backups.iter().filter_map(ExaminedBackup::good_size);
        let all = heads.chain(backups).chain(self.size).chain(self.signed);
        all.max().unwrap_or_default()
    }
}
