//! Sheets of labels as data: where the cells lie on an A4, in hundredths of a millimetre. The same cells are sold under many
//! numbers, with margins that differ a little: a printer's own shift is set beside it, in half millimetres.

use app::office_likes::SheetKind;
use std::fmt::Write as _;

/// A sheet.
#[derive(Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Which.
    pub kind: SheetKind,
    /// For people.
    pub name: &'static str,
    /// Width and height of a cell.
    pub cell: (i32, i32),
    /// Cells side by side, and one under the other.
    pub columns: i32,
    /// Cells one under the other.
    pub rows: i32,
    /// From the left edge of the paper to the first cell.
    pub left: i32,
    /// From its upper edge.
    pub top: i32,
    /// From the left edge of a cell to that of the next, and from the upper edge.
    pub pitch: (i32, i32),
}

/// Hisago's sheets, and those of others with the same cells.
pub const SHEETS: &[Sheet] = &[
    Sheet {
        kind: SheetKind::Of24,
        name: "24面(66.0×33.9 mm、3×8)",
        cell: (6_600, 3_390),
        columns: 3,
        rows: 8,
        left: 600,
        top: 1_290,
        pitch: (6_600, 3_390),
    },
    Sheet {
        kind: SheetKind::Of12,
        name: "12面(83.8×42.3 mm、2×6)",
        cell: (8_380, 4_230),
        columns: 2,
        rows: 6,
        left: 2_030,
        top: 2_030,
        pitch: (8_760, 4_230),
    },
    Sheet {
        kind: SheetKind::Of24Wide,
        name: "24面、余白なし(70.0×33.9 mm、3×8)",
        cell: (7_000, 3_390),
        columns: 3,
        rows: 8,
        left: 0,
        top: 1_270,
        pitch: (7_000, 3_390),
    },
    Sheet {
        kind: SheetKind::Of44,
        name: "44面(48.3×25.4 mm、4×11)",
        cell: (4_830, 2_540),
        columns: 4,
        rows: 11,
        left: 840,
        top: 880,
        pitch: (4_830, 2_540),
    },
    Sheet {
        kind: SheetKind::Of65,
        name: "65面(38.1×21.2 mm、5×13)",
        cell: (3_810, 2_120),
        columns: 5,
        rows: 13,
        left: 475,
        top: 1_092,
        pitch: (4_060, 2_120),
    },
];

/// Padding of a cell, as in the styles: left and right, above and below.
pub const PADDING: (i32, i32) = (150, 120);
/// A half millimetre.
const HALF: i32 = 50;

impl Sheet {
    /// The data of a sheet.
    pub fn of(kind: SheetKind) -> &'static Sheet {
        let found = SHEETS.iter().find(|sheet| sheet.kind == kind);
        found.unwrap_or(&SHEETS[0])
    }

    /// Cells of a sheet.
    pub fn cells(&self) -> usize {
        usize::try_from(self.columns * self.rows).unwrap_or_default()
    }

    /// Side of the QR on a label: as large as the cell lets it be, no larger than a camera needs.
    pub fn qr(&self) -> i32 {
        (self.cell.1 - 2 * PADDING.1)
            .min(2_000)
            .min(self.cell.0 * 38 / 100)
    }

    /// Upper left corners of all cells, shifted by half millimetres.
    pub fn corners(&self, (right, down): (i32, i32)) -> impl Iterator<Item = (i32, i32)> + '_ {
        let (left, top) = (self.left + right * HALF, self.top + down * HALF);
        (0..self.rows).flat_map(move |row| {
            (0..self.columns).map(move |column| (left + column * self.pitch.0, top + row * self.pitch.1))
        })
    }

    /// The styles that put the cells in their places, shifted by half millimetres.
    pub fn css(&self, (right, down): (i32, i32)) -> String {
        let mut css = String::new();
        let (left, top) = (mm(self.left + right * HALF), mm(self.top + down * HALF));
        let (width, height) = (mm(self.cell.0), mm(self.cell.1));
        let gaps = (mm(self.pitch.0 - self.cell.0), mm(self.pitch.1 - self.cell.1));
        let qr = mm(self.qr());
        let _ = writeln!(
            css,
            ".cells {{ left: {left}; top: {top}; grid-template-columns: repeat({}, {width}); grid-auto-rows: {height}; \
             column-gap: {}; row-gap: {}; }}",
            self.columns, gaps.0, gaps.1
        );
        let _ = writeln!(css, ".label {{ width: {width}; height: {height}; }}");
        let _ = writeln!(css, ".label .code svg {{ width: {qr}; height: {qr}; }}");
        css
    }
}

/// Hundredths as millimetres.
pub fn mm(hundredths: i32) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let size = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}mm", size / 100, size % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An A4 is 210 × 297 mm.
    #[test]
    fn every_sheet_lies_on_an_a4() {
        let all: Vec<SheetKind> = SHEETS.iter().map(|sheet| sheet.kind).collect();
        assert_eq!(all, SheetKind::ALL.map(|(_, kind)| kind));
        for sheet in SHEETS {
            let right = sheet.left + (sheet.columns - 1) * sheet.pitch.0 + sheet.cell.0;
            let bottom = sheet.top + (sheet.rows - 1) * sheet.pitch.1 + sheet.cell.1;
            assert!(right <= 21_000 && bottom <= 29_700, "{}", sheet.kind.name());
            assert!(
                sheet.pitch.0 >= sheet.cell.0 && sheet.pitch.1 >= sheet.cell.1,
                "{}",
                sheet.kind.name()
            );
            assert_eq!(sheet.corners((0, 0)).count(), sheet.cells());
            // a camera reads modules of a third of a millimetre: 41 of them with the quiet zone
            assert!(sheet.qr() >= 41 * 33, "{}: {}", sheet.kind.name(), sheet.qr());
        }
    }

    #[test]
    fn cells_are_put_to_the_hundredth_of_a_millimetre() {
        let css = Sheet::of(SheetKind::Of65).css((-3, 1));
        assert!(css.contains("left: 3.25mm; top: 11.42mm;"), "{css}");
        assert!(css.contains("repeat(5, 38.10mm)") && css.contains("column-gap: 2.50mm; row-gap: 0.00mm"));
        assert_eq!((mm(-25), mm(4_830)), ("-0.25mm".to_owned(), "48.30mm".to_owned()));
        let corners: Vec<(i32, i32)> = Sheet::of(SheetKind::Of44).corners((0, 0)).collect();
        assert_eq!(
            (corners[0], corners[5], corners[43]),
            ((840, 880), (5_670, 3_420), (15_330, 26_280 + 2_540 - 2_540))
        );
    }
}
