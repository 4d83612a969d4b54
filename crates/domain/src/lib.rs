//! The rules of the book. No input or output, no clock, no randomness; knows none of the other crates.
//!
//! Read it like the design's chapter 2:
//! - values: [`money`], [`quantity`], [`calendar`], [`text`], [`tax`], [`id`];
//! - who and what there is: [`masters`], dated ([`dated`]);
//! - goods and money: [`place`], [`lot`], [`allergen`], [`account`], and the [`entry`] that moves them;
//! - an act comes in as a [`command`], is decided against [`facts`] by [`decide`], one file per act in [`acts`], and
//!   is either an entry or a [`refusal`]; [`apply`] folds entries into facts;
//! - links are walked back and forward by [`trace`];
//! - what is hashed ([`canonical`]) and proved ([`log`]), also to outsiders ([`proof`]), and what is always true
//!   ([`verify`]).

pub mod account;
pub mod acts;
pub mod allergen;
pub mod apply;
pub mod book;
pub mod both;
pub mod calendar;
pub mod canonical;
pub mod clearing;
pub mod command;
pub mod commission;
pub mod dated;
pub mod decide;
mod decimal;
pub mod draft;
pub mod entry;
pub mod facts;
pub mod id;
pub mod log;
pub mod lot;
pub mod masters;
pub mod money;
pub mod netting;
pub mod numbered;
pub mod place;
pub mod proof;
pub mod quantity;
pub mod refs;
pub mod refusal;
pub mod registration;
#[cfg(feature = "openapi")]
pub mod schema;
pub mod shelf;
pub mod split;
pub mod statement;
pub mod tax;
pub mod text;
pub mod trace;
pub mod transfer;
pub mod verify;
pub mod wages;
