//! Which column holds what, remembered for each kind of file of an office: next month's sheet has the same headings.

use super::fields::{Columns, Field, Kind, folded};
use crate::{
    Book,
    access::{
        AccessRefused, Caller,
        settings::{self, Setting},
    },
};
use domain::id::OfficeId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::StoreError;

/// Headings that are longer are not remembered.
const LONGEST: usize = 100;

/// Of each kind the folded heading of each column; empty for a column that there is not.
#[derive(Default, Serialize, Deserialize)]
#[serde(transparent)]
struct SheetColumns(BTreeMap<String, BTreeMap<String, String>>);

impl Setting for SheetColumns {
    const NAME: &'static str = "sheet-columns";
}

/// Which column holds what, as it was remembered, else as the headings tell.
///
/// # Errors
/// As any statement.
pub async fn columns_of(
    book: &Book,
    office: OfficeId,
    kind: Kind,
    headings: &[String],
) -> Result<Columns, StoreError> {
    let SheetColumns(kinds) = settings::setting(book, office).await?;
    let remembered = kinds.get(kind.name()).cloned().unwrap_or_default();
    Ok(super::fields::guess(kind, headings, &remembered))
}

/// Remembers it for the next file.
///
/// # Errors
/// [`AccessRefused`].
pub async fn remember(
    book: &Book,
    caller: &Caller,
    office: OfficeId,
    kind: Kind,
    (headings, columns): (&[String], &Columns),
) -> Result<(), AccessRefused> {
    let SheetColumns(mut kinds) = settings::setting(book, office).await?;
    let heading = |field: &Field| match columns.get(field) {
        None => Some(String::new()),
        Some(at) => {
            let heading = folded(headings.get(*at)?);
            (!heading.is_empty() && heading.chars().count() <= LONGEST).then_some(heading)
        }
    };
    let fields = kind.fields().iter();
    let known = fields
        .filter_map(|field| Some((field.name().to_owned(), heading(field)?)))
        .collect();
    if kinds.insert(kind.name().to_owned(), known) == kinds.get(kind.name()).cloned() {
        return Ok(());
    }
    settings::set(book, caller, office, &SheetColumns(kinds)).await
}
