//! 棚: what becomes of goods on another office's shelf costs somebody. Who, and how much, is told before it is done, so the
//! acts that do it and the pages that say it beforehand reckon by these same functions.

use crate::{
    calendar::Day,
    commission::Percent,
    masters::{
        Agreement, AgreementTerms, Bearer, Channel, ConsignForm, LossTreatment, Masters, Price, Product,
    },
    money::{Rounding, UnitPrice, Yen, YenOverflow},
    quantity::Quantity,
    tax::{PriceBasis, SupplyMode, tax_on},
};

/// What became of goods; agreements may say of each who bears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Not there when counted, or never come.
    Missing,
    /// Broken or spoiled, and thrown away.
    Broken,
}

impl Loss {
    /// Who bears it.
    pub fn bearer(self, terms: &AgreementTerms) -> Bearer {
        match self {
            Loss::Missing => terms.loss_bearer,
            Loss::Broken => terms.bears_breakages(),
        }
    }
}

/// What the shop owes for goods that are lost on its shelf, where it bears that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// As a sale, or as a compensation.
    pub treatment: LossTreatment,
    /// 内税・外税 of a price that is stated.
    pub basis: PriceBasis,
    /// Where the agreed price is looked for, in order.
    pub channels: Vec<Channel>,
    rounding: Rounding,
    /// 掛け率 of a 消化仕入: percent of the listed price.
    percent: Option<Percent>,
}

impl Charge {
    /// By the terms of a day.
    pub fn of(agreement: &Agreement, terms: &AgreementTerms) -> Charge {
        let (usual, percent) = match &terms.consign {
            Some(ConsignForm::BuyOnSale {
                percent_of_retail: None,
            }) => (Channel::Cost, None),
            Some(ConsignForm::BuyOnSale { percent_of_retail }) => (Channel::Retail, *percent_of_retail),
            Some(ConsignForm::Commission(_)) | None => (Channel::Retail, None),
        };
        Charge {
            treatment: terms.loss_treatment,
            basis: terms.basis,
            channels: vec![Channel::Agreement(agreement.code.clone()), usual],
            rounding: terms.rounding,
            percent,
        }
    }

    /// What a quantity comes to at a price; of a listed one the shop owes its percentage.
    ///
    /// # Errors
    /// When it leaves the range of [`Yen`].
    pub fn yen(
        &self,
        product: &Product,
        quantity: Quantity,
        price: UnitPrice,
        is_stated: bool,
    ) -> Result<Yen, YenOverflow> {
        let yen = product.amount_of(quantity, price, self.rounding)?;
        match self.percent.filter(|_| !is_stated) {
            Some(percent) => percent.of(yen, self.rounding),
            None => Ok(yen),
        }
    }
}

/// What losing goods costs, and whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The producer bears it; no money moves.
    ToProducer,
    /// The shop bears it.
    ToShop {
        /// How it is booked.
        treatment: LossTreatment,
        /// What it owes, and 内税・外税 of that; none where no price is known, then one has to be stated.
        owed: Option<(Yen, PriceBasis)>,
    },
}

/// What losing a quantity on the shelf comes to on a day; nothing before the first terms.
///
/// # Errors
/// When it leaves the range of [`Yen`].
pub fn lost(
    masters: &Masters,
    agreement: &Agreement,
    (product, quantity): (&Product, Quantity),
    loss: Loss,
    day: Day,
) -> Result<Option<Lost>, YenOverflow> {
    let Some(terms) = agreement.terms.on(day) else {
        return Ok(None);
    };
    if loss.bearer(terms) == Bearer::Producer {
        return Ok(Some(Lost::ToProducer));
    }
    let charge = Charge::of(agreement, terms);
    let mut listed = charge.channels.iter();
    let listed = listed.find_map(|channel| masters.price(product.id, channel, day));
    let owed = match listed {
        Some(price) => Some((
            charge.yen(product, quantity, price.unit_price, false)?,
            price.basis,
        )),
        None => None,
    };
    let treatment = charge.treatment;
    Ok(Some(Lost::ToShop { treatment, owed }))
}

/// The price customers pay for consigned goods: the agreement's own, else the price list's. Under 消化仕入型 without a
/// percentage the agreement's own price is the cost price.
pub fn retail_price(masters: &Masters, agreement: &Agreement, product: &Product, day: Day) -> Option<Price> {
    let is_cost = (agreement.terms.on(day)).is_some_and(|terms| {
        let at_cost = ConsignForm::BuyOnSale {
            percent_of_retail: None,
        };
        terms.consign.as_ref() == Some(&at_cost)
    });
    let agreed = (!is_cost).then(|| Channel::Agreement(agreement.code.clone()));
    let mut rows = (agreed.into_iter().chain([Channel::Retail]))
        .filter_map(|channel| masters.price(product.id, &channel, day));
    rows.next().copied()
}

/// What a quantity costs customers at the listed price, tax included; nothing where nothing is listed.
///
/// # Errors
/// When it leaves the range of [`Yen`].
pub fn full_price(
    masters: &Masters,
    agreement: &Agreement,
    (product, quantity): (&Product, Quantity),
    mode: SupplyMode,
    day: Day,
) -> Result<Option<Yen>, YenOverflow> {
    let rounding = agreement.terms.on(day).map(|terms| terms.rounding);
    let Some(price) = retail_price(masters, agreement, product, day) else {
        return Ok(None);
    };
    let full = product.amount_of(quantity, price.unit_price, rounding.unwrap_or_default())?;
    if price.basis == PriceBasis::Inclusive {
        return Ok(Some(full));
    }
    let category = product.facts.on_or_first(day).map(|facts| facts.tax_for(mode));
    let Some(rate) = category.and_then(|category| masters.rates().rate_on(category, day)) else {
        return Ok(None);
    };
    let tax = tax_on(full, rate.percent, Rounding::Down)?;
    full.checked_add(tax).map(Some)
}
