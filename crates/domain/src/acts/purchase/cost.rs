//! What bought goods cost with tax: the tax of a 外税 slip is added once per rate and shared without losing a yen.

use super::Purpose;
use crate::{
    money::{Rounding, Yen, YenOverflow},
    refusal::{Refusal, Why},
    split::split,
    tax::{DocumentTax, PriceBasis, TaxCategory, TaxRate},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The supplier's tax of one class, as printed on the slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StatedTax {
    /// Class.
    pub category: TaxCategory,
    /// Yen, nought or more, not more than the lines of the class.
    pub yen: Yen,
}

/// A line as priced on the slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bought {
    pub purpose: Purpose,
    pub tax: TaxRate,
    /// Of the slip's basis.
    pub yen: Yen,
}

/// The tax to add per rate: nothing on a 内税 slip; on a 外税 slip what is printed, else worked out once per rate.
pub(super) fn taxes(
    bought: &[Bought],
    basis: PriceBasis,
    rounding: Rounding,
    stated: &[StatedTax],
) -> Result<BTreeMap<TaxRate, Yen>, Refusal> {
    let lines = bought.iter().map(|line| (line.tax, line.yen));
    let document = DocumentTax::of(lines, basis, rounding);
    let document = document.map_err(|_| Refusal::at("lines", Why::AmountTooLarge))?;
    let mut taxes: BTreeMap<TaxRate, Yen> = document
        .rates()
        .iter()
        .map(|total| (total.rate, total.tax))
        .collect();
    for (n, StatedTax { category, yen }) in stated.iter().enumerate() {
        let wrong = |name: &str, problem: &str| {
            let problem = problem.to_owned();
            Refusal::at(format!("stated_tax[{n}].{name}"), Why::Malformed { problem })
        };
        if stated.iter().take(n).any(|other| other.category == *category) {
            return Err(Refusal::at(format!("stated_tax[{n}].category"), Why::LineTwice));
        }
        let total = document
            .rates()
            .iter()
            .find(|total| total.rate.category == *category);
        let Some(total) = total.filter(|_| category.is_taxed()) else {
            return Err(wrong(
                "category",
                "この税区分の明細がありません。明細の税区分を確かめてください。",
            ));
        };
        let lines = match basis {
            PriceBasis::Inclusive => total.gross,
            PriceBasis::Exclusive => total.net,
        };
        if yen.get() < 0 || *yen > lines {
            return Err(wrong("yen", "税額は0円以上、その税率の合計以下にしてください。"));
        }
        taxes.insert(total.rate, *yen);
    }
    if basis == PriceBasis::Inclusive {
        taxes.clear();
    }
    Ok(taxes)
}

/// Each line with its share of the tax of its rate: first among the purposes, then among the lines of each.
pub(super) fn with_tax(bought: &[Bought], taxes: &BTreeMap<TaxRate, Yen>) -> Result<Vec<Yen>, YenOverflow> {
    let mut costs: Vec<Yen> = bought.iter().map(|line| line.yen).collect();
    for (rate, tax) in taxes.iter().filter(|(_, tax)| !tax.is_zero()) {
        let mut purposes: BTreeMap<Purpose, Vec<usize>> = BTreeMap::new();
        for (n, line) in bought.iter().enumerate().filter(|(_, line)| line.tax == *rate) {
            purposes.entry(line.purpose).or_default().push(n);
        }
        let weight = |n: &usize| bought.get(*n).map_or(0, |line| line.yen.get().unsigned_abs());
        let sums: Vec<u64> = (purposes.values())
            .map(|lines| lines.iter().map(weight).fold(0, u64::saturating_add))
            .collect();
        for (lines, tax) in purposes.values().zip(shares(*tax, &sums)) {
            let weights: Vec<u64> = lines.iter().map(weight).collect();
            for (n, tax) in lines.iter().zip(shares(tax, &weights)) {
                if let Some(cost) = costs.get_mut(*n) {
                    *cost = cost.checked_add(tax)?;
                }
            }
        }
    }
    Ok(costs)
}

/// Nobody to share with only where every line is nought, and then the tax is nought too.
fn shares(tax: Yen, weights: &[u64]) -> Vec<Yen> {
    split(tax, weights).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const REDUCED: TaxRate = TaxRate {
        category: TaxCategory::Reduced,
        percent: 8,
    };

    fn line(purpose: Purpose, yen: i64) -> Bought {
        Bought {
            purpose,
            tax: REDUCED,
            yen: Yen::new(yen),
        }
    }

    #[test]
    fn the_tax_is_shared_among_purposes_first() {
        use Purpose::{Material, Welfare};
        // 8 % of 299 is 23.92 → 23; by 199 : 100 it is 15.31 + 7.69 → 15 + 8;
        // of the 15, by 100 : 99, 7.54 + 7.46 → 8 + 7
        let bought = [line(Material, 100), line(Welfare, 100), line(Material, 99)];
        let taxes = taxes(&bought, PriceBasis::Exclusive, Rounding::Down, &[]).unwrap();
        assert_eq!(taxes, [(REDUCED, Yen::new(23))].into());
        assert_eq!(
            with_tax(&bought, &taxes).unwrap(),
            [Yen::new(108), Yen::new(108), Yen::new(106)]
        );
    }

    proptest! {
        #[test]
        fn no_yen_of_the_tax_is_lost(
            lines in prop::collection::vec((any::<bool>(), 0..1_000_000_i64), 1..20),
            stated in 0..5_i64,
        ) {
            let bought: Vec<Bought> = lines
                .iter()
                .map(|(welfare, yen)| line(if *welfare { Purpose::Welfare } else { Purpose::Material }, *yen))
                .collect();
            let net: i64 = lines.iter().map(|(_, yen)| yen).sum();
            let stated = StatedTax { category: TaxCategory::Reduced, yen: Yen::new((net / 12 - stated).max(0)) };
            let taxes = taxes(&bought, PriceBasis::Exclusive, Rounding::Down, &[stated]).unwrap();
            let costs = with_tax(&bought, &taxes).unwrap();
            prop_assert_eq!(Yen::sum(costs), Ok(Yen::new(net + stated.yen.get())));
        }
    }
}
