//! The rows of one entry against what its bytes say, column by column.

use super::{Seen, masters::Named, page::OwnRows};
use domain::{
    account::{Account, BookUnit},
    acts::Act,
    canonical::text_commitment,
    command::body_hash_of,
    entry::{Entry, ReferenceRole, TextRole},
    id::LotId,
    lot::Lot,
    numbered::Numbered,
    place::Place,
    tax::PriceBasis,
    verify::{EntryName, Finding, Invariant, Problem, Subject},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{
    entity::{account, entry, lot, place},
    verify::LotName,
};
use uuid::Uuid;

/// Rows that the rows of a page point to.
#[derive(Default)]
pub(super) struct Around {
    pub lots: HashMap<i64, LotName>,
    pub places: HashMap<i64, place::Model>,
    pub accounts: HashMap<i64, account::Model>,
    /// Positions of entries referred to.
    pub positions: HashMap<Uuid, i64>,
    /// Rows of lots born or amended.
    pub born: HashMap<Uuid, lot::Model>,
    /// By position of the referring entry: target and role.
    pub references: HashMap<i64, BTreeSet<(i64, String)>>,
    /// By lot and position.
    pub amendments: HashMap<(i64, i64), String>,
    codes: HashMap<LotId, String>,
}

impl Around {
    pub fn collect_codes(&mut self) {
        let named = self.lots.values().map(|lot| (LotId(lot.id), lot.code.clone()));
        let born = self.born.values().map(|lot| (LotId(lot.id), lot.code.clone()));
        self.codes = named.chain(born).collect();
    }

    /// People know lots by their codes.
    pub fn name_lots(&self, finding: &mut Finding) {
        for about in &mut finding.about {
            if let Subject::Lot(id, code @ None) = about {
                *code = self.codes.get(id).cloned();
            }
        }
    }

    fn is_place(&self, no: i64, place: &Place) -> bool {
        self.places.get(&no).is_some_and(|row| {
            (row.kind, row.owner, row.holder, row.reference)
                == (
                    place.kind.number().into(),
                    place.owner.0,
                    place.holder.0,
                    place.reference.unwrap_or_default(),
                )
        })
    }

    fn is_account(&self, no: i64, account: &Account) -> bool {
        let (unit_kind, unit, section) = match account.unit {
            BookUnit::Office(office, section) => (1, office.0, section as i16),
            BookUnit::Head(corporation) => (2, corporation.0, 0),
        };
        let party = account.party.map(|id| id.0).unwrap_or_default();
        let cash_place = account.cash_place.map(|id| id.0).unwrap_or_default();
        self.accounts.get(&no).is_some_and(|row| {
            (row.unit_kind, row.unit, row.section) == (unit_kind, unit, section)
                && (row.kind, row.party, row.cash_place) == (account.kind.number().into(), party, cash_place)
        })
    }

    fn is_lot(&self, no: i64, lot: LotId) -> bool {
        self.lots.get(&no).is_some_and(|row| row.id == lot.0)
    }
}

/// One entry being compared.
pub(super) struct Compare<'a> {
    entry: &'a Entry,
    around: &'a Around,
    named: &'a Named,
    last_lot: i64,
    gap: bool,
    seen: Seen,
    findings: Vec<Finding>,
}

