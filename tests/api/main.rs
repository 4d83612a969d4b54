//! The API: who may do and see what, what strangers never learn, the habits of its answers, bad input.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod accounts;
mod agreements;
mod boundaries;
mod consigned;
mod documents;
mod documents_of_owners;
mod edges;
mod groups;
mod habits;
mod input;
mod membership;
mod netting;
mod open_items;
mod rights;
mod sample;
mod settlements;
mod shelf_counts;
mod strangers;
mod transfers;
mod two_networks;
