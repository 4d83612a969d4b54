//! Signed notes (C2SP signed-note): a text, an empty line, and signature lines.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use super::key::{BookKey, KeyName, VerifierKey};

/// What a signature line begins with: em dash and space.
const MARK: &str = "— ";
/// More than any log and its witnesses write (16 large post-quantum signatures are 110 kB), little enough to parse.
const MAX_BYTES: usize = 256 * 1024;

/// A note, or the checkpoint in it, that cannot be believed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoteError {
    /// Not of the form of a signed note.
    #[error("署名つきの文書の形になっていません。最後の署名の行まで、全部を貼り付けてください")]
    Malformed,
    /// Longer than any checkpoint.
    #[error("署名つきの文書が長すぎます")]
    TooLong,
    /// No signature by any of the keys handed in. The text may be genuine, but nothing says so.
    #[error("知っている鍵の署名がありません。この帳簿の公開鍵を指定してください")]
    UnknownKey,
    /// A known key's signature does not fit the text: the text or the signature was changed.
    #[error("鍵「{0}」の署名が文面と合いません。文面か署名が変えられています")]
    BadSignature(KeyName),
    /// The text is signed but is no checkpoint.
    #[error("チェックポイント（ログの先頭の写し）の形になっていません")]
    NoCheckpoint,
    /// An origin or extension line that is empty or has a line break or another control character in it.
    #[error("チェックポイントの行が空か、改行などの文字が入っています")]
    Line,
}

/// Writes the note for a text, which the caller knows to end with a newline and to hold no other control character.
pub(crate) fn sign_note(text: &str, key: &BookKey) -> String {
    let public = key.public();
    let signature = STANDARD.encode([public.id().as_slice(), &key.sign(text)].concat());
    format!("{text}\n{MARK}{} {signature}\n", public.name())
}

/// The text of a note, final newline included, if at least one of `keys` has signed it.
///
/// Signatures by other keys are passed over, so that witnesses may add theirs.
///
/// # Errors
/// [`NoteError`]; one wrong signature by a known key is enough to refuse the note.
pub fn open_note<'a>(note: &'a str, keys: &[VerifierKey]) -> Result<&'a str, NoteError> {
    if note.len() > MAX_BYTES {
        return Err(NoteError::TooLong);
    }
    if note.contains(|c: char| c < ' ' && c != '\n') {
        return Err(NoteError::Malformed);
    }
    let (body, signatures) = note.rsplit_once("\n\n").ok_or(NoteError::Malformed)?;
    let text = note.get(..=body.len()).ok_or(NoteError::Malformed)?;
    let signatures = signatures.strip_suffix('\n').ok_or(NoteError::Malformed)?;

    let mut trusted = false;
    for line in signatures.split('\n') {
        let line = SignatureLine::parse(line).ok_or(NoteError::Malformed)?;
        let mut known = keys
            .iter()
            .filter(|key| *key.name() == line.name && key.id() == line.id)
            .peekable();
        if known.peek().is_none() {
            continue;
        }
        if !known.any(|key| key.has_signed(text, &line.signature)) {
            return Err(NoteError::BadSignature(line.name));
        }
        trusted = true;
    }
    if trusted {
        Ok(text)
    } else {
        Err(NoteError::UnknownKey)
    }
}

struct SignatureLine {
    name: KeyName,
    id: [u8; 4],
    signature: Vec<u8>,
}

impl SignatureLine {
    fn parse(line: &str) -> Option<Self> {
        let (name, blob) = line.strip_prefix(MARK)?.split_once(' ')?;
        let blob = STANDARD.decode(blob).ok()?;
        let (id, signature) = blob.split_first_chunk()?;
        Some(Self {
            name: name.parse().ok()?,
            id: *id,
            signature: signature.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Key, text and signature from the documentation of golang.org/x/mod/sumdb/note.
    const SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
                        then you don't know what your problem is.\n";
    const SIGNATURE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngot\
                             pRZb6KE6RyyBwJnAM=\n";

    fn peter() -> BookKey {
        BookKey::from_text(SECRET).unwrap()
    }

    fn other(name: &str) -> BookKey {
        BookKey::from_secret(name.parse().unwrap(), &[9; 32])
    }

    #[test]
    fn writes_and_opens_the_reference_note() {
        let note = sign_note(TEXT, &peter());
        assert_eq!(note, format!("{TEXT}\n{SIGNATURE}"));
        assert_eq!(open_note(&note, &[peter().public()]), Ok(TEXT));
    }

    #[test]
    fn every_altered_letter_is_noticed() {
        let note = sign_note(TEXT, &peter());
        for (at, letter) in note.char_indices() {
            for altered in ['A', '\n', ' ', '—'] {
                if altered != letter {
                    let changed = format!("{}{altered}{}", &note[..at], &note[at + letter.len_utf8()..]);
                    assert!(open_note(&changed, &[peter().public()]).is_err(), "{changed}");
                }
            }
            assert!(open_note(&note[..at], &[peter().public()]).is_err());
        }
        let altered = note.replace("problem is", "Problem is");
        let error = open_note(&altered, &[peter().public()]);
        assert_eq!(
            error,
            Err(NoteError::BadSignature("PeterNeumann".parse().unwrap()))
        );
    }

    #[test]
    fn only_known_keys_count() {
        let note = sign_note(TEXT, &peter());
        assert_eq!(open_note(&note, &[]), Err(NoteError::UnknownKey));
        // the same name with another key is another key
        assert_eq!(
            open_note(&note, &[other("PeterNeumann").public()]),
            Err(NoteError::UnknownKey)
        );

        let witness = other("witness.example");
        let line = sign_note(TEXT, &witness).split_off(TEXT.len() + 1);
        let both = format!("{note}{line}");
        assert_eq!(open_note(&both, &[witness.public()]), Ok(TEXT));
        assert_eq!(open_note(&both, &[peter().public()]), Ok(TEXT));
        // one bad signature by a known key spoils the note, by an unknown key it does not
        let spoilt = format!("{note}{}", sign_note("other\n", &witness).split_off(7));
        assert!(matches!(
            open_note(&spoilt, &[witness.public(), peter().public()]),
            Err(NoteError::BadSignature(_))
        ));
        assert_eq!(open_note(&spoilt, &[peter().public()]), Ok(TEXT));
    }

    #[test]
    fn a_text_may_have_empty_lines() {
        let text = "a\n\nb\n";
        assert_eq!(
            open_note(&sign_note(text, &peter()), &[peter().public()]),
            Ok(text)
        );
    }

    #[test]
    fn malformed_notes() {
        let keys = [peter().public()];
        let note = sign_note(TEXT, &peter());
        for bad in [
            "",
            "\n",
            "\n\n",
            "text\n",
            "text\n\n",
            "text\n\n\n",
            "a\n\n— \n",
            "a\n\n— b\n",
            "a\n\n— b c\n",
        ] {
            assert_eq!(open_note(bad, &keys), Err(NoteError::Malformed), "{bad:?}");
        }
        assert_eq!(
            open_note(&note.replace('\n', "\r\n"), &keys),
            Err(NoteError::Malformed)
        );
        assert_eq!(
            open_note(&note.replace("— ", "- "), &keys),
            Err(NoteError::Malformed)
        );
        assert_eq!(open_note(&format!("{note}\n"), &keys), Err(NoteError::Malformed));
        assert_eq!(open_note(&note.repeat(2000), &keys), Err(NoteError::TooLong));
    }
}
