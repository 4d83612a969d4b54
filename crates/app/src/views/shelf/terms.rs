//! Who bears what becomes of goods on a shelf, told before it is done: what is thrown away, what is sold below its price.

use crate::{
    Book,
    viewer::{Gate, Viewer},
    views::{ViewError, names::Named, stock::StockLine},
};
use domain::{
    calendar::Day,
    masters::{Agreement, AgreementKind, AgreementTerms, Bearer, LossTreatment, Masters, Product},
    money::{UnitPrice, Yen},
    quantity::{Quantity, QuantityError, StatedQuantity},
    shelf::{Loss, Lost, full_price, lost, retail_price},
    tax::{PriceBasis, SupplyMode},
    text::Code,
};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

/// What the agreement says of a lot on a shelf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShelfTerms {
    /// Whose goods.
    pub owner: Named,
    /// Code of the lot.
    pub lot: String,
    /// The agreement.
    pub agreement: Code,
    /// Its last day, when it has ended or will: what lies there is sold off, nothing new is placed after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// Price customers pay for one, as listed; with tax where `price_basis` says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<UnitPrice>,
    /// 内税・外税 of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_basis: Option<PriceBasis>,
    /// Who bears a discount.
    pub discount_bearer: Bearer,
    /// Who bears what is thrown away.
    pub breakage_bearer: Bearer,
    /// Who bears what is missing, or never came.
    pub loss_bearer: Bearer,
    /// How that is booked where the shop bears one of the two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss_treatment: Option<LossTreatment>,
    /// What the shop owes when all of the lot is thrown away; none where it bears nothing or no price is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed_for_all: Option<Yen>,
}

/// What the agreements say of the goods on the own shelf, in their order; nothing of agreements that the viewer may not know.
pub(super) fn terms(
    masters: &Masters,
    gate: Gate<'_>,
    here: &[StockLine],
    today: Day,
) -> Result<Vec<ShelfTerms>, ViewError> {
    let mut all = Vec::new();
    for line in here {
        let Some(of) = Of::line(masters, line, today) else {
            continue;
        };
        if gate.knows_agreement(of.agreement, today) {
            all.push(of.terms(line, today)?);
        }
    }
    Ok(all)
}

/// What so much of a lot on a shelf comes to, told before it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs {
    /// Who bears a discount.
    pub discount_bearer: Bearer,
    /// What customers pay as listed, tax included.
    pub full: Option<Yen>,
    /// What they pay at another price.
    pub paid: Option<Yen>,
    /// What throwing it away costs.
    pub broken: Option<Lost>,
    /// What it costs when it is not there.
    pub missing: Option<Lost>,
}

impl Costs {
    /// What is missing of the listed price; nothing where nothing is.
    pub fn off(&self) -> Option<Yen> {
        let off = self.full?.checked_sub(self.paid?).ok()?;
        off.is_positive().then_some(off)
    }
}

/// What so much of a lot comes to on a day, maybe at another price; `None` where no agreement says so, or where the viewer
/// may not know of it.
///
/// # Errors
/// [`ViewError`].
pub async fn costs(
    book: &Book,
    viewer: &Viewer,
    line: &StockLine,
    (quantity, at): (Decimal, Option<UnitPrice>),
    day: Day,
) -> Result<Option<Costs>, ViewError> {
    let moment = book.moment().await?;
    let gate = viewer.gate(&moment.masters);
    let of = Of::line(&moment.masters, line, day);
    let Some(of) = of.filter(|of| gate.knows_agreement(of.agreement, day)) else {
        return Ok(None);
    };
    let Ok(steps) = of.steps(quantity) else {
        return Ok(None);
    };
    let goods = (of.product, steps);
    let full = full_price(of.masters, of.agreement, goods, SupplyMode::TakeAway, day);
    let paid = at.map(|price| of.product.amount_of(steps, price, of.known.rounding));
    Ok(Some(Costs {
        discount_bearer: of.known.discount_bearer,
        full: full.map_err(|_| TOO_LARGE)?,
        paid: paid.transpose().map_err(|_| TOO_LARGE)?,
        broken: of.lost(steps, Loss::Broken, day)?,
        missing: of.lost(steps, Loss::Missing, day)?,
    }))
}

/// A line of stock on a shelf, with what it is and the agreement it lies there by.
struct Of<'a> {
    masters: &'a Masters,
    agreement: &'a Agreement,
    known: &'a AgreementTerms,
    product: &'a Product,
}

const TOO_LARGE: ViewError = ViewError::Broken { what: "quantity" };

impl<'a> Of<'a> {
    fn line(masters: &'a Masters, line: &StockLine, day: Day) -> Option<Of<'a>> {
        let office = |code: &str| masters.office_by_code(&code.parse().ok()?);
        let (owner, holder) = (office(&line.owner.code)?, office(&line.holder.code)?);
        let agreement = masters.agreement_between(AgreementKind::Consign, owner.id, holder.id, day)?;
        let known = agreement.terms.on(day)?;
        let (maker, code) = line.product.code.split_once('/')?;
        let product = masters.product_by_code(office(maker)?.id, &code.parse().ok()?)?;
        Some(Of {
            masters,
            agreement,
            known,
            product,
        })
    }

    fn terms(&self, line: &StockLine, day: Day) -> Result<ShelfTerms, ViewError> {
        let listed = retail_price(self.masters, self.agreement, self.product, day);
        let all = self.steps(line.quantity).map_err(|_| TOO_LARGE)?;
        let owed = match self.lost(all, Loss::Broken, day)? {
            Some(Lost::ToShop { owed, .. }) => owed.map(|(yen, _)| yen),
            Some(Lost::ToProducer) | None => None,
        };
        let breakage_bearer = Loss::Broken.bearer(self.known);
        let is_shops = [Loss::Broken, Loss::Missing]
            .iter()
            .any(|loss| loss.bearer(self.known) == Bearer::Other);
        Ok(ShelfTerms {
            owner: line.owner.clone(),
            lot: line.lot.clone(),
            agreement: self.agreement.code.clone(),
            until: self.agreement.until(),
            price: listed.map(|price| price.unit_price),
            price_basis: listed.map(|price| price.basis),
            discount_bearer: self.known.discount_bearer,
            breakage_bearer,
            loss_bearer: Loss::Missing.bearer(self.known),
            loss_treatment: is_shops.then_some(self.known.loss_treatment),
            owed_for_all: owed,
        })
    }

    fn steps(&self, quantity: Decimal) -> Result<Quantity, QuantityError> {
        let stated = StatedQuantity {
            amount: quantity,
            unit: None,
        };
        self.product.unit.read_or_zero(&stated)
    }

    fn lost(&self, quantity: Quantity, loss: Loss, day: Day) -> Result<Option<Lost>, ViewError> {
        let goods = (self.product, quantity);
        lost(self.masters, self.agreement, goods, loss, day).map_err(|_| TOO_LARGE)
    }
}
