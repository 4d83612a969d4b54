//! まとまり: entries that were recorded together under one number (a file that was taken in, a bulk), looked at and taken
//! back together.
//!
//! Dealings are taken back by their reversals, the newest first, all or nothing. Products cannot be reversed: what they were
//! before is recorded again for the same day; one that was new stays known, since its code is never used again.

use crate::{
    Book,
    moment::Moment,
    record::{How, NotRecorded, Recorded, many},
    viewer::Viewer,
    views::ViewError,
    writer::Unaccepted,
};
use domain::{
    acts::{Act, reverse::Reverse},
    calendar::{Day, business_day},
    command::{ActingRef, Command, Head, entry_id},
    decide::act_of,
    entry::{Entry, TextRole},
    id::{self, Acting, EntryId, GroupId, OfficeId},
    refs::EntryRef,
    refusal::Refusal,
    text::{Code, Key, Note},
};
use std::collections::{BTreeMap, HashMap, HashSet};
use store::{Search, StoreError};

/// Entries of a group that are looked at: more are never recorded at once.
const MOST: u32 = 100_000;
/// Entries of products that are read at once when what they were before is looked for.
const PAGE: u32 = 1_000;

/// Entries that an office recorded together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Their number.
    pub id: GroupId,
    /// Kind of the first one.
    pub kind: String,
    /// How many there are.
    pub entries: usize,
    /// How many of them were taken back; of products those that were put back to what they had been.
    pub undone: usize,
    /// When the first one was recorded.
    pub recorded_at: domain::calendar::Instant,
}

/// What an office recorded under a number; `None` when it recorded nothing under it, or when the viewer may not know of it.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn group(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
    group: GroupId,
) -> Result<Option<Group>, ViewError> {
    let moment = book.moment().await?;
    let found = entries(&moment, viewer, book, office, group).await?;
    let versions = versions(&moment, &found).await?;
    let mut undone = versions.values().filter(|version| version.is_none()).count();
    if found.iter().any(|entry| Act::is_master(&entry.kind)) {
        undone += entries(&moment, viewer, book, office, undoing_of(office, group))
            .await?
            .len();
    }
    Ok(found.first().map(|first| Group {
        id: group,
        kind: first.kind.clone(),
        entries: found.len(),
        undone,
        recorded_at: first.recorded_at,
    }))
}

impl Group {
    /// Whether it was taken back: all of it, or of products all that could be.
    pub fn is_undone(&self) -> bool {
        self.undone > 0 && (Act::is_master(&self.kind) || self.undone == self.entries)
    }
}

/// The number under which an office records what it calls so.
pub fn named(office: OfficeId, name: &str) -> GroupId {
    // a name that is no key is nobody's: it has the number of the empty one
    let number = |key: &Key| GroupId(id::derive(&Acting::Office(office), key, "group", 0));
    name.parse().as_ref().map_or(GroupId(uuid::Uuid::nil()), number)
}

/// The number under which a group is taken back.
fn undoing_of(office: OfficeId, group: GroupId) -> GroupId {
    named(office, &format!("undo-{}", group.0.simple()))
}

/// What is not taken back, and why.
#[derive(Debug)]
pub enum NotUndone {
    /// Nothing under this number that may be known of.
    NoSuchGroup,
    /// Everything has been taken back already, or nothing of it can be.
    NothingLeft,
    /// The rules say no, or it could not be done: of each entry that stands in the way the reason.
    Refused(Vec<(EntryId, NotRecorded)>),
    /// It could not be tried.
    NotRecorded(NotRecorded),
}

impl From<Unaccepted> for NotUndone {
    fn from(error: Unaccepted) -> NotUndone {
        NotUndone::NotRecorded(error.into())
    }
}

impl From<ViewError> for NotUndone {
    fn from(error: ViewError) -> NotUndone {
        NotUndone::NotRecorded(error.into())
    }
}

impl From<StoreError> for NotUndone {
    fn from(error: StoreError) -> NotUndone {
        NotUndone::NotRecorded(error.into())
    }
}

