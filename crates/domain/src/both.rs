//! 「1,000円のうち つくり手 850円・売り手 150円」: what terms of a consignment come to in yen for both offices, at a price. People
//! agree on yen; a bare percent hides who gets what.

use crate::{
    calendar::Day,
    commission::{Charge, CommissionTerms, PeriodSales, Tier, commission_of_period},
    id::OfficeId,
    masters::{Agreement, AgreementKind, AgreementTerms, ConsignForm, Masters},
    money::{Yen, YenOverflow},
    tax::{PriceBasis, TaxRate, tax_on},
};
use rust_decimal::Decimal;
use std::fmt;

/// One unit sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What the customer pays for it, tax included.
    pub price: Yen,
    /// Rate of the goods.
    pub tax: TaxRate,
    /// 消化仕入型 without a 掛け率: the cost price with its basis, where it is known.
    pub cost: Option<(Yen, PriceBasis)>,
    /// Rate on commissions.
    pub commission_percent: u8,
}

/// Who gets what of a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForBoth {
    /// 段階: from these sales of the period on; none where the terms have no steps.
    pub from: Option<Yen>,
    /// The price.
    pub price: Yen,
    /// What the producer gets. Below nought where the charge is above the price.
    pub producer: Yen,
    /// What the seller gets.
    pub seller: Yen,
}

impl ForBoth {
    /// The charge takes more than the price: lawful, but people should see it before they agree.
    pub fn is_above_price(&self) -> bool {
        self.producer < Yen::ZERO
    }
}

impl fmt::Display for ForBoth {
    /// `1,000円のうち つくり手 850円・売り手 150円`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ForBoth {
            from,
            price,
            producer,
            seller,
        } = self;
        if let Some(from) = from {
            write!(f, "期間の売上が{from}円から: ")?;
        }
        write!(f, "{price}円のうち つくり手 {producer}円・売り手 {seller}円")
    }
}

/// What the terms come to, a row for each step. Empty where nothing is shared: no consignment, or a 消化仕入型 whose cost
/// price is not known. A least commission is the period's and no single price's: [`least`].
///
/// # Errors
/// When an amount leaves the range of [`Yen`].
pub fn for_both(terms: &AgreementTerms, example: &Example) -> Result<Vec<ForBoth>, YenOverflow> {
    let row = |from, seller: Yen| {
        Ok(ForBoth {
            from,
            price: example.price,
            producer: example.price.checked_sub(seller)?,
            seller,
        })
    };
    match &terms.consign {
        None => Ok(Vec::new()),
        Some(ConsignForm::Commission(commission)) => match &commission.charge {
            Charge::Tiers(tiers) => {
                let tiers = tiers.as_slice().iter();
                tiers
                    .map(|Tier { from, percent }| {
                        row(
                            Some(*from),
                            taken(commission, Charge::Percent(*percent), example)?,
                        )
                    })
                    .collect()
            }
            charge => Ok(vec![row(None, taken(commission, charge.clone(), example)?)?]),
        },
        Some(ConsignForm::BuyOnSale { percent_of_retail }) => {
            let producer = match (percent_of_retail, example.cost) {
                (Some(percent), _) => percent.of(example.price, terms.rounding)?,
                (None, Some((cost, PriceBasis::Inclusive))) => cost,
                (None, Some((cost, PriceBasis::Exclusive))) => {
                    cost.checked_add(tax_on(cost, example.tax.percent, terms.rounding)?)?
                }
                (None, None) => return Ok(Vec::new()),
            };
            Ok(vec![row(None, example.price.checked_sub(producer)?)?])
        }
    }
}

fn taken(terms: &CommissionTerms, charge: Charge, example: &Example) -> Result<Yen, YenOverflow> {
    let terms = CommissionTerms {
        charge,
        minimum: None,
        ..terms.clone()
    };
    let sales = PeriodSales {
        gross: vec![(example.tax, example.price)],
        units: Decimal::ONE,
    };
    Ok(commission_of_period(&sales, &terms, example.commission_percent)?.amount)
}

/// The least commission of a period, tax included: owed also when little or nothing was sold.
///
/// # Errors
/// When it leaves the range of [`Yen`].
pub fn least(terms: &AgreementTerms, commission_percent: u8) -> Result<Option<Yen>, YenOverflow> {
    let Some(ConsignForm::Commission(CommissionTerms {
        minimum: Some(minimum),
        tax,
        rounding,
        ..
    })) = &terms.consign
    else {
        return Ok(None);
    };
    Ok(Some(match tax {
        PriceBasis::Inclusive => *minimum,
        PriceBasis::Exclusive => minimum.checked_add(tax_on(*minimum, commission_percent, *rounding)?)?,
    }))
}

/// Why the shop cannot issue receipts in its own name for the producer (媒介者交付特例) on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntermediaryLacks {
    /// The terms of the day do not say so, or there were none yet: it has to be told before the sale.
    #[error("販売の日より前(または同じ日)に、媒介者交付特例を使うことを取り決めていません。")]
    Agreement,
    /// The producer was not registered.
    #[error("つくり手の法人に、その日の登録番号がありません。")]
    Producer,
    /// The shop was not registered.
    #[error("売り手の法人に、その日の登録番号がありません。")]
    Seller,
}

