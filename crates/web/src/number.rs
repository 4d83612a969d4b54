//! Numbers as people type them: `１２`, `12個`, `1,200`, ` 3.5 kg`.

use unicode_normalization::UnicodeNormalization;

/// The number in half-width digits without commas and without the unit behind it. What is no number stays as it was typed,
/// so that the refusal shows it.
pub fn tidied(text: &str) -> String {
    let folded: String = text.nfkc().collect();
    let folded = folded.trim();
    let digits: String = folded.chars().filter(|c| !matches!(c, ',' | '、')).collect();
    let end = digits
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(digits.len());
    let (number, unit) = digits.split_at(end);
    let is_number = number.chars().any(|c| c.is_ascii_digit()) && !number.ends_with('.');
    let is_unit = unit.trim().chars().all(char::is_alphabetic);
    if is_number && is_unit {
        number.to_owned()
    } else {
        text.trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_read() {
        for (typed, number) in [
            ("１２", "12"),
            ("12個", "12"),
            ("1,200", "1200"),
            (" 3.5 kg", "3.5"),
            ("３．５ｋｇ", "3.5"),
            ("一二", "一二"),
            ("-3", "-3"),
            ("3-4", "3-4"),
            ("12.", "12."),
            ("個", "個"),
            ("", ""),
        ] {
            assert_eq!(tidied(typed), number, "{typed}");
        }
    }
}
