//! Texts of the book, parsed once at the border: codes, keys, names and notes. Unicode texts are brought
//! to NFC, so that one name has one spelling (が typed as one character or as か + ゛).

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::{fmt, str::FromStr};
use unicode_normalization::UnicodeNormalization;

/// Why a text was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing, or only blanks.
    #[error("何も入力されていません。1文字以上入力してください。")]
    Empty,
    /// More characters than the type allows.
    #[error("長すぎます({found}文字)。{limit}文字以内にしてください。")]
    TooLong {
        /// Characters allowed.
        limit: usize,
        /// Characters found.
        found: usize,
    },
    /// A character the type does not allow.
    #[error("使えない文字{}があります。{allowed}", shown(*.found))]
    NotAllowed {
        /// The first such character.
        found: char,
        /// What is allowed, as a sentence.
        allowed: &'static str,
    },
}

/// A character as an error may show it: never one that would disturb the line it stands in.
fn shown(c: char) -> String {
    let code = u32::from(c);
    if c.is_control() || c.is_whitespace() || is_unseen(c) {
        format!("(U+{code:04X})")
    } else {
        format!("「{c}」")
    }
}

/// Characters that show nothing or reorder what stands around them. Two names that look the same must
/// be the same, and a note must read as it was written. (Joiners for emoji stay allowed.)
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' // soft hyphen, zero-width blanks, byte order mark
        | '\u{61c}' | '\u{200e}' | '\u{200f}' // direction marks
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // bidi overrides and isolates
        | '\u{2028}' | '\u{2029}' // line and paragraph separators
        | '\u{fff9}'..='\u{fffb}') // interlinear annotation
}

/// The text trimmed, with `\n` as the only line end, in NFC.
fn normalised(text: &str) -> String {
    text.trim().replace("\r\n", "\n").nfc().collect()
}

/// A text of 1 to `limit` characters that are all allowed.
fn bounded(
    text: String,
    limit: usize,
    is_allowed: fn(char) -> bool,
    allowed: &'static str,
) -> Result<String, TextError> {
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if let Some(found) = text.chars().find(|c| !is_allowed(*c)) {
        return Err(TextError::NotAllowed { found, allowed });
    }
    let found = text.chars().count();
    if found > limit {
        Err(TextError::TooLong { limit, found })
    } else {
        Ok(text)
    }
}

/// One text type: its documentation, the longest length, how it is tidied on entry, what it may hold.
macro_rules! text_type {
    ($(#[$doc:meta])+ $name:ident, $limit:literal, $tidy:expr, $allows:expr, $allowed:literal) => {
        $(#[$doc])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Longest length in characters.
            pub const LIMIT: usize = $limit;

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                bounded($tidy(text), $limit, $allows, $allowed).map($name)
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                String::deserialize(input)?.parse().map_err(D::Error::custom)
            }
        }
    };
}

text_type! {
    /// The short code (コード) of an office, product, partner, agreement …: 1 to 64 of `a-z 0-9 - _ .`,
    /// lower case only, so that two codes never differ by case. Taken as typed: a blank or a capital is
    /// refused, not repaired, because codes are compared and printed.
    Code, 64, str::to_owned,
    |c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.'),
    "半角の英小文字・数字・「-」「_」「.」だけで入力してください。"
}

text_type! {
    /// The code of a lot (ロット番号), as printed on the box: 1 to 64 of `A-Z a-z 0-9 - _ .`.
    LotCode, 64, str::to_owned,
    |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'),
    "半角の英数字・「-」「_」「.」だけで入力してください。"
}

text_type! {
    /// The key a client gives a request so that sending it twice records it once (冪等キー): 1 to 128
    /// printable ASCII characters without blanks.
    Key, 128, str::to_owned,
    |c| c.is_ascii_graphic(),
    "半角の英数字と記号だけで、空白を入れずに入力してください。"
}

