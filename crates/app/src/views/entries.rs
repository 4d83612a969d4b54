//! 伝票の検索: the entries that a viewer sees, by day, amount, counterparty, product and kind in any combination.

use super::{
    ViewError,
    entry::{EntryView, MovementView, views},
};
use crate::{Book, moment::Moment, viewer::Viewer};
use domain::{
    acts::Act,
    calendar::Day,
    id::{GroupId, OfficeId, PartyId},
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
    /// Recorded together under this number, by somebody whose own part the viewer sees.
    pub group: Option<GroupId>,
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
    let mut has_ended = false;
    // one more than wanted tells whether there is a next page
    for _ in 0..ROUNDS {
        let seqs = moment.snapshot.search(&search, limit + 1).await?;
        has_ended = seqs.len() <= wanted;
        search.before = seqs.last().copied().or(search.before);
        let mut whole = moment.snapshot.whole_entries(&seqs).await?;
        let entries = seqs.iter().filter_map(|seq| whole.remove(seq));
        let entries = entries.map(|whole| whole.entry).collect();
        let mut seen = views(&moment, viewer, entries).await?;
        // what moved must be among what is shown: else an answer would tell of goods of others
        seen.retain(|entry| shows(entry, question));
        found.extend(seen);
        if found.len() > wanted || has_ended {
            break;
        }
    }
    let next = if found.len() > wanted {
        found.truncate(wanted);
        found.last().map(|entry| entry.seq)
    } else if has_ended {
        None
    } else {
        // much that the viewer may not see lies between: the page is short, the search goes on from there
        search.before
    };
    Ok(EntriesView { entries: found, next })
}

/// Whether the lot and the product that are asked for moved where the viewer may look, and whether they may know of the
/// group.
fn shows(entry: &EntryView, question: &Question) -> bool {
    let moved = |is: &dyn Fn(&MovementView) -> bool| entry.movements.iter().any(is);
    let lot = question.lot.as_ref();
    let product = question.product.as_ref().map(|product| {
        let office = product.office.as_ref().or(question.office.as_ref());
        office.map_or_else(
            || product.code.to_string(),
            |office| format!("{office}/{}", product.code),
        )
    });
    let own = entry.own.as_ref().and_then(|own| own.group);
    if question.group.is_some() && own != question.group {
        return false;
    }
    lot.is_none_or(|lot| moved(&|movement| movement.lot == lot.as_ref()))
        && product.is_none_or(|product| moved(&|movement| movement.product.code == product))
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
    let counterparties = match &question.counterparty {
        None => Vec::new(),
        Some(code) => {
            let known = match by_code(code) {
                Some(office) => vec![office.into()],
                None => partners(moment, offices.as_deref(), code),
            };
            if known.is_empty() {
                return None;
            }
            known
        }
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
        counterparties,
        yen: question.yen,
        product,
        lot: question.lot.as_ref().map(ToString::to_string),
        group: question.group.map(|group| group.0),
        before: question.before,
        newest: None,
    })
}

/// Partners of these offices under a code; else the one of the whole book.
fn partners(moment: &Moment, offices: Option<&[OfficeId]>, code: &Code) -> Vec<PartyId> {
    let masters = &moment.masters;
    let of_offices = offices.into_iter().flatten();
    let mut known: Vec<PartyId> = of_offices
        .filter_map(|office| masters.partner_by_code(Some(*office), code))
        .chain(masters.partner_by_code(None, code))
        .map(PartyId::from)
        .collect();
    known.sort();
    known.dedup();
    known
}
