//! One signed head continues another.

use super::{
    NotProved, Proved,
    form::{self, CONSISTENCY, ConsistencyForm, Digest, FORMAT},
    head,
};
use crate::log::{Hash, VerifierKey, verify_consistency};

/// Two signed heads, and the hashes that show the earlier one to be the beginning of the later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// Which book.
    pub origin: String,
    /// The earlier head as a signed note.
    pub old: String,
    /// The later head as a signed note.
    pub new: String,
    /// The hashes, lowest first.
    pub path: Vec<Hash>,
}

impl ConsistencyProof {
    /// The file.
    pub fn to_text(&self) -> String {
        form::write(&ConsistencyForm {
            kind: CONSISTENCY.to_owned(),
            format: FORMAT,
            origin: self.origin.clone(),
            old: self.old.clone(),
            new: self.new.clone(),
            path: self.path.iter().map(|hash| Digest(*hash.as_bytes())).collect(),
        })
    }

    /// Checks it with public keys alone.
    ///
    /// # Errors
    /// [`NotProved`]: then nothing in it may be believed.
    pub fn check(&self, keys: &[VerifierKey]) -> Result<Proved, NotProved> {
        let old = head(&self.old, &self.origin, keys)?;
        let new = head(&self.new, &self.origin, keys)?;
        verify_consistency(old.size(), old.root(), new.size(), new.root(), &self.path)?;
        Ok(Proved::Consistency { old, new })
    }
}

impl From<ConsistencyForm> for ConsistencyProof {
    fn from(form: ConsistencyForm) -> ConsistencyProof {
        ConsistencyProof {
            origin: form.origin,
            old: form.old,
            new: form.new,
            path: form.path.into_iter().map(Digest::hash).collect(),
        }
    }
}