text_type! {
    /// A name (名称) of an office, product, partner …, never of a person: 1 to 100 characters of one line,
    /// trimmed, in NFC.
    Name, 100, normalised,
    |c| !c.is_control() && !is_unseen(c),
    "改行や目に見えない文字を消してください。"
}

text_type! {
    /// How a name is read (ふりがな): 1 to 100 of hiragana, katakana, 「ー」「・」, digits and blanks, so that people who read
    /// with difficulty can read it.
    Kana, 100, normalised,
    |c| matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '・' | '0'..='9' | '０'..='９' | ' ' | '\u{3000}'),
    "ひらがな・カタカナ・数字・「ー」「・」だけで入力してください。"
}

text_type! {
    /// What stands in a field of a food label (食品表示), as the law wants it written: 1 to 400 characters of one line, trimmed,
    /// in NFC.
    LabelText, 400, normalised,
    |c| !c.is_control() && !is_unseen(c),
    "改行や目に見えない文字を消してください。"
}

text_type! {
    /// A telephone number of an office (電話番号), never of a person: 1 to 20 of digits, 「-」「+」「(」「)」.
    Phone, 20, str::to_owned,
    |c| c.is_ascii_digit() || matches!(c, '-' | '+' | '(' | ')'),
    "半角の数字と「-」「+」「(」「)」だけで入力してください。"
}

text_type! {
    /// The word for an account (ログイン名) of somebody who comes in over the network, never a person's name: 1 to 32 of
    /// `a-z 0-9 -`, like `kitchen-2`.
    Login, 32, str::to_owned,
    |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
    "半角の英小文字・数字・「-」だけで入力してください。人の名前は使わないでください。"
}

