//! An entry stands in the log: its parts, some shown and some as hashes only, the leaf they make, the way to the root.

use super::{
    NotProved,
    form::{self, Bytes, Digest, ENTRY, EntryForm, FORMAT, PartForm, PartName, TextForm},
    head,
    names::Names,
};
use crate::{
    canonical::{self, ActingPart, Content, Part, PartRole, SharedPart},
    command::entry_id,
    entry::{TextRole, TextSeal},
    id::{CorporationId, OfficeId},
    log::{Checkpoint, Hash, VerifierKey, leaf_hash, verify_inclusion},
    text::Note,
};

/// What is handed to an outsider about one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryProof {
    /// Which book.
    pub origin: String,
    /// The signed head under which the entry stands.
    pub checkpoint: String,
    /// Position, from 0.
    pub seq: u64,
    /// All parts, in their order.
    pub parts: Vec<ProvedPart>,
    /// Free texts that are shown.
    pub texts: Vec<ProvedText>,
    /// From the leaf to the root, lowest hash first.
    pub path: Vec<Hash>,
    /// What ids are called, as a signed note.
    pub names: String,
}

/// A part, by its hash alone or with what it hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvedPart {
    /// Whose.
    pub role: PartRole,
    /// Salted hash.
    pub hash: [u8; 32],
    /// What the hash is of, where it is shown.
    pub shown: Option<SaltedBytes>,
}

/// Salt and canonical bytes of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaltedBytes {
    /// Salt of this part; says nothing about those of the others.
    pub salt: [u8; 32],
    /// Canonical bytes.
    pub bytes: Vec<u8>,
}

impl ProvedPart {
    /// A part that is shown.
    pub fn shown(part: &Part, salt: [u8; 32]) -> ProvedPart {
        ProvedPart {
            shown: Some(SaltedBytes {
                salt,
                bytes: part.bytes.clone(),
            }),
            ..ProvedPart::hidden(part, salt)
        }
    }

    /// A part of which only the hash is given away.
    pub fn hidden(part: &Part, salt: [u8; 32]) -> ProvedPart {
        ProvedPart {
            role: part.role,
            hash: part.salted_hash(&salt),
            shown: None,
        }
    }

    /// What a shown part says, if its bytes and salt give its hash.
    fn content(&self) -> Result<Option<Content>, NotProved> {
        let Some(shown) = &self.shown else { return Ok(None) };
        let part = Part {
            role: self.role,
            bytes: shown.bytes.clone(),
        };
        if part.salted_hash(&shown.salt) != self.hash {
            return Err(NotProved::PartDiffers(self.role));
        }
        let content = part.content();
        content.map(Some).map_err(|error| NotProved::Unreadable {
            role: self.role,
            error,
        })
    }
}

/// A free text that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvedText {
    /// Which of the entry's texts, from 0.
    pub line: u64,
    /// Salt of its commitment.
    pub salt: [u8; 32],
    /// The text.
    pub text: Note,
}

/// What was proved of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvedEntry {
    /// The head under which it stands.
    pub head: Checkpoint,
    /// Position, from 0.
    pub seq: u64,
    /// Parts that were shown, in their order.
    pub parts: Vec<(PartRole, Content)>,
    /// Parts of which only the hash is there.
    pub hidden: Vec<PartRole>,
    /// Free texts sealed in the acting part, each with its text where that was shown. One that was not shown may have
    /// been erased.
    pub texts: Vec<(TextRole, Option<Note>)>,
    /// What ids are called, by the keeper's signed word.
    pub names: Names,
}

impl ProvedEntry {
    /// The shared part, if it was shown.
    pub fn shared(&self) -> Option<&SharedPart> {
        self.parts.iter().find_map(|(_, content)| match content {
            Content::Shared(shared) => Some(shared),
            _ => None,
        })
    }

    /// The acting part, if it was shown.
    pub fn acting(&self) -> Option<&ActingPart> {
        self.parts.iter().find_map(|(_, content)| match content {
            Content::Acting(acting) => Some(acting),
            _ => None,
        })
    }
}

impl EntryProof {
    /// The file.
    pub fn to_text(&self) -> String {
        form::write(&EntryForm {
            kind: ENTRY.to_owned(),
            format: FORMAT,
            origin: self.origin.clone(),
            checkpoint: self.checkpoint.clone(),
            seq: self.seq,
            parts: self.parts.iter().map(part_form).collect(),
            texts: (self.texts.iter())
                .map(|text| TextForm {
                    line: text.line,
                    salt: Bytes(text.salt.to_vec()),
                    text: text.text.to_string(),
                })
                .collect(),
            path: self.path.iter().map(|hash| Digest(*hash.as_bytes())).collect(),
            names: self.names.clone(),
        })
    }

