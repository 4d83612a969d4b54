//! One entry as people read it: what moved, and what each office's books say of it. Only the parts that the viewer may
//! see; of goods only those that passed where they may look.

use super::{
    ViewError,
    later::{CountedLater, later},
    names::{Named, acting, party, product},
    orders::{self, WantedView},
};
use crate::{
    Book,
    entry_name::{self, NotNamed},
    moment::Moment,
    viewer::{Gate, Viewer},
};
use domain::{
    account::{AccountKind, BookUnit, Section},
    acts::Act,
    calendar::{Day, Instant},
    command::entry_id,
    decide::act_of,
    entry::{Entry, Link, Movement, Posting, ReferenceRole, TextRole},
    id::{Acting, EntryId, GroupId, LotId, PartyId},
    masters::{Masters, Product},
    money::Yen,
    place::{Place, PlaceKind},
    refs::{EntryPointer, EntryRef},
    tax::TaxRate,
};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use store::KeptLot;
use utoipa::ToSchema;

/// An entry.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EntryView {
    /// Id, derived from the acting body and its key.
    pub id: EntryId,
    /// Position in the log, from 0.
    pub seq: u64,
    /// Kind of act.
    pub kind: String,
    /// What people call it.
    pub label: &'static str,
    /// Who acted: an office, a network, or the keeper.
    pub acting: Named,
    /// Day of supply.
    pub supplied_on: Day,
    /// Day it counts for.
    pub book_on: Day,
    /// Why that is a later one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted_later: Option<CountedLater>,
    /// When it was recorded; for those who may see that part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Instant>,
    /// Account that recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorder: Option<String>,
    /// Goods.
    pub movements: Vec<MovementView>,
    /// Lots that went into lots.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkView>,
    /// Money.
    pub postings: Vec<PostingView>,
    /// What an order wants, to both offices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted: Option<WantedView>,
    /// Entry that it takes back or puts right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reverses: Option<EntryId>,
    /// Entry that takes it back or puts it right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reversed_by: Option<EntryId>,
    /// Order, shipment, original.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<ReferenceView>,
    /// What the acting body wrote, for those who may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnView>,
}

/// What the acting body wrote.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OwnView {
    /// Its key.
    pub key: String,
    /// Import or bulk it came with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// Agreement whose terms were used, by code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<String>,
    /// The act's own fields as they were sent.
    pub act: Value,
    /// メモ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// 理由.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// SHA-256 of evidence files, hex.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

/// Another entry or thing that an entry refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReferenceView {
    /// As what, for people.
    pub role: &'static str,
    /// Its id.
    pub id: uuid::Uuid,
}

/// Goods that moved.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MovementView {
    /// Lot.
    pub lot: String,
    /// Product.
    pub product: Named,
    /// From which place, held by whom.
    pub from: PlaceView,
    /// To which place, held by whom.
    pub to: PlaceView,
    /// How much.
    pub quantity: Decimal,
    /// Unit.
    pub unit: String,
    /// The lot was chosen by rule (earliest expiry), nobody looked at its label.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
    /// 数える前に売れた分: the book did not have it there when it was sold, so it was found in the same entry.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ahead_of_count: bool,
}

/// Of one lot this much went into another.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LinkView {
    /// What went in.
    pub input: String,
    /// What came out.
    pub output: String,
    /// Quantity of the input; below nought where it was taken back.
    pub quantity: Decimal,
    /// Unit of the input.
    pub unit: String,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PlaceView {
    /// Kind, for people.
    pub place: &'static str,
    /// Whose the goods are.
    pub owner: Named,
    /// Who has them.
    pub holder: Named,
}

/// Yen on an account.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PostingView {
    /// Whose books: an office or a head office.
    pub unit: Named,
    /// Section of an office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<Section>,
    /// Account.
    pub account: AccountKind,
    /// Account, for people.
    pub label: &'static str,
    /// Who is owed or owes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<Named>,
    /// Debit +, credit −.
    pub yen: Yen,
    /// Class and rate as used.
    pub tax: TaxRate,
    /// 作業種別.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<String>,
}

/// Whether the book has an entry under this key of the keeper.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn keeper_recorded(book: &Book, key: &domain::text::Key) -> Result<bool, ViewError> {
    let snapshot = book.store().snapshot().await?;
    Ok(snapshot.entry(entry_id(Acting::Keeper, key)).await?.is_some())
}

