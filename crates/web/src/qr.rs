//! QR codes as drawings, made by the server: what a phone or tablet reads off a page or a sheet of paper.

use qrcodegen::{QrCode, QrCodeEcc};

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    /// Squares along a side, with four light ones around.
    pub side: i32,
    /// The dark squares as the path of an SVG.
    pub path: String,
}

impl Qr {
    /// Of a text; none for one that is too long. A quarter of it may be dirty or torn.
    pub fn of(text: &str) -> Option<Qr> {
        let code = QrCode::encode_text(text, QrCodeEcc::Quartile).ok()?;
        let square = |(x, y): (i32, i32)| format!("M{},{}h1v1h-1z", x + 4, y + 4);
        let rows = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        let path = rows
            .filter(|(x, y)| code.get_module(*x, *y))
            .map(square)
            .collect();
        Some(Qr {
            side: code.size() + 8,
            path,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners() {
        let qr =
            Qr::of("https://yokoito.example/card#ykc_0Zk3mT7q9bXw2cVn5rLd8sHf4gJ1pQ6uA7eYt5KzWmB").unwrap();
        let has = |x: i32, y: i32| qr.path.contains(&format!("M{x},{y}h1"));
        let last = qr.side - 5;
        assert!(has(4, 4) && has(last, 4) && has(4, last));
        assert!(!has(0, 0) && !has(5, 5));
        assert_eq!(Qr::of(&"x".repeat(5_000)), None);
    }
}
