//! Columns that line up on a terminal, where 漢字 and かな are two cells wide.

use unicode_width::UnicodeWidthStr;

/// Where a cell stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Rows of cells as lines, two cells of air between columns, nothing behind the last one.
pub fn lines(columns: &[Align], rows: &[Vec<String>]) -> Vec<String> {
    let width = |at: usize| {
        rows.iter()
            .filter_map(|row| row.get(at))
            .map(|cell| cell.width())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let mut line = String::new();
        for ((cell, width), align) in row.iter().zip(&widths).zip(columns) {
            let air = " ".repeat(width.saturating_sub(cell.width()));
            match align {
                Align::Left => line.extend([cell.as_str(), &air]),
                Align::Right => line.extend([&air, cell.as_str()]),
            }
            line.push_str("  ");
        }
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// Digits in threes, as the book writes yen: 1234567.5 as 1,234,567.5.
pub fn thousands(number: &str) -> String {
    let (sign, number) = number
        .strip_prefix('-')
        .map_or(("", number), |number| ("-", number));
    let (whole, rest) = number.find('.').map_or((number, ""), |dot| number.split_at(dot));
    let mut grouped = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_line_up() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [
            row(["米", "4", "B"]),
            row(["にんじん", "12.5", ""]),
            row(["x", "100", "ab"]),
        ];
        let lines = lines(&[Align::Left, Align::Right, Align::Left], &rows);
        assert_eq!(
            lines,
            ["米           4  B", "にんじん  12.5", "x          100  ab"]
        );
    }

    #[test]
    fn digits_stand_in_threes() {
        for (number, expected) in [
            ("0", "0"),
            ("999", "999"),
            ("-1000", "-1,000"),
            ("1234567.5", "1,234,567.5"),
        ] {
            assert_eq!(thousands(number), expected);
        }
    }
}
