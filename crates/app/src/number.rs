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

/// The number and the unit behind it, where there is one: `12箱` is (`12`, `箱`). Commas stand between thousands only:
/// elsewhere `1,5` would become 15. A minus comes as accountants write it, too. `None` for what is no number.
pub fn split(text: &str) -> Option<(String, String)> {
    let folded: String = text.nfkc().collect();
    let folded = folded.trim();
    let (sign, rest) = match folded.strip_prefix(['-', '−', '‐', '▲', '△']) {
        Some(rest) => ("-", rest.trim_start()),
        None => ("", folded),
    };
    let rest = rest.strip_prefix(['¥', '\\']).unwrap_or(rest);
    let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','));
    let (number, unit) = rest.split_at(end.unwrap_or(rest.len()));
    let unit = unit.trim();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = whole.split(',');
    let is_first = groups.next().is_some_and(is_digits);
    let is_grouped = groups.all(|group| group.len() == 3 && is_digits(group));
    let is_unit = unit.chars().all(char::is_alphabetic);
    if !(is_first && is_grouped && is_digits(fraction) && is_unit) {
        return None;
    }
    Some((format!("{sign}{}", number.replace(',', "")), unit.to_owned()))
}

/// What a number in 漢数字 is in digits, to propose it: `十個` is 10, `二百五十` is 250.
pub fn of_kanji(text: &str) -> Option<u32> {
    let mut sum = 0_u32;
    let mut digit = None;
    let mut is_any = false;
    for c in text.trim().chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1_000,
            c => {
                let at = "〇一二三四五六七八九".chars().position(|known| known == c);
                let Some(at) = at else { break };
                // 一二 is no number that reads in one way
                if digit.is_some() {
                    return None;
                }
                digit = u32::try_from(at).ok();
                is_any = true;
                continue;
            }
        };
        sum += digit.take().unwrap_or(1) * unit;
        is_any = true;
    }
    is_any.then(|| sum + digit.unwrap_or_default())
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

    #[test]
    fn a_number_and_its_unit_are_told_apart() {
        for (typed, number, unit) in [
            ("１２", "12", ""),
            ("12箱", "12", "箱"),
            ("1,200 円", "1200", "円"),
            ("￥1,200", "1200", ""),
            ("３．５ｋｇ", "3.5", "kg"),
            ("▲3", "-3", ""),
            ("-0.5", "-0.5", ""),
            ("1,234,567.5", "1234567.5", ""),
        ] {
            assert_eq!(
                split(typed),
                Some((number.to_owned(), unit.to_owned())),
                "{typed}"
            );
        }
        for wrong in [
            "",
            "十個",
            "1,5",
            "1,2345",
            ",5",
            ".5",
            "5.",
            "1.2.3",
            "3-4",
            "12個入り/箱",
            "1e3",
            "--3",
            "#N/A",
        ] {
            assert_eq!(split(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn kanji_are_proposed_as_digits() {
        for (text, number) in [
            ("十個", 10),
            ("二百五十", 250),
            ("三", 3),
            ("千二", 1002),
            ("十一箱", 11),
        ] {
            assert_eq!(of_kanji(text), Some(number), "{text}");
        }
        for other in ["", "たくさん", "一二三", "12"] {
            assert_eq!(of_kanji(other), None, "{other}");
        }
    }
}
