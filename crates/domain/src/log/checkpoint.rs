//! Checkpoints (チェックポイント): the head of the log as a text to be signed (C2SP tlog-checkpoint).
//!
//! Who keeps one elsewhere, a coordinator with last month's settlement for instance, can prove later that nothing
//! before it was changed or taken away.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::hash::Hash;
use super::key::{BookKey, VerifierKey};
use super::note::{NoteError, open_note, sign_note};
use crate::calendar::Instant;

/// What the extension line with the moment of signing begins with.
const TIME: &str = "time ";

/// The head of a log at one size: so many entries, under this root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extension lines. `origin` names the log, and is by custom also the name of its key.
    ///
    /// # Errors
    /// [`NoteError::Line`] when the origin is empty or has a control character in it.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, NoteError> {
        Ok(Self {
            origin: line(origin)?,
            size,
            root,
            extensions: Vec::new(),
        })
    }

    /// Adds an extension line. It is signed with the rest, but nobody can audit it: use sparingly.
    ///
    /// # Errors
    /// [`NoteError::Line`] when it is empty or has a control character in it.
    pub fn with_extension(mut self, extension: &str) -> Result<Self, NoteError> {
        self.extensions.push(line(extension)?);
        Ok(self)
    }

    /// Adds the moment of signing as the extension line `time 2026-11-22T03:04:05.678Z`. It is the signer's word: the
    /// clock is its own.
    #[must_use]
    pub fn signed_at(mut self, moment: Instant) -> Self {
        self.extensions.push(format!("{TIME}{moment}"));
        self
    }

    /// The moment of signing, where it is stated.
    pub fn time(&self) -> Option<Instant> {
        let mut stated = self.extensions.iter().filter_map(|line| line.strip_prefix(TIME));
        stated.next()?.parse().ok()
    }

    /// Which log this is the head of. Compare it: a key may sign for more than one.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// RFC 6962 root over these leaves.
    pub fn root(&self) -> Hash {
        self.root
    }

    /// Further signed lines, if any.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// The text that is signed: origin, size, root in base64 and the extensions, each on its line.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            STANDARD.encode(self.root.as_bytes())
        );
        for extension in &self.extensions {
            text.push_str(extension);
            text.push('\n');
        }
        text
    }

    /// The signed note: the text, an empty line, the signature line.
    pub fn sign(&self, key: &BookKey) -> String {
        sign_note(&self.to_text(), key)
    }

    /// Reads a signed checkpoint and checks its signatures; at least one must be by one of `keys`.
    ///
    /// # Errors
    /// [`NoteError`]; nothing of the text may be believed then.
    pub fn parse_and_verify(note: &str, keys: &[VerifierKey]) -> Result<Self, NoteError> {
        Self::from_text(open_note(note, keys)?)
    }

    /// Reads the text alone, without any signature.
    ///
    /// # Errors
    /// [`NoteError::NoCheckpoint`] for anything that [`to_text`](Self::to_text) does not write.
    pub fn from_text(text: &str) -> Result<Self, NoteError> {
        Self::read(text)
            .filter(|read| read.to_text() == text)
            .ok_or(NoteError::NoCheckpoint)
    }

    /// Reads the lines; that only one spelling of the numbers is accepted is left to the caller's comparison.
    fn read(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root = Hash::try_from(STANDARD.decode(root).ok()?.as_slice()).ok()?;
        let extensions = lines.map(line).collect::<Result<_, _>>().ok()?;
        Some(Self {
            origin: line(origin).ok()?,
            size: size.parse().ok()?,
            root,
            extensions,
        })
    }
}

