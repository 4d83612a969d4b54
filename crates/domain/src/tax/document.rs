//! The tax of one document (伝票・請求書・精算書).

use super::{PriceBasis, TaxRate, tax_on, tax_within};
use crate::money::{Rounding, Yen, YenOverflow};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a document says about one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RateTotal {
    /// The class and its percent.
    pub rate: TaxRate,
    /// Sum without tax.
    pub net: Yen,
    /// The tax, rounded once.
    pub tax: Yen,
    /// Sum with tax: `net + tax`.
    pub gross: Yen,
}

/// Sums and tax of a document per rate, in the order of the classes. A 適格請求書 rounds once per rate;
/// rounding lines and adding them up is not allowed (消費税法施行令 第70条の10, NTA Q&A 問57).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocumentTax(Vec<RateTotal>);

impl DocumentTax {
    /// Works out the tax of all lines of one document: their rates and amounts (of the given basis, returns
    /// negative). An error only when a sum leaves the range of [`Yen`].
    pub fn of(
        lines: impl IntoIterator<Item = (TaxRate, Yen)>,
        basis: PriceBasis,
        rounding: Rounding,
    ) -> Result<DocumentTax, YenOverflow> {
        let mut sums: BTreeMap<TaxRate, Yen> = BTreeMap::new();
        for (rate, amount) in lines {
            let sum = sums.entry(rate).or_default();
            *sum = sum.checked_add(amount)?;
        }
        let total = |(rate, amount): (TaxRate, Yen)| match basis {
            PriceBasis::Inclusive => {
                let tax = tax_within(amount, rate.percent, rounding)?;
                Ok(RateTotal {
                    rate,
                    net: amount.checked_sub(tax)?,
                    tax,
                    gross: amount,
                })
            }
            PriceBasis::Exclusive => {
                let tax = tax_on(amount, rate.percent, rounding)?;
                Ok(RateTotal {
                    rate,
                    net: amount,
                    tax,
                    gross: amount.checked_add(tax)?,
                })
            }
        };
        sums.into_iter()
            .map(total)
            .collect::<Result<_, _>>()
            .map(DocumentTax)
    }

    /// The totals per rate.
    pub fn rates(&self) -> &[RateTotal] {
        &self.0
    }

    /// The total of one rate, if the document has lines of it.
    pub fn of_rate(&self, rate: TaxRate) -> Option<&RateTotal> {
        self.0.iter().find(|total| total.rate == rate)
    }

    /// The tax of all rates together.
    pub fn tax(&self) -> Result<Yen, YenOverflow> {
        Yen::sum(self.0.iter().map(|total| total.tax))
    }

    /// All rates together without tax.
    pub fn net(&self) -> Result<Yen, YenOverflow> {
        Yen::sum(self.0.iter().map(|total| total.net))
    }

    /// All rates together with tax.
    pub fn gross(&self) -> Result<Yen, YenOverflow> {
        Yen::sum(self.0.iter().map(|total| total.gross))
    }
}

#[cfg(test)]
mod tests {
    use super::super::TaxCategory;
    use super::*;
    use proptest::prelude::*;

    #[derive(Deserialize)]
    struct Golden {
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        source: String,
        prices: PriceBasis,
        rounding: Rounding,
        lines: Vec<Line>,
        tax: BTreeMap<String, Yen>,
        tax_total: Option<Yen>,
    }

    #[derive(Deserialize)]
    struct Line {
        rate: u8,
        amount: Yen,
    }

    fn rate(percent: u8) -> TaxRate {
        let category = if percent == 8 {
            TaxCategory::Reduced
        } else {
            TaxCategory::Standard
        };
        TaxRate { category, percent }
    }

    #[test]
    fn golden_documents() {
        let golden: Golden =
            serde_json::from_str(include_str!("../../../../tests/golden/invoice_tax.json")).unwrap();
        assert_eq!(golden.cases.len(), 3);
        for case in golden.cases {
            let lines = case.lines.iter().map(|line| (rate(line.rate), line.amount));
            let document = DocumentTax::of(lines, case.prices, case.rounding).unwrap();
            let taxes: BTreeMap<String, Yen> = document
                .rates()
                .iter()
                .map(|total| (total.rate.percent.to_string(), total.tax))
                .collect();
            assert_eq!(taxes, case.tax, "{}", case.source);
            if let Some(tax) = case.tax_total {
                assert_eq!(document.tax(), Ok(tax), "{}", case.source);
            }
        }
    }

    #[test]
    fn one_document_per_principal_rounds_apart() {
        // NTA 代理交付: 11,345 and 12,549 at 10 %, 9,987 and 12,345 at 8 %, one document for each principal
        let tax = |amount, percent| {
            let line = [(rate(percent), Yen::new(amount))];
            DocumentTax::of(line, PriceBasis::Exclusive, Rounding::Down)
                .unwrap()
                .tax()
                .unwrap()
                .get()
        };
        assert_eq!(
            [tax(11_345, 10), tax(12_549, 10), tax(9_987, 8), tax(12_345, 8)],
            [1_134, 1_254, 798, 987]
        );
    }

    #[test]
    fn untaxed_lines_are_shown_and_cost_nothing() {
        let lines = [
            (TaxRate::OUT_OF_SCOPE, Yen::new(300)),
            (rate(10), Yen::new(1_100)),
            (rate(10), Yen::new(-110)),
        ];
        let document = DocumentTax::of(lines, PriceBasis::Inclusive, Rounding::Up).unwrap();
        assert_eq!(
            document.of_rate(TaxRate::OUT_OF_SCOPE).unwrap().gross,
            Yen::new(300)
        );
        assert_eq!(document.of_rate(rate(10)).unwrap().tax, Yen::new(90));
        assert_eq!(document.of_rate(rate(8)), None);
        assert_eq!(document.net(), Ok(Yen::new(1_200)));
        assert_eq!(document.gross(), Ok(Yen::new(1_290)));
    }

    #[test]
    fn the_same_percent_of_two_classes_stays_apart() {
        let reduced = TaxRate {
            category: TaxCategory::Reduced,
            percent: 10,
        };
        let lines = [(reduced, Yen::new(109)), (rate(10), Yen::new(109))];
        // 109 × 10/110 = 9.9 → 9 each; together it would be 19
        assert_eq!(
            DocumentTax::of(lines, PriceBasis::Inclusive, Rounding::Down)
                .unwrap()
                .tax(),
            Ok(Yen::new(18))
        );
    }

    proptest! {
        #[test]
        fn net_and_tax_are_the_gross_whatever_the_order(
            amounts in prop::collection::vec((prop_oneof![Just(1_u8), Just(8), Just(10)], -1_000_000..1_000_000_i64), 0..30),
            exclusive in any::<bool>(),
        ) {
            let basis = if exclusive { PriceBasis::Exclusive } else { PriceBasis::Inclusive };
            let lines: Vec<_> = amounts.iter().map(|(percent, yen)| (rate(*percent), Yen::new(*yen))).collect();
            let document = DocumentTax::of(lines.clone(), basis, Rounding::HalfUp).unwrap();
            prop_assert_eq!(document.net().unwrap().checked_add(document.tax().unwrap()), document.gross());
            let given = Yen::sum(lines.iter().map(|(_, yen)| *yen)).unwrap();
            prop_assert_eq!(if exclusive { document.net() } else { document.gross() }, Ok(given));
            let backwards = DocumentTax::of(lines.into_iter().rev(), basis, Rounding::HalfUp).unwrap();
            prop_assert_eq!(backwards, document);
        }
    }
}
