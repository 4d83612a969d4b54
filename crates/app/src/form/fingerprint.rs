//! One hash over all lines of a copy but the last, which states it. The log's root covers the entries; this covers
//! what stands beside them as well, and a line end changed by an editor or by mail does not matter to it.

use sha2::{Digest, Sha256};

/// SHA-256 over lines, each ended by one line feed.
#[derive(Clone, Default)]
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    /// Adds a line without its end.
    pub fn line(&mut self, text: impl AsRef<[u8]>) {
        self.0.update(text);
        self.0.update(b"\n");
    }

    /// What the last line states.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0.clone().finalize())
    }
}
