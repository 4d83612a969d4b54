//! QR as a path of an SVG: a square a module, four modules of quiet around it.

use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;

/// A QR ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    /// Modules on a side, with the quiet zone.
    pub side: i32,
    /// Its dark modules.
    pub path: String,
}

/// Modules of quiet that readers want around it.
const QUIET: i32 = 4;

/// Of an address; none for one that is longer than a QR can be.
pub fn qr(address: &str) -> Option<Qr> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let begin = x;
            while code.get_module(x, y) {
                x += 1;
            }
            if x > begin {
                let _ = write!(
                    path,
                    "M{} {}h{}v1h-{}z",
                    begin + QUIET,
                    y + QUIET,
                    x - begin,
                    x - begin
                );
            }
            x += 1;
        }
    }
    Some(Qr {
        side: code.size() + 2 * QUIET,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_address_is_small_enough_to_be_read() {
        let found = qr("https://yokoito.example.jp/l/KIT-0602-BENTO-0123456789abcdef").unwrap();
        assert!(found.side <= 41, "{}", found.side);
        assert!(
            found.path.starts_with("M4 4h7v1h-7z"),
            "the corner's square begins after the quiet zone"
        );
        assert!(qr(&"x".repeat(5_000)).is_none());
    }
}
