//! use 自家使用: store → used, nothing comes out. Meals of the welfare side leave 就労支援事業, and so does their cost.

use super::Rules;
use crate::{
    account::{Account, AccountKind, BookUnit, Section},
    draft::{Draft, Goods},
    money::Yen,
    place::{Place, PlaceKind},
    quantity::StatedQuantity,
    refs::ProductRef,
    refusal::{Stop, Why, refuse},
    text::LotCode,
};
use serde::{Deserialize, Serialize};

/// What goods were used up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UseFor {
    /// 給食: meals of the welfare service.
    Meals,
    /// 試食・見本.
    Samples,
    /// 贈答.
    Gifts,
    /// 消耗品.
    Supplies,
}

/// Goods used up in the own house.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Use))]
#[serde(deny_unknown_fields)]
pub struct UseUp {
    /// What for.
    #[serde(rename = "for")]
    pub used_for: UseFor,
    /// What was used.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub lines: Vec<UseLine>,
    /// Only for meals: the material cost that passes from 就労支援事業 to 福祉事業, in yen above nought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Yen>,
}

/// A lot, or a product whose lots are chosen by earliest expiry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UseLine {
    /// Lot scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotCode>,
    /// Product counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductRef>,
    /// How much.
    pub quantity: StatedQuantity,
}

impl Rules for UseUp {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        draft.lines_are_sound("lines", self.lines.len())?;
        draft.want_lots(self.lines.iter().filter_map(|line| line.lot.as_ref()))?;
        let (store, used) = (Place::store(office), Place::own(PlaceKind::Used, office));
        for (n, line) in self.lines.iter().enumerate() {
            let field = format!("lines[{n}]");
            let goods = Goods {
                lot: line.lot.as_ref(),
                product: line.product.as_ref(),
            };
            for (lot, quantity, assumed) in draft.pick(&field, &goods, &line.quantity, store)? {
                draft.move_chosen(&field, lot.id, store, used, quantity, assumed)?;
            }
        }
        let Some(cost) = self.cost else {
            return Ok(());
        };
        if self.used_for != UseFor::Meals {
            let problem = "cost は、給食(meals)のときだけ書いてください。".to_owned();
            return refuse("cost", Why::Malformed { problem });
        }
        if !cost.is_positive() {
            return refuse("cost", Why::AmountNotPositive);
        }
        let (production, welfare) = (
            BookUnit::production(office),
            BookUnit::Office(office, Section::Welfare),
        );
        // the two sections of one office meet in 内部勘定 with the office itself
        draft.post(Account::with(production, AccountKind::Internal, office), cost);
        draft.post(Account::plain(production, AccountKind::Materials), cost.negated());
        draft.post(Account::plain(welfare, AccountKind::WelfareFood), cost);
        draft.post(
            Account::with(welfare, AccountKind::Internal, office),
            cost.negated(),
        );
        Ok(())
    }
}