fn line(text: &str) -> Result<String, NoteError> {
    if text.is_empty() || text.contains(char::is_control) {
        Err(NoteError::Line)
    } else {
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::{empty_root, leaf_hash};
    use super::*;

    /// The example of C2SP tlog-checkpoint.
    const EXAMPLE: &str =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    fn key(secret: u8) -> BookKey {
        BookKey::from_secret("yokoito.example/mihon".parse().unwrap(), &[secret; 32])
    }

    fn head() -> Checkpoint {
        Checkpoint::new("yokoito.example/mihon", 12_345, leaf_hash(b"head")).unwrap()
    }

    #[test]
    fn reads_and_writes_the_example() {
        let checkpoint = Checkpoint::from_text(EXAMPLE).unwrap();
        assert_eq!(checkpoint.origin(), "example.com/behind-the-sofa");
        assert_eq!(checkpoint.size(), 20_852_163);
        assert_eq!(
            checkpoint.root().to_string(),
            "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"
        );
        assert_eq!(checkpoint.to_text(), EXAMPLE);
    }

    #[test]
    fn round_trip() {
        let checkpoint = head().with_extension("2026年7月 締め").unwrap();
        let note = checkpoint.sign(&key(1));
        let read = Checkpoint::parse_and_verify(&note, &[key(2).public(), key(1).public()]).unwrap();
        assert_eq!(read, checkpoint);
        assert_eq!(read.extensions(), ["2026年7月 締め"]);
        assert_eq!(read.time(), None);
        let moment: Instant = "2026-07-31T08:30:00.000Z".parse().unwrap();
        let note = checkpoint.signed_at(moment).sign(&key(1));
        assert!(
            note.contains("\n2026年7月 締め\ntime 2026-07-31T08:30:00.000Z\n\n"),
            "{note}"
        );
        let read = Checkpoint::parse_and_verify(&note, &[key(1).public()]).unwrap();
        assert_eq!(read.time(), Some(moment));
        let empty = Checkpoint::new("a", 0, empty_root()).unwrap();
        assert_eq!(
            empty.to_text(),
            "a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
        );
        assert_eq!(
            Checkpoint::parse_and_verify(&empty.sign(&key(1)), &[key(1).public()]),
            Ok(empty)
        );
    }

    #[test]
    fn wrong_key_and_altered_text() {
        let note = head().sign(&key(1));
        assert_eq!(
            Checkpoint::parse_and_verify(&note, &[key(2).public()]),
            Err(NoteError::UnknownKey)
        );
        let altered = note.replace("12345", "12344");
        let error = NoteError::BadSignature("yokoito.example/mihon".parse().unwrap());
        assert_eq!(
            Checkpoint::parse_and_verify(&altered, &[key(1).public()]),
            Err(error)
        );
        let text = sign_note("no checkpoint\n", &key(1));
        assert_eq!(
            Checkpoint::parse_and_verify(&text, &[key(1).public()]),
            Err(NoteError::NoCheckpoint)
        );
    }

    #[test]
    fn only_one_spelling() {
        for (from, to) in [
            ("20852163", "020852163"),
            ("20852163", "+20852163"),
            ("20852163", "-1"),
            ("20852163", "18446744073709551616"),
            ("20852163", ""),
            ("q2I=", "q2J="),
            ("q2I=", "q2I"),
            ("q2I=", ""),
            ("q2I=\n", "q2I="),
            ("q2I=\n", "q2I=\n\n"),
            ("q2I=\n", "q2I=\n\nx\n"),
            ("example.com/behind-the-sofa", ""),
            ("example.com/behind-the-sofa\n", ""),
            ("example", "ex\tample"),
        ] {
            let text = EXAMPLE.replace(from, to);
            assert_eq!(
                Checkpoint::from_text(&text),
                Err(NoteError::NoCheckpoint),
                "{text:?}"
            );
        }
    }

    #[test]
    fn lines_cannot_smuggle_lines() {
        assert_eq!(Checkpoint::new("", 1, empty_root()), Err(NoteError::Line));
        assert_eq!(Checkpoint::new("a\n99", 1, empty_root()), Err(NoteError::Line));
        assert_eq!(head().with_extension("a\n\n— b c"), Err(NoteError::Line));
        assert_eq!(head().with_extension(""), Err(NoteError::Line));
    }
}
