//! Tables as people keep them: CSV and Excel files, read into rows of texts and written from lists. What the cells mean is
//! no matter of this module.
//!
//! A file comes from anywhere: its size, rows and columns are limited before anything of it is kept, and what a packed file
//! unpacks to is measured before it is read.

mod csv;
mod encoding;
mod number;
mod write;
mod xlsx;

pub use write::{Cell, Encoded, List, to_csv, to_csv_cp932, to_xlsx};

/// Largest file, in bytes.
pub const FILE_LIMIT: usize = 5 << 20;
/// Rows of a file at most, its headings aside: as many as a group of acts may have.
pub const ROW_LIMIT: usize = crate::writer::GROUP_LIMIT;
/// Columns that are looked at.
pub const COLUMN_LIMIT: usize = 60;
/// Characters of a cell.
pub const CELL_LIMIT: usize = 2_000;

/// A row in which something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Number of the row as the spreadsheet counts it, from 1.
    pub number: u32,
    /// What stands in the cells; those behind the last one are empty.
    pub cells: Vec<String>,
}

impl Line {
    /// What stands in a column, without blanks around.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }

    fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Why a file is no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// More bytes than are read.
    #[error("ファイルが大きすぎます({}MBまで)。分けて取りこんでください。", FILE_LIMIT >> 20)]
    TooLarge,
    /// More rows than a group may have.
    #[error("行が多すぎます({ROW_LIMIT}行まで)。ファイルを分けて取りこんでください。")]
    TooManyRows,
    /// More columns than are looked at.
    #[error("{row}行目の列が多すぎます({COLUMN_LIMIT}列まで)。使わない列を消してください。")]
    TooManyColumns {
        /// Which row.
        row: u32,
    },
    /// A cell that holds a book.
    #[error("{row}行目に、長すぎるセルがあります({CELL_LIMIT}文字まで)。短くしてください。")]
    CellTooLong {
        /// Which row.
        row: u32,
    },
    /// Nothing in it.
    #[error("ファイルに、何も書かれていません。見出しの行と、1行以上の内容を入れてください。")]
    Empty,
    /// Neither UTF-8 nor CP932.
    #[error(
        "文字コードを読めません。Excelで開いて、「CSV UTF-8(コンマ区切り)」か「Excelブック(.xlsx)」で保存し直してください。"
    )]
    Encoding,
    /// A quotation that nobody ends.
    #[error("{row}行目で始まる「\"」が閉じていません。Excelで開いて、保存し直してください。")]
    QuoteOpen {
        /// Row in which it begins.
        row: u32,
    },
    /// Excel before 2007, or a file with a password.
    #[error(
        "古い形のExcelファイル(.xls)か、パスワードのついたファイルです。「Excelブック(.xlsx)」で、パスワードをつけずに保存し直してください。"
    )]
    OldOrLocked,
    /// A packed file that is none of Excel's, or a broken one.
    #[error("Excelのファイルとして読めません。Excelで開いて、「Excelブック(.xlsx)」で保存し直してください。")]
    NotExcel,
    /// No sheet of that name.
    #[error("「{name}」というシートはありません。シートは「{}」です。", known.join("」「"))]
    NoSheet {
        /// As asked for.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
}

impl TableError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            TableError::TooLarge => "file-too-large",
            TableError::TooManyRows => "too-many-rows",
            TableError::TooManyColumns { .. } => "too-many-columns",
            TableError::CellTooLong { .. } => "cell-too-long",
            TableError::Empty => "file-empty",
            TableError::Encoding => "file-encoding",
            TableError::QuoteOpen { .. } => "quote-open",
            TableError::OldOrLocked => "file-old-or-locked",
            TableError::NotExcel => "file-not-excel",
            TableError::NoSheet { .. } => "sheet-unknown",
        }
    }
}

/// Reads a file; of an Excel file the sheet of this name, or the first one in which something stands.
///
/// # Errors
/// [`TableError`].
pub fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Vec<Line>, TableError> {
    if bytes.len() > FILE_LIMIT {
        return Err(TableError::TooLarge);
    }
    let lines = if bytes.starts_with(b"PK\x03\x04") {
        xlsx::read(bytes, sheet)?
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(TableError::OldOrLocked);
    } else {
        csv::read(&encoding::decoded(bytes)?)?
    };
    if lines.is_empty() {
        return Err(TableError::Empty);
    }
    Ok(lines)
}

/// Rows as they are gathered, within the limits.
#[derive(Default)]
struct Gathered(Vec<Line>);

impl Gathered {
    /// Takes a row; one in which nothing stands is counted and left out.
    fn take(&mut self, mut line: Line) -> Result<(), TableError> {
        while line.cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            line.cells.pop();
        }
        if line.is_blank() {
            return Ok(());
        }
        let row = line.number;
        if line.cells.len() > COLUMN_LIMIT {
            return Err(TableError::TooManyColumns { row });
        }
        if line
            .cells
            .iter()
            .any(|cell| cell.chars().nth(CELL_LIMIT).is_some())
        {
            return Err(TableError::CellTooLong { row });
        }
        // the first one is the headings
        if self.0.len() > ROW_LIMIT {
            return Err(TableError::TooManyRows);
        }
        self.0.push(line);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
