//! Excel files, cell by cell: only cells in which something stands are kept, so that a lone cell in the last row of a sheet
//! costs nothing.

use super::{COLUMN_LIMIT, FILE_LIMIT, Gathered, Line, ROW_LIMIT, TableError, number::shown};
use calamine::{DataRef, Reader as _, Xlsx};
use std::io::{self, Cursor, Read as _};
use zip::ZipArchive;

/// Bytes that a file may unpack to. Sheets pack to about a tenth.
const UNPACKED_LIMIT: u64 = 20 * FILE_LIMIT as u64;

/// The rows of a sheet.
pub(super) fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Vec<Line>, TableError> {
    measure(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(not_excel)?;
    let names = book.sheet_names();
    let wanted: Vec<String> = match sheet {
        None => names,
        Some(name) if names.iter().any(|known| known == name) => vec![name.to_owned()],
        Some(name) => {
            return Err(TableError::NoSheet {
                name: name.to_owned(),
                known: names,
            });
        }
    };
    for name in wanted {
        let lines = rows(&mut book, &name)?;
        if !lines.is_empty() {
            return Ok(lines);
        }
    }
    Ok(Vec::new())
}

/// Unpacks everything once and keeps nothing of it: what a file says of its own sizes may be a lie.
fn measure(bytes: &[u8]) -> Result<(), TableError> {
    let mut packed = ZipArchive::new(Cursor::new(bytes)).map_err(not_excel)?;
    let mut left = UNPACKED_LIMIT;
    for at in 0..packed.len() {
        let part = packed.by_index(at).map_err(not_excel)?;
        let taken = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(not_excel)?;
        left = left.checked_sub(taken).ok_or(TableError::TooLarge)?;
    }
    Ok(())
}

fn rows(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<Line>, TableError> {
    let mut gathered = Gathered::default();
    let mut line = Line::default();
    let mut cells = book.worksheet_cells_reader(name).map_err(not_excel)?;
    while let Some(cell) = cells.next_cell().map_err(not_excel)? {
        let text = text(cell.get_value());
        if text.trim().is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        let number = row.saturating_add(1);
        if number != line.number {
            // in a sound file rows follow each other; what goes back is no table
            if number < line.number {
                return Err(TableError::NotExcel);
            }
            let cells = Vec::new();
            gathered.take(std::mem::replace(&mut line, Line { number, cells }))?;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= COLUMN_LIMIT {
            return Err(TableError::TooManyColumns { row: number });
        }
        if line.cells.len() <= column {
            line.cells.resize(column + 1, String::new());
        }
        if let Some(place) = line.cells.get_mut(column) {
            *place = text;
        }
    }
    gathered.take(line)?;
    debug_assert!(gathered.0.len() <= ROW_LIMIT + 1);
    Ok(gathered.0)
}

fn text(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => shown(&format!("{number:e}")),
        DataRef::Bool(yes) => if *yes { "はい" } else { "いいえ" }.to_owned(),
        DataRef::Error(error) => error.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute) == (0, 0) {
                day
            } else {
                format!("{day} {hour:02}:{minute:02}")
            }
        }
    }
}

fn not_excel(_: impl std::error::Error) -> TableError {
    TableError::NotExcel
}
