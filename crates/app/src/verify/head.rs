//! The head row, signed heads, and a head that was kept elsewhere.

use super::Audit;
use crate::log;
use domain::{
    log::{Checkpoint, NoteError, VerifierKey},
    verify::{Invariant, Problem, Subject},
};
use store::{
    StoreError,
    verify::{HeadRow, NUMBERED},
};

/// Signed heads that are read at once.
const PAGE: u64 = 100;

impl Audit {
    /// Reads the head and the numbers of parties and products; answers the size up to which is verified.
    pub async fn start(&mut self) -> Result<u64, StoreError> {
        let rows = self.store.rows();
        let (head, parties, products) = tokio::join!(rows.head_row(), rows.parties(), rows.products());
        let parties = self.readable("party", parties)?;
        let products = self.readable("product", products)?;
        self.named.load(&parties, &products);
        Ok(head?
            .and_then(|head| u64::try_from(head.size).ok())
            .unwrap_or_default())
    }

    /// The head must be the root of the leaves, the next numbers those after the last. What was recorded meanwhile is in
    /// the row but not in the tree: it is verified first. Answers the size reached.
    pub async fn head(&mut self, mut size: u64) -> Result<u64, StoreError> {
        loop {
            let Some(head) = self.store.rows().head_row().await? else {
                self.add(Invariant::Logged, [], Problem::HeadDiffers { column: "id" });
                return Ok(size);
            };
            let now = u64::try_from(head.size).unwrap_or_default();
            if now > size {
                self.entries(size, now).await?;
                size = now;
                continue;
            }
            self.compare_head(&head);
            return Ok(size);
        }
    }

    fn compare_head(&mut self, head: &HeadRow) {
        for (((table, column), next), largest) in NUMBERED.iter().zip(head.next).zip(head.largest) {
            if next != largest.saturating_add(1) {
                let problem = Problem::Differs {
                    table: "log_head",
                    column,
                };
                self.add(Invariant::Projected, [Subject::Row((*table).to_owned())], problem);
            }
        }
        let mut columns = vec![("last_recorded_at", head.last_recorded_at == self.last_recorded_at)];
        if let Some(log) = &self.log {
            columns.extend([
                ("size", i64::try_from(log.size()) == Ok(head.size)),
                ("root", log.root().as_bytes().as_slice() == head.root),
                ("frontier", log.to_bytes() == head.frontier),
            ]);
        }
        for (column, same) in columns {
            if !same {
                self.add(Invariant::Logged, [], Problem::HeadDiffers { column });
            }
        }
    }

    /// Keys and signed heads in the book.
    pub async fn checkpoints(&mut self) -> Result<(), StoreError> {
        let book = self.store.book().await?;
        // a book without entries may have no id yet
        let missing = book.is_none() && self.store.log_head().await?.size > 0;
        if missing || book.as_ref().is_some_and(|book| book.format != crate::FORMAT) {
            self.add(Invariant::Logged, [], Problem::BookDamaged { table: "book" });
        }
        let keys = self.public_keys().await?;
        let mut from = Some(i64::MIN);
        while let Some(first) = from {
            let page = self.store.checkpoints(first, PAGE).await?;
            from = page.last().and_then(|last| last.size.checked_add(1));
            for row in &page {
                let about = Subject::Checkpoint(u64::try_from(row.size).unwrap_or_default());
                match Checkpoint::parse_and_verify(&row.note, &keys) {
                    Ok(signed) if i64::try_from(signed.size()) == Ok(row.size) => {
                        self.signed(&signed).await?;
                    }
                    Ok(_) => {
                        let problem = Problem::Differs {
                            table: "log_checkpoint",
                            column: "size",
                        };
                        self.add(Invariant::Logged, [about], problem);
                    }
                    Err(error) => self.unreadable(Some(about), &error),
                }
            }
        }
        Ok(())
    }

    /// A head that was kept elsewhere: the book must continue it.
    pub async fn kept_elsewhere(&mut self, note: &str) -> Result<(), StoreError> {
        let keys = self.public_keys().await?;
        match Checkpoint::parse_and_verify(note, &keys) {
            Ok(signed) => self.signed(&signed).await,
            Err(error) => {
                self.unreadable(None, &error);
                Ok(())
            }
        }
    }

    fn unreadable(&mut self, about: Option<Subject>, error: &NoteError) {
        let why = match error {
            NoteError::UnknownKey => {
                "署名した鍵を、この帳簿は知りません。鍵ができる前の状態に戻されたか、別の鍵の署名です"
                    .to_owned()
            }
            error => error.to_string(),
        };
        self.add(Invariant::Logged, about, Problem::CheckpointUnreadable(why));
    }

    async fn public_keys(&mut self) -> Result<Vec<VerifierKey>, StoreError> {
        let mut keys = Vec::new();
        for row in self.store.book_keys().await? {
            if let Ok(key) = log::public_key(&row) {
                keys.push(key);
            } else {
                let problem = Problem::BookDamaged { table: "book_key" };
                self.add(Invariant::Logged, [Subject::Row(row.key_id)], problem);
            }
        }
        Ok(keys)
    }

    async fn signed(&mut self, signed: &Checkpoint) -> Result<(), StoreError> {
        let about = [Subject::Checkpoint(signed.size())];
        let book = self.store.book().await?;
        if book.is_some_and(|book| log::origin(book.book_id) != signed.origin()) {
            let problem = Problem::CheckpointOfOther(signed.origin().to_owned());
            self.add(Invariant::Logged, about, problem);
            return Ok(());
        }
        // read now: it may have been signed while this runs
        let have = self
            .store
            .rows()
            .head_row()
            .await?
            .and_then(|head| u64::try_from(head.size).ok())
            .unwrap_or_default();
        if signed.size() > have {
            self.add(
                Invariant::Logged,
                about,
                Problem::RolledBack {
                    size: signed.size(),
                    have,
                },
            );
            return Ok(());
        }
        // damaged tiles were named before; then nobody knows what the root was
        let root = log::root_at(&self.store, signed.size()).await;
        if root.is_err() || root.is_ok_and(|root| root != signed.root()) {
            self.add(
                Invariant::Logged,
                about,
                Problem::Rewritten { size: signed.size() },
            );
        }
        Ok(())
    }
}
