//! Numbers of Excel files. Excel keeps them in binary with 17 digits and shows 15: 0.1 + 0.2 is 0.30000000000000004 in the
//! file and 0.3 to whoever looks at it. What people see is what is read.

use rust_decimal::Decimal;
use std::str::FromStr as _;

/// Digits that Excel shows.
const SHOWN: u32 = 15;

/// A number written out, of 15 digits; `written` as Rust writes it with an exponent (`1.5e-3`). What is beyond decimals stays as
/// it was written, and is no number to whoever reads it.
pub(super) fn shown(written: &str) -> String {
    let number = Decimal::from_scientific(written).or_else(|_| Decimal::from_str(written));
    let Ok(number) = number else {
        return written.to_owned();
    };
    let number = number.round_sf(SHOWN).unwrap_or(number).normalize();
    if number.is_zero() {
        return "0".to_owned();
    }
    number.to_string()
}
