//! Registration numbers of invoice issuers (適格請求書発行事業者の登録番号).

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// `T` and 13 digits. A corporation's digits are its corporate number (法人番号) with a check digit; a
/// sole proprietor's are not, so a check that fails is a warning and never a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegistrationNumber(u64);

/// The text is no registration number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("登録番号は「T」と半角数字13桁で入力してください(例 T7123456789012)。")]
pub struct MalformedRegistrationNumber;

impl RegistrationNumber {
    /// True when the first of the 13 digits is the check digit of the other twelve, as every corporate
    /// number's is: 9 − (Σ Pₙ·Qₙ mod 9), n counted from the right, Q = 1 for odd and 2 for even n
    /// (法人番号の指定等に関する省令 第2条). False: warn, do not refuse.
    pub fn check_digit_ok(self) -> bool {
        let weighted: u64 = (0..12)
            .map(|place| self.0 / 10_u64.pow(place) % 10 * u64::from(1 + place % 2))
            .sum();
        self.0 / 10_u64.pow(12) == 9 - weighted % 9
    }
}

impl FromStr for RegistrationNumber {
    type Err = MalformedRegistrationNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('T').ok_or(MalformedRegistrationNumber)?;
        if digits.len() != 13 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(MalformedRegistrationNumber);
        }
        digits
            .parse()
            .map(RegistrationNumber)
            .map_err(|_| MalformedRegistrationNumber)
    }
}

impl fmt::Display for RegistrationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{:013}", self.0)
    }
}

impl Serialize for RegistrationNumber {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        output.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RegistrationNumber {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        String::deserialize(input)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Deserialize)]
    struct Golden {
        valid: Vec<RegistrationNumber>,
        invalid_check_digit: Vec<RegistrationNumber>,
        malformed: Vec<String>,
    }

    #[test]
    fn golden_numbers() {
        let golden: Golden =
            serde_json::from_str(include_str!("../../../tests/golden/registration_number.json")).unwrap();
        assert_eq!(
            (
                golden.valid.len(),
                golden.invalid_check_digit.len(),
                golden.malformed.len()
            ),
            (3, 2, 4)
        );
        assert!(golden.valid.iter().all(|n| n.check_digit_ok()));
        assert!(!golden.invalid_check_digit.iter().any(|n| n.check_digit_ok()));
        for text in golden.malformed {
            assert_eq!(
                text.parse::<RegistrationNumber>(),
                Err(MalformedRegistrationNumber),
                "{text}"
            );
        }
    }

    #[test]
    fn other_scripts_and_blanks_are_malformed() {
        for text in [
            "",
            "T",
            "T７123456789012",
            "Ｔ7123456789012",
            " T7123456789012",
            "T+712345678901",
            "T712345678901２",
        ] {
            assert!(text.parse::<RegistrationNumber>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn one_first_digit_of_nine_is_right(rest in 0..1_000_000_000_000_u64) {
            let fits = (0..=9).filter(|first| RegistrationNumber(first * 1_000_000_000_000 + rest).check_digit_ok());
            prop_assert_eq!(fits.count(), 1);
            prop_assert!(!RegistrationNumber(rest).check_digit_ok()); // never 0
        }

        #[test]
        fn text_survives(digits in 0..10_000_000_000_000_u64) {
            let number = RegistrationNumber(digits);
            prop_assert_eq!(number.to_string().parse::<RegistrationNumber>(), Ok(number));
        }
    }
}
