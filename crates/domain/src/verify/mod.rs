//! The nine invariants (DESIGN §2) as checks that read only the generic core of an entry, so that a program verifies
//! entries of kinds that were invented after it.
//!
//! Nothing here grows with the number of entries, but the offices of the book:
//! - [`EntryCheck`] looks at one entry after the other: 1, 3, 4, 5, 7, 9;
//! - [`Running`] folds what moved at one place day by day: 2;
//! - [`Search`] looks for a circle behind the few links that run against the order of birth: 5;
//! - 6 and 8 compare entries with rows and tiles, which the caller reads.
//!
//! How "9 sharing loses no yen" is checked: shares are postings of one entry, so what is shared is lost exactly when the
//! entry's postings, all units together, do not cancel, or when the balances of the whole book do not.

mod circle;
mod entry;
mod finding;
mod report;
mod running;

pub use circle::Search;
pub use entry::EntryCheck;
pub use finding::{EntryName, Finding, Invariant, Problem, Subject};
pub use report::{Line, Report, SHOWN};
pub use running::Running;
