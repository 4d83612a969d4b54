//! Names as banks write them: half-width katakana, capitals, digits and a few signs.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization as _;

/// ア to ン in the order of JIS X 0201, from 0xB1.
const KANA: &str =
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
/// Small letters are written large.
const SMALL: [(char, char); 10] = [
    ('ァ', 'ア'),
    ('ィ', 'イ'),
    ('ゥ', 'ウ'),
    ('ェ', 'エ'),
    ('ォ', 'オ'),
    ('ッ', 'ツ'),
    ('ャ', 'ヤ'),
    ('ュ', 'ユ'),
    ('ョ', 'ヨ'),
    ('ヮ', 'ワ'),
];
/// Signs that banks take.
const SIGNS: &str = "()-./ ";
/// First half-width katakana sign of JIS X 0201 (｡), in a byte and in Unicode.
const FIRST: (u8, u32) = (0xA1, 0xFF61);

/// A name in the letters of a bank, half-width: `ｼﾔ)ﾐﾄﾞﾘﾌｸｼｶｲ`. Full-width katakana, hiragana and small letters are read
/// as what banks write for them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BankKana(String);

/// Why a text is no such name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KanaError {
    /// Nothing.
    #[error("口座の名義などは、カタカナで1文字以上書いてください。")]
    Empty,
    /// A letter that banks do not take.
    #[error(
        "「{0}」は銀行のファイルに使えません。カタカナ・英大文字・数字・「( ) - . /」と空白で書いてください。"
    )]
    Letter(char),
    /// More than a field has room for.
    #[error("長すぎます。半角で {most} 文字まで(濁点も1文字)にしてください。いまは {found} 文字です。")]
    TooLong {
        /// Room.
        most: usize,
        /// Letters.
        found: usize,
    },
}

impl BankKana {
    /// Letters that the longest field holds.
    pub const LONGEST: usize = 40;

    /// As it is shown and stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A byte a letter, as JIS X 0201 and Shift-JIS alike have them.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.chars().filter_map(byte).collect()
    }

    /// Whether it fits into a field.
    ///
    /// # Errors
    /// [`KanaError::TooLong`].
    pub fn fits(&self, most: usize) -> Result<(), KanaError> {
        match self.0.chars().count() {
            found if found > most => Err(KanaError::TooLong { most, found }),
            _ => Ok(()),
        }
    }
}

impl FromStr for BankKana {
    type Err = KanaError;

    fn from_str(text: &str) -> Result<BankKana, KanaError> {
        let mut name = String::new();
        for given in text.trim().chars() {
            // voiced sounds are two letters here: the sound, then its sign
            let alone = match given {
                '゛' => '\u{3099}',
                '゜' => '\u{309A}',
                other => other,
            };
            for part in alone.to_string().nfkd() {
                name.push(letter(part).ok_or(KanaError::Letter(given))?);
            }
        }
        if name.is_empty() {
            return Err(KanaError::Empty);
        }
        let name = BankKana(name);
        name.fits(BankKana::LONGEST)?;
        Ok(name)
    }
}

/// A letter as banks write it.
fn letter(given: char) -> Option<char> {
    let katakana = match given {
        'ぁ'..='ん' => char::from_u32(u32::from(given) + 0x60)?,
        other => other,
    };
    let large = SMALL.iter().find(|(small, _)| *small == katakana);
    let large = large.map_or(katakana, |(_, large)| *large);
    match large {
        // long sounds are written with a hyphen
        'ー' | '-' | '‐' | '−' | '–' | '―' => Some('-'),
        '\u{3099}' => half(0xDE),
        '\u{309A}' => half(0xDF),
        'ヲ' => half(0xA6),
        'a'..='z' | 'A'..='Z' | '0'..='9' => Some(large.to_ascii_uppercase()),
        sign if SIGNS.contains(sign) => Some(sign),
        kana => {
            let at = KANA.chars().position(|known| known == kana)?;
            half(u8::try_from(at).ok()?.checked_add(0xB1)?)
        }
    }
}

/// The half-width letter of a byte.
fn half(byte: u8) -> Option<char> {
    char::from_u32(FIRST.1 + u32::from(byte.checked_sub(FIRST.0)?))
}

/// The byte of a letter.
fn byte(letter: char) -> Option<u8> {
    if letter.is_ascii() {
        return u8::try_from(letter).ok();
    }
    let at = u32::from(letter).checked_sub(FIRST.1)?;
    u8::try_from(at).ok()?.checked_add(FIRST.0)
}

impl fmt::Display for BankKana {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for BankKana {
    fn serialize<S: serde::Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(output)
    }
}

impl<'de> Deserialize<'de> for BankKana {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<BankKana, D::Error> {
        String::deserialize(input)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for BankKana {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .min_length(Some(1))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for BankKana {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, KanaError> {
        text.parse().map(|kana: BankKana| kana.to_string())
    }

    #[test]
    fn whatever_width_is_typed_is_written_half() {
        for (typed, written) in [
            ("シャ）みどりふくしかい", "ｼﾔ)ﾐﾄﾞﾘﾌｸｼｶｲ"),
            ("ｼｬ)ﾐﾄﾞﾘ", "ｼﾔ)ﾐﾄﾞﾘ"),
            ("エヌピーオー", "ｴﾇﾋﾟ-ｵ-"),
            ("ＡＢＣ　商店".replace("商店", "shop").as_str(), "ABC SHOP"),
            ("ヴァイオリン・".trim_end_matches('・'), "ｳﾞｱｲｵﾘﾝ"),
            (" をわん ", "ｦﾜﾝ"),
        ] {
            assert_eq!(read(typed), Ok(written.to_owned()), "{typed}");
        }
    }

    #[test]
    fn a_letter_is_a_byte_of_jis() {
        let kana: BankKana = "カ)ア゛ヲ1Z.".parse().unwrap();
        assert_eq!(kana.bytes(), [0xB6, b')', 0xB1, 0xDE, 0xA6, b'1', b'Z', b'.']);
    }

    #[test]
    fn other_letters_are_named() {
        assert_eq!(read("みどり福祉会"), Err(KanaError::Letter('福')));
        assert_eq!(read("ア・イ"), Err(KanaError::Letter('・')));
        assert_eq!(read("ア\nイ"), Err(KanaError::Letter('\n')));
        assert_eq!(read("  "), Err(KanaError::Empty));
        let long = "ガ".repeat(21);
        assert_eq!(read(&long), Err(KanaError::TooLong { most: 40, found: 42 }));
    }
}
