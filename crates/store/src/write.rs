//! The writer's transaction: lock the head, load facts, write entries with their rows and sums, extend the log, commit.
//! What is to be written was decided elsewhere.

pub(crate) mod answers;
pub(crate) mod column;
pub(crate) mod erase;
mod head;
pub(crate) mod insert;
pub(crate) mod load;
pub(crate) mod lookup;
pub(crate) mod numbers;
pub(crate) mod rows;
mod tables;

use crate::{Engine, Identity, Store, StoreError, book, entity};
use domain::{
    decide::Decided,
    facts::{Facts, Need},
    log::Frontier,
    masters::Masters,
};
use head::Head;
use numbers::Numbers;
use sea_orm::{DatabaseConnection, DatabaseTransaction, EntityTrait};
use uuid::Uuid;

/// What the writer keeps between batches: facts and numbers, valid only for the log size they were read at.
pub struct WriterState {
    facts: Facts,
    numbers: Numbers,
    /// The size the state is valid for; `None` when it must be read afresh.
    valid_for: Option<u64>,
    /// Loaded facts are forgotten when there are more than about this many.
    most_facts: usize,
}

/// So many loaded facts are kept in mind, which holds the writer's memory at some tens of megabytes.
const MOST_FACTS: usize = 200_000;

impl Default for WriterState {
    fn default() -> WriterState {
        WriterState::keeping(MOST_FACTS)
    }
}

impl WriterState {
    /// A state that keeps about so many loaded facts in mind.
    pub fn keeping(most_facts: usize) -> WriterState {
        WriterState {
            facts: Facts::default(),
            numbers: Numbers::default(),
            valid_for: None,
            most_facts,
        }
    }

    /// Forgets loaded facts when there are too many. All entries applied to them must have been written before.
    fn forget_some(&mut self) {
        if self.facts.loaded() > self.most_facts {
            self.facts.forget();
            self.numbers.forget_lots();
        }
    }

    /// The facts to decide on. Valid within a batch.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The facts, for the fold of entries decided in this batch.
    pub fn facts_mut(&mut self) -> &mut Facts {
        &mut self.facts
    }

    /// Says that the state may be ahead of the book: a batch was given up.
    pub fn forget(&mut self) {
        self.valid_for = None;
    }
}

/// A batch in progress: one transaction that holds the head. Dropped without commit, nothing of it stays; then the
/// state must be told to [`WriterState::forget`].
pub struct Batch {
    tx: DatabaseTransaction,
    engine: Engine,
    /// The head as this transaction left it last.
    head: Head,
    frontier: Frontier,
    /// The size that the batch began with.
    begun_at: u64,
    /// An entry of it erases texts.
    erases: bool,
    /// For what can be done only after the transaction.
    writer: DatabaseConnection,
}

impl Store {
    /// Begins a batch: the head is locked first and alone; a state that belongs to another size is read afresh.
    pub async fn begin_batch(&self, state: &mut WriterState) -> Result<Batch, StoreError> {
        let tx = self.begin_write().await?;
        let head = Head::lock(&tx, self.engine).await?;
        let frontier =
            Frontier::from_bytes(&head.frontier).map_err(|error| StoreError::corrupt(error.to_string()))?;
        let batch = Batch {
            tx,
            engine: self.engine,
            frontier,
            begun_at: head.size,
            head,
            erases: false,
            writer: self.writer.clone(),
        };
        if state.valid_for == Some(batch.head.size) {
            state.forget_some();
        } else {
            let masters = load::masters(&batch.tx, self.engine, None).await?;
            state.facts = Facts::new(batch.head.size, masters);
            state.numbers = Numbers::load(&batch.tx, &batch.head).await?;
        }
        // valid again only once this batch is committed
        state.valid_for = None;
        Ok(batch)
    }

    /// Master data as of now, for readers.
    pub async fn masters(&self) -> Result<Masters, StoreError> {
        load::masters(&self.reader, self.engine, None).await
    }
}

impl Batch {
    /// Entries in the log when the batch began.
    pub fn size(&self) -> u64 {
        self.begun_at
    }

    /// When the last entry was recorded, UTC milliseconds; the next one is not earlier.
    pub fn last_recorded_at(&self) -> i64 {
        self.head.last_recorded_at
    }

    /// Gives the book an identity, unless it has one.
    pub async fn identify(&self, identity: Identity) -> Result<(), StoreError> {
        book::identify(&self.tx, self.engine, identity).await
    }

    /// The id the book has by now, if any.
    pub async fn book_id(&self) -> Result<Option<Uuid>, StoreError> {
        Ok(entity::book::Entity::find()
            .one(&self.tx)
            .await?
            .map(|book| book.book_id))
    }

    /// Bounds the memory of a batch of many entries: forgets loaded facts when there are too many. All entries applied
    /// to the facts must have been written before.
    pub fn forget_some(&self, state: &mut WriterState) {
        state.forget_some();
    }

    /// Loads missing facts. All entries applied to the facts must have been written before.
    pub async fn load(&self, needs: &[Need], state: &mut WriterState) -> Result<(), StoreError> {
        load::needs(&self.tx, self.engine, needs, state).await
    }

    /// Writes entries, in order, with their rows and sums, and moves the head on. They have been applied to the state's
    /// facts.
    pub async fn write(&mut self, entries: &[Decided], state: &mut WriterState) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        rows::write(self, entries, state).await
    }

    /// Commits. The state is valid for the new size.
    pub async fn commit(self, state: &mut WriterState) -> Result<(), StoreError> {
        if self.head.size == self.begun_at {
            self.tx.rollback().await?;
        } else {
            self.tx.commit().await?;
        }
        state.valid_for = Some(self.head.size);
        if self.erases && !matches!(erase::scrub(&self.writer, self.engine).await, Ok(true)) {
            // committed it is; who erased it asks again
            tracing::warn!("the bytes of an erased text may still be in the book's files");
        }
        Ok(())
    }

    /// Gives the batch up.
    pub async fn roll_back(self, state: &mut WriterState) -> Result<(), StoreError> {
        state.forget();
        Ok(self.tx.rollback().await?)
    }
}
