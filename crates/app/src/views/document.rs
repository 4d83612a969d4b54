//! 請求書などの書類: what an office issued and was sent, as each paper says by itself; and what would stand on the next one.
//!
//! A paper is shown out of its own entry alone: names, items, sums and tax as they were written, whatever the book calls things
//! today. Its recipient reads the same paper, though the entry is the issuer's.

mod draft;

pub use draft::{Draft, DraftAsked, DraftError, draft};

use super::{
    ViewError,
    names::{self, Named},
    open_items::{OpenItem, paid_of},
};
use crate::{Book, moment::Moment, viewer::Viewer};
use domain::{
    account::BookUnit,
    acts::{
        Act,
        issue::{DocumentForm, DocumentGoods, Issue},
    },
    calendar::{Day, FiscalYear, business_day},
    decide::act_of,
    entry::Entry,
    id::{EntryId, OfficeId, PartyId},
    money::Yen,
    numbered::Numbered,
    registration::RegistrationNumber,
    tax::deductible_percent,
    text::Code,
};
use serde::Serialize;
use std::collections::BTreeMap;
use store::Search;
use utoipa::ToSchema;

/// A document in a list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DocumentLineView {
    /// Its entry.
    pub id: EntryId,
    /// Position in the log, by which the list goes on.
    pub seq: u64,
    /// Its number on paper: fiscal year and number of the corporation, `2026-0012`.
    pub number: String,
    /// Which paper.
    pub form: DocumentForm,
    /// Whose goods it is about.
    pub goods: DocumentGoods,
    /// Day of issue.
    pub issued_on: Day,
    /// Who issued it.
    pub by: Named,
    /// For whom; nobody for a receipt without a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Named>,
    /// All of it with tax.
    pub gross: Yen,
    /// The document that took its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<EntryId>,
}

/// Documents of an office.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DocumentsView {
    /// The newest first.
    pub items: Vec<DocumentLineView>,
    /// Where to go on: `before` of the next question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// A document as it stands on paper.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DocumentView {
    /// Its entry.
    pub id: EntryId,
    /// Position in the log.
    pub seq: u64,
    /// Its number on paper.
    pub number: String,
    /// Day of issue.
    pub issued_on: Day,
    /// What it says.
    pub paper: Issue,
    /// All of it with tax.
    pub gross: Yen,
    /// The seller's registration number; without one it is no 適格請求書.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub registration: Option<RegistrationNumber>,
    /// Percent of the tax in it that its buyer may still deduct where the seller is not registered, by the newest supply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deductible_percent: Option<u8>,
    /// How far it is paid, where it bills something on account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid: Option<OpenItem>,
    /// The document that took its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<EntryId>,
    /// The document whose place it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<EntryId>,
}

/// Which documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of this form.
    pub form: Option<DocumentForm>,
    /// From or to this office or partner.
    pub with: Option<Code>,
    /// Issued on these days, both included.
    pub days: (Option<Day>, Option<Day>),
    /// With this number on paper.
    pub number: Option<String>,
    /// Of this sum, tax included.
    pub gross: Option<Yen>,
    /// Only before this position.
    pub before: Option<u64>,
    /// So many at most.
    pub limit: u32,
}

/// Documents looked through at once for those that are wanted.
const AT_ONCE: u32 = 500;

/// Documents of an office, issued and received; `None` when its books are not for the viewer.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn documents(
    book: &Book,
    viewer: &Viewer,
    office: &Code,
    wanted: &Wanted,
) -> Result<Option<DocumentsView>, ViewError> {
    let moment = book.moment().await?;
    let Some(own) = seen_office(book, &moment, viewer, office) else {
        return Ok(None);
    };
    let limit = usize::try_from(wanted.limit.max(1)).unwrap_or(usize::MAX);
    let mut search = Search {
        offices: Some(vec![own]),
        kinds: vec!["issue".to_owned()],
        supplied: wanted.days,
        before: wanted.before,
        ..Search::default()
    };
    let mut items: Vec<DocumentLineView> = Vec::new();
    loop {
        let found = moment.snapshot.search(&search, AT_ONCE).await?;
        let is_last = found.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
        search.before = found.iter().min().copied();
        let replaced = moment.snapshot.replaced_by(&found).await?;
        let whole = moment.snapshot.whole_entries(&found).await?;
        for whole in whole
            .values()
            .rev()
            .filter(|whole| found.contains(&whole.entry.seq))
        {
            let Some(line) = line(&moment, &whole.entry, &replaced) else {
                continue;
            };
            if wanted.takes(&line) {
                items.push(line);
            }
        }
        if is_last || items.len() > limit {
            break;
        }
    }
    let next = (items.len() > limit)
        .then(|| items.get(limit - 1).map(|line| line.seq))
        .flatten();
    items.truncate(limit);
    Ok(Some(DocumentsView { items, next }))
}

