//! Grids of numbers: one control a row, of which only some are filled. The act has a line for each filled row, so what is
//! wrong with its line n belongs to the n-th of them.

use crate::form::Wrong;

/// A control: what was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// As it was typed.
    pub typed: String,
    /// A sentence.
    pub wrong: Option<String>,
}

impl Cell {
    /// With something typed.
    pub fn of(typed: &str) -> Cell {
        Cell {
            typed: typed.to_owned(),
            wrong: None,
        }
    }
}

/// A row: what it is about, and its control.
#[derive(Clone, Debug)]
pub struct Row<T> {
    /// What it is about.
    pub of: T,
    /// How much of it.
    pub cell: Cell,
}

impl<T> Row<T> {
    /// With something typed.
    pub fn new(of: T, typed: &str) -> Row<T> {
        Row {
            of,
            cell: Cell::of(typed),
        }
    }
}

/// Rows in which something was typed.
pub fn filled<T>(rows: &[Row<T>]) -> impl Iterator<Item = &Row<T>> {
    rows.iter().filter(|row| !row.cell.typed.is_empty())
}

/// Puts what is wrong with the lines of the act (`lines`, `inputs` …) beside their rows.
pub fn tell<T>(rows: &mut [Row<T>], wrong: &Wrong, lines: &str) {
    let filled = rows.iter_mut().filter(|row| !row.cell.typed.is_empty());
    for (line, row) in filled.enumerate() {
        row.cell.wrong = wrong.of_field(&format!("{lines}/{line}")).map(str::to_owned);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::problem::Problem;
    use axum::http::StatusCode;

    #[test]
    fn what_is_wrong_finds_its_row_past_empty_ones() {
        let mut rows: Vec<Row<&str>> = ["", "3", "", "x"].map(|typed| Row::new("product", typed)).into();
        let problem = Problem::new(StatusCode::CONFLICT, "x", "ちがいます。").at("/lines/1/quantity");
        let wrong = Wrong::of(problem);
        let Ok(wrong) = wrong else {
            unreachable!("about the form")
        };
        tell(&mut rows, &wrong, "lines");
        let told: Vec<bool> = rows.iter().map(|row| row.cell.wrong.is_some()).collect();
        assert_eq!(told, [false, false, false, true]);
    }
}
