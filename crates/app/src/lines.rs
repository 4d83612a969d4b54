//! Lines of a bounded length: what is longer is passed over without being kept.

use crate::import::Progress;
use domain::command::LINE_LIMIT;
use std::io;
use tokio::io::{AsyncBufRead, AsyncBufReadExt};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A line that is not blank.
pub(crate) struct Line {
    /// Counted from 1, blank lines included.
    pub number: u64,
    /// What it holds.
    pub content: Content,
}

/// What a line holds.
pub(crate) enum Content {
    /// Text without line end.
    Text(String),
    /// More bytes than allowed.
    TooLong,
    /// Bytes that are no UTF-8, shown with replacement characters.
    NotUtf8(String),
}

impl Line {
    /// The text, where it is one.
    pub fn text(&self) -> &str {
        match &self.content {
            Content::Text(text) => text,
            Content::TooLong | Content::NotUtf8(_) => "",
        }
    }
}

/// Reads line by line.
pub(crate) struct Lines<R> {
    input: R,
    limit: usize,
    read: Progress,
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    /// Lines as long as an act may be.
    pub fn new(input: R) -> Lines<R> {
        Lines {
            input,
            limit: LINE_LIMIT,
            read: Progress::default(),
        }
    }

    /// Allows longer lines from now on.
    pub fn allow(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// What was read so far.
    pub fn read(&self) -> Progress {
        self.read
    }

    /// The next line that is not blank.
    pub async fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            let mut bytes = Vec::new();
            let Some(is_whole) = self.read_line(&mut bytes).await? else {
                return Ok(None);
            };
            let mut bytes = bytes.as_slice();
            if self.read.lines == 1 {
                bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
            }
            bytes = bytes.trim_ascii_end();
            if is_whole && bytes.is_empty() {
                continue;
            }
            let content = match std::str::from_utf8(bytes) {
                _ if !is_whole => Content::TooLong,
                Ok(text) => Content::Text(text.to_owned()),
                Err(_) => {
                    Content::NotUtf8(String::from_utf8_lossy(bytes.get(..256).unwrap_or(bytes)).into_owned())
                }
            };
            return Ok(Some(Line {
                number: self.read.lines,
                content,
            }));
        }
    }

    /// Reads up to the line's end; the answer is whether all of it was kept, `None` at the end of the input.
    async fn read_line(&mut self, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
        let mut is_whole = true;
        let mut has_begun = false;
        loop {
            let chunk = self.input.fill_buf().await?;
            if chunk.is_empty() {
                if !has_begun {
                    return Ok(None);
                }
                self.read.lines += 1;
                return Ok(Some(is_whole));
            }
            has_begun = true;
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            is_whole = is_whole && line.len() + part.len() <= self.limit;
            if is_whole {
                line.extend_from_slice(part);
            } else {
                *line = Vec::new();
            }
            let taken = part.len() + usize::from(end.is_some());
            self.read.bytes += taken as u64;
            self.input.consume(taken);
            if end.is_some() {
                self.read.lines += 1;
                return Ok(Some(is_whole));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all(input: &[u8], limit: usize) -> Vec<(u64, String)> {
        // a small buffer, so that lines span several reads
        let mut lines = Lines::new(tokio::io::BufReader::with_capacity(3, input));
        lines.allow(limit);
        let mut found = Vec::new();
        while let Some(line) = lines.next().await.unwrap() {
            let content = match line.content {
                Content::Text(text) => text,
                Content::TooLong => "(too long)".to_owned(),
                Content::NotUtf8(shown) => format!("(not UTF-8: {shown})"),
            };
            found.push((line.number, content));
        }
        assert_eq!(lines.read().bytes, input.len() as u64);
        found
    }

    fn numbered(lines: &[(u64, &str)]) -> Vec<(u64, String)> {
        lines
            .iter()
            .map(|(number, text)| (*number, (*text).to_owned()))
            .collect()
    }

    #[tokio::test]
    async fn line_ends_of_all_systems_blank_lines_and_a_byte_order_mark() {
        let input = b"\xef\xbb\xbf{1}\r\n\r\n  \n{4}\n{5}";
        assert_eq!(
            all(input, 100).await,
            numbered(&[(1, "{1}"), (4, "{4}"), (5, "{5}")])
        );
        assert_eq!(all(b"", 100).await, []);
        assert_eq!(all(b"\n\n", 100).await, []);
    }

    #[tokio::test]
    async fn a_line_may_be_just_as_long_as_allowed() {
        let input = b"12345\n123456\n1\n1234567890";
        let expected = numbered(&[(1, "12345"), (2, "(too long)"), (3, "1"), (4, "(too long)")]);
        assert_eq!(all(input, 5).await, expected);
    }

    #[tokio::test]
    async fn what_is_not_utf_8_is_shown_as_far_as_it_can_be() {
        let input = b"a\x82\xa0b\nok\n";
        let expected = numbered(&[(1, "(not UTF-8: a\u{fffd}\u{fffd}b)"), (2, "ok")]);
        assert_eq!(all(input, 100).await, expected);
    }
}
