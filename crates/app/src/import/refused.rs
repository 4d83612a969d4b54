//! A line that was not accepted, told so that a person finds the place and sees what to do.

use crate::{
    lines::{Content, Line},
    writer::Failure,
};
use domain::{
    command::{Command, parse_json},
    refusal::Refusal,
};
use serde_json::Value;
use std::fmt;

/// Longest part of an offending value that is shown, in characters.
const SHOWN: usize = 60;

/// A line that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedLine {
    /// Number of the line, from 1.
    pub line: u64,
    /// Stable code.
    pub code: &'static str,
    /// Path of the field, `lines[0].quantity`; empty when it is about the line as a whole.
    pub field: String,
    /// What to do.
    pub sentence: String,
    /// What stands in the field, shortened, nothing unseen in it.
    pub value: Option<String>,
}

impl fmt::Display for RefusedLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}行目 [{}]", self.line, self.code)?;
        match (self.field.as_str(), &self.value) {
            ("", None) => {}
            ("", Some(value)) => write!(f, " {value}")?,
            (field, None) => write!(f, " {field}")?,
            (field, Some(value)) => write!(f, " {field} = {value}")?,
        }
        write!(f, ": {}", self.sentence)
    }
}

impl RefusedLine {
    /// A refusal of an act that stands on a line.
    pub(super) fn of(line: u64, text: &str, refusal: &Refusal) -> RefusedLine {
        RefusedLine {
            line,
            code: refusal.code(),
            field: refusal.field.clone(),
            // the line is counted in the file; within itself it is always the first
            sentence: refusal.sentence().replace("(1行目", "("),
            value: value_at(text, &refusal.field),
        }
    }

    /// An act that could not be recorded although the rules say yes.
    pub(super) fn failed(line: u64, failure: &Failure) -> RefusedLine {
        let sentence = failure.sentence.clone();
        RefusedLine {
            line,
            code: failure.code,
            field: String::new(),
            sentence,
            value: None,
        }
    }

    fn unread(line: u64, sentence: &str, value: Option<String>) -> RefusedLine {
        RefusedLine {
            line,
            code: "malformed",
            field: String::new(),
            sentence: sentence.to_owned(),
            value,
        }
    }
}

/// The act of a line, with the line's text.
pub(super) fn parse(line: Line) -> Result<(Command, String), RefusedLine> {
    let number = line.number;
    let text = match line.content {
        Content::Text(text) => text,
        Content::TooLong => {
            let sentence = "1行が長すぎます(1MBまで)。伝票を分けてください。";
            return Err(RefusedLine::unread(number, sentence, None));
        }
        Content::NotUtf8(shown) => {
            let sentence = "文字コードが UTF-8 ではないため読めません。UTF-8 で保存し直してください。";
            return Err(RefusedLine::unread(number, sentence, Some(shorten(&shown))));
        }
    };
    match Command::parse(&text) {
        Ok(command) => Ok((command, text)),
        Err(_) if is_of_a_copy(&text) => Err(RefusedLine {
            line: number,
            code: "malformed",
            field: "kind".to_owned(),
            sentence: "帳簿の写しの行です。写しは、1行目(kind が book の行)から丸ごと取り込んでください。"
                .to_owned(),
            value: value_at(&text, "kind"),
        }),
        Err(refusal) => Err(RefusedLine::of(number, &text, &refusal)),
    }
}

/// A line of a whole book's copy, which begins with a line of its own.
fn is_of_a_copy(text: &str) -> bool {
    let kind = parse_json(text).ok().and_then(|value| value.get("kind").cloned());
    kind.is_some_and(|kind| {
        ["book", "entry", "checkpoint", "end"]
            .iter()
            .any(|of_a_copy| kind == **of_a_copy)
    })
}

/// What stands at a path of a line; of a line that is no JSON its beginning.
fn value_at(text: &str, path: &str) -> Option<String> {
    let Ok(value) = parse_json(text) else {
        return Some(shorten(text));
    };
    if path.is_empty() {
        return None;
    }
    let mut at = &value;
    for step in path.split(['.', '[']) {
        at = match step.strip_suffix(']') {
            Some(index) => at.get(index.parse::<usize>().ok()?)?,
            None => at.get(step)?,
        };
    }
    Some(shorten(&shown(at)))
}

fn shown(value: &Value) -> String {
    value.to_string()
}

/// The first characters, with unseen ones spelled out.
fn shorten(text: &str) -> String {
    let mut short = String::new();
    for c in text.chars().take(SHOWN) {
        // escape_debug knows what is unseen; quotes and backslashes may stay as they are
        if matches!(c, '"' | '\'' | '\\') {
            short.push(c);
        } else {
            short.extend(c.escape_debug());
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offending_value_is_found_by_its_path() {
        let line = r#"{"key": "k", "lines": [{"quantity": "1"}, {"quantity": -2, "lot": {"code": "A"}}]}"#;
        for (path, expected) in [
            ("key", Some("\"k\"")),
            ("lines[1].quantity", Some("-2")),
            ("lines[1].lot.code", Some("\"A\"")),
            ("lines[0]", Some("{\"quantity\":\"1\"}")),
            ("lines[2].quantity", None),
            ("reason", None),
            ("", None),
        ] {
            assert_eq!(value_at(line, path).as_deref(), expected, "{path}");
        }
        assert_eq!(value_at("{\"key\": ", "").as_deref(), Some("{\"key\": "));
    }

    #[test]
    fn nothing_unseen_and_nothing_endless_is_shown() {
        assert_eq!(shorten("a\u{7}b\u{202e}c\n"), "a\\u{7}b\\u{202e}c\\n");
        assert_eq!(shorten(&"あ".repeat(60)), "あ".repeat(60));
        assert_eq!(shorten(&"あ".repeat(61)), "あ".repeat(60) + "…");
    }

    #[test]
    fn a_refused_line_reads_well() {
        let refused = RefusedLine {
            line: 12,
            code: "not-enough",
            field: "lines[0].quantity".to_owned(),
            sentence: "足りません。".to_owned(),
            value: Some("\"5\"".to_owned()),
        };
        assert_eq!(
            refused.to_string(),
            "12行目 [not-enough] lines[0].quantity = \"5\": 足りません。"
        );
        let bare = RefusedLine {
            field: String::new(),
            value: None,
            ..refused
        };
        assert_eq!(bare.to_string(), "12行目 [not-enough]: 足りません。");
    }
}
