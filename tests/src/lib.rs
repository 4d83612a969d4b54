//! Support for the acceptance suites: a database of its own for each test, on both engines.

pub mod api;
pub mod dealings;
pub mod disk;
pub mod http;
pub mod load;
pub mod pages;
pub mod people;
mod postgres;
pub mod proxy;
pub mod rows;
pub mod run;
pub mod served;
pub mod server;
pub mod shop;
pub mod support;
pub mod world;
