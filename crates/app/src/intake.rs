//! 取りこみ: a sheet of an office (CSV or Excel) becomes acts, a row each, all of them or none, under one number by which they are
//! taken back together.
//!
//! Upload, look, put right, record: between these steps the rows travel with whoever looks at them ([`Intake::packed`]), nothing is
//! kept on the server. What is shown before recording is no guess: the writer decides all rows in their order and keeps nothing
//! ([`check`]). Keys follow from the bytes of the file and the number of the row, so that a file that is sent twice is recorded
//! once.

mod carried;
mod cells;
mod day;
mod fields;
mod preview;
mod remembered;
mod rows;
mod template;
mod wrong;

pub use carried::NotCarried;
pub use fields::{Columns, Field, Kind, guess};
pub use preview::{Cause, NotTaken, Preview, RowState, State, check, take_in};
pub use remembered::{columns_of, remember};
pub use template::template;
pub use wrong::Wrong;

use crate::{
    Book,
    groups::{self, Group},
    table::{self, Line, List, TableError},
    viewer::Viewer,
    views::ViewError,
};
use domain::id::{GroupId, OfficeId};
use sha2::{Digest, Sha256};

/// Times that a file is taken in anew after it was taken back.
const TIMES: u32 = 100;

/// A file that is being taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intake {
    /// What it is about.
    pub kind: Kind,
    /// What the file is called by whoever sent it.
    pub file: String,
    /// Hash of its bytes, of the sheet and of what it is about.
    pub hash: String,
    /// How often it was taken in and taken back before.
    pub time: u32,
    /// Day of rows that state none, as it was typed.
    pub day: String,
    /// Its headings.
    pub headings: Vec<String>,
    /// Its rows, as they are by now.
    pub lines: Vec<Line>,
}

/// Why a row is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// Recorded before, out of the same file.
    Before,
    /// What it says is known already.
    Same,
    /// It adds up other rows.
    Total,
    /// No quantity stands there.
    NoQuantity,
}

impl Skip {
    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Skip::Before => "前に取りこみ済み",
            Skip::Same => "台帳と同じ",
            Skip::Total => "合計の行",
            Skip::NoQuantity => "数が空",
        }
    }
}

impl Intake {
    /// Out of a file: the first row in which something stands is the headings.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn read(
        kind: Kind,
        (file, bytes): (&str, &[u8]),
        sheet: Option<&str>,
        day: &str,
    ) -> Result<Intake, TableError> {
        let mut lines = table::read(bytes, sheet)?;
        if lines.len() < 2 {
            return Err(TableError::Empty);
        }
        let headings = lines
            .remove(0)
            .cells
            .iter()
            .map(|cell| cell.trim().to_owned())
            .collect();
        let mut hash = Sha256::new();
        for part in [
            kind.name().as_bytes(),
            sheet.unwrap_or_default().as_bytes(),
            bytes,
        ] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let hash = hex::encode(hash.finalize()).chars().take(24).collect();
        Ok(Intake {
            kind,
            file: file.chars().filter(|c| !c.is_control()).take(100).collect(),
            hash,
            time: 0,
            day: day.to_owned(),
            headings,
            lines,
        })
    }

    /// [`Intake::read`] on a thread of its own, so that a large file holds nobody up; a file by which the reader of Excel files
    /// breaks is none of Excel's.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn of_file(
        kind: Kind,
        (file, bytes): (String, Vec<u8>),
        sheet: Option<String>,
        day: String,
    ) -> Result<Intake, TableError> {
        let read = move || Intake::read(kind, (&file, &bytes), sheet.as_deref(), &day);
        let read = tokio::task::spawn_blocking(read).await;
        read.unwrap_or(Err(TableError::NotExcel))
    }

    /// What was recorded out of the same file before and was not taken back. Where it was, the rows get new keys.
    ///
    /// # Errors
    /// [`ViewError::Store`].
    pub async fn before(
        &mut self,
        book: &Book,
        viewer: &Viewer,
        office: OfficeId,
    ) -> Result<Option<Group>, ViewError> {
        for time in 0..TIMES {
            self.time = time;
            let Some(group) = groups::group(book, viewer, office, self.group(office)).await? else {
                return Ok(None);
            };
            if !group.is_undone() {
                return Ok(Some(group));
            }
        }
        Ok(None)
    }

    fn begin(&self) -> String {
        format!("sheet-{}-{}", self.hash, self.time)
    }

    /// Key of a row.
    fn key_of(&self, row: u32) -> String {
        format!("{}-{row}", self.begin())
    }

    /// The number under which all its rows are recorded.
    pub fn group(&self, office: OfficeId) -> GroupId {
        groups::named(office, &self.begin())
    }

    /// Puts a cell right.
    pub fn put(&mut self, row: u32, column: usize, text: &str) {
        if column >= table::COLUMN_LIMIT || text.chars().nth(table::CELL_LIMIT).is_some() {
            return;
        }
        let Some(line) = self.lines.iter_mut().find(|line| line.number == row) else {
            return;
        };
        if line.cells.len() <= column {
            line.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = line.cells.get_mut(column) {
            text.clone_into(cell);
        }
    }

    /// Leaves a row out.
    pub fn leave_out(&mut self, row: u32) {
        self.lines.retain(|line| line.number != row);
    }

    /// Needed columns that are missing.
    pub fn missing(&self, columns: &Columns) -> Vec<Field> {
        let needed = self.kind.needed().iter().copied();
        let mut missing: Vec<Field> = needed.filter(|field| !columns.contains_key(field)).collect();
        // of a count a lot says as much as a product
        if self.kind == Kind::Count
            && !columns.contains_key(&Field::Product)
            && !columns.contains_key(&Field::Lot)
        {
            missing.push(Field::Product);
        }
        missing
    }

    /// The rows that are wrong as a file of their own, with what is wrong in a last column.
    pub fn rejected(&self, preview: &Preview) -> List {
        let mut headings = self.headings.clone();
        headings.push("直すこと".to_owned());
        let width = self.headings.len();
        let wrong = preview.rows.iter().filter_map(|row| match &row.state {
            State::Wrong(wrong) => Some((row.number, wrong)),
            _ => None,
        });
        let rows = wrong.filter_map(|(number, wrong)| {
            let line = self.lines.iter().find(|line| line.number == number)?;
            let mut cells: Vec<table::Cell> = (0..width)
                .map(|column| table::Cell::text(line.cell(column)))
                .collect();
            let told: Vec<String> = wrong.iter().map(Wrong::told).collect();
            cells.push(table::Cell::text(format!("{number}行目 {}", told.join(" "))));
            Some(cells)
        });
        List {
            name: format!("{}の直す行", self.kind.label()),
            headings,
            rows: rows.collect(),
        }
    }
}
