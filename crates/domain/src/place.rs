//! 置き場: where goods are and whose they are.

use crate::id::{OfficeId, PartyId};
use uuid::Uuid;

/// Kinds of places. Numbers are written into canonical bytes and rows: kinds may be added, never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum PlaceKind {
    /// 生産: goods come from nothing.
    Made = 1,
    /// 外: goods come from or go back to a partner.
    Outside = 2,
    /// 使用: ingredients, meals, samples.
    Used = 3,
    /// 販売済み.
    Sold = 4,
    /// 廃棄・紛失.
    Lost = 5,
    /// 棚卸で見つかった, or sold ahead of the count.
    Found = 6,
    /// 在庫.
    Store = 11,
    /// 配送中: reference = the shipment's entry.
    Transit = 12,
    /// 委託先の棚.
    Shelf = 13,
    /// 出店: reference = the event.
    Stall = 14,
    /// 預かり品 (支給材): reference = the job.
    Held = 15,
}

impl PlaceKind {
    /// All kinds.
    pub const ALL: [PlaceKind; 11] = [
        PlaceKind::Made,
        PlaceKind::Outside,
        PlaceKind::Used,
        PlaceKind::Sold,
        PlaceKind::Lost,
        PlaceKind::Found,
        PlaceKind::Store,
        PlaceKind::Transit,
        PlaceKind::Shelf,
        PlaceKind::Stall,
        PlaceKind::Held,
    ];

    /// Inner places never go below nought; boundary places may.
    pub const fn is_inner(self) -> bool {
        self as u8 >= 11
    }

    /// The number in rows and bytes.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// From the number.
    pub fn from_number(number: u8) -> Option<PlaceKind> {
        PlaceKind::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            PlaceKind::Made => "生産",
            PlaceKind::Outside => "外部",
            PlaceKind::Used => "使用",
            PlaceKind::Sold => "販売",
            PlaceKind::Lost => "廃棄・紛失",
            PlaceKind::Found => "棚卸差",
            PlaceKind::Store => "在庫",
            PlaceKind::Transit => "配送中",
            PlaceKind::Shelf => "委託棚",
            PlaceKind::Stall => "出店",
            PlaceKind::Held => "預かり",
        }
    }
}

/// A place: kind, owner (whose the goods are), holder (who has them), and the shipment, event or job where the kind
/// needs one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Kind.
    pub kind: PlaceKind,
    /// Whose the goods are.
    pub owner: PartyId,
    /// Who has them.
    pub holder: PartyId,
    /// Shipment, event or job.
    pub reference: Option<Uuid>,
}

impl Place {
    /// A place whose owner holds the goods: store and the boundary places.
    pub fn own(kind: PlaceKind, owner: impl Into<PartyId>) -> Place {
        let owner = owner.into();
        Place {
            kind,
            owner,
            holder: owner,
            reference: None,
        }
    }

    /// 在庫 of an office.
    pub fn store(office: OfficeId) -> Place {
        Place::own(PlaceKind::Store, office)
    }

    /// On the way from owner to receiver under a shipment.
    pub fn transit(owner: OfficeId, receiver: OfficeId, shipment: Uuid) -> Place {
        let (owner, holder) = (owner.into(), receiver.into());
        Place {
            kind: PlaceKind::Transit,
            owner,
            holder,
            reference: Some(shipment),
        }
    }

    /// The owner's goods on the holder's shelf.
    pub fn shelf(owner: OfficeId, holder: impl Into<PartyId>) -> Place {
        Place {
            kind: PlaceKind::Shelf,
            owner: owner.into(),
            holder: holder.into(),
            reference: None,
        }
    }

    /// Whether the place may not go below nought.
    pub const fn is_inner(&self) -> bool {
        self.kind.is_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_and_read_back() {
        for kind in PlaceKind::ALL {
            assert_eq!(PlaceKind::from_number(kind.number()), Some(kind));
        }
        assert_eq!(PlaceKind::from_number(0), None);
        assert!(PlaceKind::Store.is_inner() && !PlaceKind::Found.is_inner());
    }
}
