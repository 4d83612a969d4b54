//! The encoding of a CSV file, told from its bytes: a byte order mark, UTF-8, or CP932 as Excel writes it in Japan. Decoded
//! strictly: a character that cannot be read is no question mark in the book.

use super::TableError;
use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};
use std::borrow::Cow;

/// The text of a file.
pub(super) fn decoded(bytes: &[u8]) -> Result<String, TableError> {
    let strictly = |encoding: &'static Encoding, bytes| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
        text.map(Cow::into_owned)
    };
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => strictly(encoding, bytes.get(length..).unwrap_or_default()),
        // bytes of CP932 are hardly ever sound UTF-8, while most bytes are sound CP932
        None => strictly(UTF_8, bytes).or_else(|| strictly(SHIFT_JIS, bytes)),
    };
    // a file that is no text at all holds noughts
    text.filter(|text| !text.contains('\0'))
        .ok_or(TableError::Encoding)
}
