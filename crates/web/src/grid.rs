//! Grids of numbers: one control a row, of which only some are filled. The act has a line for each that was filled in the form
//! as it was sent; what is wrong with such a line stands beside the row of the same name, wherever that row is by now.

use crate::form::Wrong;

/// A control: what was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// As it was typed.
    pub typed: String,
    /// A sentence.
    pub wrong: Option<String>,
}

/// A row: what it is about, and its control.
#[derive(Clone, Debug)]
pub struct Row<T> {
    /// What it is about.
    pub of: T,
    /// Name of its control, less what all controls of the grid begin with: what it is about, never its place in the list.
    pub name: String,
    /// How much of it.
    pub cell: Cell,
}

impl<T> Row<T> {
    /// With something typed.
    pub fn new(of: T, name: &str, typed: &str) -> Row<T> {
        Row {
            of,
            name: name.to_owned(),
            cell: Cell {
                typed: typed.to_owned(),
                wrong: None,
            },
        }
    }
}

/// Puts what was sent, and what is wrong with the lines of the act (`lines`, `inputs` …), beside the rows.
pub fn tell<T>(rows: &mut [Row<T>], sent: &[(&str, &str)], wrong: &Wrong, lines: &str) {
    for row in rows {
        let at = sent.iter().position(|(name, _)| *name == row.name);
        let typed = at.and_then(|at| sent.get(at)).map_or("", |(_, typed)| typed);
        typed.clone_into(&mut row.cell.typed);
        row.cell.wrong = at.and_then(|at| Some(wrong.of_field(&format!("{lines}/{at}"))?.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::problem::Problem;
    use axum::http::StatusCode;

    #[test]
    fn what_is_wrong_finds_its_row_wherever_it_is() {
        let mut rows: Vec<Row<()>> = ["new", "b", "c", "a"].map(|name| Row::new((), name, "")).into();
        let problem = Problem::new(StatusCode::CONFLICT, "x", "ちがいます。").at("/lines/2/quantity");
        let Ok(wrong) = Wrong::of(problem) else {
            unreachable!("about the form")
        };
        tell(
            &mut rows,
            &[("a", "1"), ("gone", "2"), ("b", "x")],
            &wrong,
            "lines",
        );
        let told: Vec<(&str, bool)> = (rows.iter())
            .map(|row| (row.cell.typed.as_str(), row.cell.wrong.is_some()))
            .collect();
        assert_eq!(told, [("", false), ("x", true), ("", false), ("1", false)]);
    }
}
