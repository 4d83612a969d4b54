//! Numbers as the acts write them, read by the model in its own way: integers only.

use crate::world::{PRODUCTS, Product};
use serde_json::Value;

/// Largest amount of yen in the book.
pub const YEN_MAX: i128 = (1 << 53) - 1;

/// Largest amount of one posting.
pub const POSTED_MAX: i128 = 10_000_000_000;

/// Largest quantity of one movement, in smallest steps.
const QUANTITY_MAX: i128 = 1_000_000_000_000_000;

/// A decimal as digits and how many of them stand after the point.
pub fn decimal(text: &str) -> (i128, u32) {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = part.trim_end_matches('0');
    let digits: i128 = format!("{whole}{part}").parse().expect("a number");
    (digits, u32::try_from(part.len()).expect("few digits"))
}

/// A stated quantity in smallest steps of the product; none when the product's unit cannot hold it.
pub fn steps(product: usize, stated: &Value) -> Option<i64> {
    let Product { decimals, .. } = PRODUCTS[product];
    let (digits, scale, unit) = if let Value::Object(pack) = stated {
        // one box holds nine
        let (digits, scale) = decimal(pack["amount"].as_str()?);
        (digits, scale, if pack["unit"] == "箱" { 9 } else { return None })
    } else {
        let (digits, scale) = decimal(stated.as_str()?);
        (digits, scale, 0)
    };
    let steps = if unit > 0 {
        if scale > 0 || decimals > 0 {
            return None;
        }
        digits * unit
    } else if scale > decimals {
        return None;
    } else {
        digits * 10_i128.pow(decimals - scale)
    };
    if (0..=QUANTITY_MAX).contains(&steps) {
        i64::try_from(steps).ok()
    } else {
        None
    }
}

/// A quantity as written: `12.5`.
pub fn shown(product: usize, steps: i64) -> String {
    let scale = 10_i64.pow(PRODUCTS[product].decimals);
    let width = PRODUCTS[product].decimals as usize;
    let (whole, part) = (steps / scale, steps % scale);
    if part == 0 {
        return whole.to_string();
    }
    format!("{whole}.{part:0width$}").trim_end_matches('0').to_owned()
}

/// A unit price in ten-thousandths of a yen.
pub fn price(text: &str) -> i128 {
    let (digits, scale) = decimal(text);
    digits * 10_i128.pow(4 - scale)
}

/// `numerator / denominator`, fractions dropped or rounded half up; for amounts of nought or more.
pub fn divided(numerator: i128, denominator: i128, half_up: bool) -> i128 {
    if half_up {
        (2 * numerator + denominator) / (2 * denominator)
    } else {
        numerator / denominator
    }
}

/// Quantity × unit price.
pub fn worth(product: usize, steps: i64, price: i128, half_up: bool) -> i128 {
    let one = 10_i128.pow(PRODUCTS[product].decimals) * 10_000;
    divided(i128::from(steps) * price, one, half_up)
}

/// Shares a sum by weights so that nothing is lost: whole shares first, then one each to the largest remainders, the
/// earlier first. Nobody gets anything where all weights are nought.
pub fn shares(total: i128, weights: &[i128]) -> Vec<i128> {
    let sum: i128 = weights.iter().sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let mut shares: Vec<i128> = weights.iter().map(|weight| total * weight / sum).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|n| std::cmp::Reverse(total * weights[*n] % sum));
    let left = total - shares.iter().sum::<i128>();
    for n in order.into_iter().take(usize::try_from(left).expect("few")) {
        shares[n] += 1;
    }
    shares
}
