//! Where the book and its key are.

use anyhow::anyhow;
use app::{Book, key, outside::Outside};
use domain::log::BookKey;
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

    /// The key that signs heads, made at first use, and its file.
    pub async fn signing_key(&self, book: &Book) -> anyhow::Result<(BookKey, PathBuf)> {
        let path = key::path(book, &self.database, self.key.as_deref()).await?;
        Ok((key::open(book, &path).await?, path))
    }

    /// Opens a book to read it: a mistyped file name does not make an empty one.
    pub async fn open_existing(&self) -> anyhow::Result<Book> {
        if let Some(path) = self.database.path()
            && !path.exists()
        {
            return Err(anyhow!(
                "帳簿「{}」がありません。--database で帳簿の場所を書いてください。",
                path.display()
            ));
        }
        Ok(self.open().await?)
    }
}
