//! One moment of the book with its master data, which change seldom and are kept in mind between readings.

use crate::Book;
use domain::masters::Masters;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Snapshot, StoreError};

/// Master data as they were when the log had so many entries.
#[derive(Clone, Default)]
pub(crate) struct KeptMasters(Arc<Mutex<Option<AtSize>>>);

/// Entries in the log, and what they made.
type AtSize = (u64, Arc<Masters>);

/// A moment of the book.
pub(crate) struct Moment {
    /// All statements of a view go through it.
    pub snapshot: Snapshot,
    /// Master data of that moment.
    pub masters: Arc<Masters>,
    /// Entries in the log.
    pub size: u64,
}

impl Book {
    /// The book as of now.
    pub(crate) async fn moment(&self) -> Result<Moment, StoreError> {
        let snapshot = self.store().snapshot().await?;
        let size = snapshot.size().await?;
        let masters = self.masters.at(&snapshot, size).await?;
        Ok(Moment {
            snapshot,
            masters,
            size,
        })
    }
}

impl Book {
    /// Asks something of the master data. A yes of those last read holds, since nothing of them is ever taken away but by
    /// a dated end; before a no they are read anew.
    ///
    /// # Errors
    /// As any statement.
    pub async fn with_masters<T, E>(
        &self,
        ask: impl Fn(&Masters) -> Result<T, E>,
    ) -> Result<Result<T, E>, StoreError> {
        if let Some(masters) = self.masters.last()
            && let Ok(yes) = ask(&masters)
        {
            return Ok(Ok(yes));
        }
        self.with_masters_of_now(ask).await
    }

    /// Asks something of the master data as they are now: where a dated end would make the answer another one.
    ///
    /// # Errors
    /// As any statement.
    pub async fn with_masters_of_now<T>(&self, ask: impl Fn(&Masters) -> T) -> Result<T, StoreError> {
        let moment = self.moment().await?;
        Ok(ask(&moment.masters))
    }
}

impl KeptMasters {
    fn last(&self) -> Option<Arc<Masters>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().map(|(_, masters)| Arc::clone(masters))
    }

    async fn at(&self, snapshot: &Snapshot, size: u64) -> Result<Arc<Masters>, StoreError> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let masters = match kept {
            Some((at, masters)) if at == size => return Ok(masters),
            // a snapshot may be older than the one before it, and a restored file shorter
            Some((at, masters)) if at < size => {
                if snapshot.has_masters_since(at).await? {
                    Arc::new(snapshot.more_masters(Masters::clone(&masters), at).await?)
                } else {
                    masters
                }
            }
            _ => Arc::new(snapshot.masters().await?),
        };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|(at, _)| *at < size) {
            *kept = Some((size, Arc::clone(&masters)));
        }
        Ok(masters)
    }
}
