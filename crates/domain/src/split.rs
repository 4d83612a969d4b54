//! Sharing a sum of yen, or a quantity, by weights so that nothing is lost (largest remainder, 最大剰余法).

use crate::{money::Yen, quantity::Quantity};
use std::cmp::Reverse;

/// Why a sum could not be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// No weights, or all of them nought: nobody to give the sum to.
    #[error("分ける割合がすべて0です。1つ以上に割合を入れてください。")]
    NoWeight,
}

/// Shares `total` by `weights`: the floor of each exact share, then one yen each to the largest
/// remainders, ties to the earlier. A negative total mirrors the positive. The shares come in the order
/// of the weights and add up to the total exactly; a weight of nought gets nothing.
pub fn split(total: Yen, weights: &[u64]) -> Result<Vec<Yen>, SplitError> {
    let shares = shares(total.get().unsigned_abs(), weights)?;
    Ok(shares.into_iter().map(|share| signed(share, total)).collect())
}

/// Shares a quantity of goods by `weights` as [`split`] shares yen: no smallest step is lost.
pub fn split_quantity(total: Quantity, weights: &[u64]) -> Result<Vec<Quantity>, SplitError> {
    let shares = shares(total.get().unsigned_abs(), weights)?;
    // a share is never larger than the total, so it is in range
    let quantity = |share| {
        i64::try_from(share)
            .ok()
            .and_then(|steps| Quantity::try_new(steps).ok())
    };
    Ok(shares
        .into_iter()
        .map(|share| quantity(share).unwrap_or(total))
        .collect())
}

fn shares(size: u64, weights: &[u64]) -> Result<Vec<u128>, SplitError> {
    let sum: u128 = weights.iter().map(|w| u128::from(*w)).sum();
    if sum == 0 {
        return Err(SplitError::NoWeight);
    }
    let size = u128::from(size);
    // each share (whole, remainder): the product is below 2^64 · 2^64
    let exact = weights
        .iter()
        .map(|w| (size * u128::from(*w) / sum, size * u128::from(*w) % sum));
    let (mut shares, remainders): (Vec<u128>, Vec<u128>) = exact.unzip();

    let mut left = size - shares.iter().sum::<u128>();
    let mut by_remainder: Vec<(u128, &mut u128)> = remainders.into_iter().zip(&mut shares).collect();
    // stable, so equal remainders keep the order given
    by_remainder.sort_by_key(|(remainder, _)| Reverse(*remainder));
    for (_, share) in by_remainder {
        if left == 0 {
            break;
        }
        *share += 1;
        left -= 1;
    }
    Ok(shares)
}

/// A share with the sign of the total; a share is never larger than the total, so it is in range.
fn signed(share: u128, total: Yen) -> Yen {
    let size = Yen::new(i64::try_from(share).unwrap_or(i64::MAX));
    if total.get() < 0 { size.negated() } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::YEN_MAX;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Golden {
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        total: Yen,
        weights: Vec<u64>,
        shares: Option<Vec<Yen>>,
    }

    #[test]
    fn golden_shares() {
        let golden: Golden = serde_json::from_str(include_str!("../../../tests/golden/split.json")).unwrap();
        assert_eq!(golden.cases.len(), 6);
        for case in golden.cases {
            let expected = case.shares.ok_or(SplitError::NoWeight);
            assert_eq!(
                split(case.total, &case.weights),
                expected,
                "{} by {:?}",
                case.total,
                case.weights
            );
        }
    }

    #[test]
    fn nobody_to_share_with() {
        assert_eq!(split(Yen::new(5), &[]), Err(SplitError::NoWeight));
        assert_eq!(split(Yen::ZERO, &[]), Err(SplitError::NoWeight));
    }

    #[test]
    fn quantities_are_shared_like_yen() {
        let steps = |steps| Quantity::try_new(steps).unwrap();
        // 10 by 1 : 2 is 3.33 : 6.67
        assert_eq!(
            split_quantity(steps(10), &[1, 2, 0]),
            Ok(vec![steps(3), steps(7), steps(0)])
        );
        assert_eq!(split_quantity(steps(10), &[0]), Err(SplitError::NoWeight));
        let largest = steps(crate::quantity::QUANTITY_MAX);
        assert_eq!(split_quantity(largest, &[u64::MAX]), Ok(vec![largest]));
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let shares = split(Yen::new(-YEN_MAX), &[u64::MAX, u64::MAX]).unwrap();
        // 2^53 − 1 is odd: the earlier gets the odd yen
        assert_eq!(
            shares,
            [Yen::new(-4_503_599_627_370_496), Yen::new(-4_503_599_627_370_495)]
        );
    }

    proptest! {
        #[test]
        fn no_yen_is_lost(
            total in -YEN_MAX..=YEN_MAX,
            weights in prop::collection::vec(prop_oneof![Just(0), 1..100_u64, any::<u64>()], 1..40),
        ) {
            prop_assume!(weights.iter().any(|w| *w > 0));
            let total = Yen::new(total);
            let shares = split(total, &weights).unwrap();
            prop_assert_eq!(Yen::sum(shares.iter().copied()), Ok(total));
            let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            for (share, weight) in shares.iter().zip(&weights) {
                // within one yen of the exact share, compared by cross-multiplication in pieces that fit
                let exact = i128::from(total.get()) * i128::from(*weight);
                prop_assert!((i128::from(share.get()) * sum - exact).abs() < sum);
                prop_assert!(*weight > 0 || share.is_zero());
            }
            let mirrored: Vec<Yen> = split(total.negated(), &weights).unwrap().into_iter().map(Yen::negated).collect();
            prop_assert_eq!(mirrored, shares);
        }
    }
}
