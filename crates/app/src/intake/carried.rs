//! Rows on their way through forms: packed into a text that goes out with a page and comes back with its form. They are the
//! sender's own and prove nothing: whatever comes back is read and decided anew.

use super::{Intake, Kind};
use crate::table::{CELL_LIMIT, COLUMN_LIMIT, Line, ROW_LIMIT};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use serde::{Deserialize, Serialize};
use std::io::{Read as _, Write as _};

/// Bytes that a text may unpack to: far more than the rows of any file that was read.
const UNPACKED_LIMIT: u64 = 32 << 20;

/// A text that holds no rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("読みこんだ行が途中で失われました。もう一度、ファイルを選んで取りこんでください。")]
pub struct NotCarried;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Carried {
    kind: Kind,
    file: String,
    hash: String,
    time: u32,
    day: String,
    headings: Vec<String>,
    lines: Vec<(u32, Vec<String>)>,
}

impl Intake {
    /// As a text for a form.
    pub fn packed(&self) -> String {
        let carried = Carried {
            kind: self.kind,
            file: self.file.clone(),
            hash: self.hash.clone(),
            time: self.time,
            day: self.day.clone(),
            headings: self.headings.clone(),
            lines: self
                .lines
                .iter()
                .map(|line| (line.number, line.cells.clone()))
                .collect(),
        };
        let json = serde_json::to_vec(&carried).unwrap_or_default();
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        let written = packed.write_all(&json);
        let bytes = written.and_then(|()| packed.finish()).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Out of the text of a form.
    ///
    /// # Errors
    /// [`NotCarried`].
    pub fn unpacked(text: &str) -> Result<Intake, NotCarried> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotCarried)?;
        let mut json = Vec::new();
        ZlibDecoder::new(bytes.as_slice())
            .take(UNPACKED_LIMIT)
            .read_to_end(&mut json)
            .map_err(|_| NotCarried)?;
        let carried: Carried = serde_json::from_slice(&json).map_err(|_| NotCarried)?;
        let is_sound = carried.hash.len() == 24
            && carried.hash.bytes().all(|byte| byte.is_ascii_hexdigit())
            && carried.headings.len() <= COLUMN_LIMIT
            && carried.lines.len() <= ROW_LIMIT
            && carried.lines.iter().all(|(_, cells)| {
                cells.len() <= COLUMN_LIMIT && cells.iter().all(|cell| cell.chars().nth(CELL_LIMIT).is_none())
            });
        if !is_sound {
            return Err(NotCarried);
        }
        Ok(Intake {
            kind: carried.kind,
            file: carried.file,
            hash: carried.hash,
            time: carried.time,
            day: carried.day,
            headings: carried.headings,
            lines: carried
                .lines
                .into_iter()
                .map(|(number, cells)| Line { number, cells })
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_and_nothing_else() {
        let csv = "品目,数量\nにんじん,3\n\n,\n大根,\"4\n5\"\n";
        let intake = Intake::read(Kind::Produce, ("7月.csv", csv.as_bytes()), None, "2026-07-10").unwrap();
        assert_eq!(Intake::unpacked(&intake.packed()), Ok(intake.clone()));
        assert_eq!(intake.lines[1].number, 5);
        for wrong in ["", "AAAA", "<b>", &intake.packed()[1..]] {
            assert_eq!(Intake::unpacked(wrong), Err(NotCarried), "{wrong}");
        }
        // what it unpacks to is limited
        let mut bomb = ZlibEncoder::new(Vec::new(), Compression::default());
        for _ in 0..40 {
            bomb.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
        let bomb = URL_SAFE_NO_PAD.encode(bomb.finish().unwrap());
        assert_eq!(Intake::unpacked(&bomb), Err(NotCarried));
        let forged = Intake {
            hash: "../".to_owned(),
            ..intake
        };
        assert_eq!(Intake::unpacked(&forged.packed()), Err(NotCarried));
    }
}
