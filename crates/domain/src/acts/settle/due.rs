//! Which entries a settlement takes: those of its period, and those recorded late in a period settled before.
//!
//! An entry is late when its day lies in an earlier period that had been settled when it was recorded. The next
//! settlement after that takes it, once. A settlement that was taken back took nothing, so what it had taken is due
//! again.

use crate::{
    account::{Account, AccountKind, BookUnit},
    acts::{
        Act,
        original::{act_in, ask},
    },
    calendar::Day,
    draft::Draft,
    entry::Entry,
    facts::{EntryFact, Question},
    id::EntryId,
    masters::{Agreement, AgreementKind},
    place::{Place, PlaceKind},
    refusal::{Refusal, Stop, Why},
};

/// How far back late entries are looked for: what is dated more than a year before the period is settled by hand.
const LATE_DAYS: u64 = 366;

/// Kinds of acts by which goods sold for the producer come into the books, besides those under the agreement.
const SALES: [&str; 3] = ["sell", "return", "allowance"];

/// A settlement of the agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Settled {
    from: Day,
    to: Day,
    seq: u64,
    /// Position of what took it back, or replaced it.
    ended: Option<u64>,
}

impl Settled {
    /// Whether it stands and its period meets these days.
    pub fn holds_for(&self, from: Day, to: Day) -> bool {
        self.ended.is_none() && self.from <= to && from <= self.to
    }

    fn covers(&self, day: Day) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// Whether it stood when the entry at a position was decided.
    fn stood_at(&self, seq: u64) -> bool {
        self.seq < seq && self.ended.is_none_or(|ended| ended > seq)
    }

    /// Whether it takes an entry of this day and position, if no other one has.
    fn wants(&self, day: Day, seq: u64, all: &[Settled]) -> bool {
        let late_for = |other: &Settled| other.stood_at(self.seq) && other.covers(day) && other.seq < seq;
        self.seq > seq && (self.covers(day) || day < self.from && all.iter().any(late_for))
    }
}

/// All settlements of the agreement that may matter for a period from this day on, taken back ones too, in the order
/// of the book.
pub(super) fn settled(draft: &Draft<'_>, agreement: &Agreement, from: Day) -> Result<Vec<Settled>, Stop> {
    let kinds = ["settle", "correct"].map(str::to_owned);
    let question = Question::UnderAgreement(agreement.id, kinds.into(), look_back(from), draft.today());
    let mut settled = Vec::new();
    for fact in ask(draft, [question])? {
        let entry = &fact.entry;
        let Some(Act::Settle(settle)) = act_in(entry) else {
            continue;
        };
        let ended = match fact.reversed_by {
            None if draft.replaces() == Some(entry.id) => Some(draft.facts().size),
            None => None,
            Some(by) => Some(position(draft, by)?),
        };
        settled.push(Settled {
            from: settle.from,
            to: settle.to,
            seq: entry.seq,
            ended,
        });
    }
    Ok(settled)
}

fn position(draft: &Draft<'_>, id: EntryId) -> Result<u64, Stop> {
    let broken = || Refusal::at("", Why::Broken { what: "reversed_by" });
    Ok(draft.facts().entry(id)?.ok_or_else(broken)?.entry.seq)
}

fn look_back(from: Day) -> Day {
    let date = from.date().checked_sub_days(chrono::Days::new(LATE_DAYS));
    date.and_then(|date| Day::from_date(date).ok()).unwrap_or(from)
}

/// The entries that a settlement of these days takes.
pub(super) fn entries<'a>(
    draft: &Draft<'a>,
    agreement: &Agreement,
    settled: &[Settled],
    from: Day,
    to: Day,
) -> Result<Vec<&'a Entry>, Stop> {
    let this = Settled {
        from,
        to,
        seq: draft.facts().size,
        ended: None,
    };
    let earliest = settled.iter().map(|other| other.from).min();
    let since = earliest.map_or(from, |earliest| earliest.max(look_back(from)).min(from));
    // a sale of several owners' goods stands under no agreement, but it says what the two owe each other
    let question = Question::Between(
        agreement.producer,
        agreement.other,
        (from, to),
        (since, none_late_before(settled)),
    );
    let mut due = Vec::new();
    for fact in ask(draft, [question])? {
        let (day, seq) = (fact.entry.supplied_on, fact.entry.seq);
        if takes(&this, settled, day, seq) && belongs(draft, fact, agreement)? {
            due.push(fact.entry.as_ref());
        }
    }
    Ok(due)
}

