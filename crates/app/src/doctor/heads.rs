//! Signed heads that are kept outside the book: whether it still continues them.

use super::safety::Scan;
use domain::log::{Checkpoint, VerifierKey};

/// A signed head that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExaminedHead {
    /// Where it is kept.
    pub place: String,
    /// What it says about the book.
    pub verdict: HeadVerdict,
}

/// What a signed head says about the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadVerdict {
    /// The book continues it.
    Continued {
        /// Entries it covers.
        size: u64,
    },
    /// The book has fewer entries: an older state was put back.
    RolledBack {
        /// Entries it covers.
        size: u64,
        /// Entries there are.
        have: u64,
    },
    /// The book had another root then: entries were written anew.
    Rewritten {
        /// Entries it covers.
        size: u64,
    },
    /// The book is too damaged to say.
    Unknown {
        /// Entries it covers.
        size: u64,
    },
    /// Not signed by a known key, or no signed head at all.
    Distrusted(String),
    /// Of another book.
    OtherBook(String),
}

impl ExaminedHead {
    /// How many entries there once were, by this head.
    pub fn trusted_size(&self) -> Option<u64> {
        match self.verdict {
            HeadVerdict::Continued { size }
            | HeadVerdict::RolledBack { size, .. }
            | HeadVerdict::Rewritten { size }
            | HeadVerdict::Unknown { size } => Some(size),
            HeadVerdict::Distrusted(_) | HeadVerdict::OtherBook(_) => None,
        }
    }
}

/// A head as found, with its text read if its signature is good.
pub(super) struct KeptHead {
    pub place: String,
    pub read: Result<Checkpoint, String>,
}

impl KeptHead {
    pub fn read(place: String, note: &str, keys: &[VerifierKey]) -> KeptHead {
        let read = Checkpoint::parse_and_verify(note, keys).map_err(|error| error.to_string());
        KeptHead { place, read }
    }

    /// The head, if it is one of this book.
    pub fn of(&self, origin: Option<&str>) -> Option<&Checkpoint> {
        let read = self.read.as_ref().ok()?;
        origin
            .is_none_or(|origin| origin == read.origin())
            .then_some(read)
    }

    /// What it says about a book whose entries were gone through.
    pub fn judge(&self, origin: Option<&str>, have: Option<u64>, scan: Option<&Scan>) -> HeadVerdict {
        let head = match &self.read {
            Ok(head) => head,
            Err(why) => return HeadVerdict::Distrusted(why.clone()),
        };
        if origin.is_some_and(|origin| origin != head.origin()) {
            return HeadVerdict::OtherBook(head.origin().to_owned());
        }
        let size = head.size();
        let (Some(have), Some(scan)) = (have, scan) else {
            return HeadVerdict::Unknown { size };
        };
        if size > have {
            return HeadVerdict::RolledBack { size, have };
        }
        let roots = scan.roots(size);
        if roots.contains(&Some(head.root())) {
            HeadVerdict::Continued { size }
        } else if roots[0].is_some() {
            // every entry can be read, and together they are not what was signed
            HeadVerdict::Rewritten { size }
        } else {
            HeadVerdict::Unknown { size }
        }
    }
}
