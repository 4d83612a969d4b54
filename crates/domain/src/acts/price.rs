//! price 値段: of a product in a channel, from a day on.

use super::Rules;
use crate::{
    draft::Draft,
    entry::Entry,
    masters::{self, Channel, Masters},
    money::UnitPrice,
    refs::ProductRef,
    refusal::{Refusal, Stop, Why},
    tax::PriceBasis,
};
use serde::{Deserialize, Serialize};

/// A price from the day of the act on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PriceFacts))]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Product of the acting office.
    pub product: ProductRef,
    /// Where it holds: `"retail"`, `"supply"`, `"internal"`, `"cost"` or `{"agreement": "code"}`.
    pub channel: Channel,
    /// Yen per unit.
    pub unit_price: UnitPrice,
    /// 内税 or 外税.
    #[serde(default)]
    pub basis: PriceBasis,
}

impl Rules for Price {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        let product = draft.product("product", &self.product)?;
        if product.office != office {
            return Err(Refusal::at("product", Why::NotAParty).into());
        }
        if let Channel::Agreement(code) = &self.channel {
            let agreement = draft.masters().agreement_by_code(code);
            let unknown = || {
                Refusal::at(
                    "channel",
                    Why::AgreementUnknown {
                        code: code.to_string(),
                    },
                )
            };
            if agreement.ok_or_else(unknown)?.producer != office {
                return Err(unknown().into());
            }
        }
        Ok(())
    }

    fn is_dealing(&self) -> bool {
        false
    }

    fn may_lie_ahead(&self) -> bool {
        true
    }

    fn apply(&self, masters: &mut Masters, entry: &Entry) {
        let Some(office) = entry.acting.office() else {
            return;
        };
        let Some(product) = masters
            .product_by_code(office, &self.product.code)
            .map(|product| product.id)
        else {
            return;
        };
        let price = masters::Price {
            unit_price: self.unit_price,
            basis: self.basis,
        };
        masters
            .prices
            .entry((product, self.channel.clone()))
            .or_default()
            .set(entry.supplied_on, price);
    }
}
