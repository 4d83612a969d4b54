//! Parties, products and lots as people know them.

use crate::viewer::Gate;
use domain::{
    account::BookUnit,
    calendar::Day,
    id::{Acting, OfficeId, PartnerId, PartyId},
    lot::{Allergens, BestBefore, Lot},
    masters::{Masters, PUBLIC_CODE, Product},
};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

/// Something with a code and a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct Named {
    /// Code; for a product with its office, `a/carrot`.
    pub code: String,
    /// Name of the day in question.
    pub name: String,
    /// How the name is read, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kana: Option<String>,
}

impl Named {
    /// Without a reading.
    pub fn new(code: impl Into<String>, name: impl Into<String>) -> Named {
        Named {
            code: code.into(),
            name: name.into(),
            kana: None,
        }
    }
}

/// An office, partner or head office as named on a day.
pub fn party(masters: &Masters, party: PartyId, day: Day) -> Named {
    let code = masters.as_office(party).map(|office| office.code.to_string());
    let code = code.or_else(|| {
        masters
            .partner(PartnerId(party.0))
            .map(|partner| partner.code.to_string())
    });
    if let Some(head) = masters
        .corporations()
        .find(|head| PartyId::from(head.id) == party)
    {
        let name = head
            .facts
            .on_or_first(day)
            .map(|facts| format!("{} 本部", facts.name));
        return Named::new(head.code.as_str(), name.unwrap_or_default());
    }
    let facts = masters
        .as_office(party)
        .and_then(|office| office.facts.on_or_first(day));
    Named {
        kana: facts
            .and_then(|facts| facts.kana.as_ref())
            .map(ToString::to_string),
        ..Named::new(
            code.unwrap_or_else(|| PUBLIC_CODE.to_owned()),
            masters.party_name(party, day),
        )
    }
}

/// Who acted, as named on a day.
pub fn acting(masters: &Masters, who: Acting, day: Day) -> Named {
    match who {
        Acting::Keeper => Named::new("keeper", "帳簿の管理者"),
        Acting::Office(office) => party(masters, office.into(), day),
        Acting::Network(id) => {
            let network = masters.networks().find(|network| network.id == id);
            let name = network.and_then(|network| network.name.on_or_first(day));
            Named::new(
                network.map_or_else(String::new, |network| network.code.to_string()),
                name.map_or_else(String::new, ToString::to_string),
            )
        }
    }
}

/// A product as named on a day.
pub fn product(masters: &Masters, product: &Product, day: Day) -> Named {
    let office = masters
        .office(product.office)
        .map_or("", |office| office.code.as_str());
    let facts = product.facts.on_or_first(day);
    let name = facts.map_or(product.code.as_str(), |facts| facts.name.as_str());
    Named {
        kana: facts
            .and_then(|facts| facts.kana.as_ref())
            .map(ToString::to_string),
        ..Named::new(format!("{office}/{}", product.code), name)
    }
}

/// A lot with what is written on its label and what is known of where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LotView {
    /// Code on the label.
    pub code: String,
    /// Product.
    pub product: Named,
    /// Unit of all its quantities.
    pub unit: String,
    /// All there ever was of it.
    pub size: Decimal,
    /// Office that made it or bought it in.
    pub maker: Named,
    /// Made, harvested or bought on.
    pub made_on: Day,
    /// 期限.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_before: Option<BestBefore>,
    /// 畑・作業場.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// 産地.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Supplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier: Option<Named>,
    /// The supplier's own lot number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier_lot: Option<String>,
    /// Allergens, inherited ones included.
    pub allergens: Allergens,
    /// Found at a count, nobody knows where it came from.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub origin_unknown: bool,
    /// Offices that say it is not their own (うちのものではない).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disowned_by: Vec<Named>,
}

impl LotView {
    /// A lot of which there ever were `size` smallest steps.
    ///
    /// From whom it was bought belongs to the maker's books.
    pub fn of(gate: Gate<'_>, lot: &Lot, of_product: &Product, size: i64) -> LotView {
        let (day, masters) = (lot.made_on, gate.masters());
        let is_own = gate.sees_books(BookUnit::production(OfficeId(lot.maker.0)), day);
        LotView {
            code: lot.code.to_string(),
            product: product(masters, of_product, day),
            unit: of_product.unit.name.clone(),
            size: of_product.unit.decimal(size),
            maker: party(masters, lot.maker, day),
            made_on: day,
            best_before: lot.best_before,
            field: lot.field.as_ref().map(ToString::to_string),
            origin: lot.origin.as_ref().map(ToString::to_string),
            supplier: lot
                .supplier
                .filter(|_| is_own)
                .map(|supplier| party(masters, supplier, day)),
            supplier_lot: lot
                .supplier_lot
                .as_ref()
                .filter(|_| is_own)
                .map(ToString::to_string),
            allergens: lot.allergens.clone(),
            origin_unknown: lot.origin_unknown,
            disowned_by: masters
                .disowned_by(&lot.code)
                .map(|office| party(masters, office.into(), day))
                .collect(),
        }
    }
}
