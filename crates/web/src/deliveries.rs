//! 納品 and 受け取り: goods that leave for another office, and goods that come in.

pub mod receive;
pub mod ship;