/// Whether both conditions of 媒介者交付特例 hold on the day of a sale: both corporations are registered on it, and the terms
/// that say so began no later.
///
/// # Errors
/// [`IntermediaryLacks`].
pub fn intermediary_holds(
    masters: &Masters,
    agreement: &Agreement,
    day: Day,
) -> Result<(), IntermediaryLacks> {
    if !(agreement.terms.on(day)).is_some_and(|terms| terms.intermediary_invoice) {
        return Err(IntermediaryLacks::Agreement);
    }
    let is_registered = |office: OfficeId| {
        let corporation = masters.corporation_of(office, day);
        let facts = corporation.and_then(|id| masters.corporation(id)?.facts.on(day));
        facts.is_some_and(|facts| facts.registration.is_some())
    };
    if !is_registered(agreement.producer) {
        return Err(IntermediaryLacks::Producer);
    }
    if !is_registered(agreement.other) {
        return Err(IntermediaryLacks::Seller);
    }
    Ok(())
}

/// [`intermediary_holds`] for goods of an owner that a shop sold on a day, by whatever agreement they had.
///
/// # Errors
/// [`IntermediaryLacks`].
pub fn sells_in_own_name(
    masters: &Masters,
    owner: OfficeId,
    shop: OfficeId,
    day: Day,
) -> Result<(), IntermediaryLacks> {
    let agreement = masters.agreement_between(AgreementKind::Consign, owner, shop, day);
    let agreement = agreement.ok_or(IntermediaryLacks::Agreement)?;
    intermediary_holds(masters, agreement, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tax::TaxCategory;
    use serde_json::{Value, json};

    fn shown(consign: &Value, price: i64, cost: Option<(Yen, PriceBasis)>) -> Vec<String> {
        let terms: AgreementTerms = serde_json::from_value(json!({ "consign": consign })).unwrap();
        let example = Example {
            price: Yen::new(price),
            tax: TaxRate {
                category: TaxCategory::Standard,
                percent: 10,
            },
            cost,
            commission_percent: 10,
        };
        let rows = for_both(&terms, &example).unwrap();
        rows.iter().map(ToString::to_string).collect()
    }

    fn commission(charge: &Value, base: &str, tax: &str) -> Value {
        json!({"commission": {"charge": charge, "base": base, "tax": tax}})
    }

    #[test]
    fn every_form_is_shown_in_yen() {
        let percent = json!({"percent": "15"});
        assert_eq!(
            shown(&commission(&percent, "inclusive", "inclusive"), 1_000, None),
            ["1,000円のうち つくり手 850円・売り手 150円"]
        );
        // 15 % of 1,000 without tax (910, tax 90.9 → 90) = 136, and 10 % of that on top = 13
        assert_eq!(
            shown(&commission(&percent, "exclusive", "exclusive"), 1_000, None),
            ["1,000円のうち つくり手 851円・売り手 149円"]
        );
        assert_eq!(
            shown(
                &commission(&json!({"per_unit": "50"}), "inclusive", "inclusive"),
                1_000,
                None
            ),
            ["1,000円のうち つくり手 950円・売り手 50円"]
        );
        let tiers = json!({"tiers": [{"from": 0, "percent": "20"}, {"from": 100_000, "percent": "15"}]});
        assert_eq!(
            shown(&commission(&tiers, "inclusive", "inclusive"), 1_000, None),
            [
                "期間の売上が0円から: 1,000円のうち つくり手 800円・売り手 200円",
                "期間の売上が100,000円から: 1,000円のうち つくり手 850円・売り手 150円",
            ]
        );
        assert_eq!(
            shown(&json!({"buy_on_sale": {"percent_of_retail": "70"}}), 1_000, None),
            ["1,000円のうち つくり手 700円・売り手 300円"]
        );
        // a cost price of 600 without tax is 660 with it
        let cost = Some((Yen::new(600), PriceBasis::Exclusive));
        assert_eq!(
            shown(&json!({"buy_on_sale": {}}), 1_000, cost),
            ["1,000円のうち つくり手 660円・売り手 340円"]
        );
        assert!(shown(&json!({"buy_on_sale": {}}), 1_000, None).is_empty());
    }

    #[test]
    fn a_charge_above_the_price_is_told() {
        let terms: AgreementTerms = serde_json::from_value(json!({
            "consign": {"commission": {"charge": {"per_unit": "150"}, "minimum": 3_000,
                "base": "inclusive", "tax": "exclusive"}}}))
        .unwrap();
        let example = Example {
            price: Yen::new(100),
            tax: TaxRate::OUT_OF_SCOPE,
            cost: None,
            commission_percent: 10,
        };
        let rows = for_both(&terms, &example).unwrap();
        // 150 and 15 of tax
        assert_eq!((rows[0].producer, rows[0].seller), (Yen::new(-65), Yen::new(165)));
        assert!(rows[0].is_above_price());
        assert_eq!(least(&terms, 10), Ok(Some(Yen::new(3_300))));
    }

    #[test]
    fn terms_without_the_new_fields_keep_their_bytes() {
        let old = json!({"basis": "inclusive", "rounding": "down", "loss_bearer": "producer", "loss_treatment": "sale"});
        let terms: AgreementTerms = serde_json::from_value(old.clone()).unwrap();
        assert_eq!(serde_json::to_value(&terms).unwrap(), old);
    }
}
