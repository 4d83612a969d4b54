//! What happened to lots: their movements that hold, each with its act and day.

use crate::views::ViewError;
use domain::{
    acts::Act,
    calendar::Day,
    id::PartyId,
    place::{Place, PlaceKind},
    trace::{Lines, holding},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{EntryHead, Moved, Snapshot};

/// A movement that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The movement.
    pub moved: Moved,
    /// Kind of act, for people: of a correction the act it put right.
    pub act: &'static str,
    /// Day of supply.
    pub supplied_on: Day,
    /// Day it counts for.
    pub book_on: Day,
}

impl Event {
    /// Came from outside: bought, or there at the opening.
    pub fn is_bought(&self) -> bool {
        self.moved.from.kind == PlaceKind::Outside
    }

    /// Another office becomes the owner.
    pub fn changes_owner(&self) -> bool {
        let to = matches!(self.moved.to.kind, PlaceKind::Store | PlaceKind::Sold);
        self.moved.from.is_inner() && to && self.moved.from.owner != self.moved.to.owner
    }

    /// Another office becomes owner, or holder on its shelf.
    pub fn is_passage(&self) -> bool {
        let onto_shelf = self.moved.from.kind == PlaceKind::Store && self.moved.to.kind == PlaceKind::Shelf;
        self.changes_owner() || onto_shelf
    }

    /// Who has the goods after a passage.
    pub fn receiver(&self) -> PartyId {
        match self.moved.to.kind {
            PlaceKind::Sold => self.moved.to.owner,
            _ => self.moved.to.holder,
        }
    }

    /// An end (sold, used, lost, sent back outside) that goods went to, or came back from: then below nought.
    pub fn gone(&self) -> Option<(&Event, Place, i64)> {
        let is_end =
            |place: &Place| matches!(place.kind, PlaceKind::Sold | PlaceKind::Used | PlaceKind::Lost);
        let Moved {
            from, to, quantity, ..
        } = self.moved;
        if is_end(&to) || to.kind == PlaceKind::Outside {
            Some((self, to, quantity))
        } else {
            is_end(&from).then_some((self, from, -quantity))
        }
    }

    /// The office where goods ended: who held them before, or has them back.
    pub fn office_of_end(&self, end: Place) -> PartyId {
        let other = if end == self.moved.to {
            self.moved.from
        } else {
            self.moved.to
        };
        match other.kind {
            // lost on the way to a receiver: told by who bears it
            PlaceKind::Transit => end.owner,
            _ => other.holder,
        }
    }
}

/// Movements that hold, by lot.
pub struct History {
    events: HashMap<i64, Vec<Event>>,
}

impl History {
    pub async fn read(snapshot: &Snapshot, lots: &[i64]) -> Result<History, ViewError> {
        let moved = snapshot.movements(lots).await?;
        let seqs: BTreeSet<u64> = moved.iter().map(|moved| moved.seq).collect();
        let heads = snapshot
            .entry_heads(&seqs.into_iter().collect::<Vec<u64>>())
            .await?;
        let mut lines: BTreeMap<i64, BTreeMap<u64, Lines<Moved>>> = BTreeMap::new();
        for moved in moved {
            let reverses = heads.get(&moved.seq).and_then(|head| head.reverses);
            let entry = lines.entry(moved.lot).or_default().entry(moved.seq);
            entry
                .or_insert_with(|| Lines {
                    reverses,
                    lines: Vec::new(),
                })
                .lines
                .push(moved);
        }
        let mut events = HashMap::new();
        for (lot, lines) in lines {
            let held = holding(lines).into_values().flatten();
            let of_lot = held
                .map(|moved| event(&heads, moved))
                .collect::<Result<Vec<Event>, ViewError>>()?;
            events.insert(lot, of_lot);
        }
        Ok(History { events })
    }

    /// All that happened to a lot and holds, in the order it was recorded.
    pub fn of(&self, lot: i64) -> &[Event] {
        self.events.get(&lot).map_or(&[], Vec::as_slice)
    }

    /// All that happened to any of the lots.
    pub fn all(&self) -> impl Iterator<Item = &Event> {
        self.events.values().flatten()
    }

    /// The last day on which a lot was made.
    pub fn made_until(&self, lot: i64) -> Option<Day> {
        let made = self
            .of(lot)
            .iter()
            .filter(|event| event.moved.from.kind == PlaceKind::Made);
        made.map(|event| event.supplied_on.max(event.book_on)).max()
    }

    /// What a lot's birth was: 生産, 仕入, 加工, 開始, or a count that found it.
    pub fn birth(&self, lot: i64) -> Option<&'static str> {
        let mut births = self.of(lot).iter().filter(|event| !event.moved.from.is_inner());
        births.next().map(|event| event.act)
    }

    /// Passages of a lot with what passed in each entry: those that can have led to where it was used, or all when no
    /// use is named.
    pub fn passages(&self, lot: i64, used: &[UsedAt]) -> Vec<(&Event, i64)> {
        let mut passages: Vec<(&Event, i64)> = Vec::new();
        for event in self.of(lot).iter().filter(|event| event.is_passage()) {
            let same = |(other, _): &&mut (&Event, i64)| {
                other.moved.seq == event.moved.seq
                    && other.moved.from.owner == event.moved.from.owner
                    && other.receiver() == event.receiver()
            };
            match passages.iter_mut().find(same) {
                Some((_, quantity)) => *quantity = quantity.saturating_add(event.moved.quantity),
                None => passages.push((event, event.moved.quantity)),
            }
        }
        if !used.is_empty() {
            let until = on_the_way(used, &passages);
            let led_there = |event: &Event| {
                until
                    .get(&event.receiver())
                    .is_some_and(|day| event.supplied_on <= *day)
            };
            passages.retain(|(event, _)| led_there(event));
        }
        passages.sort_by_key(|(event, _)| (event.book_on, event.moved.seq));
        passages
    }
}

/// Where and when at the latest a lot was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsedAt {
    /// Office.
    pub office: PartyId,
    /// Last day.
    pub until: Day,
}

/// Backwards from where it was used: which offices had it on the way, and until when what they had can have got there.
fn on_the_way(used: &[UsedAt], passages: &[(&Event, i64)]) -> HashMap<PartyId, Day> {
    let mut until: HashMap<PartyId, Day> = HashMap::new();
    let later = |office: PartyId, day: Day, until: &mut HashMap<PartyId, Day>| {
        let known = until.entry(office).or_insert(day);
        *known = day.max(*known);
    };
    for used in used {
        later(used.office, used.until, &mut until);
    }
    // each round takes the ways one passage further back
    for _ in 0..passages.len() {
        for (event, _) in passages {
            if until
                .get(&event.receiver())
                .is_some_and(|day| event.supplied_on <= *day)
            {
                later(event.moved.from.owner, event.supplied_on, &mut until);
            }
        }
    }
    until
}

fn event(heads: &BTreeMap<u64, EntryHead>, moved: Moved) -> Result<Event, ViewError> {
    let missing = || ViewError::Broken { what: "entry" };
    let head = heads.get(&moved.seq).ok_or_else(missing)?;
    let mut first = head;
    while first.kind == "correct"
        && let Some(target) = first.reverses
    {
        first = heads.get(&target).ok_or_else(missing)?;
    }
    Ok(Event {
        moved,
        act: Act::label(&first.kind),
        supplied_on: head.supplied_on,
        book_on: head.book_on,
    })
}
