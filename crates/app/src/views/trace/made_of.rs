//! A lot with all lots it was made of, whoever made them: for labels and for the public page, which say the names and the
//! allergens of a chain and nothing else of it.

use super::{Question, history::History};
use crate::{moment::Moment, views::ViewError};
use domain::{
    lot::{Allergens, Lot},
    place::PlaceKind,
    trace::{Direction, Walk, size},
};
use std::collections::HashMap;
use store::KeptLot;

/// A lot and what it was made of.
pub(crate) struct MadeOf {
    /// Lots that offices made themselves, the root not among them. What was bought from outside is not: where somebody buys
    /// is their own business.
    pub lots: Vec<Lot>,
    /// Allergens of the whole chain as they are known now. A list that was put right after it was inherited counts as it is
    /// now.
    pub allergens: Allergens,
}

/// What a lot was made of; none for a lot whose birth was taken back.
pub(crate) async fn made_of(moment: &Moment, root: &KeptLot) -> Result<Option<MadeOf>, ViewError> {
    let snapshot = &moment.snapshot;
    let stock = snapshot.stock_of(&[root.no]).await?;
    if size(stock.into_iter().map(|row| (row.place, row.quantity))) == 0 {
        return Ok(None);
    }
    let mut walk = Walk::new(root.no, Direction::Backward, Question::LEVELS);
    while !walk.wanted().is_empty() {
        let links = snapshot.links(Direction::Backward, walk.wanted()).await?;
        walk.feed(links);
    }
    let numbers: Vec<i64> = walk.lots().collect();
    let lots = snapshot.lots(&numbers).await?;
    let lots: HashMap<i64, Lot> = lots.into_iter().map(|kept| (kept.no, kept.lot)).collect();
    let history = History::read(snapshot, &numbers).await?;
    // what lies beyond the last level is not known, so it is not free of anything
    let beyond = Allergens {
        unknown: !walk.unread().is_empty(),
        ..Allergens::default()
    };
    let mut found = MadeOf {
        lots: Vec::new(),
        allergens: beyond,
    };
    for no in numbers {
        let lot = lots.get(&no).ok_or(ViewError::Broken { what: "lot" })?;
        found.allergens = found.allergens.union(&lot.allergens);
        found.allergens.unknown |= lot.origin_unknown;
        let mut events = history.of(no).iter();
        if no != root.no && events.any(|event| event.moved.from.kind == PlaceKind::Made) {
            found.lots.push(lot.clone());
        }
    }
    Ok(Some(found))
}
