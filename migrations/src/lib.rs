//! The tables of the book.
