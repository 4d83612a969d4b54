//! ふつう and やさしい: one template, two ways of speaking. やさしい is short words with ruby over every 漢字; screen readers
//! read base and ruby both, so ruby is written in that mode only, and never into attributes or titles.

mod day;
mod words;

use askama::filters::HtmlSafe;
pub use day::SaidDay;
use std::fmt::{self, Write as _};
pub use words::WORDS;

/// A way of speaking, chosen by the reader and kept in a cookie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// ふつう.
    #[default]
    Plain,
    /// やさしい.
    Easy,
}

impl Mode {
    /// Name in the cookie and in the page.
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Plain => "plain",
            Mode::Easy => "easy",
        }
    }

    /// By its name; ふつう for anything else.
    pub fn named(name: &str) -> Mode {
        if name == Mode::Easy.name() {
            Mode::Easy
        } else {
            Mode::Plain
        }
    }

    /// Whether this is やさしい.
    pub fn is_easy(self) -> bool {
        self == Mode::Easy
    }
}

/// Words of ours as HTML.
pub struct Spoken<'a> {
    text: &'a str,
    mode: Mode,
}

impl<'a> Spoken<'a> {
    /// A text of the table [`WORDS`], as this mode says it; one that is not there as it is.
    pub fn new(text: &'a str, mode: Mode) -> Spoken<'a> {
        Spoken { text, mode }
    }
}

impl HtmlSafe for Spoken<'_> {}

impl fmt::Display for Spoken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.mode.is_easy() {
            return escaped(f, self.text);
        }
        match easy(self.text) {
            Some(easy) => marked_up(f, easy),
            None => escaped(f, self.text),
        }
    }
}

/// The easy way of saying a text, with its readings as `{漢字|かんじ}`.
pub fn easy(text: &str) -> Option<&'static str> {
    let at = WORDS.binary_search_by(|(plain, _)| (*plain).cmp(text)).ok()?;
    WORDS.get(at).map(|(_, easy)| *easy)
}

/// A text as it is read, for where there can be no ruby: a drawing, a title.
pub fn read(text: &str) -> String {
    let mut read = String::new();
    let mut rest = easy(text).unwrap_or(text);
    while let Some((before, after)) = rest.split_once('{') {
        read.push_str(before);
        let (marked, after) = after.split_once('}').unwrap_or((after, ""));
        read.push_str(marked.split_once('|').map_or(marked, |(_, reading)| reading));
        rest = after;
    }
    read + rest
}

/// A name out of the book, with its reading where it is known.
pub struct Called<'a> {
    name: &'a str,
    kana: Option<&'a str>,
    mode: Mode,
}

impl<'a> Called<'a> {
    /// A name.
    pub fn new(name: &'a str, kana: Option<&'a str>, mode: Mode) -> Called<'a> {
        Called { name, kana, mode }
    }
}

impl HtmlSafe for Called<'_> {}

impl fmt::Display for Called<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kana {
            Some(kana) if self.mode.is_easy() && self.name.chars().any(is_kanji) => ruby(f, self.name, kana),
            _ => escaped(f, self.name),
        }
    }
}

/// Whether a character needs a reading.
pub fn is_kanji(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '々')
}

fn ruby(f: &mut fmt::Formatter<'_>, base: &str, reading: &str) -> fmt::Result {
    f.write_str("<ruby>")?;
    escaped(f, base)?;
    f.write_str("<rt>")?;
    escaped(f, reading)?;
    f.write_str("</rt></ruby>")
}

/// `{漢字|かんじ}` as ruby.
fn marked_up(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        escaped(f, before)?;
        let (marked, after) = after.split_once('}').unwrap_or((after, ""));
        match marked.split_once('|') {
            Some((base, reading)) => ruby(f, base, reading)?,
            None => escaped(f, marked)?,
        }
        rest = after;
    }
    escaped(f, rest)
}

