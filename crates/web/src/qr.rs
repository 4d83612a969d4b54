//! QR codes as drawings, made by the server: what a phone or tablet reads off a page, a label or a card.

use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    /// Squares along a side, with the light ones around.
    pub side: i32,
    /// The dark squares as the path of an SVG.
    pub path: String,
}

/// Light squares that readers want around it.
const QUIET: i32 = 4;

impl Qr {
    /// On a card or a page: a quarter of it may be dirty or torn. None of a text that is too long.
    pub fn sturdy(text: &str) -> Option<Qr> {
        Qr::of(text, QrCodeEcc::Quartile)
    }

    /// On a label, where room is short. None of a text that is too long.
    pub fn small(text: &str) -> Option<Qr> {
        Qr::of(text, QrCodeEcc::Medium)
    }

    fn of(text: &str, level: QrCodeEcc) -> Option<Qr> {
        let code = QrCode::encode_text(text, level).ok()?;
        let mut path = String::new();
        for y in 0..code.size() {
            let mut x = 0;
            while x < code.size() {
                let begin = x;
                while code.get_module(x, y) {
                    x += 1;
                }
                let long = x - begin;
                if long > 0 {
                    let (begin, y) = (begin + QUIET, y + QUIET);
                    // writing to a String never fails
                    let _ = write!(path, "M{begin} {y}h{long}v1h-{long}z");
                }
                x += 1;
            }
        }
        Some(Qr {
            side: code.size() + 2 * QUIET,
            path,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_is_small_enough() {
        let label = Qr::small("https://yokoito.example.jp/l/KIT-0602-BENTO-0123456789abcdef").unwrap();
        let card = Qr::sturdy("https://yokoito.example/card#ykc_0Zk3mT7q9bXw2cVn5rLd8sHf4gJ1pQ6uA7eYt5KzWmB");
        assert!(label.side <= 41, "{}", label.side);
        for qr in [label, card.unwrap()] {
            assert!(qr.path.starts_with("M4 4h7v1h-7z"), "after the quiet zone");
            assert!(qr.path.contains(&format!("M{} 4h7v1h-7z", qr.side - 11)));
            assert!(qr.path.contains(&format!("M4 {}h7v1h-7z", qr.side - 5)));
        }
        assert_eq!(Qr::small(&"x".repeat(5_000)), None);
    }
}
