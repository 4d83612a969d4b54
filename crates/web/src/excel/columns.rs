//! Which column holds what, as the form asks for it: one choice a field, the columns by their letters and headings.

use crate::form::Form;
use app::intake::{Columns, Field, Intake};

/// What a form's choices begin with.
const BEGINNING: &str = "column/";
/// Whether the form has these choices at all.
const ARE_CHOSEN: &str = "columns";

/// A choice for a field.
pub struct Choice {
    /// The field.
    pub field: Field,
    /// Nothing works without it.
    pub is_needed: bool,
    /// Chosen column.
    pub chosen: Option<usize>,
}

impl Choice {
    /// Name of its control.
    pub fn name(&self) -> String {
        format!("{BEGINNING}{}", self.field.name())
    }

    /// Whether a column is the chosen one.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
    pub fn is(&self, column: &usize) -> bool {
        self.chosen == Some(*column)
    }
}

/// The choices of a file's columns.
pub fn choices(intake: &Intake, columns: &Columns) -> Vec<Choice> {
    let missing = intake.missing(columns);
    let fields = intake.kind.fields().iter();
    let choice = |field: &Field| Choice {
        field: *field,
        is_needed: intake.kind.needed().contains(field) || missing.contains(field),
        chosen: columns.get(field).copied(),
    };
    fields.map(choice).collect()
}

/// The columns of a file as people see them: `A 品目`.
pub fn named(intake: &Intake) -> Vec<(usize, String)> {
    let widest = intake
        .lines
        .iter()
        .map(|line| line.cells.len())
        .max()
        .unwrap_or_default();
    let width = widest.max(intake.headings.len());
    let heading = |column: usize| intake.headings.get(column).map_or("", String::as_str);
    (0..width)
        .map(|column| {
            (
                column,
                format!("{} {}", letters(column), heading(column))
                    .trim()
                    .to_owned(),
            )
        })
        .collect()
}

/// What was chosen; none where the form has no choices.
pub fn chosen(form: &Form) -> Option<Columns> {
    form.typed(ARE_CHOSEN)?;
    let chosen = form.filled(BEGINNING).into_iter().filter_map(|(field, column)| {
        let column: usize = column.parse().ok()?;
        Some((Field::named(field)?, column)).filter(|_| column < app::table::COLUMN_LIMIT)
    });
    Some(chosen.collect())
}

/// A column as Excel letters it.
fn letters(column: usize) -> String {
    let letter = |at: usize| char::from(b'A' + u8::try_from(at % 26).unwrap_or_default());
    match column / 26 {
        0 => letter(column).to_string(),
        before => format!("{}{}", letter(before - 1), letter(column)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        let lettered = [0, 25, 26, 51, 52, 59].map(letters);
        assert_eq!(lettered, ["A", "Z", "AA", "AZ", "BA", "BH"]);
    }
}
