//! What the entries around a month hold, as far as a closing asks about it: nothing that was taken back or put right since.

use super::{ViewError, closing_of};
use crate::moment::Moment;
use domain::{
    acts::Act,
    calendar::{Day, Month},
    decide::act_of,
    entry::{Entry, Movement, Posting},
    id::OfficeId,
    trace::{Lines, holding},
};
use std::collections::{BTreeMap, BTreeSet};
use store::{Search, Snapshot};

/// Entries of one question at most; an office has a hundred on a busy day.
const MANY: u32 = 100_000;
/// Closings of an office that are looked at: a month each.
const CLOSINGS: u32 = 1_000;

/// Entries that hold, by position.
pub(in crate::views) struct Held(Vec<HeldEntry>);

/// An entry with what of it holds.
pub(in crate::views) struct HeldEntry {
    pub entry: Entry,
    /// Of a correction the right version.
    pub act: Option<Act>,
    pub movements: Vec<Movement>,
    pub postings: Vec<Posting>,
}

impl Held {
    /// What counts for the month, what was supplied in it and the one before, and the counts and settlements since.
    pub async fn read(moment: &Moment, own: OfficeId, month: Month) -> Result<Held, ViewError> {
        let (first, last) = (month.first_day(), month.last_day());
        let before = month.prev().map_or(first, Month::first_day);
        let of_own = || Search {
            offices: Some(vec![own]),
            ..Search::default()
        };
        let kinds = |kinds: [&str; 2]| kinds.map(str::to_owned).to_vec();
        let questions = [
            Search {
                booked: (Some(first), Some(last)),
                ..of_own()
            },
            Search {
                supplied: (Some(before), Some(last)),
                ..of_own()
            },
            Search {
                kinds: kinds(["count", "correct"]),
                booked: (Some(first), None),
                ..of_own()
            },
            Search {
                kinds: kinds(["settle", "correct"]),
                supplied: (Some(before), None),
                ..of_own()
            },
        ];
        let mut seqs = BTreeSet::new();
        for question in &questions {
            seqs.extend(moment.snapshot.search(question, MANY).await?);
        }
        Held::at(moment, seqs).await
    }

    /// What the entries at these positions hold.
    pub async fn at(moment: &Moment, seqs: BTreeSet<u64>) -> Result<Held, ViewError> {
        let seqs: Vec<u64> = seqs.into_iter().collect();
        let undone = moment.snapshot.mirrors_of(&seqs).await?;
        let whole = moment.snapshot.whole_entries(&seqs).await?;
        let (mut movements, mut postings) = (BTreeMap::new(), BTreeMap::new());
        for (seq, found) in &whole {
            let reverses = found.reverses;
            let lines = found.entry.movements.clone();
            movements.insert(*seq, Lines { reverses, lines });
            let lines = found.entry.postings.clone();
            postings.insert(*seq, Lines { reverses, lines });
        }
        let (mut movements, mut postings) = (holding(movements), holding(postings));
        let wanted: BTreeSet<u64> = seqs.into_iter().filter(|seq| !undone.contains_key(seq)).collect();
        let held = whole.into_iter().filter(|(seq, found)| {
            // what was mirrored came along, and a reversal holds nothing
            wanted.contains(seq) && found.entry.kind != "reverse"
        });
        Ok(Held(
            held.map(|(seq, found)| HeldEntry {
                act: act_of(&found.entry).map(|act| match act {
                    Act::Correct(correct) => correct.right,
                    act => act,
                }),
                movements: movements.remove(&seq).unwrap_or_default(),
                postings: postings.remove(&seq).unwrap_or_default(),
                entry: found.entry,
            })
            .collect(),
        ))
    }

    pub fn iter(&self) -> impl Iterator<Item = &HeldEntry> {
        self.0.iter()
    }
}

/// Closings of these offices, of all of the book or those before a position, with the month of each.
pub(in crate::views) async fn closes(
    snapshot: &Snapshot,
    masters: &domain::masters::Masters,
    offices: &[OfficeId],
    before: Option<u64>,
) -> Result<Vec<(OfficeId, Month, Entry)>, ViewError> {
    let search = Search {
        offices: Some(offices.to_vec()),
        kinds: vec!["close".to_owned()],
        before,
        ..Search::default()
    };
    let seqs = snapshot.search(&search, CLOSINGS).await?;
    let whole = snapshot.whole_entries(&seqs).await?;
    let closes = whole.into_values().filter_map(|whole| {
        let (office, month) = closing_of(masters, &whole.entry)?;
        Some((office, month, whole.entry))
    });
    Ok(closes.collect())
}

/// Whether a day lies in a period, both ends included.
pub(super) fn lies(day: Day, (from, to): (Day, Day)) -> bool {
    (from..=to).contains(&day)
}
