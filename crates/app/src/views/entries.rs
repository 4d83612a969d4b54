//! 伝票の検索: the entries that a viewer sees, by day, amount, counterparty, product and kind in any combination.

use super::{
    ViewError,
    entry::{EntryView, views},
};
use crate::{Book, moment::Moment, viewer::Viewer};
use domain::{
    acts::Act,
    calendar::Day,
    id::{OfficeId, PartyId},
    refs::ProductRef,
    text::{Code, LotCode},
};
use serde::Serialize;
use store::Search;
use utoipa::ToSchema;

/// Entries of one page at most.
pub const PAGE: u32 = 200;
/// Rounds of looking for more where the viewer sees few of those found.
const ROUNDS: usize = 20;

/// What is looked for; what is missing narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Entries that touch this office.
    pub office: Option<Code>,
    /// Kinds of acts.
    pub kinds: Vec<String>,
    /// Days of supply, both included.
    pub supplied: (Option<Day>, Option<Day>),
    /// Days it counts for, both included.
    pub booked: (Option<Day>, Option<Day>),
    /// Office, or partner of `office` (or of the book), by code.
    pub counterparty: Option<Code>,
    /// Amount of a posting, without its sign, both included.
    pub yen: (Option<i64>, Option<i64>),
    /// Product that moved, `office/code`.
    pub product: Option<ProductRef>,
    /// Lot that moved.
    pub lot: Option<LotCode>,
    /// Only entries before this position: where the last page ended.
    pub before: Option<u64>,
    /// So many at most, 1 to [`PAGE`].
    pub limit: u32,
}

/// A page of entries, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EntriesView {
    /// The entries.
    pub entries: Vec<EntryView>,
    /// Where the next page begins; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// Looks for entries.
///
/// # Errors
/// [`ViewError::Store`]. What the viewer may not know of finds nothing.
pub async fn entries(book: &Book, viewer: &Viewer, question: &Question) -> Result<EntriesView, ViewError> {
    let moment = book.moment().await?;
    let nothing = EntriesView {
        entries: Vec::new(),
        next: None,
    };
    let Some(mut search) = search(&moment, viewer, question) else {
        return Ok(nothing);
    };
    let limit = question.limit.clamp(1, PAGE);
    let wanted = usize::try_from(limit).unwrap_or(1);
    let mut found: Vec<EntryView> = Vec::new();
    // one more than wanted tells whether there is a next page
    for _ in 0..ROUNDS {
        let seqs = moment.snapshot.search(&search, limit + 1).await?;
        let is_last = seqs.len() <= wanted;
        search.before = seqs.last().copied();
        let mut whole = moment.snapshot.whole_entries(&seqs).await?;
        let entries = seqs.iter().filter_map(|seq| whole.remove(seq));
        let entries = entries.map(|whole| whole.entry).collect();
        found.extend(views(&moment, viewer, entries).await?);
        if found.len() > wanted || is_last {
            break;
        }
    }
    let next = (found.len() > wanted).then(|| {
        found.truncate(wanted);
        found.last().map(|entry| entry.seq)
    });
    Ok(EntriesView {
        entries: found,
        next: next.flatten(),
    })
}

/// The question in ids; `None` when it names something that does not exist for the viewer.
fn search(moment: &Moment, viewer: &Viewer, question: &Question) -> Option<Search> {
    let masters = &moment.masters;
    let gate = viewer.gate(masters);
    let by_code = |code: &Code| {
        let office = masters.office_by_code(code)?;
        gate.knows_office(office.id).then_some(office.id)
    };
    let followed = gate.offices_followed();
    let office: Option<OfficeId> = match &question.office {
        Some(code) => Some(by_code(code)?),
        None => None,
    };
    let offices = match (office, followed) {
        (None, followed) => followed,
        (Some(office), None) => Some(vec![office]),
        (Some(office), Some(followed)) => {
            Some(followed.into_iter().filter(|other| *other == office).collect())
        }
    };
    let counterparty: Option<PartyId> = match &question.counterparty {
        None => None,
        Some(code) => Some(match by_code(code) {
            Some(office) => office.into(),
            None => partner(moment, offices.as_deref(), code)?,
        }),
    };
    let product = match &question.product {
        None => None,
        Some(named) => {
            let of = named.office.as_ref().map_or(office, by_code)?;
            let product = masters.product_by_code(of, &named.code)?;
            Some(product.id.0)
        }
    };
    let kinds = question.kinds.iter();
    let kinds: Vec<String> = kinds
        .filter(|kind| Act::KINDS.iter().any(|(known, _)| known == kind))
        .cloned()
        .collect();
    if kinds.len() < question.kinds.len() && kinds.is_empty() {
        return None;
    }
    Some(Search {
        offices,
        kinds,
        supplied: question.supplied,
        booked: question.booked,
        counterparty,
        yen: question.yen,
        product,
        lot: question.lot.as_ref().map(ToString::to_string),
        acting: None,
        before: question.before,
    })
}

fn partner(moment: &Moment, offices: Option<&[OfficeId]>, code: &Code) -> Option<PartyId> {
    let masters = &moment.masters;
    let of_offices = offices
        .into_iter()
        .flatten()
        .find_map(|office| masters.partner_by_code(Some(*office), code));
    of_offices
        .or_else(|| masters.partner_by_code(None, code))
        .map(PartyId::from)
}
