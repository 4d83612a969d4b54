//! One entity a table, plain: what a column means is said in the migration. For the readers; the writer has its own
//! constant statements.

pub mod account;
pub mod balance;
pub mod balance_month;
pub mod book;
pub mod book_key;
pub mod entry;
pub mod entry_office;
pub mod entry_ref;
pub mod entry_text;
pub mod link;
pub mod log_checkpoint;
pub mod log_head;
pub mod log_tile;
pub mod lot;
pub mod movement;
pub mod party;
pub mod place;
pub mod posting;
pub mod product;
pub mod stock;