impl<'a> Compare<'a> {
    pub fn new(
        entry: &'a Entry,
        around: &'a Around,
        named: &'a Named,
        last_lot: i64,
        gap: bool,
    ) -> Compare<'a> {
        Compare {
            entry,
            around,
            named,
            last_lot,
            gap,
            seen: Seen::default(),
            findings: Vec::new(),
        }
    }

    pub fn finish(self) -> (Vec<Finding>, i64, Seen) {
        (self.findings, self.last_lot, self.seen)
    }

    pub fn all(&mut self, row: &entry::Model, own: &OwnRows) {
        self.columns(row);
        self.texts(own);
        self.lots();
        self.movements(own);
        self.postings(own);
        self.links(own);
        self.offices(own);
        self.numbered(own);
        self.references();
    }

    fn add(&mut self, invariant: Invariant, about: Option<Subject>, problem: Problem) {
        let entry = Subject::Entry(EntryName::from(self.entry));
        self.findings.push(Finding::new(
            invariant,
            std::iter::once(entry).chain(about),
            problem,
        ));
    }

    fn row(&mut self, about: Option<&Subject>, problem: Problem) {
        self.add(Invariant::Projected, about.cloned(), problem);
    }

    /// Adds what differs among columns.
    fn same(&mut self, table: &'static str, about: Option<&Subject>, columns: &[(&'static str, bool)]) {
        for (column, same) in columns {
            if !same {
                self.row(about, Problem::Differs { table, column });
            }
        }
    }

    fn seq(&self) -> i64 {
        i64::try_from(self.entry.seq).unwrap_or(-1)
    }

    fn columns(&mut self, row: &entry::Model) {
        let entry = self.entry;
        let reverses = entry
            .reverses
            .and_then(|id| self.around.positions.get(&id.0).copied());
        // of a kind this program does not know only its writer knew whether it is master data
        let known = Act::KINDS.iter().any(|(kind, _)| *kind == entry.kind);
        self.same(
            "entry",
            None,
            &[
                ("seq", self.seq() == row.seq),
                ("kind", row.kind == entry.kind),
                ("format", row.format == i32::from(entry.format)),
                ("supplied_on", row.supplied_on == entry.supplied_on.as_number()),
                ("book_on", row.book_on == entry.book_on.as_number()),
                ("recorded_at", row.recorded_at == entry.recorded_at.millis()),
                ("recorder", row.recorder == entry.recorder),
                ("group_id", row.group_id == entry.group.map(|id| id.0)),
                ("agreement_id", row.agreement_id == entry.agreement.map(|id| id.0)),
                (
                    "reverses_seq",
                    row.reverses_seq == reverses && reverses.is_some() == entry.reverses.is_some(),
                ),
                (
                    "is_master",
                    !known || row.is_master == Act::is_master(&entry.kind),
                ),
            ],
        );
        for (column, same) in [
            ("id", row.id == entry.id.0),
            ("acting", row.acting == entry.acting.to_string()),
            ("key", row.key == entry.key.as_str()),
            ("body_hash", row.body_hash == body_hash_of(entry)),
        ] {
            if !same {
                self.add(
                    Invariant::OneKey,
                    None,
                    Problem::Differs {
                        table: "entry",
                        column,
                    },
                );
            }
        }
    }

    /// A text that stands there is the one that was sealed; one that was erased leaves an empty row.
    fn texts(&mut self, own: &OwnRows) {
        let table = "entry_text";
        let mut rows: BTreeMap<i32, _> = own.texts.iter().map(|row| (row.line, row)).collect();
        for (n, seal) in self.entry.texts.iter().enumerate() {
            let Some(row) = i32::try_from(n).ok().and_then(|line| rows.remove(&line)) else {
                self.row(None, Problem::RowMissing { table });
                continue;
            };
            let role = match seal.role {
                TextRole::Note => "note",
                TextRole::Reason => "reason",
            };
            self.same(table, None, &[("role", row.role == role)]);
            let is_sealed = match (&row.salt, &row.text) {
                (None, None) => true,
                (Some(salt), Some(text)) => <&[u8; 32]>::try_from(salt.as_slice())
                    .is_ok_and(|salt| text_commitment(salt, text) == seal.commitment),
                _ => false,
            };
            if !is_sealed {
                self.add(Invariant::Logged, None, Problem::TextDiffers);
            }
        }
        self.left_over(table, rows.len());
    }

    fn left_over(&mut self, table: &'static str, rows: usize) {
        for _ in 0..rows {
            self.row(None, Problem::RowWithoutEntry { table });
        }
    }

    fn lots(&mut self) {
        let entry = self.entry;
        for birth in &entry.births {
            let lot = &birth.lot;
            let about = Subject::Lot(lot.id, Some(lot.code.to_string()));
            let facts = serde_json::to_string(lot).unwrap_or_default();
            let row = self.around.born.get(&lot.id.0);
            if birth.amends {
                self.amendment(row, &about, &facts);
                continue;
            }
            let expected = self.last_lot.saturating_add(1);
            let Some(row) = row else {
                self.last_lot = expected;
                self.row(Some(&about), Problem::RowMissing { table: "lot" });
                continue;
            };
            self.last_lot = if self.gap && row.no > expected {
                row.no
            } else {
                expected
            };
            self.seen.births += 1;
            self.lot(row, lot, &about, &facts);
        }
    }

    fn lot(&mut self, row: &lot::Model, lot: &Lot, about: &Subject, facts: &str) {
        if row.birth_seq != self.seq() {
            self.add(Invariant::BornOnce, Some(about.clone()), Problem::BornTwice);
        }
        self.same(
            "lot",
            Some(about),
            &[
                ("no", row.no == self.last_lot),
                ("code", row.code == lot.code.as_str()),
                (
                    "product_no",
                    self.named.product(row.product_no) == Some(lot.product.0),
                ),
                ("maker_no", self.named.party(row.maker_no) == Some(lot.maker.0)),
                ("made_on", row.made_on == Some(lot.made_on.as_number())),
                (
                    "best_before",
                    row.best_before == lot.best_before.map(|date| date.day.as_number()),
                ),
                ("facts", row.facts == facts),
            ],
        );
    }

    fn amendment(&mut self, row: Option<&lot::Model>, about: &Subject, facts: &str) {
        let table = "lot_amendment";
        if row.is_none_or(|row| row.birth_seq >= self.seq()) {
            self.add(Invariant::BornOnce, Some(about.clone()), Problem::NotBorn);
        }
        let kept = row.and_then(|row| self.around.amendments.get(&(row.no, self.seq())));
        match kept {
            None => self.row(Some(about), Problem::RowMissing { table }),
            Some(kept) => {
                self.seen.amendments += 1;
                self.same(table, Some(about), &[("facts", kept == facts)]);
            }
        }
    }

    /// A lot must have been born when it moves or is used.
    fn born(&mut self, no: i64, about: &Subject) {
        if self
            .around
            .lots
            .get(&no)
            .is_some_and(|lot| lot.birth_seq > self.seq())
        {
            self.add(Invariant::BornOnce, Some(about.clone()), Problem::NotBorn);
        }
    }

    fn movements(&mut self, own: &OwnRows) {
        let (entry, table) = (self.entry, "movement");
        let mut rows: BTreeMap<i32, _> = own.movements.iter().map(|row| (row.line, row)).collect();
        for (n, movement) in entry.movements.iter().enumerate() {
            let about = Subject::Lot(movement.lot, None);
            let Some(row) = i32::try_from(n).ok().and_then(|line| rows.remove(&line)) else {
                self.row(Some(&about), Problem::RowMissing { table });
                continue;
            };
            self.same(
                table,
                Some(&about),
                &[
                    ("lot_no", self.around.is_lot(row.lot_no, movement.lot)),
                    ("from_no", self.around.is_place(row.from_no, &movement.from)),
                    ("to_no", self.around.is_place(row.to_no, &movement.to)),
                    ("quantity", row.quantity == movement.quantity.get()),
                    ("assumed", row.assumed == movement.assumed),
                    ("book_on", row.book_on == entry.book_on.as_number()),
                ],
            );
            self.born(row.lot_no, &about);
        }
        self.left_over(table, rows.len());
    }

    fn postings(&mut self, own: &OwnRows) {
        let (entry, table) = (self.entry, "posting");
        let mut rows: BTreeMap<i32, _> = own.postings.iter().map(|row| (row.line, row)).collect();
        for (n, posting) in entry.postings.iter().enumerate() {
            let about = Subject::Account(posting.account);
            let Some(row) = i32::try_from(n).ok().and_then(|line| rows.remove(&line)) else {
                self.row(Some(&about), Problem::RowMissing { table });
                continue;
            };
            let basis = match posting.basis {
                None => 0,
                Some(PriceBasis::Inclusive) => 1,
                Some(PriceBasis::Exclusive) => 2,
            };
            self.same(
                table,
                Some(&about),
                &[
                    (
                        "account_no",
                        self.around.is_account(row.account_no, &posting.account),
                    ),
                    ("yen", row.yen == posting.yen.get()),
                    (
                        "tax_category",
                        row.tax_category == i16::from(posting.tax.category.number()),
                    ),
                    ("tax_percent", row.tax_percent == i16::from(posting.tax.percent)),
                    ("basis", row.basis == basis),
                    (
                        "work",
                        row.work.as_deref() == posting.work.as_ref().map(AsRef::as_ref),
                    ),
                    ("supplied_on", row.supplied_on == entry.supplied_on.as_number()),
                    ("book_on", row.book_on == entry.book_on.as_number()),
                ],
            );
        }
        self.left_over(table, rows.len());
    }

    fn links(&mut self, own: &OwnRows) {
        let (entry, table) = (self.entry, "link");
        let mut rows: BTreeMap<i32, _> = own.links.iter().map(|row| (row.line, row)).collect();
        for (n, link) in entry.links.iter().enumerate() {
            let about = Subject::Lot(link.input, None);
            let Some(row) = i32::try_from(n).ok().and_then(|line| rows.remove(&line)) else {
                self.row(Some(&about), Problem::RowMissing { table });
                continue;
            };
            self.same(
                table,
                Some(&about),
                &[
                    ("input_no", self.around.is_lot(row.input_no, link.input)),
                    ("output_no", self.around.is_lot(row.output_no, link.output)),
                    ("quantity", row.quantity == link.quantity),
                ],
            );
            self.born(row.input_no, &about);
            self.born(row.output_no, &Subject::Lot(link.output, None));
        }
        self.left_over(table, rows.len());
    }

    fn offices(&mut self, own: &OwnRows) {
        let table = "entry_office";
        let mut rows: BTreeSet<Uuid> = own
            .offices
            .iter()
            .filter_map(|row| self.named.party(row.office_no))
            .collect();
        for office in &self.entry.offices {
            if !rows.remove(&office.0) {
                self.row(None, Problem::RowMissing { table });
            }
        }
        self.left_over(table, rows.len());
    }

    fn numbered(&mut self, own: &OwnRows) {
        let table = "numbered";
        let mut rows: BTreeSet<(i64, i64)> =
            own.numbered.iter().map(|row| (row.series, row.number)).collect();
        if let Some(numbered) = Numbered::of(self.entry) {
            let number = i64::try_from(numbered.number).unwrap_or(-1);
            if !rows.remove(&(numbered.series.key(), number)) {
                self.row(None, Problem::RowMissing { table });
            }
        }
        self.left_over(table, rows.len());
    }

    fn references(&mut self) {
        let expected = references(self.entry, &self.around.positions);
        let kept = self.around.references.get(&self.seq());
        for reference in expected {
            if kept.is_some_and(|kept| kept.contains(&reference)) {
                self.seen.references += 1;
            } else {
                self.row(None, Problem::RowMissing { table: "entry_ref" });
            }
        }
    }
}

/// References of an entry to earlier ones: position and role. Events, jobs and documents are no entries of the log.
pub(super) fn references(entry: &Entry, positions: &HashMap<Uuid, i64>) -> BTreeSet<(i64, String)> {
    let earlier = |position: &&i64| u64::try_from(**position).is_ok_and(|position| position < entry.seq);
    let found = entry.references.iter().filter_map(|reference| {
        let position = positions.get(&reference.id).filter(earlier)?;
        Some((*position, role(reference.role).to_owned()))
    });
    found.collect()
}

const fn role(role: ReferenceRole) -> &'static str {
    match role {
        ReferenceRole::Order => "order",
        ReferenceRole::Shipment => "shipment",
        ReferenceRole::Original => "original",
        ReferenceRole::Event => "event",
        ReferenceRole::Job => "job",
        ReferenceRole::Document => "document",
        ReferenceRole::Statement => "statement",
        ReferenceRole::Number => "number",
        ReferenceRole::Cleared => "cleared",
        ReferenceRole::Reverses => "reverses",
    }
}