/// The entry an office recorded under a key; `None` when there is none, or when the viewer may not know of it.
///
/// # Errors
/// [`ViewError::Store`]; [`ViewError::Broken`] when the entry moves a lot that is not in the book.
pub async fn entry(
    book: &Book,
    viewer: &Viewer,
    reference: &EntryRef,
) -> Result<Option<EntryView>, ViewError> {
    let moment = book.moment().await?;
    let Some(acting) = reference.acting(&moment.masters, Acting::Keeper) else {
        return Ok(None);
    };
    let Some(entry) = moment.snapshot.entry(entry_id(acting, &reference.key)).await? else {
        return Ok(None);
    };
    Ok(views(&moment, viewer, vec![entry]).await?.pop())
}

/// The entry that is pointed at; `None` when there is none, or when the viewer may not know of it.
///
/// # Errors
/// As [`entry`].
pub async fn entry_at(
    book: &Book,
    viewer: &Viewer,
    pointer: &EntryPointer,
) -> Result<Option<EntryView>, ViewError> {
    let moment = book.moment().await?;
    let seq = match entry_name::position(book, &moment.masters, pointer, moment.size).await {
        Ok(seq) => seq,
        Err(NotNamed::Store(error)) => return Err(error.into()),
        Err(NotNamed::NoEntry(_) | NotNamed::NoSuchCode(_)) => return Ok(None),
    };
    let found = moment.snapshot.whole_entries(&[seq]).await?;
    let entries = found.into_iter().filter(|(at, _)| *at == seq);
    let entries = entries.map(|(_, whole)| whole.entry).collect();
    Ok(views(&moment, viewer, entries).await?.pop())
}

/// Entries as the viewer sees them; those that they may not know of are left out.
pub(crate) async fn views(
    moment: &Moment,
    viewer: &Viewer,
    entries: Vec<Entry>,
) -> Result<Vec<EntryView>, ViewError> {
    let gate = viewer.gate(&moment.masters);
    let snapshot = &moment.snapshot;
    let seqs: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
    let lots: Vec<LotId> = entries.iter().flat_map(lots_of).collect();
    let lots = snapshot.lots_by_id(&lots).await?;
    let lots = lots.into_iter().map(|kept| (kept.lot.id, kept)).collect();
    let texts = snapshot.texts_of(&seqs).await?;
    let mirrors = snapshot.mirrors_of(&seqs).await?;
    let of = Of {
        gate,
        lots,
        masters: &moment.masters,
    };
    let mut views = Vec::new();
    for entry in entries {
        let texts = texts.get(&entry.seq).map_or(&[][..], Vec::as_slice);
        let mirror = mirrors.get(&entry.seq).copied();
        // seldom, and only of what may be seen: it asks the book once more
        let later = match gate.parts(&entry) {
            Some(_) => later(moment, gate, &entry).await?,
            None => None,
        };
        views.extend(of.view(entry, texts, mirror)?.map(|view| EntryView {
            counted_later: later,
            ..view
        }));
    }
    Ok(views)
}

fn lots_of(entry: &Entry) -> impl Iterator<Item = LotId> + '_ {
    let moved = entry.movements.iter().map(|movement| movement.lot);
    moved.chain(entry.links.iter().flat_map(|link| [link.input, link.output]))
}

struct Of<'a> {
    gate: Gate<'a>,
    masters: &'a Masters,
    lots: HashMap<LotId, KeptLot>,
}

