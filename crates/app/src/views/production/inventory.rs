//! 棚卸高: what an office owned at the end of a day, at what its lots cost.

use crate::{
    moment::Moment,
    viewer::Gate,
    views::{
        ViewError,
        names::{self, Named},
        trace::Costs,
    },
};
use domain::{
    calendar::Day,
    id::{OfficeId, PartyId},
    money::{Rounding, Yen},
};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use utoipa::ToSchema;

/// Stock at cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Inventory {
    /// All lots whose cost is known.
    pub yen: Yen,
    /// Lots of which it is not: they are in no sum.
    pub unknown_lots: usize,
    /// Lot by lot, by product.
    pub lines: Vec<InventoryLine>,
}

/// A lot at cost.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct InventoryLine {
    /// Code.
    pub lot: String,
    /// Product.
    pub product: Named,
    /// How much the office owned, wherever it lay.
    pub quantity: Decimal,
    /// Unit.
    pub unit: String,
    /// What it cost, half a yen up; missing where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yen: Option<Yen>,
}

/// The stock at the end of a day.
pub(super) async fn on(
    moment: &Moment,
    gate: Gate<'_>,
    office: OfficeId,
    day: Day,
) -> Result<Inventory, ViewError> {
    let own = PartyId::from(office);
    let mut there: BTreeMap<i64, i64> = BTreeMap::new();
    let stock = moment.snapshot.stock_on(day).await?;
    for row in stock.into_iter().filter(|row| row.place.owner == own) {
        let sum = there.entry(row.lot).or_default();
        *sum = sum.saturating_add(row.quantity);
    }
    let numbers: Vec<i64> = there.keys().copied().collect();
    let costs = Costs::read(moment, gate, office, &numbers).await?;
    let lots = moment.snapshot.lots(&numbers).await?;
    let lots: HashMap<i64, _> = lots.into_iter().map(|kept| (kept.no, kept.lot)).collect();
    let mut inventory = Inventory::default();
    let broken = |what| ViewError::Broken { what };
    for (no, steps) in there {
        let lot = lots.get(&no).ok_or(broken("ロット"))?;
        let product = moment.masters.product(lot.product).ok_or(broken("品目"))?;
        let yen = costs.of(no, steps).map(|cost| cost.decimal(6));
        let yen = yen
            .map(|yen| Rounding::HalfUp.round(yen))
            .transpose()
            .map_err(|_| broken("金額"))?;
        match yen {
            Some(yen) => inventory.yen = inventory.yen.checked_add(yen).map_err(|_| broken("金額"))?,
            None => inventory.unknown_lots += 1,
        }
        inventory.lines.push(InventoryLine {
            lot: lot.code.to_string(),
            product: names::product(&moment.masters, product, day),
            quantity: product.unit.decimal(steps),
            unit: product.unit.name.clone(),
            yen,
        });
    }
    inventory
        .lines
        .sort_by(|one, other| (&one.product.code, &one.lot).cmp(&(&other.product.code, &other.lot)));
    Ok(inventory)
}
