//! Who comes in over the network, and what they may do there. Beside the book: nothing of it is an entry.

pub mod authority;
pub mod named;
pub mod rights;
pub mod veil;