impl Wanted {
    fn takes(&self, line: &DocumentLineView) -> bool {
        let with = |code: &Code| {
            let is = |named: &Named| named.code == code.as_str();
            is(&line.by) || line.to.as_ref().is_some_and(is)
        };
        self.form.is_none_or(|form| line.form == form)
            && self.with.as_ref().is_none_or(with)
            && self.number.as_ref().is_none_or(|number| line.number == *number)
            && self.gross.is_none_or(|gross| line.gross == gross)
    }
}

/// A document of an office, issued or received; `None` when there is none for the viewer.
///
/// # Errors
/// [`ViewError::Store`]; [`ViewError::Broken`] for sums beyond all bounds.
pub async fn document(
    book: &Book,
    viewer: &Viewer,
    office: &Code,
    id: EntryId,
) -> Result<Option<DocumentView>, ViewError> {
    let moment = book.moment().await?;
    let Some(own) = seen_office(book, &moment, viewer, office) else {
        return Ok(None);
    };
    let Some(entry) = moment.snapshot.entry(id).await? else {
        return Ok(None);
    };
    let (true, Some(paper)) = (entry.offices.contains(&own), paper(&entry)) else {
        return Ok(None);
    };
    let original = entry
        .references
        .iter()
        .find(|reference| reference.role == domain::entry::ReferenceRole::Original);
    let replaced = moment.snapshot.replaced_by(&[entry.seq]).await?;
    let registration = seller(&paper).and_then(|seller| seller.registration);
    let newest = paper
        .lines
        .iter()
        .map(|line| line.on)
        .max()
        .unwrap_or(entry.supplied_on);
    Ok(Some(DocumentView {
        paid: paid_of(book, viewer, own, id).await?,
        id,
        seq: entry.seq,
        number: number(&entry),
        issued_on: entry.supplied_on,
        gross: gross(&paper)?,
        // of goods of others nothing is said: among their owners may be some with a number of their own
        deductible_percent: (registration.is_none() && paper.goods == DocumentGoods::Own)
            .then(|| deductible_percent(newest)),
        registration,
        replaced_by: replaced.get(&entry.seq).copied(),
        replaces: original.map(|reference| EntryId(reference.id)),
        paper,
    }))
}

/// Whether an office itself issued a document.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn issued_by(book: &Book, id: EntryId, office: OfficeId) -> Result<bool, ViewError> {
    let entry = book.moment().await?.snapshot.entry(id).await?;
    Ok(entry.is_some_and(|entry| entry.acting.office() == Some(office)))
}

/// The office, where the viewer may see its books today.
fn seen_office(book: &Book, moment: &Moment, viewer: &Viewer, office: &Code) -> Option<OfficeId> {
    let today = business_day(book.outside().clock.now());
    let own = moment.masters.office_by_code(office)?.id;
    let gate = viewer.gate(&moment.masters);
    gate.sees_books(BookUnit::production(own), today).then_some(own)
}

fn paper(entry: &Entry) -> Option<Issue> {
    match act_of(entry)? {
        Act::Issue(issue) => Some(*issue),
        _ => None,
    }
}

/// Who sells by a paper, as it stands there.
pub fn seller(paper: &Issue) -> Option<&domain::acts::issue::PartyOnPaper> {
    if paper.form.is_by_seller() {
        Some(&paper.issuer)
    } else {
        paper.recipient.as_ref()
    }
}

fn gross(paper: &Issue) -> Result<Yen, ViewError> {
    Yen::sum(paper.rates.iter().map(|rate| rate.gross)).map_err(|_| ViewError::Broken { what: "金額" })
}

/// Fiscal year and number: unique in the corporation.
pub(super) fn number(entry: &Entry) -> String {
    let number = Numbered::of(entry).map_or(0, |numbered| numbered.number);
    format!("{}-{number:04}", FiscalYear::of(entry.supplied_on).year())
}

fn line(moment: &Moment, entry: &Entry, replaced: &BTreeMap<u64, EntryId>) -> Option<DocumentLineView> {
    let (paper, masters) = (paper(entry)?, &*moment.masters);
    let by = entry.acting.office()?;
    let with_office = paper
        .with_office
        .as_ref()
        .and_then(|code| masters.office_by_code(code));
    let with = match with_office {
        Some(office) => Some(PartyId::from(office.id)),
        None => paper
            .partner
            .as_ref()
            .and_then(|code| masters.partner_by_code(Some(by), code))
            .map(PartyId::from),
    };
    Some(DocumentLineView {
        id: entry.id,
        seq: entry.seq,
        number: number(entry),
        form: paper.form,
        goods: paper.goods,
        issued_on: entry.supplied_on,
        by: names::party(masters, by.into(), entry.supplied_on),
        to: with.map(|with| names::party(masters, with, entry.supplied_on)),
        gross: gross(&paper).ok()?,
        replaced_by: replaced.get(&entry.seq).copied(),
    })
}
