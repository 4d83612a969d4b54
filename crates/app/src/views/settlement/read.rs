//! The entries that a 精算書 covers, and what they add up to.

use super::{Pair, ViewError, Which, agreements, beyond, closing, confirmed};
use crate::moment::Moment;
use domain::{
    entry::Entry,
    id::EntryId,
    money::{Rounding, Yen},
    place::Place,
    statement::{self, Statement},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{NumberedEntry, Window};

/// A statement with what it is made of.
pub(super) struct Read {
    /// The entry that both agreed on.
    pub own: Option<NumberedEntry>,
    pub window: Window,
    pub statement: Statement,
    /// Covered entries, and those that they reverse, by position.
    entries: BTreeMap<u64, Entry>,
    by_id: HashMap<EntryId, u64>,
    /// Positions of those that changed what stands between the two.
    covered: BTreeSet<u64>,
    /// Positions of those that moved goods, by shelf.
    pub shelves: Vec<(Place, BTreeSet<u64>)>,
}

impl Read {
    /// Those that changed what stands between the two, each with the kind of act at the start of its reversals.
    pub fn covered(&self) -> impl Iterator<Item = (&Entry, &'static str)> {
        self.with_kinds(&self.covered)
    }

    /// The entries at these positions, each with the kind of act at the start of its reversals.
    pub fn with_kinds(&self, seqs: &BTreeSet<u64>) -> impl Iterator<Item = (&Entry, &'static str)> {
        let by_id = |id: EntryId| self.entries.get(self.by_id.get(&id)?);
        let of = move |seq: &u64| {
            let entry = self.entries.get(seq)?;
            Some((entry, statement::first_kind(entry, &by_id)))
        };
        seqs.iter().filter_map(of).collect::<Vec<_>>().into_iter()
    }
}

/// The statement folded from the entries that it covers; `None` when it has no first day.
pub(super) async fn read(
    moment: &Moment,
    pair: Pair,
    which: Which,
    own: Option<NumberedEntry>,
    before: &[NumberedEntry],
) -> Result<Option<Read>, ViewError> {
    // one that was taken back later was agreed on then
    let stood = |statement: &&NumberedEntry| statement.reversed_by.is_none();
    let last = before.iter().find(stood);
    let last_said = last.and_then(|last| Some((last, confirmed(&last.entry)?)));
    let said = own.as_ref().and_then(|own| confirmed(&own.entry));
    let (from, to) = match (&said, which) {
        (Some(confirm), _) => (confirm.from, confirm.to),
        (None, Which::Next(from, to)) => {
            let after = last_said.as_ref().and_then(|(_, last)| last.to.succ());
            let Some(from) = after.or(from) else {
                return Ok(None);
            };
            (from, to)
        }
        (None, Which::Number(_)) => return Ok(None),
    };
    let window = Window {
        from,
        to,
        after: last.map(|last| last.entry.seq),
        before: own.as_ref().map(|own| own.entry.seq),
    };
    let snapshot = &moment.snapshot;
    let covered = snapshot.covered(pair.own, pair.other.into(), window).await?;
    let mut wanted: BTreeSet<u64> = covered.iter().copied().collect();
    let mut shelves = Vec::new();
    for (owner, holder) in [(pair.own, pair.other), (pair.other, pair.own)] {
        let moved: BTreeSet<u64> = snapshot
            .shelf_covered((owner, holder), window)
            .await?
            .into_iter()
            .collect();
        wanted.extend(&moved);
        shelves.push((Place::shelf(owner, holder), moved));
    }
    let wanted: Vec<u64> = wanted.into_iter().collect();
    let entries: BTreeMap<u64, Entry> = (snapshot.whole_entries(&wanted).await?.into_iter())
        .map(|(seq, whole)| (seq, whole.entry))
        .collect();
    let opening = if let Some((last, confirm)) = &last_said {
        closing(&last.entry, confirm, pair.own)
    } else {
        let sums = snapshot.sums_with(pair.own, pair.other.into(), from).await?;
        let debts = sums
            .iter()
            .filter(|sum| statement::is_debt_account(sum.account, pair.own, pair.other));
        Yen::sum(debts.map(|sum| sum.yen)).map_err(beyond)?
    };
    let rounding = agreements(&moment.masters, pair)
        .iter()
        .find_map(|agreement| agreement.terms.on(to).map(|terms| terms.rounding));
    let mut read = Read {
        own,
        window,
        statement: Statement::default(),
        by_id: entries.iter().map(|(seq, entry)| (entry.id, *seq)).collect(),
        entries,
        covered: covered.into_iter().collect(),
        shelves,
    };
    let seen = statement::fold(
        (pair.own, pair.other),
        opening,
        read.covered(),
        rounding.unwrap_or(Rounding::Down),
    );
    read.statement = seen.map_err(beyond)?;
    Ok(Some(read))
}