/// Up to this position nothing late is due: where settlements followed each other in the order of their days and all stand, the
/// last one has taken what was late for those before it.
fn none_late_before(settled: &[Settled]) -> u64 {
    let in_order = settled.is_sorted_by_key(|other| (other.from, other.seq));
    let all_stand = settled.iter().all(|other| other.ended.is_none());
    let of = if in_order && all_stand {
        settled.last()
    } else {
        settled.first()
    };
    of.map_or(0, |other| other.seq)
}

/// Whether a settlement in the making takes an entry of this day and position: it wants it, and none that stands took
/// it before.
fn takes(this: &Settled, settled: &[Settled], day: Day, seq: u64) -> bool {
    let mut takers: Vec<&Settled> = Vec::new();
    for other in settled {
        let taken = takers.iter().any(|taker| taker.stood_at(other.seq));
        if !taken && other.wants(day, seq, settled) {
            takers.push(other);
        }
    }
    this.wants(day, seq, settled) && !takers.iter().any(|taker| taker.stood_at(this.seq))
}

/// Whether an entry is under the agreement: it says so, or it moves what the shop owes the producer for goods placed
/// with it, is under no other agreement of the two, and this one's terms hold on its day.
fn belongs<'a>(draft: &Draft<'a>, fact: &'a EntryFact, agreement: &Agreement) -> Result<bool, Stop> {
    let entry: &'a Entry = &fact.entry;
    if entry.agreement == Some(agreement.id) {
        return Ok(true);
    }
    let (producer, other) = (agreement.producer, agreement.other);
    let theirs = |known: &Agreement| (known.producer, known.other) == (producer, other);
    if entry
        .agreement
        .and_then(|id| draft.masters().agreement(id))
        .is_some_and(theirs)
    {
        return Ok(false);
    }
    let of_day =
        draft
            .masters()
            .agreement_between(AgreementKind::Consign, producer, other, entry.supplied_on);
    let unit = BookUnit::production(producer);
    let through = Account::with(unit, AccountKind::ConsignmentReceivable, other);
    let bought = Account::with(unit, AccountKind::Receivable, other);
    // the producer's goods that are neither sent to its buyer nor given back by one
    let placed = |place: Place| place.owner == producer.into() && place.kind != PlaceKind::Store;
    let owes = |account: Account| entry.postings.iter().any(|posting| posting.account == account);
    let sells = owes(through)
        || owes(bought)
            && entry
                .movements
                .iter()
                .any(|moved| placed(moved.from) || placed(moved.to));
    Ok(sells
        && of_day.is_some_and(|of_day| of_day.id == agreement.id)
        && SALES.contains(&first_kind(draft, fact)?))
}

/// The kind of act at the start: of a reversal or correction that of what it took back.
fn first_kind<'a>(draft: &Draft<'a>, fact: &'a EntryFact) -> Result<&'a str, Stop> {
    match fact.entry.reverses {
        Some(target) if fact.entry.kind == "reverse" => {
            let broken = || Refusal::at("", Why::Broken { what: "reverses" });
            draft.corrected_kind(draft.facts().entry(target)?.ok_or_else(broken)?)
        }
        _ => draft.corrected_kind(fact),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn settle(from: &str, to: &str, seq: u64, ended: Option<u64>) -> Settled {
        Settled {
            from: day(from),
            to: day(to),
            seq,
            ended,
        }
    }

    /// Whether a settlement of June at position 100 takes an entry of a day and position.
    fn june_takes(on: &str, seq: u64, settled: &[Settled]) -> bool {
        let this = settle("2026-06-01", "2026-06-30", 100, None);
        takes(&this, settled, day(on), seq)
    }

    #[test]
    fn what_comes_late_is_taken_once() {
        let may = settle("2026-05-01", "2026-05-31", 50, None);
        assert!(june_takes("2026-06-10", 60, &[may]));
        assert!(!june_takes("2026-05-10", 40, &[may]), "was in time for May");
        assert!(june_takes("2026-05-10", 60, &[may]), "late for May");
        assert!(
            !june_takes("2026-05-10", 60, &[]),
            "May is not settled: it will be"
        );
        // July was settled before June and took it already
        let july = settle("2026-07-01", "2026-07-31", 70, None);
        assert!(!june_takes("2026-05-10", 60, &[may, july]));
        assert!(june_takes("2026-05-10", 80, &[may, july]), "late for both");
    }

    #[test]
    fn what_a_settlement_had_taken_is_due_again_when_it_is_taken_back() {
        let may = settle("2026-05-01", "2026-05-31", 50, None);
        let june = settle("2026-06-01", "2026-06-30", 70, Some(90));
        assert!(june_takes("2026-05-10", 60, &[may, june]));
        assert!(june_takes("2026-06-10", 60, &[may, june]));
    }
}
