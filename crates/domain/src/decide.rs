//! `decide(command, facts) -> Entry | Refusal`: pure. The same command on the same facts with the same context gives
//! the same entry, byte for byte.

use crate::{
    acts::{Act, Rules},
    calendar::{Day, Instant, business_day},
    canonical,
    command::{Command, FORMAT, entry_id},
    draft::{Draft, Drafted},
    entry::{Entry, TextRole, TextSeal},
    facts::Facts,
    id::{Acting, EntryId, OfficeId},
    refusal::{Refusal, Stop, Why},
    text::Note,
};
use std::collections::BTreeSet;

/// What comes in from outside the rules: clock, recorder, randomness.
#[derive(Clone, Debug)]
pub struct Context {
    /// When it is recorded; never before the last entry.
    pub now: Instant,
    /// Account that records (an id, never a name).
    pub recorder: String,
    /// 32 random bytes of this command: seed of the parts' salts.
    pub seed: [u8; 32],
}

impl Context {
    /// Today in Asia/Tokyo.
    pub fn today(&self) -> Day {
        business_day(self.now)
    }
}

/// A free text: kept beside the book, erasable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredText {
    /// What text.
    pub role: TextRole,
    /// The text; `None` once it has been erased.
    pub kept: Option<SaltedText>,
}

/// A free text with what its commitment was salted with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaltedText {
    /// Its salt.
    pub salt: [u8; 32],
    /// The text.
    pub text: Note,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// The entry.
    pub entry: Entry,
    /// Seed of the parts' salts.
    pub seed: [u8; 32],
    /// Free texts.
    pub texts: Vec<StoredText>,
    /// Hash of the command's body.
    pub body_hash: [u8; 32],
}

/// An answer of [`decide`].
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// A new entry.
    New(Box<Decided>),
    /// The same act was recorded before under this key: this entry, at this position.
    Already(EntryId, u64),
}

/// Decides a command. `Stop::Need` asks for facts: load them and decide again.
pub fn decide(command: &Command, facts: &Facts, context: &Context) -> Result<Decision, Stop> {
    let acting = command.acting(&facts.masters)?;
    let id = entry_id(acting, &command.head.key);
    let body_hash = command.body_hash(acting);
    if let Some(known) = facts.known(id)? {
        return if known.body_hash == body_hash {
            Ok(Decision::Already(id, known.seq))
        } else {
            Err(Refusal::at("key", Why::KeyReused).into())
        };
    }
    let today = context.today();
    if command.head.supplied_on > today && !command.act.may_lie_ahead() {
        let why = Why::DateInFuture {
            day: command.head.supplied_on,
            today,
        };
        return Err(Refusal::at("supplied_on", why).into());
    }
    let drafted = draft(command, acting, id, facts, today)?;
    Ok(Decision::New(Box::new(finish(
        command, acting, id, body_hash, facts, context, drafted,
    ))))
}

/// Which offices an act touches decides the day it books on, and the day decides what stock there is: draft until the
/// offices assumed are the offices found. The set only grows, so this ends.
fn draft(command: &Command, acting: Acting, id: EntryId, facts: &Facts, today: Day) -> Result<Drafted, Stop> {
    let mut offices: BTreeSet<OfficeId> = acting.office().into_iter().collect();
    loop {
        let mut draft = Draft::new(facts, command, acting, id, today, offices.clone())?;
        let result = command.act.decide(&mut draft);
        if draft.offices() != &offices && result_may_change(&result) {
            offices.clone_from(draft.offices());
            continue;
        }
        result?;
        return draft.finish();
    }
}

/// A missing fact is loaded first; the offices are looked at when the act has been drafted or refused.
fn result_may_change(result: &Result<(), Stop>) -> bool {
    !matches!(result, Err(Stop::Need(_)))
}

fn finish(
    command: &Command,
    acting: Acting,
    id: EntryId,
    body_hash: [u8; 32],
    facts: &Facts,
    context: &Context,
    drafted: Drafted,
) -> Decided {
    let mut texts = Vec::new();
    let mut seals = Vec::new();
    for (line, (role, text)) in command.head.texts.iter().enumerate() {
        let kept = SaltedText {
            salt: text_salt(&context.seed, line),
            text: text.clone(),
        };
        seals.push(TextSeal {
            role: *role,
            commitment: canonical::text_commitment(&kept.salt, kept.text.as_ref()),
        });
        texts.push(StoredText {
            role: *role,
            kept: Some(kept),
        });
    }
    let entry = Entry {
        seq: facts.size,
        id,
        kind: command.act.kind().to_owned(),
        format: FORMAT,
        supplied_on: drafted.supplied_on,
        book_on: drafted.book_on,
        acting,
        key: command.head.key.clone(),
        group: command.head.group,
        agreement: drafted.agreement,
        references: drafted.references,
        reverses: drafted.reverses,
        births: drafted.births,
        movements: drafted.movements,
        links: drafted.links,
        postings: drafted.postings,
        evidence: command.head.evidence.clone(),
        texts: seals,
        payload: command.payload(),
        recorder: context.recorder.clone(),
        recorded_at: context.now,
        offices: drafted.offices,
    };
    Decided {
        entry,
        seed: context.seed,
        texts,
        body_hash,
    }
}

fn text_salt(seed: &[u8; 32], line: usize) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    hash.update(b"yokoito text salt 1");
    hash.update(seed);
    hash.update((line as u64).to_be_bytes());
    hash.finalize().into()
}

/// The act of an entry, read back from its payload; `None` for kinds this program does not know.
pub fn act_of(entry: &Entry) -> Option<Act> {
    let payload = serde_json::from_slice(&entry.payload).ok()?;
    Act::from_value(&entry.kind, payload).ok()
}
