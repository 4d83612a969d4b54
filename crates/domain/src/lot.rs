//! ロット: one batch of one product, made or bought once by one office; never merged, never deleted.

use crate::{
    calendar::Day,
    id::{LotId, PartyId, ProductId},
    text::{LotCode, Name},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How long goods keep: 消費期限 (to the hour where needed) or 賞味期限.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BestBefore {
    /// The last good day.
    pub day: Day,
    /// The last good hour of that day, 0 ..= 24 (食品表示: 消費期限 of bento to the hour).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(maximum = 24))]
    pub hour: Option<u8>,
    /// `true` for 消費期限 (use by), `false` for 賞味期限 (best before).
    #[serde(default)]
    pub use_by: bool,
}

/// What is known about allergens. Unknown is not free.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Allergens {
    /// 含む: names as in the dated list (卵, 小麦 …).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub contains: BTreeSet<Name>,
    /// 含む可能性.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub may_contain: BTreeSet<Name>,
    /// Nobody has stated the list of at least one ingredient.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unknown: bool,
}

impl Allergens {
    /// What goods made of both carry.
    #[must_use]
    pub fn union(&self, other: &Allergens) -> Allergens {
        let contains: BTreeSet<Name> = self.contains.union(&other.contains).cloned().collect();
        let may_contain = self.may_contain.union(&other.may_contain);
        let may_contain = may_contain
            .filter(|name| !contains.contains(*name))
            .cloned()
            .collect();
        Allergens {
            contains,
            may_contain,
            unknown: self.unknown || other.unknown,
        }
    }
}

/// The facts of a lot, fixed at its birth (a correction may amend them; the last amendment holds).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lot {
    /// Id.
    pub id: LotId,
    /// Code on the label; unique in the book.
    pub code: LotCode,
    /// Product.
    pub product: ProductId,
    /// Office that made it or bought it in; for goods a client provides, the client.
    pub maker: PartyId,
    /// 製造日・収穫日・仕入日.
    pub made_on: Day,
    /// 期限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best_before: Option<BestBefore>,
    /// 産地 (rice: by law, to be passed on).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Name>,
    /// 畑・作業場 where it was grown or made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Name>,
    /// Supplier it was bought from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<PartyId>,
    /// The supplier's own lot number, as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier_lot: Option<Name>,
    /// Allergens, own and inherited from what went in.
    #[serde(default)]
    pub allergens: Allergens,
    /// Found at a count without a known origin.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub origin_unknown: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allergens_are_inherited_and_unknown_stays_unknown() {
        let name = |text: &str| text.parse::<Name>().unwrap();
        let egg = Allergens {
            contains: [name("卵")].into(),
            ..Allergens::default()
        };
        let trace = Allergens {
            may_contain: [name("卵"), name("乳")].into(),
            unknown: true,
            ..Allergens::default()
        };
        let both = egg.union(&trace);
        assert_eq!(both.contains, [name("卵")].into());
        assert_eq!(both.may_contain, [name("乳")].into());
        assert!(both.unknown);
    }
}