text_type! {
    /// A note or reason (備考・理由): 1 to 1000 characters, several lines allowed, trimmed, in NFC, line
    /// ends as `\n`.
    Note, 1000, normalised,
    |c| c == '\n' || !c.is_control() && !is_unseen(c),
    "改行のほかは、目に見えない文字を消してください。"
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn readings_are_kana() {
        assert_eq!(" とまと 3こ".parse::<Kana>().unwrap().as_str(), "とまと 3こ");
        // か + ゛ is one character
        assert_eq!("か\u{3099}".parse::<Kana>().unwrap().as_str(), "が");
        for bad in ["野菜", "tomato", "とまと\n"] {
            assert!(matches!(
                format!("{bad}と").parse::<Kana>(),
                Err(TextError::NotAllowed { .. })
            ));
        }
    }

    #[test]
    fn a_telephone_number_has_no_words() {
        for good in ["0297-12-3456", "+81-297-12-3456", "(0297)123456"] {
            assert_eq!(good.parse::<Phone>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "0297-12-3456 山田",
            "０２９７",
            "0297 12 3456",
            &"1".repeat(21),
        ] {
            assert!(bad.parse::<Phone>().is_err(), "{bad:?}");
        }
    }

    fn refused<T: FromStr<Err = TextError> + fmt::Debug>(text: &str) -> TextError {
        text.parse::<T>().unwrap_err()
    }

    #[test]
    fn codes_are_lower_case_ascii() {
        assert_eq!("a-1_b.c".parse::<Code>().unwrap().as_str(), "a-1_b.c");
        assert_eq!(refused::<Code>(""), TextError::Empty);
        for (bad, found) in [
            ("A", 'A'),
            ("a b", ' '),
            ("a/b", '/'),
            ("コード", 'コ'),
            ("ａ", 'ａ'),
            ("a\n", '\n'),
        ] {
            assert!(
                matches!(refused::<Code>(bad), TextError::NotAllowed { found: f, .. } if f == found),
                "{bad}"
            );
        }
        assert!("x".repeat(64).parse::<Code>().is_ok());
        assert_eq!(
            refused::<Code>(&"x".repeat(65)),
            TextError::TooLong { limit: 64, found: 65 }
        );
        assert_eq!(
            "Bento-2026.07_A".parse::<LotCode>().unwrap().as_ref(),
            "Bento-2026.07_A"
        );
        assert!("L 1".parse::<LotCode>().is_err());
    }

    #[test]
    fn a_login_is_a_plain_word() {
        assert!("kitchen-2".parse::<Login>().is_ok());
        for bad in ["", "Kitchen", "a.b", "a_b", "台所", &"x".repeat(33)] {
            assert!(bad.parse::<Login>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn keys_are_printable_ascii() {
        assert!("!~01J9/ab:c=".parse::<Key>().is_ok());
        assert!("k".repeat(128).parse::<Key>().is_ok());
        assert!("k".repeat(129).parse::<Key>().is_err());
        for bad in ["a b", "a\u{7f}", "é", ""] {
            assert!(bad.parse::<Key>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_have_one_spelling() {
        // か + combining dakuten becomes が; blanks around, also the wide one, go
        let name: Name = " \u{3000}か\u{3099}っこう弁当 ".parse().unwrap();
        assert_eq!(name.as_str(), "がっこう弁当");
        assert_eq!(name.to_string().chars().count(), 6);
        // counted after composition: 100 kana typed as 200 characters fit
        assert!("か\u{3099}".repeat(100).parse::<Name>().is_ok());
        assert_eq!(
            refused::<Name>(&"あ".repeat(101)),
            TextError::TooLong {
                limit: 100,
                found: 101
            }
        );
        assert_eq!(refused::<Name>(" \u{3000}\n"), TextError::Empty);
        for bad in [
            "a\nb",
            "a\tb",
            "a\0",
            "a\u{202e}b",
            "a\u{200b}b",
            "a\u{2028}b",
            "a\u{feff}b",
        ] {
            assert!(
                matches!(refused::<Name>(bad), TextError::NotAllowed { .. }),
                "{bad:?}"
            );
        }
        assert!("👩‍🌾の畑".parse::<Name>().is_ok());
    }

    #[test]
    fn notes_keep_their_lines() {
        assert_eq!(
            "一行目\r\n二行目\n".parse::<Note>().unwrap().as_str(),
            "一行目\n二行目"
        );
        assert!("あ".repeat(1000).parse::<Note>().is_ok());
        for bad in ["a\u{7}b", "a\rb", "a\u{202e}b", "a\u{2066}b", ""] {
            assert!(bad.parse::<Note>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn refusals_say_what_to_do_and_never_echo_unseen_characters() {
        assert_eq!(
            refused::<Code>("Ab").to_string(),
            "使えない文字「A」があります。半角の英小文字・数字・「-」「_」「.」だけで入力してください。"
        );
        let text = refused::<Name>("a\u{202e}b").to_string();
        assert!(
            text.contains("(U+202E)") && !text.contains('\u{202e}'),
            "{text:?}"
        );
        assert_eq!(
            refused::<Code>(&"x".repeat(70)).to_string(),
            "長すぎます(70文字)。64文字以内にしてください。"
        );
    }

    #[test]
    fn json_is_parsed_at_the_border() {
        assert_eq!(
            serde_json::to_string(&"a1".parse::<Code>().unwrap()).unwrap(),
            "\"a1\""
        );
        assert!(serde_json::from_str::<Code>("\"A1\"").is_err());
        assert!(serde_json::from_str::<Code>("1").is_err());
        assert_eq!(
            serde_json::from_str::<Name>("\" か\u{3099} \"").unwrap().as_str(),
            "が"
        );
    }

    proptest! {
        #[test]
        fn what_was_accepted_stays_as_it_is(text in "\\PC{0,120}|[か\u{3099}ｶﾞÅ\u{30a} ]{0,120}") {
            if let Ok(name) = text.parse::<Name>() {
                prop_assert_eq!(name.as_str().parse::<Name>(), Ok(name.clone()));
            }
            if let Ok(note) = text.parse::<Note>() {
                prop_assert_eq!(note.as_str().parse::<Note>(), Ok(note.clone()));
            }
        }
    }
}
