//! Looking at a book that may be damaged, without changing anything: not a page, not a file beside it, not a schema.
//!
//! [`Store::open_read_only`] never makes what is not there and leaves nothing behind. On SQLite that takes care, because
//! an ordinary reader of a write-ahead log makes files beside the book and folds the log back when it is the last to
//! leave; see [`file`].

pub mod file;
mod leaves;
mod open;
mod schema;

pub use file::{Header, SqliteFile};
pub use leaves::LeafRow;
pub use migrations::{Object, ObjectKind};
pub use schema::Schema;
