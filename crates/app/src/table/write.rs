//! Lists as files: for Excel, and as CSV that Excel opens by a double click.

use super::TableError;
use domain::calendar::Day;
use encoding_rs::SHIFT_JIS;
use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::collections::BTreeSet;

/// Columns of Excel are counted in 16 bits, and a text of a cell has 32,767 characters at most.
const LONGEST_TEXT: usize = 32_767;

/// A list with its headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// What it is called: the sheet, and the file.
    pub name: String,
    /// A heading a column.
    pub headings: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell. A text is a text even if it looks like a number or a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A number.
    Number(Decimal),
    /// A day.
    Day(Day),
}

impl Cell {
    /// A text; nothing where there is none.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        if text.is_empty() {
            Cell::Empty
        } else {
            Cell::Text(text)
        }
    }

    /// As a page shows it.
    pub fn shown(&self) -> String {
        match self {
            Cell::Text(text) => text.clone(),
            other => other.written(),
        }
    }

    pub(super) fn written(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) => guarded(text),
            Cell::Number(number) => number.normalize().to_string(),
            Cell::Day(day) => day.to_string(),
        }
    }
}

/// A text that a spreadsheet would take for a formula is marked as text: what somebody wrote into a name runs on nobody's
/// machine.
fn guarded(text: &str) -> String {
    let begins =
        |text: &str| text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']);
    if begins(text) || begins(text.trim_start()) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A CSV in CP932.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The file.
    pub bytes: Vec<u8>,
    /// Characters that CP932 has not: in the file each is a 「〓」.
    pub lacking: BTreeSet<char>,
}

/// As CSV: UTF-8 with its mark, so that Excel reads it as such, and line ends of Windows.
pub fn to_csv(list: &List) -> Vec<u8> {
    format!("\u{feff}{}", csv_text(list)).into_bytes()
}

/// As CSV for programs that read nothing newer than CP932.
pub fn to_csv_cp932(list: &List) -> Encoded {
    let mut encoded = Encoded {
        bytes: Vec::new(),
        lacking: BTreeSet::new(),
    };
    let mut letter = [0; 4];
    for c in csv_text(list).chars() {
        let (bytes, _, is_lacking) = SHIFT_JIS.encode(c.encode_utf8(&mut letter));
        if is_lacking {
            encoded.lacking.insert(c);
            encoded.bytes.extend(SHIFT_JIS.encode("〓").0.iter());
        } else {
            encoded.bytes.extend(bytes.iter());
        }
    }
    encoded
}

fn csv_text(list: &List) -> String {
    let mut text = String::new();
    let headings = list.headings.iter().map(|heading| guarded(heading));
    put(&mut text, headings);
    for row in &list.rows {
        put(&mut text, row.iter().map(Cell::written));
    }
    text
}

fn put(text: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\r', '\n']) || cell.starts_with(' ') || cell.ends_with(' ') {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}

/// As an Excel file: texts as texts, numbers as numbers, days as days.
///
/// # Errors
/// [`TableError::TooManyRows`] for a list that is no sheet any more.
pub fn to_xlsx(list: &List) -> Result<Vec<u8>, TableError> {
    workbook(list).map_err(|error| {
        tracing::error!(%error, "a list that cannot be written");
        TableError::TooManyRows
    })
}

fn workbook(list: &List) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let days = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet();
    let name: String = list
        .name
        .chars()
        .filter(|c| !"[]:*?/\\'".contains(*c))
        .take(31)
        .collect();
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, heading) in (0_u16..).zip(&list.headings) {
        sheet.write_string_with_format(0, column, heading, &bold)?;
    }
    for (row, cells) in (1_u32..).zip(&list.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    let text: String = text.chars().take(LONGEST_TEXT).collect();
                    sheet.write_string(row, column, text)?;
                }
                Cell::Number(number) => drop(sheet.write(row, column, *number)?),
                Cell::Day(day) => {
                    let serial = serial(*day);
                    sheet.write_number_with_format(row, column, serial, &days)?;
                }
            }
        }
    }
    sheet.autofit();
    book.save_to_buffer()
}

/// A day as Excel counts them: days since the end of 1899, of which it believes that 1900 was a leap year.
fn serial(day: Day) -> u32 {
    let counted = Day::from_ymd(1900, 3, 1).map_or(0, |first| first.days_until(day));
    u32::try_from(counted.saturating_add(61)).unwrap_or_default()
}
