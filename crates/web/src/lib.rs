//! Pages: what an office does every day, in a browser, for everyone who works there.
//!
//! Server-made HTML: every form works without a script, each page is a typed struct with a template of its own, and words
//! come in two ways of speaking from the same template ([`speech`]): ふつう, and やさしい with short words and ruby. What a
//! page records goes the same path as what the API records; what it shows comes through the same views.
//!
//! A folder holds a group of screens: its page structs here, its templates under `templates/`.

#![expect(
    clippy::result_large_err,
    reason = "an error is the answer itself, made once per request"
)]

mod agreements;
mod assets;
mod begin;
mod chain;
mod closing;
mod counting;
mod deliveries;
mod documents;
mod doors;
mod error;
mod excel;
mod form;
mod grid;
mod help;
mod history;
mod home;
mod labels;
mod leaving;
mod login;
mod lots;
mod making;
mod masters;
mod money;
mod netting;
mod number;
mod opening;
mod operate;
mod orders;
mod page;
mod papers;
mod people;
mod proposals;
mod public;
mod qr;
mod record;
mod resume;
mod routes;
mod said;
mod selling;
mod settlements;
mod shelf;
mod shell;
mod speech;
mod stock;
mod transfers;
mod visitor;

pub use routes::router;
