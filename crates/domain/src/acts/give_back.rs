//! return 返品: goods go back, with the money mirrored at the original's price and rate. One of:
//!
//! 1. unsold goods from a shelf: shelf(A,S) → store(A), recorded by either of the two; no money;
//! 2. a sold thing comes back from a customer: sold → where it came from, or lost; the refund mirrors the sale, on
//!    both sides where the goods were consigned;
//! 3. the same without a known sale: date and price are stated;
//! 4. goods received from another office go back to it: store(B) → store(A), mirrored in both books.

mod received;
mod refund;
mod sold;

use super::{Rules, means::Means, sell};
use crate::{
    calendar::Day,
    draft::{Draft, Goods},
    id::OfficeId,
    masters::AgreementKind,
    money::UnitPrice,
    place::Place,
    quantity::StatedQuantity,
    refs::{EntryRef, ProductRef},
    refusal::{Stop, Why, refuse},
    tax::SupplyMode,
    text::{Code, LotCode},
};
use serde::{Deserialize, Serialize};

/// Goods go back. Just one of `holder`, `owner`, `sale`, `receipt`, `original_unknown`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Return))]
#[serde(deny_unknown_fields)]
pub struct GiveBack {
    /// Unsold: from the shelf of this office to the acting producer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Code>,
    /// Unsold: from the acting office's shelf to this producer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Code>,
    /// Sold by the acting office in this sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<EntryRef>,
    /// Received by the acting office in this receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<EntryRef>,
    /// Sold by the acting office, but nobody knows in which sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_unknown: Option<OriginalUnknown>,
    /// How a customer's money is given back; when missing as the sale was paid, or in cash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<Means>,
    /// What goes back.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub lines: Vec<GiveBackLine>,
}

/// Date and price of a sale that is not known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OriginalUnknown {
    /// Day of the sale: its tax rate holds.
    pub supplied_on: Day,
    /// Yen per unit that the customer paid, tax included.
    pub unit_price: UnitPrice,
    /// Whose goods they were, when they were consigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Code>,
    /// How they were supplied; 持帰り when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<SupplyMode>,
}

/// A lot, or a product: of a sale or receipt its lots in their order, of a shelf by earliest expiry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReturnLine))]
#[serde(deny_unknown_fields)]
pub struct GiveBackLine {
    /// Lot scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotCode>,
    /// Product counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductRef>,
    /// How much.
    pub quantity: StatedQuantity,
    /// Where a sold thing goes.
    #[serde(default, skip_serializing_if = "GoesTo::is_store")]
    pub to: GoesTo,
}

/// Where a sold thing goes that comes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReturnedTo))]
#[serde(rename_all = "snake_case")]
pub enum GoesTo {
    /// Back to where it was sold from.
    #[default]
    Store,
    /// It cannot be sold again: lost to its owner.
    Lost,
}

impl GoesTo {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    fn is_store(&self) -> bool {
        *self == GoesTo::Store
    }
}

impl Rules for GiveBack {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        draft.lines_are_sound("lines", self.lines.len())?;
        self.form_is_sound()?;
        draft.want_lots(self.lines.iter().filter_map(|line| line.lot.as_ref()))?;
        if let Some(sale) = &self.sale {
            sold::from_sale(self, draft, office, sale)
        } else if let Some(receipt) = &self.receipt {
            received::to_producer(self, draft, office, receipt)
        } else if let Some(unknown) = &self.original_unknown {
            sold::from_unknown(self, draft, office, unknown)
        } else if let Some(holder) = &self.holder {
            let holder = draft.other_office("holder", holder)?;
            self.unsold(draft, office, holder)
        } else if let Some(owner) = &self.owner {
            let owner = draft.other_office("owner", owner)?;
            self.unsold(draft, owner, office)
        } else {
            refuse("", Why::Broken { what: "form" })
        }
    }
}

impl GiveBack {
    fn form_is_sound(&self) -> Result<(), Stop> {
        let forms = [
            self.holder.is_some(),
            self.owner.is_some(),
            self.sale.is_some(),
            self.receipt.is_some(),
            self.original_unknown.is_some(),
        ];
        if forms.into_iter().filter(|stated| *stated).count() != 1 {
            let problem =
                "holder、owner、sale、receipt、original_unknown の、どれか1つを書いてください。".to_owned();
            return refuse("", Why::Malformed { problem });
        }
        let was_sold = self.sale.is_some() || self.original_unknown.is_some();
        let lost = self.lines.iter().position(|line| line.to == GoesTo::Lost);
        if let (Some(n), false) = (lost, was_sold) {
            let problem = "捨てるものは、返品ではなく廃棄として記録してください。".to_owned();
            return refuse(format!("lines[{n}].to"), Why::Malformed { problem });
        }
        if self.paid.is_some() && !was_sold {
            let problem = "paid は、お客様からの返品だけに書けます。".to_owned();
            return refuse("paid", Why::Malformed { problem });
        }
        Ok(())
    }

    /// Unsold goods: the agreement may have ended, taking back stays allowed.
    fn unsold(&self, draft: &mut Draft<'_>, owner: OfficeId, holder: OfficeId) -> Result<(), Stop> {
        let day = draft.supplied_on();
        let agreement = (draft.masters()).agreement_between(AgreementKind::Consign, owner, holder, day);
        if let Some(agreement) = agreement {
            draft.under(agreement.id);
        }
        let shelf = Place::shelf(owner, holder);
        for (n, line) in self.lines.iter().enumerate() {
            let field = format!("lines[{n}]");
            // the producer's own name for its product will do
            let product = match &line.product {
                None => None,
                Some(product) => Some(owners_name(draft, &field, product, owner)?),
            };
            let goods = Goods {
                lot: line.lot.as_ref(),
                product: product.as_ref(),
            };
            for (lot, quantity, assumed) in draft.pick(&field, &goods, &line.quantity, shelf)? {
                draft.move_chosen(&field, lot.id, shelf, Place::store(owner), quantity, assumed)?;
            }
        }
        Ok(())
    }
}

fn owners_name(
    draft: &Draft<'_>,
    field: &str,
    product: &ProductRef,
    owner: OfficeId,
) -> Result<ProductRef, Stop> {
    let product = sell::product_of(draft, &format!("{field}.product"), product, owner)?;
    Ok(ProductRef {
        office: draft
            .masters()
            .office(product.office)
            .map(|office| office.code.clone()),
        code: product.code.clone(),
    })
}
