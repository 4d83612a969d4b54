//! Bringing the tables of an open book up to this program.

use migrations::MigrateError;

use crate::{Store, StoreError};

impl Store {
    /// Makes the tables that are missing; several programs may do so at once.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a newer program has used the book, else as any statement.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        Ok(migrations::run(&self.writer).await?)
    }

    /// Names of the migrations that [`Store::migrate`] would apply.
    ///
    /// # Errors
    /// As any statement.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        Ok(migrations::pending(&self.reader).await?)
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Newer { unknown } => Self::Newer { unknown },
            MigrateError::Database(error) => error.into(),
        }
    }
}
