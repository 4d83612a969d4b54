//! Backups 控え: the whole book verbatim in one file that either engine takes back, written while recording goes on, and
//! signed at its end. A restore notices when the book had gone further than its backup.
//!
//! - [`write`]: reads pages up to the size the book has when it begins; the file gets its name when it is whole.
//! - [`summary`]: reads a backup and checks all of it, with flat memory.
//! - [`schedule`]: one after the other into a folder, the oldest go.
//! - [`restore`]: into an empty place only, and never behind a signed head unseen.

mod beside;
mod error;
mod file;
mod heads;
mod place;
mod restore;
pub mod schedule;
mod summary;
mod write;

pub use error::{BackupError, Occupied};
pub use heads::{Examined, Request, examine};
pub use restore::{Restored, restore};
pub use summary::{SignedHead, Summary, summary};
pub use write::{Written, write};