impl Of<'_> {
    fn view(
        &self,
        entry: Entry,
        texts: &[(TextRole, String)],
        reversed_by: Option<EntryId>,
    ) -> Result<Option<EntryView>, ViewError> {
        let Some(parts) = self.gate.parts(&entry) else {
            return Ok(None);
        };
        let day = entry.supplied_on;
        let sees = |place: Place| self.gate.sees_goods(place.owner, place.holder, entry.book_on);
        let moved = entry.movements.iter();
        let moved: Vec<&Movement> = moved
            .filter(|movement| sees(movement.from) | sees(movement.to))
            .collect();
        let linked = |link: &&Link| {
            let is_shown = |lot: LotId| moved.iter().any(|movement| movement.lot == lot);
            is_shown(link.input) && is_shown(link.output)
        };
        // a count finds what is there; whatever else finds goods was short of them
        let is_count = match act_of(&entry) {
            Some(Act::Correct(act)) => matches!(act.right, Act::Count(_)),
            act => matches!(act, Some(Act::Count(_))),
        };
        let links = entry.links.iter().filter(linked).map(|link| self.link(link));
        let postings = entry.postings.iter().filter(|posting| parts.shows(posting));
        let references = entry.references.iter();
        let references = references.filter(|reference| reference.role != ReferenceRole::Reverses);
        Ok(Some(EntryView {
            id: entry.id,
            seq: entry.seq,
            label: Act::label(&entry.kind),
            acting: acting(self.masters, entry.acting, day),
            supplied_on: day,
            book_on: entry.book_on,
            counted_later: None,
            recorded_at: parts.record.then_some(entry.recorded_at),
            recorder: parts.record.then(|| entry.recorder.clone()),
            movements: moved
                .iter()
                .map(|movement| self.movement(movement, day, is_count))
                .collect::<Result<_, _>>()?,
            links: links.collect::<Result<_, _>>()?,
            postings: postings.map(|posting| self.posting(posting, day)).collect(),
            wanted: orders::wanted(self.masters, &entry, day),
            reverses: entry.reverses,
            reversed_by,
            references: references
                .map(|reference| ReferenceView {
                    role: reference.role.label(),
                    id: reference.id,
                })
                .collect(),
            own: parts.acting.then(|| self.own(&entry, texts)),
            kind: entry.kind,
        }))
    }

    fn own(&self, entry: &Entry, texts: &[(TextRole, String)]) -> OwnView {
        let text = |role| {
            let found = texts.iter().find(|(other, _)| *other == role);
            found.map(|(_, text)| text.clone())
        };
        let agreement = entry.agreement.and_then(|id| self.masters.agreement(id));
        OwnView {
            key: entry.key.to_string(),
            group: entry.group,
            agreement: agreement.map(|agreement| agreement.code.to_string()),
            act: serde_json::from_slice(&entry.payload).unwrap_or_default(),
            note: text(TextRole::Note),
            reason: text(TextRole::Reason),
            evidence: entry.evidence.iter().map(hex::encode).collect(),
        }
    }

    fn lot(&self, lot: LotId) -> Result<(String, &Product), ViewError> {
        let kept = self.lots.get(&lot).ok_or(ViewError::Broken { what: "ロット" })?;
        let of_product = self.masters.product(kept.lot.product);
        let of_product = of_product.ok_or(ViewError::Broken { what: "品目" })?;
        Ok((kept.lot.code.to_string(), of_product))
    }

    fn movement(&self, movement: &Movement, day: Day, is_count: bool) -> Result<MovementView, ViewError> {
        let (lot, of_product) = self.lot(movement.lot)?;
        Ok(MovementView {
            lot,
            product: product(self.masters, of_product, day),
            from: self.place(movement.from, day),
            to: self.place(movement.to, day),
            quantity: of_product.unit.decimal(movement.quantity.get()),
            unit: of_product.unit.name.clone(),
            assumed: movement.assumed,
            ahead_of_count: movement.from.kind == PlaceKind::Found && !is_count,
        })
    }

    fn link(&self, link: &Link) -> Result<LinkView, ViewError> {
        let (input, of_product) = self.lot(link.input)?;
        let (output, _) = self.lot(link.output)?;
        Ok(LinkView {
            input,
            output,
            quantity: of_product.unit.decimal(link.quantity),
            unit: of_product.unit.name.clone(),
        })
    }

    fn place(&self, place: Place, day: Day) -> PlaceView {
        PlaceView {
            place: place.kind.label(),
            owner: party(self.masters, place.owner, day),
            holder: party(self.masters, place.holder, day),
        }
    }

    fn posting(&self, posting: &Posting, day: Day) -> PostingView {
        let account = &posting.account;
        let (unit, section) = match account.unit {
            BookUnit::Office(office, section) => (PartyId::from(office), Some(section)),
            BookUnit::Head(corporation) => (PartyId::from(corporation), None),
        };
        PostingView {
            unit: party(self.masters, unit, day),
            section,
            account: account.kind,
            label: account.kind.label(),
            party: account.party.map(|other| party(self.masters, other, day)),
            yen: posting.yen,
            tax: posting.tax,
            work: posting.work.as_ref().map(ToString::to_string),
        }
    }
}