fn escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for c in text.chars() {
        match c {
            '&' => f.write_str("&amp;")?,
            '<' => f.write_str("&lt;")?,
            '>' => f.write_str("&gt;")?,
            '"' => f.write_str("&quot;")?,
            '\'' => f.write_str("&#39;")?,
            c => f.write_char(c)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The easy text as it is read aloud, without its ruby marks: what is left outside of them, and the readings.
    fn bare(easy: &str) -> (String, String) {
        let (mut outside, mut read) = (String::new(), String::new());
        let mut rest = easy;
        while let Some((before, after)) = rest.split_once('{') {
            outside.push_str(before);
            read.push_str(before);
            let (marked, after) = after.split_once('}').unwrap();
            let (_, reading) = marked.split_once('|').unwrap();
            read.push_str(reading);
            rest = after;
        }
        outside.push_str(rest);
        read.push_str(rest);
        (outside, read)
    }

    #[test]
    fn the_table_is_in_order_and_each_text_once() {
        for pair in WORDS.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} before {}", pair[0].0, pair[1].0);
        }
    }

    /// 育成会 guideline: every 漢字 with a reading, a sentence of at most 30 characters, no 漢数字 in counts.
    #[test]
    fn easy_words_are_easy() {
        for (plain, easy) in WORDS {
            let (outside, read) = bare(easy);
            assert!(!outside.chars().any(is_kanji), "{plain}: {easy}");
            for sentence in easy.split('。') {
                let shown: String = sentence.replace(|c| "{}".contains(c), "");
                let shown: usize = shown
                    .split('|')
                    .map(|part| part.chars().count())
                    .sum::<usize>()
                    .saturating_sub(reading_length(sentence));
                assert!(shown <= 30, "{plain}: {shown} characters: {sentence}");
            }
            assert!(!read.contains("||") && !read.is_empty(), "{plain}");
        }
    }

    /// Every text that a template asks for by `w("…")`.
    fn texts_of_templates() -> Vec<String> {
        fn collect(folder: &std::path::Path, texts: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    collect(&path, texts);
                } else {
                    let template = std::fs::read_to_string(&path).unwrap();
                    let asked = template.split("w(\"").skip(1);
                    texts.extend(asked.map(|rest| rest.split('"').next().unwrap().to_owned()));
                }
            }
        }
        let mut texts = Vec::new();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        collect(&folder, &mut texts);
        texts
    }

    #[test]
    fn every_text_with_kanji_has_an_easy_one() {
        let said = crate::said::What::ALL
            .iter()
            .map(|what| what.sentence().to_owned());
        let places = domain::place::PlaceKind::ALL
            .iter()
            .map(|kind| kind.label().to_owned());
        let texts = texts_of_templates();
        assert!(texts.len() > 100);
        for text in texts.into_iter().chain(said).chain(places) {
            assert!(
                easy(&text).is_some() || !text.chars().any(is_kanji),
                "{text}: say it in an easy way in speech/words.rs"
            );
        }
    }

    fn reading_length(sentence: &str) -> usize {
        let readings = sentence.split('|').skip(1);
        readings
            .map(|rest| rest.split('}').next().unwrap_or("").chars().count())
            .sum()
    }

    #[test]
    fn ruby_stands_in_easy_mode_only() {
        let html = |mode| Spoken::new("在庫", mode).to_string();
        assert_eq!(html(Mode::Plain), "在庫");
        assert_eq!(html(Mode::Easy), "のこり");
        assert_eq!(
            (read("個"), read("履歴"), read("kg")),
            ("こ".into(), "まえの きろく".into(), "kg".into())
        );
        let called = |mode| Called::new("大根<葉>", Some("だいこん は"), mode).to_string();
        assert_eq!(called(Mode::Plain), "大根&lt;葉&gt;");
        assert_eq!(
            called(Mode::Easy),
            "<ruby>大根&lt;葉&gt;<rt>だいこん は</rt></ruby>"
        );
        assert_eq!(
            Called::new("トマト", Some("とまと"), Mode::Easy).to_string(),
            "トマト"
        );
    }
}
