//! 証拠書類: files that entries name by the SHA-256 of their bytes. Kept beside the book, at most 5 MiB each.
//!
//! The offices that brought it see it, and the coordinators of their networks; who else is shown a file is for the layer
//! that hands it out.

use super::{AccessRefused, Caller};
use crate::Book;
use domain::id::OfficeId;
use sha2::{Digest, Sha256};
use store::{
    StoreError,
    entity::{evidence as file, evidence_office},
};

/// Bytes of a file.
pub const LARGEST: usize = 5 * 1_024 * 1_024;

/// Kinds of files that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// PDF.
    Pdf,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// CSV, in any encoding.
    Csv,
    /// Text, in any encoding.
    Text,
}

impl MediaType {
    /// All of them.
    pub const ALL: [MediaType; 6] = [
        MediaType::Pdf,
        MediaType::Jpeg,
        MediaType::Png,
        MediaType::Webp,
        MediaType::Csv,
        MediaType::Text,
    ];

    /// As HTTP names it.
    pub const fn name(self) -> &'static str {
        match self {
            MediaType::Pdf => "application/pdf",
            MediaType::Jpeg => "image/jpeg",
            MediaType::Png => "image/png",
            MediaType::Webp => "image/webp",
            MediaType::Csv => "text/csv",
            MediaType::Text => "text/plain",
        }
    }

    /// From HTTP's name, with or without parameters.
    pub fn parse(text: &str) -> Option<MediaType> {
        let name = text.split(';').next().unwrap_or_default().trim();
        MediaType::ALL
            .into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// Whether bytes begin as files of this kind do: a browser must not be handed something else.
    fn fits(self, bytes: &[u8]) -> bool {
        match self {
            MediaType::Pdf => bytes.starts_with(b"%PDF-"),
            MediaType::Jpeg => bytes.starts_with(&[0xff, 0xd8, 0xff]),
            MediaType::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
            MediaType::Webp => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
            // Shift_JIS as well
            MediaType::Csv | MediaType::Text => !bytes.contains(&0),
        }
    }
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its kind.
    pub media_type: MediaType,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// When it was first brought, UTC milliseconds.
    pub made_at: i64,
    /// Offices that brought it.
    pub offices: Vec<OfficeId>,
}

/// Keeps a file of an office that the caller records for; the answer is its hash. The same file again is kept once.
///
/// # Errors
/// [`AccessRefused`].
pub async fn keep_evidence(
    book: &Book,
    caller: &Caller,
    office: OfficeId,
    media_type: &str,
    bytes: Vec<u8>,
) -> Result<[u8; 32], AccessRefused> {
    if !caller.rights.records_for(office) {
        return Err(AccessRefused::NotAllowed);
    }
    let media_type = MediaType::parse(media_type).ok_or(AccessRefused::EvidenceKind)?;
    let size = i32::try_from(bytes.len()).map_err(|_| AccessRefused::EvidenceTooLarge)?;
    match bytes.len() {
        0 => return Err(AccessRefused::EvidenceEmpty),
        1..=LARGEST => {}
        _ => return Err(AccessRefused::EvidenceTooLarge),
    }
    if !media_type.fits(&bytes) {
        return Err(AccessRefused::EvidenceNotThatKind(media_type.name()));
    }
    let hash: [u8; 32] = Sha256::digest(&bytes).into();
    let made_at = book.outside().clock.now().millis();
    let change = book.store().change_access().await?;
    let kept = file::Model {
        hash: hash.to_vec(),
        media_type: media_type.name().to_owned(),
        size,
        bytes,
        made_at,
    };
    change.add_evidence(kept).await?;
    let brought = evidence_office::Model {
        hash: hash.to_vec(),
        office: office.0,
        person: caller.person(),
        made_at,
    };
    change.add_evidence_office(brought).await?;
    change.commit().await?;
    Ok(hash)
}

/// A file by its hash. It does not ask who wants to see it: that is for who calls it.
///
/// # Errors
/// As any statement.
pub async fn evidence(book: &Book, hash: &[u8; 32]) -> Result<Option<Evidence>, StoreError> {
    let store = book.store();
    let Some(file) = store.evidence(hash).await? else {
        return Ok(None);
    };
    let media_type = MediaType::parse(&file.media_type);
    let offices = store.offices_of_evidence(hash).await?;
    Ok(Some(Evidence {
        media_type: media_type.ok_or_else(|| StoreError::corrupt("evidence.media_type"))?,
        bytes: file.bytes,
        made_at: file.made_at,
        offices: offices.into_iter().map(OfficeId).collect(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_name_and_by_their_first_bytes() {
        assert_eq!(
            MediaType::parse("Text/CSV; charset=shift_jis"),
            Some(MediaType::Csv)
        );
        assert_eq!(MediaType::parse("text/html"), None);
        assert!(MediaType::Pdf.fits(b"%PDF-1.7\n"));
        assert!(!MediaType::Pdf.fits(b"<html>"));
        assert!(MediaType::Webp.fits(b"RIFF\0\0\0\0WEBPVP8 "));
        assert!(!MediaType::Webp.fits(b"RIFF"));
        assert!(MediaType::Text.fits(b"\x82\xa0"));
        assert!(!MediaType::Text.fits(b"MZ\0"));
    }
}
