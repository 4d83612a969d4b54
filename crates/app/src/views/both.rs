//! 「1,000円のうち つくり手 850円・売り手 150円」: terms in yen for both, before they are agreed and while they hold.

use super::{
    ViewError,
    names::{self, Named},
};
use crate::{Book, moment::Moment, viewer::Viewer};
use domain::{
    both::{self, Example, ForBoth},
    calendar::{Day, business_day},
    masters::{AgreementTerms, Channel, Masters},
    money::{Rounding, Yen, YenOverflow},
    tax::{PriceBasis, TaxCategory, TaxRate, tax_on},
    text::Code,
};
use serde::Serialize;
use utoipa::ToSchema;

/// What terms come to at a price.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct BothView {
    /// By the steps of the terms; one where there are none.
    pub shares: Vec<ShareView>,
    /// Least commission of a period, tax included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<Yen>,
    /// What to look at before agreeing. Nothing of it is refused.
    pub warnings: Vec<String>,
}

/// Who gets what of a price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShareView {
    /// From these sales of the period on, where the terms have steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_sales: Option<Yen>,
    /// The price, tax included.
    pub price: Yen,
    /// The producer's.
    pub producer: Yen,
    /// The seller's.
    pub seller: Yen,
    /// As a sentence.
    pub sentence: String,
}

impl From<&ForBoth> for ShareView {
    fn from(share: &ForBoth) -> ShareView {
        ShareView {
            from_sales: share.from,
            price: share.price,
            producer: share.producer,
            seller: share.seller,
            sentence: share.to_string(),
        }
    }
}

/// A price to look at terms by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Tax included.
    pub price: Yen,
    /// Tax class of the goods.
    pub tax: TaxCategory,
    /// 消化仕入型: cost price, tax included, where no 掛け率 was agreed.
    pub cost: Option<Yen>,
}

impl Asked {
    /// At 1,000 yen, as people say it.
    pub const USUAL: Asked = Asked {
        price: Yen::new(1_000),
        tax: TaxCategory::Standard,
        cost: None,
    };
}

fn of(masters: &Masters, terms: &AgreementTerms, day: Day, asked: &Asked) -> Result<BothView, YenOverflow> {
    let rate = |category| {
        let known = masters.rates().rate_on(category, day);
        known.unwrap_or(TaxRate::OUT_OF_SCOPE)
    };
    let commission_percent = rate(TaxCategory::Standard).percent;
    let example = Example {
        price: asked.price,
        tax: rate(asked.tax),
        cost: asked.cost.map(|cost| (cost, PriceBasis::Inclusive)),
        commission_percent,
    };
    let shares = both::for_both(terms, &example)?;
    let least = both::least(terms, commission_percent)?.filter(|least| !least.is_zero());
    let mut warnings = Vec::new();
    if shares.iter().any(ForBoth::is_above_price) {
        let price = asked.price;
        warnings.push(format!(
            "{price}円の品では、手数料が値段より多くなります。このままでも取り決められますが、つくり手に何も残りません。"
        ));
    }
    if let Some(least) = least {
        warnings.push(format!(
            "手数料は、売れた数が少ない期間でも{least}円かかります。売上がこれより少ない期間は、つくり手の支払いになります。"
        ));
    }
    Ok(BothView {
        shares: shares.iter().map(ShareView::from).collect(),
        least,
        warnings,
    })
}

/// What terms come to at a price today.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn both(book: &Book, terms: &AgreementTerms, asked: &Asked) -> Result<BothView, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    of(&moment.masters, terms, today, asked).map_err(|_| ViewError::Broken { what: "yen" })
}

/// A product under an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductShare {
    /// Which.
    pub product: Named,
    /// What its price comes to.
    pub both: BothView,
}

/// An agreement as it holds today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgreementShares {
    /// What its terms come to at each priced product of the producer.
    pub products: Vec<ProductShare>,
    /// Why 媒介者交付特例 does not hold today, though it was agreed.
    pub intermediary: Option<String>,
}

/// Products of the producer that have a price in shops, with what the terms of today come to.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn shares(book: &Book, viewer: &Viewer, code: &Code) -> Result<AgreementShares, ViewError> {
    let Moment { masters, .. } = &book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let gate = viewer.gate(masters);
    let agreement = masters.agreement_by_code(code);
    let agreement = agreement.filter(|agreement| gate.knows_agreement(agreement, today));
    let found = agreement.and_then(|agreement| Some((agreement, agreement.terms.on(today)?)));
    let Some((agreement, terms)) = found else {
        return Ok(AgreementShares::default());
    };
    let agreed = Channel::Agreement(code.clone());
    let mut products = Vec::new();
    if terms.consign.is_some() {
        let own = masters.products();
        for product in own.filter(|product| product.office == agreement.producer) {
            let Some(facts) = product.facts.on_or_first(today) else {
                continue;
            };
            let tax = facts.tax_for(domain::tax::SupplyMode::TakeAway);
            let percent = masters.rates().rate_on(tax, today).map_or(0, |rate| rate.percent);
            let yen = |channel: &Channel| {
                let price = masters.price(product.id, channel, today)?;
                let yen = Rounding::Down.round(price.unit_price.get()).ok()?;
                match price.basis {
                    PriceBasis::Inclusive => Some(yen),
                    PriceBasis::Exclusive => yen.checked_add(tax_on(yen, percent, Rounding::Down).ok()?).ok(),
                }
            };
            // under a 消化仕入型 without a percentage the agreement's own price is the cost
            let is_cost = matches!(
                terms.consign,
                Some(domain::masters::ConsignForm::BuyOnSale {
                    percent_of_retail: None
                })
            );
            let price = if is_cost { None } else { yen(&agreed) }.or_else(|| yen(&Channel::Retail));
            let cost = if is_cost {
                yen(&agreed).or_else(|| yen(&Channel::Cost))
            } else {
                None
            };
            let Some(price) = price else { continue };
            let asked = Asked { price, tax, cost };
            let both = of(masters, terms, today, &asked).map_err(|_| ViewError::Broken { what: "yen" })?;
            if !both.shares.is_empty() {
                let product = names::product(masters, product, today);
                products.push(ProductShare { product, both });
            }
        }
    }
    products.sort_by(|one, other| one.product.cmp(&other.product));
    let intermediary = terms
        .intermediary_invoice
        .then(|| both::intermediary_holds(masters, agreement, today).err())
        .flatten();
    Ok(AgreementShares {
        products,
        intermediary: intermediary.map(|lacks| lacks.to_string()),
    })
}
