//! A bank account of an organisation.

use super::BankKana;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use unicode_normalization::UnicodeNormalization as _;

macro_rules! digits {
    ($($(#[$doc:meta])* $name:ident, $length:literal, $sentence:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Digits.
            pub const LENGTH: usize = $length;

            /// The digits.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = &'static str;

            /// Full-width digits are read as digits.
            fn from_str(text: &str) -> Result<$name, &'static str> {
                let digits: String = text.trim().nfkc().collect();
                let is_sound = digits.len() == $length && digits.bytes().all(|byte| byte.is_ascii_digit());
                if is_sound { Ok($name(digits)) } else { Err($sentence) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(output)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<$name, D::Error> {
                String::deserialize(input)?.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .min_length(Some($length))
                    .max_length(Some($length))
                    .pattern(Some(concat!("^[0-9]{", $length, "}$")))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    )+};
}

digits! {
    /// 銀行コード (統一金融機関コード).
    BankCode, 4, "銀行コードは、数字4桁で書いてください。";
    /// 支店コード.
    BranchCode, 3, "支店コードは、数字3桁で書いてください。";
    /// 口座番号.
    AccountNumber, 7, "口座番号は、数字7桁で書いてください。7桁より短いときは、前に0をつけます。";
    /// 委託者コード, given by the bank to whom it lets send files.
    ConsignorCode, 10, "委託者コードは、銀行が決めた数字10桁で書いてください。";
}

/// 預金種目.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccountType {
    /// 普通.
    #[default]
    Ordinary,
    /// 当座.
    Current,
}

impl AccountType {
    /// The digit of a file.
    pub const fn digit(self) -> u8 {
        match self {
            AccountType::Ordinary => b'1',
            AccountType::Current => b'2',
        }
    }

    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            AccountType::Ordinary => "普通",
            AccountType::Current => "当座",
        }
    }
}

/// An account of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BankAccount {
    /// 銀行コード.
    pub bank: BankCode,
    /// 銀行名.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_name: Option<BankKana>,
    /// 支店コード.
    pub branch: BranchCode,
    /// 支店名.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch_name: Option<BankKana>,
    /// 預金種目.
    #[serde(default)]
    pub account_type: AccountType,
    /// 口座番号.
    pub number: AccountNumber,
    /// 名義 of the organisation.
    pub holder: BankKana,
}

impl BankAccount {
    /// Letters of the names of a bank and a branch at most.
    pub const NAME: usize = 15;
    /// Letters of a payee's name at most.
    pub const HOLDER: usize = 30;

    /// Whether all of it fits into a file: the field that does not, and why.
    ///
    /// # Errors
    /// The field's name with a sentence.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        let names = [
            ("bank_name", self.bank_name.as_ref(), BankAccount::NAME),
            ("branch_name", self.branch_name.as_ref(), BankAccount::NAME),
            ("holder", Some(&self.holder), BankAccount::HOLDER),
        ];
        for (field, name, most) in names {
            if let Some(name) = name {
                name.fits(most).map_err(|error| (field, error.to_string()))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_as_many_as_they_are() {
        assert_eq!("００１７".parse::<BankCode>().unwrap().as_str(), "0017");
        for wrong in ["17", "00170", "001a", "", "001-"] {
            assert!(wrong.parse::<BankCode>().is_err(), "{wrong}");
        }
        assert!("123456".parse::<AccountNumber>().is_err());
        assert!("0123456".parse::<AccountNumber>().is_ok());
    }

    #[test]
    fn a_name_too_long_for_its_field_is_told() {
        let account: BankAccount = serde_json::from_str(
            r#"{"bank": "0130", "branch": "012", "number": "0123456", "holder": "ｼﾔ)ﾐﾄﾞﾘ"}"#,
        )
        .unwrap();
        assert_eq!(account.check(), Ok(()));
        let long = BankAccount {
            holder: "ア".repeat(31).parse().unwrap(),
            ..account
        };
        assert_eq!(long.check().unwrap_err().0, "holder");
    }
}
