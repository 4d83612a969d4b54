//! A whole book in memory: what the rules do, without any store. For tests, tools and readers who want to see the
//! rules at work; the store answers the same needs from its tables.

use crate::{
    acts::erase_text::erased_by,
    apply::apply,
    command::Command,
    decide::{Context, Decided, Decision, decide},
    entry::{Entry, ReferenceRole, TextRole},
    facts::{Answer, EntryFact, Facts, LotFact, Need, Question},
    id::{Acting, EntryId, LotId, OfficeId, PartyId},
    money::Yen,
    numbered::Numbered,
    place::Place,
    refusal::{LaterAct, Refusal, Stop, Why},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// Entries in order and the facts they fold to.
#[derive(Clone, Debug, Default)]
pub struct Book {
    entries: Vec<Arc<Entry>>,
    reversed_by: HashMap<EntryId, EntryId>,
    facts: Facts,
}

impl Book {
    /// Decides a command and, when it is a new entry, records it.
    pub fn record(&mut self, command: &Command, context: &Context) -> Result<Decision, Refusal> {
        // each round loads what was missing, so the number of rounds is bounded by what an act can ask for
        for _ in 0..10_000 {
            match decide(command, &self.facts, context) {
                Ok(Decision::New(decided)) => {
                    self.append(&decided);
                    return Ok(Decision::New(decided));
                }
                Ok(already) => return Ok(already),
                Err(Stop::Refused(refusal)) => return Err(*refusal),
                Err(Stop::Need(needs)) => needs.into_iter().for_each(|need| self.load(need)),
            }
        }
        Err(Refusal::at("", Why::Broken { what: "needs" }))
    }

    fn append(&mut self, decided: &Decided) {
        let entry = Arc::new(decided.entry.clone());
        if let Some(target) = entry.reverses {
            self.reversed_by.insert(target, entry.id);
        }
        apply(&mut self.facts, &entry, decided.body_hash);
        self.entries.push(entry);
    }

    /// The entries in order.
    pub fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    /// What the entries fold to.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    fn fact(&self, entry: &Arc<Entry>) -> EntryFact {
        EntryFact {
            entry: Arc::clone(entry),
            reversed_by: self.reversed_by.get(&entry.id).copied(),
        }
    }

    fn load(&mut self, need: Need) {
        match need {
            // everything was applied since the first entry: what is not loaded is not there
            Need::Known(id) => self.facts.put_known(id, None),
            Need::Lot(code) => self.facts.put_no_lot(code),
            Need::LotById(id) => self.facts.put_no_lot_by_id(id),
            Need::Entry(id) => self.facts.put_entry(id, None),
            Need::Timeline(lot, place) => self.facts.put_timeline(lot, place, self.timeline(lot, place)),
            Need::LotsAt(product, place) => {
                let of_product =
                    (self.facts.lots.values().flatten()).filter(|fact| fact.lot.product == product);
                let there = |fact: &LotFact| Some((fact.lot.id, fact.stock.get(&place)?.quantity));
                let lots: Vec<(LotId, i64)> = of_product.filter_map(there).collect();
                self.facts.put_lots_at(product, place, lots);
            }
            Need::Answer(question) => {
                let answer = self.answer(&question);
                self.facts.put_answer(question, answer);
            }
        }
    }

    fn timeline(&self, lot: LotId, place: Place) -> BTreeMap<i32, i64> {
        let mut days = BTreeMap::new();
        for entry in &self.entries {
            for movement in entry.movements.iter().filter(|movement| movement.lot == lot) {
                for (at, signed) in [
                    (movement.from, -movement.quantity.get()),
                    (movement.to, movement.quantity.get()),
                ] {
                    if at == place {
                        *days.entry(entry.book_on.as_number()).or_insert(0) += signed;
                    }
                }
            }
        }
        days
    }

    fn kept_texts(&self, id: EntryId) -> Vec<TextRole> {
        let entry = self.entries.iter().find(|entry| entry.id == id);
        let mut roles: Vec<TextRole> = entry
            .iter()
            .flat_map(|entry| &entry.texts)
            .map(|seal| seal.role)
            .collect();
        for (target, only) in self.entries.iter().filter_map(|entry| erased_by(entry)) {
            if target == id {
                roles.retain(|role| only.is_some_and(|only| only != *role));
            }
        }
        roles
    }

    fn answer(&self, question: &Question) -> Answer {
        match question {
            Question::Balance(account, day) => {
                let postings = self
                    .entries
                    .iter()
                    .filter(|entry| entry.book_on <= *day)
                    .flat_map(|e| &e.postings);
                let sum: i128 = postings
                    .filter(|p| p.account == *account)
                    .map(|p| i128::from(p.yen.get()))
                    .sum();
                Answer::Yen(Yen::from_i128(sum).unwrap_or_default())
            }
            Question::LaterMovements(lot, after) => {
                let later = self.entries.iter().filter(|entry| {
                    entry.seq > *after
                        && entry.movements.iter().any(|movement| movement.lot == *lot)
                        && !self.reversed_by.contains_key(&entry.id)
                        && entry.kind != "reverse"
                });
                let acts = later.map(|entry| LaterAct {
                    kind: entry.kind.clone(),
                    key: entry.key.to_string(),
                    book_on: entry.book_on,
                    seq: entry.seq,
                });
                Answer::Later(acts.collect())
            }
            Question::KeptTexts(id) => Answer::Texts(self.kept_texts(*id)),
            Question::UnderAgreement(agreement, kinds, from, to) => {
                let under = self.entries.iter().filter(|entry| {
                    entry.agreement == Some(*agreement)
                        && kinds.contains(&entry.kind)
                        && (*from..=*to).contains(&entry.supplied_on)
                });
                Answer::Entries(under.map(|entry| self.fact(entry)).collect())
            }
            Question::Between(office, other, (from, to), (since, after)) => {
                let with = PartyId::from(*other);
                let changes = |entry: &Entry| {
                    let mut postings = entry.postings.iter();
                    postings
                        .any(|p| p.account.unit.office() == Some(*office) && p.account.party == Some(with))
                };
                let between = self.entries.iter().filter(|entry| {
                    let day = entry.supplied_on;
                    let is_late = (*since..*from).contains(&day) && entry.seq > *after;
                    ((*from..=*to).contains(&day) || is_late) && changes(entry)
                });
                Answer::Entries(between.map(|entry| self.fact(entry)).collect())
            }
            Question::OfKind(office, kind, from, to) => {
                let of_kind = self.entries.iter().filter(|entry| {
                    entry.kind == *kind
                        && entry.offices.contains(office)
                        && (*from..=*to).contains(&entry.supplied_on)
                });
                Answer::Entries(of_kind.map(|entry| self.fact(entry)).collect())
            }
            Question::Debts(office, other, day) => {
                let postings = self.entries.iter().filter(|entry| entry.book_on <= *day);
                let with = PartyId::from(*other);
                let sum: i128 = (postings.flat_map(|entry| &entry.postings))
                    .filter(|p| p.account.unit.office() == Some(*office) && p.account.party == Some(with))
                    .map(|p| i128::from(p.yen.get()))
                    .sum();
                Answer::Yen(Yen::from_i128(sum).unwrap_or_default())
            }
            Question::LastNumbered(series, most) => {
                let of_series = |entry: &&Arc<Entry>| {
                    Numbered::of(entry).is_some_and(|numbered| numbered.series == *series)
                };
                let last = self.entries.iter().rev().filter(of_series);
                let last = last.take(usize::try_from(*most).unwrap_or(usize::MAX));
                Answer::Entries(last.map(|entry| self.fact(entry)).collect())
            }
            Question::Issued(office, seqs, without) => Answer::Issued(self.issued(*office, seqs, *without)),
        }
    }

    fn issued(
        &self,
        office: OfficeId,
        seqs: &[u64],
        without: Option<EntryId>,
    ) -> BTreeMap<u64, BTreeSet<EntryId>> {
        let documents = || self.entries.iter().filter(|entry| entry.kind == "issue");
        let refers = |entry: &Entry, role, id: EntryId| {
            let mut references = entry.references.iter();
            references.any(|reference| reference.role == role && reference.id == id.0)
        };
        let is_replaced = |id| documents().any(|later| refers(later, ReferenceRole::Original, id));
        let standing = documents().filter(|document| {
            document.acting == Acting::Office(office)
                && Some(document.id) != without
                && !is_replaced(document.id)
        });
        let standing: Vec<&Arc<Entry>> = standing.collect();
        let mut issued = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| seqs.contains(&entry.seq)) {
            let covers = |document: &&&Arc<Entry>| refers(document, ReferenceRole::Document, entry.id);
            let by: BTreeSet<EntryId> = (standing.iter().filter(covers))
                .map(|document| document.id)
                .collect();
            if !by.is_empty() {
                issued.insert(entry.seq, by);
            }
        }
        issued
    }
}
