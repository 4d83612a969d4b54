//! The acts on a small world: goods, postings and refusals of each, with figures worked out by hand.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "tests fail by panicking and hand over JSON as written"
)]

#[path = "../support/mod.rs"]
mod support;

mod allowance;
mod confirm;
mod consign;
mod correct;
mod count;
mod count_cash;
mod disown;
mod dispose;
mod earn;
mod erase_text;
mod forget;
mod give_back;
mod issue;
mod move_money;
mod net;
mod open;
mod pay;
mod process;
mod purchase;
mod record_wages;
mod sell;
mod settle;
mod spend;
mod transfer;
mod use_up;
mod write_off;
