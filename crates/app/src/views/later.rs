//! あとの日の分: why a dealing counts for a later day than that of its supply: one of its offices had closed the month.

use super::{
    ViewError,
    close::{held::closes, said, said_day},
    names::{self, Named},
};
use crate::{moment::Moment, viewer::Gate};
use domain::{calendar::Month, entry::Entry, id::OfficeId};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Why an entry counts for a later day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountedLater {
    /// Offices that had closed the month of supply when it was recorded, as far as the viewer knows of them.
    pub closed_by: Vec<Named>,
    /// In a sentence.
    pub sentence: String,
}

/// Why; none where it counts for its day of supply.
///
/// # Errors
/// [`ViewError::Store`].
pub(super) async fn later(
    moment: &Moment,
    gate: Gate<'_>,
    entry: &Entry,
) -> Result<Option<CountedLater>, ViewError> {
    if entry.book_on <= entry.supplied_on {
        return Ok(None);
    }
    let month = entry.supplied_on.month();
    let offices: Vec<OfficeId> = entry.offices.iter().copied().collect();
    let mut through: BTreeMap<OfficeId, Month> = BTreeMap::new();
    for (office, closed, _) in closes(&moment.snapshot, &moment.masters, &offices, Some(entry.seq)).await? {
        let last = through.entry(office).or_insert(closed);
        *last = closed.max(*last);
    }
    let had_closed = through
        .into_iter()
        .filter(|(office, closed)| *closed >= month && entry.offices.contains(office))
        .filter(|(office, _)| gate.knows_office(*office));
    let closed_by: Vec<Named> = had_closed
        .map(|(office, _)| names::party(&moment.masters, office.into(), entry.book_on))
        .collect();
    let who: Vec<&str> = closed_by.iter().map(|office| office.name.as_str()).collect();
    let who = if who.is_empty() {
        "相手の事業所".to_owned()
    } else {
        who.join("と")
    };
    // the year only where it would be unclear
    let month_said = if month.year() == entry.book_on.month().year() {
        format!("{}月", month.number())
    } else {
        said(month)
    };
    let sentence = format!(
        "{month_said}は{who}が締めたので、{}の分として数えます。",
        said_day(entry.book_on)
    );
    Ok(Some(CountedLater { closed_by, sentence }))
}