/// Takes back what an office recorded under a number, all or nothing. Sent twice it is done once. The answers are of the
/// entries that take back, the newest first.
///
/// # Errors
/// [`NotUndone`].
pub async fn undo(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
    group: GroupId,
    reason: &Note,
) -> Result<Vec<Recorded>, NotUndone> {
    let moment = book.moment().await?;
    let found = entries(&moment, viewer, book, office, group).await?;
    if found.is_empty() {
        return Err(NotUndone::NoSuchGroup);
    }
    let code = moment.masters.office(office).map(|office| office.code.clone());
    let Some(code) = code else {
        return Err(NotUndone::NoSuchGroup);
    };
    let undoing = Undoing {
        moment: &moment,
        code,
        office,
        group,
        reason,
        today: business_day(book.outside().clock.now()),
    };
    let mut commands = undoing.reversals(&found).await?;
    commands.extend(undoing.products_as_before(&found).await?);
    if commands.is_empty() {
        return Err(NotUndone::NothingLeft);
    }
    let acts = |commands: &[(EntryId, Command)]| -> Vec<Result<Command, Refusal>> {
        commands.iter().map(|(_, command)| Ok(command.clone())).collect()
    };
    let all = many(book, viewer, acts(&commands), How::AllOrNothing).await?;
    if all.iter().all(Result::is_ok) {
        return Ok(all.into_iter().flatten().collect());
    }
    // a group stops at the first that is refused; whoever wants to clear the way has to know of all of them
    let tried = many(book, viewer, acts(&commands), How::Trial).await?;
    let refusals = |answers: Vec<Result<Recorded, NotRecorded>>| {
        let of = commands.iter().map(|(entry, _)| *entry).zip(answers);
        of.filter_map(|(entry, answer)| match answer {
            Ok(_) | Err(NotRecorded::WithOthers) => None,
            Err(error) => Some((entry, error)),
        })
        .collect::<Vec<_>>()
    };
    let mut refused = refusals(tried);
    if refused.is_empty() {
        refused = refusals(all);
    }
    Err(NotUndone::Refused(refused))
}

/// The entries that an office recorded under a number, in the order of the log; none for who does not follow the office.
async fn entries(
    moment: &Moment,
    viewer: &Viewer,
    book: &Book,
    office: OfficeId,
    group: GroupId,
) -> Result<Vec<Entry>, ViewError> {
    let today = business_day(book.outside().clock.now());
    // the number is a part of what the office itself wrote: nobody but its own people know it
    let is_own = viewer
        .rights()
        .is_none_or(|rights| rights.offices.contains(&office));
    if !is_own || !viewer.gate(&moment.masters).follows(office, today) {
        return Ok(Vec::new());
    }
    let search = Search {
        group: Some(group.0),
        ..Search::default()
    };
    let seqs = moment.snapshot.search(&search, MOST).await?;
    let whole = moment.snapshot.whole_entries(&seqs).await?;
    let own = whole.into_values().map(|whole| whole.entry);
    // what an entry mirrors comes along with it
    let own = own.filter(|entry| entry.group == Some(group) && entry.acting == Acting::Office(office));
    Ok(own.collect())
}

/// Of dealings, by their positions, the entry by whose version each holds: itself, or the last one that put it right; `None` for
/// one that was taken back.
async fn versions(moment: &Moment, found: &[Entry]) -> Result<BTreeMap<u64, Option<Entry>>, StoreError> {
    let dealings = found.iter().filter(|entry| !Act::is_master(&entry.kind));
    let mut open: Vec<(u64, Entry)> = dealings.map(|entry| (entry.seq, entry.clone())).collect();
    let mut versions = BTreeMap::new();
    while !open.is_empty() {
        let seqs: Vec<u64> = open.iter().map(|(_, newest)| newest.seq).collect();
        let mirrors = moment.snapshot.mirrors_of(&seqs).await?;
        let ids: Vec<EntryId> = mirrors.values().copied().collect();
        let entries = moment.snapshot.entries_by_id(&ids).await?;
        let mut by_id: HashMap<EntryId, Entry> = entries.into_iter().map(|entry| (entry.id, entry)).collect();
        let mut corrected = Vec::new();
        for (seq, newest) in open {
            let Some(mirror) = mirrors.get(&newest.seq) else {
                versions.insert(seq, Some(newest));
                continue;
            };
            match by_id.remove(mirror).filter(|mirror| mirror.kind == "correct") {
                Some(correction) => corrected.push((seq, correction)),
                None => drop(versions.insert(seq, None)),
            }
        }
        open = corrected;
    }
    Ok(versions)
}

/// A group that is being taken back.
struct Undoing<'a> {
    moment: &'a Moment,
    code: Code,
    office: OfficeId,
    group: GroupId,
    reason: &'a Note,
    today: Day,
}

