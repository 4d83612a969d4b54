//! Decimals as people and files write them.

use rust_decimal::Decimal;

/// Reads `12`, `12.5` or `-12.5`. One spelling only: no sign `+`, no `.5`, no `1_000`, no `-0`.
pub(crate) fn read(text: &str) -> Option<Decimal> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let size = text.strip_prefix('-').unwrap_or(text);
    let is_plain = match size.split_once('.') {
        None => is_digits(size),
        Some((whole, rest)) => is_digits(whole) && is_digits(rest),
    };
    let number = Decimal::from_str_exact(text).ok().filter(|_| is_plain)?;
    (size.len() == text.len() || !number.is_zero()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        for (text, mantissa, scale) in [("0", 0, 0), ("12.50", 1250, 2), ("-0.5", -5, 1), ("007", 7, 0)] {
            assert_eq!(read(text), Some(Decimal::new(mantissa, scale)), "{text}");
        }
        for wrong in [
            "", "-", "+1", ".5", "5.", "1_000", "-0", "-0.00", "1e3", " 1", "１", "1.2.3", "1,000",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
