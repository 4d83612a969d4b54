//! 追跡: from a lot back to what went into it, or forward to what it went into. Links were stored when goods were used,
//! so nothing is guessed here.
//!
//! [`Walk`] says which lots it wants the links of, level by level, and is fed; [`Walk::genealogy`] then works out how
//! much of each lot is meant:
//!
//! - **size** of a lot = all of it that ever was: what came in from 生産, 外部 and 棚卸差, less what went back there
//!   ([`size`]).
//! - **backward**, for an edge (input, output): part of the input in the traced goods = traced part of the output
//!   × quantity linked ÷ size of the output, counted in the input's unit. The root's traced part is its size, or the
//!   quantity asked for. Share = part ÷ size of the input ("8.3 % of this lot of carrots").
//! - **forward**: part of the root in the output = part of the root in the input × quantity linked ÷ size of the
//!   input, counted in the root's unit. Share = part ÷ the traced part of the root.
//!
//! A lot reached on several ways has the sum of them. Parts are exact fractions ([`Fraction`]), never floats.

mod fraction;
mod genealogy;
mod holding;
mod walk;

pub use fraction::Fraction;
pub use genealogy::{Genealogy, Meeting, Step};
pub use holding::{Lines, holding};
pub use walk::{Edge, Walk};

use crate::place::{Place, PlaceKind};

/// Which way a walk goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// さかのぼる: what went into the lot.
    Backward,
    /// 行き先: what the lot went into.
    Forward,
}

/// All of a lot that ever was, in smallest steps: its stock at all places but those where lots come from. 0 for a lot
/// whose birth was taken back.
pub fn size(stock: impl IntoIterator<Item = (Place, i64)>) -> i64 {
    let elsewhere = stock.into_iter().filter(|(place, _)| !is_source(place.kind));
    elsewhere
        .fold(0, |sum: i64, (_, quantity)| sum.saturating_add(quantity))
        .max(0)
}

/// Places that lots come from. What is sent back to 外部 never was there.
const fn is_source(kind: PlaceKind) -> bool {
    matches!(kind, PlaceKind::Made | PlaceKind::Outside | PlaceKind::Found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::OfficeId;

    #[test]
    fn the_size_of_a_lot_counts_what_is_found_and_what_is_gone() {
        let office = OfficeId(uuid::Uuid::from_u128(1));
        let at = |kind| Place::own(kind, office);
        // 20 made, 1 found ahead of the count; 12 used, 6 sold, 2 lost, 1 left
        let stock = [
            (at(PlaceKind::Made), -20),
            (at(PlaceKind::Found), -1),
            (at(PlaceKind::Used), 12),
            (at(PlaceKind::Sold), 6),
            (at(PlaceKind::Lost), 2),
            (at(PlaceKind::Store), 1),
        ];
        assert_eq!(size(stock), 21);
        assert_eq!(size([(at(PlaceKind::Made), 0), (at(PlaceKind::Store), 0)]), 0);
    }
}