impl Undoing<'_> {
    /// An act under a key that follows from what it takes back.
    fn command(&self, entry: &Entry, act: Act, on: Day) -> Option<Command> {
        let key: Key = format!("undo-{}-{}", self.group.0.simple(), entry.seq)
            .parse()
            .ok()?;
        Some(Command {
            head: Head {
                acting: ActingRef::Office(self.code.clone()),
                key,
                supplied_on: on,
                group: Some(undoing_of(self.office, self.group)),
                texts: vec![(TextRole::Reason, self.reason.clone())],
                evidence: Vec::new(),
            },
            act,
        })
    }

    /// Reversals of dealings, the newest first.
    async fn reversals(&self, found: &[Entry]) -> Result<Vec<(EntryId, Command)>, StoreError> {
        let mut versions = versions(self.moment, found).await?;
        let seqs: Vec<u64> = versions.keys().copied().collect();
        let mirrors = self.moment.snapshot.mirrors_of(&seqs).await?;
        let mut commands = Vec::with_capacity(seqs.len());
        for entry in found.iter().rev() {
            let Some(version) = versions.remove(&entry.seq) else {
                continue;
            };
            // by ourselves before: the same again is answered as the first time
            let mirror = mirrors.get(&entry.seq);
            let by_us = mirror.is_some_and(|mirror| self.is_ours(entry, *mirror));
            let Some(holds) = version.or_else(|| by_us.then(|| entry.clone())) else {
                continue;
            };
            let reference = EntryRef {
                office: None,
                network: None,
                key: holds.key.clone(),
            };
            let act = Act::Reverse(Box::new(Reverse { entry: reference }));
            let on = self.today.max(holds.supplied_on);
            commands.extend(self.command(entry, act, on).map(|command| (entry.id, command)));
        }
        Ok(commands)
    }

    /// Whether a mirror is what this group's undoing would record.
    fn is_ours(&self, entry: &Entry, mirror: EntryId) -> bool {
        let key: Result<Key, _> = format!("undo-{}-{}", self.group.0.simple(), entry.seq).parse();
        key.is_ok_and(|key| entry_id(entry.acting, &key) == mirror)
    }

    /// Products of the group as they were before it. Of new ones there is nothing before.
    async fn products_as_before(&self, found: &[Entry]) -> Result<Vec<(EntryId, Command)>, StoreError> {
        let products = found.iter().filter_map(|entry| match act_of(entry) {
            Some(Act::Product(product)) => Some((product.code.clone(), entry)),
            _ => None,
        });
        let wanted: HashMap<Code, &Entry> = products.collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        // for each day the version that was recorded last before the group, from the newest entry on
        let mut before: BTreeMap<(Code, Day), Act> = BTreeMap::new();
        let mut changed_since: HashSet<Code> = HashSet::new();
        let mut search = Search {
            offices: Some(vec![self.office]),
            kinds: vec!["product".to_owned()],
            ..Search::default()
        };
        loop {
            let seqs = self.moment.snapshot.search(&search, PAGE).await?;
            let Some(last) = seqs.last() else { break };
            search.before = Some(*last);
            let whole = self.moment.snapshot.whole_entries(&seqs).await?;
            for entry in whole.into_values().rev().map(|whole| whole.entry) {
                let Some(Act::Product(product)) = act_of(&entry) else {
                    continue;
                };
                let Some(taken_back) = wanted.get(&product.code) else {
                    continue;
                };
                if entry.acting != Acting::Office(self.office) || entry.group == Some(self.group) {
                    continue;
                }
                if entry.seq < taken_back.seq {
                    let at = (product.code.clone(), entry.supplied_on);
                    before.entry(at).or_insert(Act::Product(product));
                } else if entry.supplied_on == taken_back.supplied_on && !self.is_ours(taken_back, entry.id) {
                    changed_since.insert(product.code.clone());
                }
            }
        }
        let mut commands = Vec::new();
        let mut sorted: Vec<(&Code, &&Entry)> = wanted.iter().collect();
        sorted.sort_by_key(|(_, entry)| entry.seq);
        // what somebody wrote later for the same day stands
        for (code, entry) in sorted
            .into_iter()
            .filter(|(code, _)| !changed_since.contains(*code))
        {
            let until = (code.clone(), entry.supplied_on);
            let earlier = before.range(..=until).next_back();
            let earlier = earlier.filter(|((of, _), _)| of == code);
            // a row before the first one says nothing that the first one does not say
            let first = || before.iter().find(|((of, _), _)| of == code);
            let Some((_, act)) = earlier.or_else(first) else {
                continue;
            };
            let command = self.command(entry, act.clone(), entry.supplied_on);
            commands.extend(command.map(|command| (entry.id, command)));
        }
        Ok(commands)
    }
}
