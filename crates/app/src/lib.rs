//! Acts and views: who asks, what they may do and see, and the one path on which anything is recorded.
//!
//! A [`Book`] is an open book. Acts go through its writer ([`writer`]): a queue in front of one task that decides and
//! writes in batches. Views read. Clock and randomness are handed in ([`outside`]).

pub mod access;
pub mod backup;
pub mod bank_likes;
pub mod doctor;
pub mod entry_name;
pub mod export;
pub mod form;
pub mod groups;
pub mod import;
pub mod intake;
pub mod journal_file;
pub mod key;
pub mod last_head;
mod lines;
pub mod log;
mod moment;
pub mod netting;
pub mod number;
pub mod office_likes;
pub mod order_deadline;
pub mod outside;
mod part;
pub mod proof;
pub mod propose;
pub mod record;
pub mod sample;
pub mod settlement_request;
pub mod shelf_count;
pub mod table;
pub mod texts;
pub mod transfers;
pub mod verify;
pub mod viewer;
pub mod views;
pub mod writer;

use access::Access;
use outside::Outside;
use std::sync::Arc;
pub use store::{DatabaseUrl, StoreError};
use store::{Store, WriterState};
use writer::Writer;

/// An open book.
#[derive(Clone)]
pub struct Book {
    store: Store,
    writer: Writer,
    outside: Arc<Outside>,
    masters: moment::KeptMasters,
    access: Arc<Access>,
}

impl Book {
    /// Opens a book, making it and its tables where there are none, and starts its writer.
    pub async fn open(url: &DatabaseUrl, outside: Outside) -> Result<Book, StoreError> {
        Book::open_with(url, outside, WriterState::default()).await
    }

    /// Opens a book whose writer keeps in mind as much as this state says.
    pub async fn open_with(
        url: &DatabaseUrl,
        outside: Outside,
        state: WriterState,
    ) -> Result<Book, StoreError> {
        let store = Store::connect(url).await?;
        store.migrate().await?;
        let outside = Arc::new(outside);
        let writer = Writer::start(store.clone(), Arc::clone(&outside), state);
        let access = Arc::new(Access::start(store.clone()));
        Ok(Book {
            store,
            writer,
            outside,
            masters: moment::KeptMasters::default(),
            access,
        })
    }

    /// The way to record.
    pub fn writer(&self) -> &Writer {
        &self.writer
    }

    /// The tables, for views of this crate and for the program's own upkeep.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Clock and randomness.
    pub fn outside(&self) -> &Outside {
        &self.outside
    }

    /// What those who come in over the network share: the limits of their tries, the register's lane.
    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// Lets the writer finish what it accepted, then closes the connections.
    pub async fn close(self) -> Result<(), StoreError> {
        self.writer.drain().await;
        self.access.drain().await;
        self.store.close().await
    }
}

/// Version of what a book holds.
const FORMAT: i32 = 1;

/// The row of a new book. A book gets its id when something is first recorded or signed in it, so that an empty one can
/// still become the copy of another.
fn new_book(outside: &Outside) -> store::entity::book::Model {
    let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = outside.random.seed();
    store::entity::book::Model {
        id: 1,
        book_id: uuid::Builder::from_random_bytes(id).into_uuid(),
        format: FORMAT,
        made_at: outside.clock.now().millis(),
    }
}