    /// Checks it with public keys alone.
    ///
    /// # Errors
    /// [`NotProved`]: then nothing in it may be believed.
    pub fn check(&self, keys: &[VerifierKey]) -> Result<ProvedEntry, NotProved> {
        let head = head(&self.checkpoint, &self.origin, keys)?;
        if !self.parts.is_sorted_by(|a, b| a.role < b.role) {
            return Err(NotProved::PartOrder);
        }
        // first what is easily named: the leaf only says that something differs
        let (mut parts, mut hidden) = (Vec::new(), Vec::new());
        for part in &self.parts {
            match part.content()? {
                Some(content) => parts.push((part.role, content)),
                None => hidden.push(part.role),
            }
        }
        let leaf = canonical::leaf(self.seq, self.parts.iter().map(|part| (part.role, part.hash)));
        verify_inclusion(leaf_hash(&leaf), self.seq, head.size(), &self.path, head.root())?;
        let mut proved = ProvedEntry {
            head,
            seq: self.seq,
            parts,
            hidden,
            texts: Vec::new(),
            names: Names::open(&self.names, &self.origin, self.seq, keys)?,
        };
        agree(&proved)?;
        let seals = proved.acting().map(|acting| acting.texts.as_slice());
        proved.texts = self.unsealed(seals.unwrap_or_default())?;
        Ok(proved)
    }

    /// The sealed texts with those that were shown, each once and in order.
    fn unsealed(&self, seals: &[TextSeal]) -> Result<Vec<(TextRole, Option<Note>)>, NotProved> {
        let mut texts: Vec<_> = seals.iter().map(|seal| (seal.role, None)).collect();
        for text in &self.texts {
            let differs = NotProved::TextDiffers { line: text.line };
            let line = usize::try_from(text.line).ok();
            let (Some(seal), Some(place)) = (
                line.and_then(|line| seals.get(line)),
                line.and_then(|line| texts.get_mut(line)),
            ) else {
                return Err(differs);
            };
            let commitment = canonical::text_commitment(&text.salt, text.text.as_ref());
            if commitment != seal.commitment || place.1.is_some() {
                return Err(differs);
            }
            place.1 = Some(text.text.clone());
        }
        Ok(texts)
    }
}

/// What the parts say of each other; entries of an honest book always agree.
fn agree(proved: &ProvedEntry) -> Result<(), NotProved> {
    let Some(shared) = proved.shared() else {
        return Ok(());
    };
    if shared.seq != proved.seq {
        return Err(NotProved::Contradiction("伝票の番号がちがいます"));
    }
    if let Some(acting) = proved.acting()
        && entry_id(shared.acting, &acting.key) != shared.id
    {
        return Err(NotProved::Contradiction(
            "伝票のIDが、記録した事業所とキーから決まるIDとちがいます",
        ));
    }
    Ok(())
}

fn part_form(part: &ProvedPart) -> PartForm {
    let (name, owner) = match part.role {
        PartRole::Shared => (PartName::Shared, None),
        PartRole::Acting => (PartName::Acting, None),
        PartRole::Office(id) => (PartName::Office, Some(id.0)),
        PartRole::Head(id) => (PartName::Head, Some(id.0)),
        PartRole::Record => (PartName::Record, None),
    };
    PartForm {
        part: name,
        owner,
        hash: Digest(part.hash),
        salt: part.shown.as_ref().map(|shown| Bytes(shown.salt.to_vec())),
        bytes: part.shown.as_ref().map(|shown| Bytes(shown.bytes.clone())),
    }
}

impl TryFrom<EntryForm> for EntryProof {
    type Error = NotProved;

    fn try_from(form: EntryForm) -> Result<EntryProof, NotProved> {
        Ok(EntryProof {
            origin: form.origin,
            checkpoint: form.checkpoint,
            seq: form.seq,
            parts: form
                .parts
                .into_iter()
                .enumerate()
                .map(read_part)
                .collect::<Result<_, _>>()?,
            texts: form
                .texts
                .into_iter()
                .enumerate()
                .map(read_text)
                .collect::<Result<_, _>>()?,
            path: form.path.into_iter().map(Digest::hash).collect(),
            names: form.names,
        })
    }
}

fn read_part((n, form): (usize, PartForm)) -> Result<ProvedPart, NotProved> {
    let unfit = |field: &str, problem: &str| NotProved::Form {
        problem: format!("parts[{n}].{field}: {problem}"),
    };
    let role = match (form.part, form.owner) {
        (PartName::Shared, None) => PartRole::Shared,
        (PartName::Acting, None) => PartRole::Acting,
        (PartName::Office, Some(id)) => PartRole::Office(OfficeId(id)),
        (PartName::Head, Some(id)) => PartRole::Head(CorporationId(id)),
        (PartName::Record, None) => PartRole::Record,
        _ => return Err(unfit("owner", "office と head にだけ、必ず書かれます")),
    };
    let shown = match (form.salt, form.bytes) {
        (None, None) => None,
        (Some(salt), Some(bytes)) => Some(SaltedBytes {
            salt: salt.0.try_into().map_err(|_| unfit("salt", "32バイトです"))?,
            bytes: bytes.0,
        }),
        _ => return Err(unfit("salt", "bytes と必ず一緒に書かれます")),
    };
    Ok(ProvedPart {
        role,
        hash: form.hash.0,
        shown,
    })
}

fn read_text((n, form): (usize, TextForm)) -> Result<ProvedText, NotProved> {
    let unfit = |field: &str, problem: &str| NotProved::Form {
        problem: format!("texts[{n}].{field}: {problem}"),
    };
    let text: Note = form
        .text
        .parse()
        .map_err(|_| unfit("text", "メモの文ではありません"))?;
    if text.as_ref() != form.text {
        return Err(unfit("text", "メモの文ではありません"));
    }
    Ok(ProvedText {
        line: form.line,
        salt: form
            .salt
            .0
            .try_into()
            .map_err(|_| unfit("salt", "32バイトです"))?,
        text,
    })
}
