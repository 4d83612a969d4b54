//! How much of a trace a viewer sees. Backward it is the way that led to them. Forward the maker sees all that became of
//! the goods (whom to call in a recall); who only bought some of a lot sees what they themselves did with it, not what
//! others bought of the same lot.

use super::history::{Event, History, UsedAt};
use crate::{viewer::Gate, views::ViewError};
use domain::{
    account::BookUnit,
    calendar::Day,
    id::OfficeId,
    lot::Lot,
    place::Place,
    trace::{Direction, Edge},
};
use std::collections::{BTreeSet, HashMap};
use store::{KeptLot, Snapshot};

/// What of a tree is seen, as it is walked.
pub struct Sight<'a> {
    gate: Gate<'a>,
    direction: Direction,
    today: Day,
    /// Lots of which all is seen forward: made by an office the viewer follows, or made of such ones.
    whole: BTreeSet<i64>,
}

impl<'a> Sight<'a> {
    /// `None` when the lot does not exist for the viewer: it never was where they may look.
    pub async fn of(
        snapshot: &Snapshot,
        gate: Gate<'a>,
        root: &KeptLot,
        direction: Direction,
        today: Day,
    ) -> Result<Option<Sight<'a>>, ViewError> {
        let mut sight = Sight {
            gate,
            direction,
            today,
            whole: BTreeSet::new(),
        };
        if sight.follows_maker(&root.lot) {
            sight.whole.insert(root.no);
            return Ok(Some(sight));
        }
        let history = History::read(snapshot, &[root.no]).await?;
        let passed = history
            .of(root.no)
            .iter()
            .any(|event| sight.touches_viewer(event));
        Ok(passed.then_some(sight))
    }

    /// With which right.
    pub fn gate(&self) -> Gate<'a> {
        self.gate
    }

    /// Forward: leaves only the links that may be followed.
    pub async fn follow(&mut self, snapshot: &Snapshot, links: &mut Vec<Edge<i64>>) -> Result<(), ViewError> {
        let beyond: Vec<i64> = links
            .iter()
            .filter(|link| !self.whole.contains(&link.input))
            .map(|link| link.output)
            .collect();
        let lots = snapshot.lots(&beyond).await?;
        let lots: HashMap<i64, Lot> = lots.into_iter().map(|kept| (kept.no, kept.lot)).collect();
        links.retain(|link| {
            self.whole.contains(&link.input)
                || lots
                    .get(&link.output)
                    .is_some_and(|output| self.follows_maker(output))
        });
        self.whole.extend(links.iter().map(|link| link.output));
        Ok(())
    }

    /// Backward: where the viewer had the lot asked for, so that only the ways there are shown; empty for all ways.
    pub fn ways_to_viewer(&self, history: &History, lot: i64) -> Vec<UsedAt> {
        if self.whole.contains(&lot) {
            return Vec::new();
        }
        let had = history.of(lot).iter().filter_map(|event| {
            let (office, until) = (event.receiver(), event.book_on);
            let follows = self.gate.follows(OfficeId(office.0), until);
            follows.then_some(UsedAt { office, until })
        });
        had.collect()
    }

    /// Whether a passage may be shown. Backward those of other lots are on the way already; to the lot asked for it leads
    /// over offices that the viewer need not follow.
    pub fn shows_passage(&self, event: &Event, ways: &[UsedAt]) -> bool {
        let on_the_way = self.direction == Direction::Backward && !ways.is_empty();
        self.shows_all_of(event.moved.lot) || on_the_way || self.touches_viewer(event)
    }

    /// Whether it may be shown that some of a lot is at a place now.
    pub fn shows_place(&self, lot: i64, place: Place) -> bool {
        self.shows_all_of(lot) || self.gate.sees_goods(place.owner, place.holder, self.today)
    }

    /// Whether it may be shown how some of a lot ended.
    pub fn shows_end(&self, event: &Event, end: Place) -> bool {
        self.shows_all_of(event.moved.lot)
            || self
                .gate
                .sees_goods(end.owner, event.office_of_end(end), event.book_on)
    }

    /// Whether the customer of a sale may be named: that stands in the seller's books.
    pub fn knows_customer(&self, event: &Event) -> bool {
        let seller = BookUnit::production(OfficeId(event.moved.from.holder.0));
        self.gate.sees_books(seller, event.book_on)
    }

    fn shows_all_of(&self, lot: i64) -> bool {
        self.whole.contains(&lot)
    }

    fn follows_maker(&self, lot: &Lot) -> bool {
        self.gate.follows(OfficeId(lot.maker.0), lot.made_on)
    }

    fn touches_viewer(&self, event: &Event) -> bool {
        let (from, to) = (event.moved.from, event.moved.to);
        self.gate.sees_goods(from.owner, from.holder, event.book_on)
            || self.gate.sees_goods(to.owner, to.holder, event.book_on)
    }
}
