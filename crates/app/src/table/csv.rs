//! CSV (RFC 4180), with commas or, as cells are copied out of Excel, with tabs. Rows keep the number that a spreadsheet
//! gives them: blank rows and lines within quotation marks are counted as it counts them, which readers that skip blank
//! lines cannot tell.

use super::{Gathered, Line, TableError};

/// The rows of a text.
pub(super) fn read(text: &str) -> Result<Vec<Line>, TableError> {
    let delimiter = delimiter(text);
    let mut gathered = Gathered::default();
    let mut line = Line {
        number: 1,
        cells: Vec::new(),
    };
    let mut cell = String::new();
    let mut is_quoted = false;
    let mut has_begun = false;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if is_quoted && rest.peek() == Some(&'"') => {
                rest.next();
                cell.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if cell.is_empty() && !has_begun => {
                is_quoted = true;
                has_begun = true;
            }
            '\r' if !is_quoted && rest.peek() == Some(&'\n') => {}
            '\r' | '\n' if !is_quoted => {
                line.cells.push(std::mem::take(&mut cell));
                has_begun = false;
                let number = line.number.saturating_add(1);
                let cells = Vec::new();
                gathered.take(std::mem::replace(&mut line, Line { number, cells }))?;
            }
            c if c == delimiter && !is_quoted => {
                line.cells.push(std::mem::take(&mut cell));
                has_begun = false;
            }
            c => {
                cell.push(c);
                has_begun = true;
            }
        }
    }
    if is_quoted {
        return Err(TableError::QuoteOpen { row: line.number });
    }
    line.cells.push(cell);
    gathered.take(line)?;
    Ok(gathered.0)
}

/// Whatever stands more often in the first row.
fn delimiter(text: &str) -> char {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let count = |wanted: char| first.chars().filter(|c| *c == wanted).count();
    if count('\t') > 0 && count('\t') >= count(',') {
        '\t'
    } else {
        ','
    }
}
