//! An entry in the making: the acts say what moves, the draft keeps the rules that all acts share.

mod balance;
mod goods;
mod look_up;
mod mirror;
mod money;
mod stock;

pub use goods::{Goods, NewLot};
pub use money::Amount;

use crate::{
    acts::Rules,
    calendar::{Day, Month},
    command::Command,
    entry::{Birth, Link, Movement, Posting, Reference, ReferenceRole},
    facts::{EntryFact, Facts},
    id::{Acting, AgreementId, EntryId, OfficeId},
    lot::Lot,
    masters::Masters,
    place::Place,
    refusal::{Refusal, Stop, Why},
    text::Key,
};
use std::collections::{BTreeMap, BTreeSet};

/// Most lines of one act.
pub const LINES_LIMIT: usize = 500;

/// What an act has drafted so far.
pub struct Draft<'a> {
    facts: &'a Facts,
    command: &'a Command,
    acting: Acting,
    id: EntryId,
    today: Day,
    /// Offices assumed at the start and found since.
    offices: BTreeSet<OfficeId>,
    supplied_on: Day,
    book_on: Day,
    agreement: Option<AgreementId>,
    references: Vec<Reference>,
    reverses: Option<EntryId>,
    /// The first version of what a correction puts right; its lots keep their birth, its shipment its id.
    corrects: Option<EntryFact>,
    births: Vec<Birth>,
    born: BTreeMap<crate::id::LotId, Lot>,
    movements: Vec<Movement>,
    /// Net of the draft's own movements.
    pending: BTreeMap<(crate::id::LotId, Place), i64>,
    links: Vec<Link>,
    postings: Vec<Posting>,
    lots_made: usize,
}

/// What a finished draft hands over.
#[derive(Clone, Debug, PartialEq)]
pub struct Drafted {
    /// Day of supply.
    pub supplied_on: Day,
    /// Day it counts for.
    pub book_on: Day,
    /// Agreement used.
    pub agreement: Option<AgreementId>,
    /// References.
    pub references: Vec<Reference>,
    /// What it mirrors.
    pub reverses: Option<EntryId>,
    /// Lots born or amended.
    pub births: Vec<Birth>,
    /// Goods.
    pub movements: Vec<Movement>,
    /// Lots into lots.
    pub links: Vec<Link>,
    /// Money.
    pub postings: Vec<Posting>,
    /// All offices touched.
    pub offices: BTreeSet<OfficeId>,
}

impl<'a> Draft<'a> {
    /// An empty draft; `offices` are those the act is assumed to touch.
    pub fn new(
        facts: &'a Facts,
        command: &'a Command,
        acting: Acting,
        id: EntryId,
        today: Day,
        offices: BTreeSet<OfficeId>,
    ) -> Result<Draft<'a>, Stop> {
        let supplied_on = command.head.supplied_on;
        let book_on = if command.act.is_dealing() {
            open_day(&facts.masters, &offices, supplied_on, today)?
        } else {
            supplied_on
        };
        Ok(Draft {
            facts,
            command,
            acting,
            id,
            today,
            offices,
            supplied_on,
            book_on,
            agreement: None,
            references: Vec::new(),
            reverses: None,
            corrects: None,
            births: Vec::new(),
            born: BTreeMap::new(),
            movements: Vec::new(),
            pending: BTreeMap::new(),
            links: Vec::new(),
            postings: Vec::new(),
            lots_made: 0,
        })
    }

    /// Master data.
    pub fn masters(&self) -> &'a Masters {
        &self.facts.masters
    }

    /// All facts.
    pub fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// Who acts.
    pub fn acting(&self) -> Acting {
        self.acting
    }

    /// The key under which ids of new things are derived: in a correction the original's.
    pub fn key(&self) -> (Acting, &Key) {
        match &self.corrects {
            None => (self.acting, &self.command.head.key),
            Some(original) => (original.entry.acting, &original.entry.key),
        }
    }

    /// The entry's own id.
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// Today in Asia/Tokyo.
    pub fn today(&self) -> Day {
        self.today
    }

    /// Day of supply: rate, agreement, price.
    pub fn supplied_on(&self) -> Day {
        self.supplied_on
    }

    /// Day it counts for stock and balances.
    pub fn book_on(&self) -> Day {
        self.book_on
    }

    /// Offices touched so far.
    pub fn offices(&self) -> &BTreeSet<OfficeId> {
        &self.offices
    }

    /// Says that the act concerns an office.
    pub fn touch(&mut self, office: OfficeId) {
        self.offices.insert(office);
    }

    /// The acting office; refused when the keeper or a network acts.
    pub fn office(&self) -> Result<OfficeId, Refusal> {
        self.acting
            .office()
            .ok_or_else(|| Refusal::at("office", Why::OfficeNeeded))
    }

    /// Refuses when an office acts: what concerns the whole book is the keeper's or a network's.
    pub fn keeper_acts(&self) -> Result<(), Refusal> {
        match self.acting {
            Acting::Keeper | Acting::Network(_) => Ok(()),
            Acting::Office(_) => Err(Refusal::at("office", Why::OnlyKeeper)),
        }
    }

    /// Notes under which agreement the act is done.
    pub fn under(&mut self, agreement: AgreementId) {
        self.agreement = Some(agreement);
    }

    /// Refers to an entry or thing.
    pub fn refer(&mut self, role: ReferenceRole, id: uuid::Uuid) {
        let reference = Reference { role, id };
        if !self.references.contains(&reference) {
            self.references.push(reference);
        }
    }

    /// Whether a reason was given.
    pub fn has_reason(&self) -> bool {
        self.command
            .head
            .texts
            .iter()
            .any(|(role, _)| *role == crate::entry::TextRole::Reason)
    }

    /// Refuses an act without a reason.
    pub fn reason_is_due(&self) -> Result<(), Refusal> {
        if self.has_reason() {
            Ok(())
        } else {
            Err(Refusal::at("reason", Why::ReasonMissing))
        }
    }

    /// Refuses an act without lines, or with too many.
    pub fn lines_are_sound(&self, field: &str, count: usize) -> Result<(), Refusal> {
        match count {
            0 => Err(Refusal::at(field, Why::NoLines)),
            1..=LINES_LIMIT => Ok(()),
            _ => Err(Refusal::at(field, Why::TooManyLines { limit: LINES_LIMIT })),
        }
    }

    /// The last checks every entry passes, whatever the act.
    pub fn finish(self) -> Result<Drafted, Stop> {
        self.lots_are_loaded()?;
        self.check_stock()?;
        let drafted = Drafted {
            supplied_on: self.supplied_on,
            book_on: self.book_on,
            agreement: self.agreement,
            references: self.references,
            reverses: self.reverses,
            births: self.births,
            movements: self.movements,
            links: self.links,
            postings: self.postings,
            offices: self.offices,
        };
        money::check(&drafted.postings, &self.facts.masters)?;
        Ok(drafted)
    }
}

/// The day a dealing of a day counts for: that day, unless its month is closed for an office it touches; then the
/// first day open for every one of them.
pub(crate) fn open_day(
    masters: &Masters,
    offices: &BTreeSet<OfficeId>,
    day: Day,
    today: Day,
) -> Result<Day, Refusal> {
    let closed: Option<Month> = offices
        .iter()
        .filter_map(|office| masters.closed_through(*office))
        .max();
    match closed {
        Some(closed) if day.month() <= closed => {
            let open = closed.next().map(Month::first_day).filter(|open| *open <= today);
            open.ok_or_else(|| Refusal::at("supplied_on", Why::NoOpenDay))
        }
        _ => Ok(day),
    }
}
