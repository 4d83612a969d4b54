//! Which parts of an entry a viewer sees: the same parts that a proof shows.

use super::{Gate, Viewer};
use crate::access::authority;
use domain::{
    account::BookUnit,
    canonical::PartRole,
    entry::{Entry, Posting},
    id::{Acting, OfficeId},
};
use std::collections::BTreeSet;

/// Parts of one entry that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// What the acting body wrote: key, agreement, payload, texts, evidence.
    pub acting: bool,
    /// Who recorded it and when.
    pub record: bool,
    /// Books whose postings may be shown.
    pub books: BTreeSet<BookUnit>,
}

impl Parts {
    /// Whether a posting may be shown.
    pub fn shows(&self, posting: &Posting) -> bool {
        self.books.contains(&posting.account.unit)
    }

    /// The parts as a proof names them; the shared part goes to everyone who sees any.
    pub fn roles(&self) -> BTreeSet<PartRole> {
        let mut roles = BTreeSet::from([PartRole::Shared]);
        roles.extend(self.acting.then_some(PartRole::Acting));
        roles.extend(self.record.then_some(PartRole::Record));
        roles.extend(self.books.iter().map(|unit| match unit {
            BookUnit::Office(office, _) => PartRole::Office(*office),
            BookUnit::Head(head) => PartRole::Head(*head),
        }));
        roles
    }
}

impl Gate<'_> {
    /// The parts of an entry that may be shown; `None` when it does not exist for the viewer.
    pub fn parts(&self, entry: &Entry) -> Option<Parts> {
        let day = entry.book_on;
        let administers = match self.viewer {
            Viewer::Keeper => true,
            Viewer::Person(looking) => {
                looking.rights.is_operator && authority::is_administration(entry.acting, &entry.kind)
            }
        };
        let acting = administers || self.sees_acting(entry.acting, day);
        let own = |office: &OfficeId| {
            self.viewer
                .rights()
                .is_none_or(|rights| rights.offices.contains(office))
        };
        // each is asked: a coordinator who opens a dealing of two offices reads both
        let is_concerned = entry.offices.iter().any(own)
            || entry
                .offices
                .iter()
                .filter(|office| self.follows(**office, day))
                .count()
                > 0;
        let books: BTreeSet<BookUnit> = entry
            .units()
            .into_iter()
            .filter(|unit| self.sees_books(*unit, day))
            .collect();
        if !acting && !is_concerned && books.is_empty() {
            return None;
        }
        // what the keeper or a network recorded for offices: they may see that, and when
        let record = acting || is_concerned && !matches!(entry.acting, Acting::Office(_));
        Some(Parts {
            acting,
            record,
            books,
        })
    }
}
