//! Where the book and its key are.

use app::{Book, outside::Outside};
use std::path::PathBuf;
use store::{DatabaseUrl, StoreError};

/// What `--database` and `--key` say.
#[derive(Clone, Debug)]
pub struct Place {
    /// The book.
    pub database: DatabaseUrl,
    /// The file of the key that signs checkpoints, where one was named.
    pub key: Option<PathBuf>,
}

impl Place {
    /// Opens the book with the machine's clock, making it where there is none.
    pub async fn open(&self) -> Result<Book, StoreError> {
        Book::open(&self.database, Outside::system()).await
    }
}
