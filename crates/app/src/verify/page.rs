//! A page of the log as read: entries with all their rows, and the rows these point to.

use super::rows::Around;
use domain::{canonical, entry::Entry};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{
    Store, StoreError,
    entity::{entry, entry_office, entry_text, link, movement, numbered, posting},
    verify::EntryPage,
};
use uuid::Uuid;

/// The rows of one entry.
#[derive(Default)]
pub(super) struct OwnRows {
    pub texts: Vec<entry_text::Model>,
    pub movements: Vec<movement::Model>,
    pub postings: Vec<posting::Model>,
    pub links: Vec<link::Model>,
    pub offices: Vec<entry_office::Model>,
    pub numbered: Vec<numbered::Model>,
}

impl OwnRows {
    pub fn tables(&self) -> [(&'static str, usize); 6] {
        [
            ("entry_text", self.texts.len()),
            ("movement", self.movements.len()),
            ("posting", self.postings.len()),
            ("link", self.links.len()),
            ("entry_office", self.offices.len()),
            ("numbered", self.numbered.len()),
        ]
    }
}

/// An entry as read: the row, and what its bytes say if they say anything.
pub(super) struct Read {
    pub row: entry::Model,
    pub entry: Result<Entry, String>,
}

/// A page as read: entries with all their rows, and what these point to.
pub(super) struct Page {
    pub reads: BTreeMap<u64, Read>,
    pub own: BTreeMap<i64, OwnRows>,
    pub around: Around,
    /// Tables with rows that do not fit their columns, and what the driver said.
    pub unreadable: Vec<(&'static str, String)>,
    pub is_empty: bool,
}

impl Page {
    pub async fn read(store: &Store, from: u64, to: u64) -> Result<Page, StoreError> {
        let EntryPage {
            entries,
            texts,
            movements,
            postings,
            links,
            offices,
            numbered,
        } = store.rows().entry_page(from, to).await;
        let is_empty = entries.as_ref().is_ok_and(Vec::is_empty);
        let mut page = Page {
            reads: BTreeMap::new(),
            own: BTreeMap::new(),
            around: Around::default(),
            unreadable: Vec::new(),
            is_empty,
        };
        for row in page.readable("entry", entries)? {
            let seq = u64::try_from(row.seq).unwrap_or_default();
            let entry = canonical::decode(&row.canonical).map_err(|error| error.to_string());
            page.reads.insert(seq, Read { row, entry });
        }
        for row in page.readable("entry_text", texts)? {
            page.own.entry(row.seq).or_default().texts.push(row);
        }
        for row in page.readable("movement", movements)? {
            page.own.entry(row.seq).or_default().movements.push(row);
        }
        for row in page.readable("posting", postings)? {
            page.own.entry(row.seq).or_default().postings.push(row);
        }
        for row in page.readable("link", links)? {
            page.own.entry(row.seq).or_default().links.push(row);
        }
        for row in page.readable("entry_office", offices)? {
            page.own.entry(row.seq).or_default().offices.push(row);
        }
        for row in page.readable("numbered", numbered)? {
            page.own.entry(row.seq).or_default().numbered.push(row);
        }
        page.around(store, from, to).await?;
        Ok(page)
    }

    fn readable<T: Default>(
        &mut self,
        table: &'static str,
        read: Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match read {
            Err(StoreError::Corrupt { what }) => {
                self.unreadable.push((table, what));
                Ok(T::default())
            }
            read => read,
        }
    }

    /// Reads what the rows and entries of a page point to.
    async fn around(&mut self, store: &Store, from: u64, to: u64) -> Result<(), StoreError> {
        let (reads, own) = (&self.reads, &self.own);
        let entries = || reads.values().filter_map(|read| read.entry.as_ref().ok());
        let distinct = |numbers: &mut dyn Iterator<Item = i64>| -> Vec<i64> {
            numbers.collect::<BTreeSet<_>>().into_iter().collect()
        };
        let moved = || own.values().flat_map(|own| &own.movements);
        let linked = own
            .values()
            .flat_map(|own| &own.links)
            .flat_map(|link| [link.input_no, link.output_no]);
        let lots = distinct(&mut moved().map(|row| row.lot_no).chain(linked));
        let places = distinct(&mut moved().flat_map(|row| [row.from_no, row.to_no]));
        let accounts = distinct(
            &mut own
                .values()
                .flat_map(|own| &own.postings)
                .map(|row| row.account_no),
        );
        let references = entries().flat_map(|entry| {
            entry
                .references
                .iter()
                .map(|reference| reference.id)
                .chain(entry.reverses.map(|id| id.0))
        });
        let references: Vec<Uuid> = references.collect::<BTreeSet<_>>().into_iter().collect();
        let born: Vec<Uuid> = entries()
            .flat_map(|entry| &entry.births)
            .map(|birth| birth.lot.id.0)
            .collect();
        let rows = store.rows();
        let (lots, places, accounts, positions, born) = tokio::join!(
            rows.lot_names(&lots),
            rows.places(&places),
            rows.accounts(&accounts),
            rows.positions(&references),
            rows.lots(&born),
        );
        let positions = positions?;
        let targets = distinct(&mut positions.values().copied());
        let born = match born {
            Err(StoreError::Corrupt { what }) => {
                self.unreadable.push(("lot", what));
                HashMap::new()
            }
            born => born?,
        };
        let amended = entries()
            .flat_map(|entry| &entry.births)
            .filter(|birth| birth.amends);
        let amended = distinct(
            &mut amended
                .filter_map(|birth| born.get(&birth.lot.id.0))
                .map(|lot| lot.no),
        );
        let rows = store.rows();
        let (references, amendments) =
            tokio::join!(rows.references_to(&targets, from, to), rows.amendments(&amended));
        let mut around = Around::default();
        around.lots = self.readable("lot", lots)?;
        around.places = self.readable("place", places)?;
        around.accounts = self.readable("account", accounts)?;
        (around.positions, around.born) = (positions, born);
        for row in self.readable("entry_ref", references)? {
            around
                .references
                .entry(row.seq)
                .or_default()
                .insert((row.target_seq, row.role));
        }
        for (lot, seq, facts) in self.readable("lot_amendment", amendments)? {
            around.amendments.insert((lot, seq), facts);
        }
        around.collect_codes();
        self.around = around;
        Ok(())
    }
}
