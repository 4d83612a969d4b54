//! The entries, page by page: their bytes, their leaves, the rules, and all their rows.

use super::{
    Audit,
    page::{OwnRows, Page, Read},
    rows::{Around, Compare},
    tiles::Leaf,
};
use domain::{
    acts::erase_text::erased_by,
    canonical,
    entry::Entry,
    log::leaf_hash,
    verify::{EntryName, Invariant, Problem, Subject},
};
use store::{Store, StoreError};

/// Entries of a page: two tiles of leaves.
const PAGE: u64 = 512;
/// Missing entries that are gone through one by one; a head that was set to any number must not keep us for ever.
const GAP: u64 = 1_000_000;

impl Audit {
    /// Verifies the entries `from <= seq < to`. While one page is verified the next is read.
    pub async fn entries(&mut self, mut from: u64, to: u64) -> Result<(), StoreError> {
        // pages begin where tiles do
        let end_of = |from: u64| to.min((from / PAGE + 1) * PAGE);
        let read = |store: &Store, from: u64| {
            let (store, end) = (store.clone(), end_of(from));
            tokio::spawn(async move { Page::read(&store, from, end).await })
        };
        let mut next = (from < to).then(|| read(&self.store, from));
        while let Some(reading) = next.take() {
            let page = reading.await.map_err(|_| StoreError::corrupt("entry"))??;
            let (end, is_empty) = (end_of(from), page.is_empty);
            next = (end < to && !is_empty).then(|| read(&self.store, end));
            self.page(from, end, page).await?;
            from = end;
            if is_empty && from < to {
                let found = self.store.rows().next_entry(end).await?;
                let found = found.map_or(to, |found| found.min(to));
                if found - end > GAP {
                    self.add(
                        Invariant::Logged,
                        [Subject::Positions(end, found - 1)],
                        Problem::EntryMissing,
                    );
                    self.log = None;
                    from = found;
                }
                next = (from < to).then(|| read(&self.store, from));
            }
        }
        Ok(())
    }

    async fn page(&mut self, from: u64, to: u64, page: Page) -> Result<(), StoreError> {
        let Page {
            mut reads,
            mut own,
            around,
            unreadable,
            ..
        } = page;
        for (table, problem) in unreadable {
            self.add(
                Invariant::Projected,
                [],
                Problem::RowUnreadable { table, problem },
            );
        }
        let mut leaves = Vec::new();
        let mut missing: Option<(u64, u64)> = None;
        for seq in from..to {
            let own = i64::try_from(seq)
                .ok()
                .and_then(|seq| own.remove(&seq))
                .unwrap_or_default();
            let Some(read) = reads.remove(&seq) else {
                missing = Some((missing.map_or(seq, |(first, _)| first), seq));
                self.without_entry(seq, &own);
                leaves.push(Leaf {
                    seq,
                    hash: None,
                    name: None,
                });
                continue;
            };
            self.say_missing(missing.take());
            if let Ok(entry) = &read.entry {
                self.erasure(entry).await?;
            }
            leaves.push(self.entry(seq, &read, &own, &around));
        }
        self.say_missing(missing);
        self.tiles(&leaves).await
    }

    /// What an entry erased is gone.
    async fn erasure(&mut self, entry: &Entry) -> Result<(), StoreError> {
        let Some((target, only)) = erased_by(entry) else {
            return Ok(());
        };
        let kept = self.store.kept_texts(target).await;
        let kept = self.readable("entry_text", kept)?;
        if kept.iter().any(|role| only.is_none_or(|only| only == *role)) {
            let about = [Subject::Entry(EntryName::from(entry))];
            self.add(Invariant::Logged, about, Problem::TextNotErased);
        }
        Ok(())
    }

    fn say_missing(&mut self, missing: Option<(u64, u64)>) {
        if let Some((first, last)) = missing {
            self.gap = true;
            self.add(
                Invariant::Logged,
                [Subject::Positions(first, last)],
                Problem::EntryMissing,
            );
        }
    }

    fn without_entry(&mut self, seq: u64, own: &OwnRows) {
        for (table, count) in own.tables() {
            if count > 0 {
                self.add(
                    Invariant::Projected,
                    [Subject::Position(seq)],
                    Problem::RowWithoutEntry { table },
                );
            }
        }
    }

    /// One entry; answers its leaf.
    fn entry(&mut self, seq: u64, read: &Read, own: &OwnRows, around: &Around) -> Leaf {
        let hash = canonical::split(&read.row.canonical).ok().and_then(|parts| {
            let seed = <[u8; 32]>::try_from(read.row.salt.as_slice()).ok()?;
            Some(leaf_hash(&canonical::leaf_content(seq, &parts, &seed)))
        });
        let Ok(entry) = &read.entry else {
            if let Err(problem) = &read.entry {
                let about = [Subject::Position(seq)];
                self.add(Invariant::Logged, about, Problem::Unreadable(problem.clone()));
            }
            self.gap = true;
            return Leaf {
                seq,
                hash,
                name: None,
            };
        };
        let name = EntryName::from(entry);
        if hash.is_none_or(|hash| hash.as_bytes().as_slice() != read.row.leaf_hash) {
            self.add(
                Invariant::Logged,
                [Subject::Entry(name.clone())],
                Problem::LeafDiffers,
            );
        }
        self.named.apply(entry);
        self.last_recorded_at = self.last_recorded_at.max(entry.recorded_at.millis());
        let rules = self.checks.check(entry);
        let mut compare = Compare::new(entry, around, &self.named, self.last_lot, self.gap);
        compare.all(&read.row, own);
        let (findings, last_lot, seen) = compare.finish();
        if last_lot != self.last_lot {
            (self.last_lot, self.gap) = (last_lot, false);
        }
        self.seen.references += seen.references;
        self.seen.amendments += seen.amendments;
        self.seen.births += seen.births;
        for mut finding in rules.into_iter().chain(findings) {
            around.name_lots(&mut finding);
            self.report.add(finding);
        }
        Leaf {
            seq,
            hash,
            name: Some(name),
        }
    }
}
